#include "models/data/npy.h"

#include <ctype.h>
#include <string.h>

/* The header is a Python dictionary: {'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), } */
struct text {
    const char *at, *end;
};

static void skip_space(struct text *text)
{
    while (text->at < text->end && (*text->at == ' ' || *text->at == '\n' || *text->at == '\t'))
        text->at++;
}

static bool take(struct text *text, char wanted)
{
    skip_space(text);
    if (text->at == text->end || *text->at != wanted)
        return false;
    text->at++;
    return true;
}

static bool take_word(struct text *text, const char *word)
{
    const size_t length = strlen(word);
    skip_space(text);
    if ((size_t)(text->end - text->at) < length || memcmp(text->at, word, length) != 0)
        return false;
    text->at += length;
    return true;
}

/* A string without escapes: what the format needs. */
static bool take_string(struct text *text, char *to, size_t room)
{
    const char quote = take(text, '\'') ? '\'' : take(text, '"') ? '"' : '\0';
    size_t length = 0;
    while (quote && text->at < text->end && *text->at != quote && *text->at != '\\' && length + 1 < room)
        to[length++] = *text->at++;
    to[length] = '\0';
    return quote && take(text, quote);
}

static bool take_number(struct text *text, int32_t *value)
{
    int64_t number = 0;
    skip_space(text);
    const char *first = text->at;
    while (text->at < text->end && isdigit((unsigned char)*text->at) && number <= INT32_MAX)
        number = number * 10 + (*text->at++ - '0');
    *value = (int32_t)number;
    const bool any = text->at > first && number <= INT32_MAX;
    if (any && text->at < text->end && *text->at == 'L') /* a long of Python 2 */
        text->at++;
    return any;
}

static bool take_shape(struct text *text, struct assay_shape *shape, struct assay_model_error *error)
{
    bool comma = true;
    if (!take(text, '('))
        return assay_model_fail(error, "the header's shape is no tuple");
    while (!take(text, ')')) {
        if (!comma || shape->rank == ASSAY_MAX_RANK)
            return assay_model_fail(error,
                                    comma ? "it has more than %d dimensions"
                                          : "the header's shape is no tuple of at most %d numbers",
                                    ASSAY_MAX_RANK);
        if (!take_number(text, &shape->dims[shape->rank]))
            return assay_model_fail(error, "dimension %zu of the header's shape is no number up to %d", shape->rank,
                                    INT32_MAX);
        shape->rank++;
        comma = take(text, ',');
    }
    return true;
}

/* '<f4': byte order, kind, width. */
static bool take_type(struct text *text, struct assay_npy *npy, struct assay_model_error *error)
{
    char type[16] = {0};
    if (!take_string(text, type, sizeof(type)) || strlen(type) < 3)
        return assay_model_fail(error, "its type is none of f2, f4, f8, i1, i2, i4, i8, u1, u2, u4, u8, bool");
    npy->kind = type[1];
    npy->width = type[3] == '\0' && isdigit((unsigned char)type[2]) ? (size_t)(type[2] - '0') : 0;
    const char *const widths = npy->kind == 'f'                       ? "248"
                               : npy->kind == 'i' || npy->kind == 'u' ? "1248"
                               : npy->kind == 'b'                     ? "1"
                                                                      : "";
    if (npy->width == 0 || !strchr(widths, type[2]) || !strchr("<>=|", type[0]))
        return assay_model_fail(error, "its type is none of f2, f4, f8, i1, i2, i4, i8, u1, u2, u4, u8, bool");
    if (type[0] == '>' && npy->width > 1)
        return assay_model_fail(error, "it is big-endian: save x.astype(x.dtype.newbyteorder('<'))");
    return true;
}

static bool take_dictionary(struct text *text, struct assay_npy *npy, bool *fortran, struct assay_model_error *error)
{
    static const char *const keys[] = {"descr", "fortran_order", "shape"};
    unsigned seen = 0;
    bool comma = true;
    if (!take(text, '{'))
        return assay_model_fail(error, "the header is no dictionary");
    while (!take(text, '}')) {
        char key[16];
        size_t k = 0;
        if (!comma || !take_string(text, key, sizeof(key)) || !take(text, ':'))
            return assay_model_fail(error, "the header is no dictionary");
        while (k < 3 && strcmp(key, keys[k]) != 0)
            k++;
        if (k == 3 || seen & 1u << k)
            return assay_model_fail(error, "the header has other keys than descr, fortran_order, shape, once each");
        seen |= 1u << k;
        if (k == 0 && !take_type(text, npy, error))
            return false;
        if (k == 1 && !(*fortran = take_word(text, "True")) && !take_word(text, "False"))
            return assay_model_fail(error, "the header's fortran_order is neither True nor False");
        if (k == 2 && !take_shape(text, &npy->shape, error))
            return false;
        comma = take(text, ',');
    }
    skip_space(text);
    if (seen != 7 || text->at != text->end)
        return assay_model_fail(error, "the header lacks descr, fortran_order or shape, or has more behind them");
    return true;
}

/* In one dimension the orders are the same, and so they are when all others are 1. */
static bool is_plain(const struct assay_shape *shape)
{
    size_t more = 0;
    for (size_t i = 0; i < shape->rank; i++)
        more += shape->dims[i] != 1;
    return more <= 1;
}

bool assay_npy_read(const void *bytes, size_t size, struct assay_npy *npy, struct assay_model_error *error)
{
    const unsigned char *b = bytes;
    *npy = (struct assay_npy){0};
    if (size < 10 || memcmp(b, "\x93NUMPY", 6) != 0)
        return assay_model_fail(error, "is no .npy file");
    if (b[6] < 1 || b[6] > 3 || b[7] != 0)
        return assay_model_fail(error, "is of version %d.%d; 1.0, 2.0 and 3.0 are known", b[6], b[7]);
    const size_t front = b[6] == 1 ? 10 : 12;
    size_t length = b[8] | (size_t)b[9] << 8;
    if (front == 12 && size >= front)
        length |= (size_t)b[10] << 16 | (size_t)b[11] << 24;
    if (size < front || length > size - front)
        return assay_model_fail(error, "the file ends within its header");
    struct text text = {(const char *)b + front, (const char *)b + front + length};
    bool fortran = false;
    if (!take_dictionary(&text, npy, &fortran, error))
        return false;
    if (fortran && !is_plain(&npy->shape))
        return assay_model_fail(error, "it is in Fortran order: save numpy.ascontiguousarray(x)");
    size_t wanted;
    if (!assay_shape_count(&npy->shape, &npy->count) || __builtin_mul_overflow(npy->count, npy->width, &wanted))
        return assay_model_fail(error, "its shape overflows");
    const size_t have = size - front - length;
    if (wanted != have)
        return assay_model_fail(error, "its header makes %zu bytes of data, and there are %zu", wanted, have);
    npy->data = b + front + length;
    return true;
}

static const char *type_text(enum assay_tensor_type type)
{
    switch (type) {
    case ASSAY_TENSOR_I8:
        return "|i1";
    case ASSAY_TENSOR_U8:
        return "|u1";
    case ASSAY_TENSOR_I16:
        return "<i2";
    case ASSAY_TENSOR_I32:
        return "<i4";
    default:
        return "<f4";
    }
}

size_t assay_npy_header(const struct assay_data_array *array, char header[ASSAY_NPY_HEADER])
{
    size_t at = 10;
    memset(header, ' ', ASSAY_NPY_HEADER);
    memcpy(header, "\x93NUMPY\x01", 8); /* with its end: version 1.0 */
    at += (size_t)snprintf(header + at, ASSAY_NPY_HEADER - at, "{'descr': '%s', 'fortran_order': False, 'shape': (",
                           type_text(array->type));
    for (size_t i = 0; i < array->shape.rank; i++)
        at += (size_t)snprintf(header + at, ASSAY_NPY_HEADER - at, "%d, ", (int)array->shape.dims[i]);
    at += (size_t)snprintf(header + at, ASSAY_NPY_HEADER - at, "), }");
    header[at] = ' '; /* in place of the string's end */
    const size_t size = (at + 1 + 63) / 64 * 64;
    header[8] = (char)((size - 10) & 0xff);
    header[9] = (char)((size - 10) >> 8);
    header[size - 1] = '\n';
    return size;
}
