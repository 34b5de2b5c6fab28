/* The vocabulary that every room shares: operations, modes, structures of weights, element types. */
#ifndef ASSAY_KERNELS_CORE_TYPES_H
#define ASSAY_KERNELS_CORE_TYPES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* IEEE 754 binary16. Arithmetic on it converts to float where the ISA lacks it. */
#ifndef __cplusplus /* GCC 12 has it in C only, and no C++ file here computes with it */
typedef _Float16 assay_f16;
#endif

#define ASSAY_MUST_CHECK __attribute__((warn_unused_result))

enum assay_op {
    ASSAY_OP_GEMM,
    ASSAY_OP_CONV,
    ASSAY_OP_DWCONV,
    ASSAY_OP_SPMM,
    ASSAY_OP_QUANTIZE,
    ASSAY_OP_ADD,
    ASSAY_OP_COUNT,
};

/* Numerics of a layer. The last column is the accumulator.
 *   mode     weights  input  output  bias
 *   FP32     f32      f32    f32     f32   f32
 *   FP16W    f16      f32    f32     f32   f32
 *   FP16     f16      f16    f16     f32   f16 or f32, as the kernel's `accumulator` says
 *   HYBRID   i8       f32    f32     f32   i32; the input is quantized per row (gemm, spmm) or per image (conv, dwconv)
 *   INT8     i8       i8     i8      i32   i32
 *   INT16X8  i8       i16    i16     i64   i64
 */
enum assay_mode {
    ASSAY_MODE_FP32,
    ASSAY_MODE_FP16W,
    ASSAY_MODE_FP16,
    ASSAY_MODE_HYBRID,
    ASSAY_MODE_INT8,
    ASSAY_MODE_INT16X8,
    ASSAY_MODE_COUNT,
};

/* Structure of the weights, seen as a matrix of output channels (rows) by inputs (columns). A block RxC that holds any
 * non-zero is stored whole. Blocks are aligned to multiples of R and C; the last block of a row or column may be cut.
 */
enum assay_structure {
    ASSAY_DENSE,
    ASSAY_RANDOM,
    ASSAY_BLOCK_1X4,
    ASSAY_BLOCK_4X1,
    ASSAY_BLOCK_1X16,
    ASSAY_BLOCK_16X4,
    ASSAY_STRUCTURE_COUNT,
};

enum assay_activation {
    ASSAY_ACT_NONE,
    ASSAY_ACT_RELU,
    ASSAY_ACT_RELU6,
    ASSAY_ACTIVATION_COUNT,
};

/* What a kernel sums in. It sets the error bound of a float mode; integer modes are exact whatever it says. */
enum assay_accumulator {
    ASSAY_ACC_F32,
    ASSAY_ACC_F16,
    ASSAY_ACC_I32,
    ASSAY_ACC_I64,
};

enum assay_type {
    ASSAY_F32,
    ASSAY_F16,
    ASSAY_I8,
    ASSAY_I16,
    ASSAY_I32,
    ASSAY_I64,
};

/* Names as they stand in suites, records and on the command line; NULL for a value out of range. */
const char *assay_op_name(enum assay_op op);
const char *assay_mode_name(enum assay_mode mode);
const char *assay_structure_name(enum assay_structure structure);
const char *assay_activation_name(enum assay_activation activation);
const char *assay_type_name(enum assay_type type);

/* The reverse; false, and *value untouched, for a name that is none. */
bool assay_op_parse(const char *name, enum assay_op *value);
bool assay_mode_parse(const char *name, enum assay_mode *value);
bool assay_structure_parse(const char *name, enum assay_structure *value);
bool assay_activation_parse(const char *name, enum assay_activation *value);

/* Rows and columns of a block: 1 x 1 for dense and random. */
void assay_structure_block(enum assay_structure structure, size_t *rows, size_t *columns);

size_t assay_type_size(enum assay_type type);

/* Element types of a mode, as in the table above. */
enum assay_type assay_mode_input(enum assay_mode mode);
enum assay_type assay_mode_weight(enum assay_mode mode);
enum assay_type assay_mode_output(enum assay_mode mode);
enum assay_type assay_mode_bias(enum assay_mode mode);

/* int8 and int16x8: the answer is one exact array of integers. */
bool assay_mode_is_integer(enum assay_mode mode);

static inline size_t assay_min(size_t a, size_t b)
{
    return a < b ? a : b;
}

static inline size_t assay_round_up(size_t n, size_t multiple)
{
    return (n + multiple - 1) / multiple * multiple;
}

#endif
