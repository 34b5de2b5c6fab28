#include "kernels/core/types.h"

#include <string.h>

static const char *const op_names[ASSAY_OP_COUNT] = {"gemm", "conv", "dwconv", "spmm", "quantize", "add"};
static const char *const mode_names[ASSAY_MODE_COUNT] = {"fp32", "fp16w", "fp16", "hybrid", "int8", "int16x8"};
static const char *const structure_names[ASSAY_STRUCTURE_COUNT] = {"dense", "random", "1x4", "4x1", "1x16", "16x4"};
static const char *const activation_names[ASSAY_ACTIVATION_COUNT] = {"none", "relu", "relu6"};

static const char *name_of(const char *const *names, size_t count, size_t value)
{
    return value < count ? names[value] : NULL;
}

/* Returns the index of name, or count. */
static size_t index_of(const char *const *names, size_t count, const char *name)
{
    size_t i = 0;
    while (i < count && strcmp(names[i], name) != 0)
        i++;
    return i;
}

#define DEFINE_NAMES(kind, names, count)                                  \
    const char *assay_##kind##_name(enum assay_##kind value)              \
    {                                                                     \
        return name_of(names, count, (size_t)value);                      \
    }                                                                     \
    bool assay_##kind##_parse(const char *name, enum assay_##kind *value) \
    {                                                                     \
        size_t i = index_of(names, count, name);                          \
        if (i < (count))                                                  \
            *value = (enum assay_##kind)i;                                \
        return i < (count);                                               \
    }

DEFINE_NAMES(op, op_names, ASSAY_OP_COUNT)
DEFINE_NAMES(mode, mode_names, ASSAY_MODE_COUNT)
DEFINE_NAMES(structure, structure_names, ASSAY_STRUCTURE_COUNT)
DEFINE_NAMES(activation, activation_names, ASSAY_ACTIVATION_COUNT)

void assay_structure_block(enum assay_structure structure, size_t *rows, size_t *columns)
{
    static const struct {
        size_t rows, columns;
    } blocks[ASSAY_STRUCTURE_COUNT] = {
        [ASSAY_BLOCK_1X4] = {1, 4},
        [ASSAY_BLOCK_4X1] = {4, 1},
        [ASSAY_BLOCK_1X16] = {1, 16},
        [ASSAY_BLOCK_16X4] = {16, 4},
    };
    const bool any = (size_t)structure < ASSAY_STRUCTURE_COUNT && blocks[structure].rows > 0;
    *rows = any ? blocks[structure].rows : 1;
    *columns = any ? blocks[structure].columns : 1;
}

const char *assay_type_name(enum assay_type type)
{
    static const char *const names[] = {"f32", "f16", "i8", "i16", "i32", "i64"};
    return name_of(names, sizeof(names) / sizeof(names[0]), (size_t)type);
}

size_t assay_type_size(enum assay_type type)
{
    switch (type) {
    case ASSAY_I8:
        return 1;
    case ASSAY_F16:
    case ASSAY_I16:
        return 2;
    case ASSAY_F32:
    case ASSAY_I32:
        return 4;
    case ASSAY_I64:
        return 8;
    }
    return 0;
}

enum assay_type assay_mode_input(enum assay_mode mode)
{
    switch (mode) {
    case ASSAY_MODE_FP16:
        return ASSAY_F16;
    case ASSAY_MODE_INT8:
        return ASSAY_I8;
    case ASSAY_MODE_INT16X8:
        return ASSAY_I16;
    default:
        return ASSAY_F32;
    }
}

enum assay_type assay_mode_weight(enum assay_mode mode)
{
    switch (mode) {
    case ASSAY_MODE_FP32:
        return ASSAY_F32;
    case ASSAY_MODE_FP16W:
    case ASSAY_MODE_FP16:
        return ASSAY_F16;
    default:
        return ASSAY_I8;
    }
}

enum assay_type assay_mode_output(enum assay_mode mode)
{
    return assay_mode_input(mode);
}

enum assay_type assay_mode_bias(enum assay_mode mode)
{
    return mode == ASSAY_MODE_INT8 ? ASSAY_I32 : mode == ASSAY_MODE_INT16X8 ? ASSAY_I64 : ASSAY_F32;
}

bool assay_mode_is_integer(enum assay_mode mode)
{
    return mode == ASSAY_MODE_INT8 || mode == ASSAY_MODE_INT16X8;
}
