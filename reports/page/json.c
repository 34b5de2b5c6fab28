#include "reports/page/json.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { DUMP = JSON_COMPACT | JSON_ENCODE_ANY | JSON_REAL_PRECISION(12) };

static int write_escaped(const char *buffer, size_t size, void *context)
{
    FILE *out = context;
    while (size > 0) {
        const char *less = memchr(buffer, '<', size);
        const size_t plain = less ? (size_t)(less - buffer) : size;
        fwrite(buffer, 1, plain, out);
        buffer += plain;
        size -= plain;
        if (less) {
            fputs("\\u003c", out);
            buffer++;
            size--;
        }
    }
    return ferror(out) ? -1 : 0;
}

bool page_json(const json_t *value, FILE *out)
{
    return json_dump_callback(value, write_escaped, out, DUMP) == 0;
}

bool page_string(const char *text, FILE *out)
{
    json_t *string = text ? json_string(text) : json_null();
    const bool good = string && page_json(string, out);
    json_decref(string);
    return good;
}

void page_number(double value, FILE *out)
{
    if (isfinite(value))
        fprintf(out, "%.12g", value);
    else
        fputs("null", out);
}

bool page_pool_make(struct page_pool *pool)
{
    *pool = (struct page_pool){json_object(), json_array()};
    return pool->numbers && pool->values;
}

void page_pool_free(struct page_pool *pool)
{
    json_decref(pool->numbers);
    json_decref(pool->values);
    *pool = (struct page_pool){0};
}

json_int_t page_pool_put(struct page_pool *pool, json_t *value)
{
    json_t *item = value ? value : json_null();
    char *key = json_dumps(item, DUMP);
    if (!key)
        return -1;
    const json_t *known = json_object_get(pool->numbers, key);
    json_int_t number = known ? json_integer_value(known) : (json_int_t)json_array_size(pool->values);
    if (!known && (json_object_set_new_nocheck(pool->numbers, key, json_integer(number)) != 0 ||
                   json_array_append(pool->values, item) != 0))
        number = -1;
    free(key);
    return number;
}

json_int_t page_pool_text(struct page_pool *pool, const char *text)
{
    json_t *string = text ? json_string(text) : NULL;
    const json_int_t number = text && !string ? -1 : page_pool_put(pool, string);
    json_decref(string);
    return number;
}
