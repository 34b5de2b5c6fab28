#include "suites/bench/reader.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void complain(struct reader *reader, const char *format, ...)
{
    if (reader->bad)
        return;
    reader->bad = true;
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(reader->why, reader->why_size, format, arguments);
    va_end(arguments);
}

void allow_only(struct reader *reader, json_t *object, const char *const *names)
{
    const char *key;
    json_t *value;
    json_object_foreach(object, key, value)
    {
        size_t i = 0;
        while (names[i] && strcmp(names[i], key) != 0)
            i++;
        if (!names[i])
            complain(reader, "%s%.64s: there is no such member here", reader->path, key);
    }
}

enum { SIZE_MAX_GIVEN = 1 << 30 };

json_int_t read_integer(struct reader *reader, json_t *object, const char *name, json_int_t low, json_int_t high,
                        json_int_t fallback)
{
    const json_t *value = json_object_get(object, name);
    if (!value && fallback >= 0)
        return fallback;
    const json_int_t number = json_integer_value(value);
    if (!json_is_integer(value))
        complain(reader, "%s%s: %s", reader->path, name, value ? "must be a whole number" : "is missing");
    else if (number < low || number > high)
        complain(reader,
                 "%s%s: must be within %" JSON_INTEGER_FORMAT " and %" JSON_INTEGER_FORMAT
                 ", not %" JSON_INTEGER_FORMAT,
                 reader->path, name, low, high, number);
    return reader->bad ? low : number;
}

size_t read_size(struct reader *reader, json_t *object, const char *name, json_int_t low, json_int_t fallback)
{
    return (size_t)read_integer(reader, object, name, low, SIZE_MAX_GIVEN, fallback);
}

const char *read_text(struct reader *reader, json_t *object, const char *name, const char *fallback, size_t size)
{
    const json_t *value = json_object_get(object, name);
    if (!value && fallback)
        return fallback;
    const char *text = json_string_value(value);
    if (!text)
        complain(reader, "%s%s: %s", reader->path, name, value ? "must be a string" : "is missing");
    else if (json_string_length(value) >= size || strlen(text) != json_string_length(value))
        complain(reader, "%s%s: must have less than %zu bytes, none of them 0", reader->path, name, size);
    return reader->bad ? "" : text;
}

json_t *read_object(struct reader *reader, json_t *object, const char *name)
{
    json_t *value = json_object_get(object, name);
    if (!json_is_object(value))
        complain(reader, "%s%s: %s", reader->path, name, value ? "must be an object" : "is missing");
    return value;
}
