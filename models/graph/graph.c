#include "models/graph/graph.h"

#include <stdarg.h>
#include <string.h>

bool(assay_model_fail)(struct assay_model_error *error, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(error->text, sizeof(error->text), format, arguments);
    va_end(arguments);
    return false;
}

static const struct {
    const char *name;
    size_t size;
} types[ASSAY_TENSOR_TYPE_COUNT] = {
    [ASSAY_TENSOR_F32] = {"f32", 4}, [ASSAY_TENSOR_F16] = {"f16", 2},   [ASSAY_TENSOR_I8] = {"i8", 1},
    [ASSAY_TENSOR_U8] = {"u8", 1},   [ASSAY_TENSOR_I16] = {"i16", 2},   [ASSAY_TENSOR_I32] = {"i32", 4},
    [ASSAY_TENSOR_I64] = {"i64", 8}, [ASSAY_TENSOR_BOOL] = {"bool", 1}, [ASSAY_TENSOR_RESOURCE] = {"resource", 0},
};

const char *assay_tensor_type_name(enum assay_tensor_type type)
{
    return (size_t)type < ASSAY_TENSOR_TYPE_COUNT ? types[type].name : NULL;
}

size_t assay_tensor_type_size(enum assay_tensor_type type)
{
    return (size_t)type < ASSAY_TENSOR_TYPE_COUNT ? types[type].size : 0;
}

bool assay_shape_count(const struct assay_shape *shape, size_t *count)
{
    size_t product = 1;
    bool overflow = false, empty = false;
    for (size_t i = 0; i < shape->rank; i++) {
        empty = empty || shape->dims[i] == 0;
        overflow = __builtin_mul_overflow(product, (size_t)shape->dims[i], &product) || overflow;
    }
    /* Whatever the other dimensions multiply to, nothing of them is nothing. */
    *count = empty ? 0 : product;
    return empty || !overflow;
}

bool assay_shape_equal(const struct assay_shape *a, const struct assay_shape *b)
{
    return a->rank == b->rank && memcmp(a->dims, b->dims, a->rank * sizeof(a->dims[0])) == 0;
}

const char *assay_operator_name(enum assay_operator_code code)
{
    static const char *const names[ASSAY_OPERATOR_CODES] = {
#define ASSAY_OPERATOR(name, number) [number] = #name,
#include "models/graph/operators.def"
#undef ASSAY_OPERATOR
    };
    return (size_t)code < ASSAY_OPERATOR_CODES ? names[code] : NULL;
}

void assay_graph_free(struct assay_graph *graph)
{
    if (!graph)
        return;
    /* The graph lies in its own arena. */
    struct assay_arena arena = graph->arena;
    assay_arena_free(&arena);
}
