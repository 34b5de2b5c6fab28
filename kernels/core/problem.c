#include "kernels/core/problem.h"

#include <float.h>
#include <math.h>

bool assay_clamps(const struct assay_problem *problem)
{
    return problem->activation != ASSAY_ACT_NONE;
}

float assay_clamp_min(const struct assay_problem *problem)
{
    return assay_clamps(problem) ? 0.0f : -INFINITY;
}

float assay_clamp_max(const struct assay_problem *problem)
{
    return problem->activation == ASSAY_ACT_RELU6 ? 6.0f : INFINITY;
}

static int32_t type_max(const struct assay_problem *problem)
{
    return assay_problem_out_rows(problem).type == ASSAY_I16 ? INT16_MAX : INT8_MAX;
}

int32_t assay_clamp_min_int(const struct assay_problem *problem)
{
    const int32_t low = -type_max(problem) - 1, zero = problem->quantization.out_zero;
    return assay_clamps(problem) && zero > low ? zero : low;
}

int32_t assay_clamp_max_int(const struct assay_problem *problem)
{
    const int32_t high = type_max(problem);
    if (problem->activation != ASSAY_ACT_RELU6)
        return high;
    const float six = roundf(6.0f / problem->quantization.out_scale) + (float)problem->quantization.out_zero;
    return six < (float)high ? (int32_t)six : high;
}

size_t assay_problem_channels(const struct assay_problem *problem)
{
    switch (problem->op) {
    case ASSAY_OP_GEMM:
    case ASSAY_OP_SPMM:
        return problem->gemm.n;
    case ASSAY_OP_CONV:
        return problem->conv.out_c;
    case ASSAY_OP_DWCONV:
        return problem->dwconv.in_c * problem->dwconv.multiplier;
    default:
        return 1; /* quantize: the one channel of requantize; add */
    }
}

size_t assay_problem_depth(const struct assay_problem *problem)
{
    switch (problem->op) {
    case ASSAY_OP_GEMM:
    case ASSAY_OP_SPMM:
        return problem->gemm.k;
    case ASSAY_OP_CONV:
        return problem->conv.kernel_h * problem->conv.kernel_w * problem->conv.in_c;
    case ASSAY_OP_DWCONV:
        return problem->dwconv.kernel_h * problem->dwconv.kernel_w;
    default:
        return 0;
    }
}

struct assay_rows assay_problem_in_rows(const struct assay_problem *problem)
{
    const enum assay_type type = assay_mode_input(problem->mode);
    switch (problem->op) {
    case ASSAY_OP_CONV: {
        const struct assay_conv_shape *s = &problem->conv;
        return (struct assay_rows){type, s->batch * s->in_h * s->in_w, s->in_c, s->in_stride};
    }
    case ASSAY_OP_DWCONV: {
        const struct assay_dwconv_shape *s = &problem->dwconv;
        return (struct assay_rows){type, s->batch * s->in_h * s->in_w, s->in_c, s->in_stride};
    }
    case ASSAY_OP_QUANTIZE: {
        const struct assay_quantize_shape *s = &problem->quantize;
        return (struct assay_rows){assay_conversion_input(s->conversion), s->rows, s->columns, s->in_stride};
    }
    case ASSAY_OP_ADD:
        return (struct assay_rows){type, 1, problem->add.count, problem->add.count};
    default:
        return (struct assay_rows){type, problem->gemm.m, problem->gemm.k, problem->gemm.in_stride};
    }
}

struct assay_rows assay_problem_out_rows(const struct assay_problem *problem)
{
    const enum assay_type type = assay_mode_output(problem->mode);
    const size_t channels = assay_problem_channels(problem);
    switch (problem->op) {
    case ASSAY_OP_CONV: {
        const struct assay_conv_shape *s = &problem->conv;
        return (struct assay_rows){type, s->batch * s->out_h * s->out_w, channels, s->out_stride};
    }
    case ASSAY_OP_DWCONV: {
        const struct assay_dwconv_shape *s = &problem->dwconv;
        return (struct assay_rows){type, s->batch * s->out_h * s->out_w, channels, s->out_stride};
    }
    case ASSAY_OP_QUANTIZE: {
        const struct assay_quantize_shape *s = &problem->quantize;
        return (struct assay_rows){assay_conversion_output(s->conversion), s->rows, s->columns, s->out_stride};
    }
    case ASSAY_OP_ADD:
        return (struct assay_rows){type, 1, problem->add.count, problem->add.count};
    default:
        return (struct assay_rows){type, problem->gemm.m, channels, problem->gemm.out_stride};
    }
}

size_t assay_problem_factors(const struct assay_problem *problem)
{
    return problem->op == ASSAY_OP_ADD ? (size_t)ASSAY_ADD_FACTORS : assay_problem_channels(problem);
}

static size_t rows_bytes(struct assay_rows rows)
{
    return rows.rows == 0 ? 0 : ((rows.rows - 1) * rows.stride + rows.columns) * assay_type_size(rows.type);
}

size_t assay_problem_in_bytes(const struct assay_problem *problem)
{
    return rows_bytes(assay_problem_in_rows(problem));
}

size_t assay_problem_out_bytes(const struct assay_problem *problem)
{
    return rows_bytes(assay_problem_out_rows(problem));
}

size_t assay_problem_weight_bytes(const struct assay_problem *problem)
{
    return assay_problem_channels(problem) * assay_problem_depth(problem) *
           assay_type_size(assay_mode_weight(problem->mode));
}

size_t assay_problem_bias_bytes(const struct assay_problem *problem)
{
    return problem->op == ASSAY_OP_QUANTIZE || problem->op == ASSAY_OP_ADD
               ? 0
               : assay_problem_channels(problem) * assay_type_size(assay_mode_bias(problem->mode));
}

uint64_t assay_problem_macs(const struct assay_problem *problem)
{
    const struct assay_rows out = assay_problem_out_rows(problem);
    return (uint64_t)out.rows * out.columns * assay_problem_depth(problem);
}

void assay_pad_same(size_t in, size_t kernel, size_t stride, size_t dilation, size_t *out, size_t *before)
{
    *out = (in + stride - 1) / stride;
    const size_t reach = (kernel - 1) * dilation + 1;
    const size_t needed = *out == 0 ? 0 : (*out - 1) * stride + reach;
    *before = needed > in ? (needed - in) / 2 : 0;
}

size_t assay_pad_explicit(size_t in, size_t kernel, size_t stride, size_t dilation, size_t before, size_t after)
{
    const size_t reach = (kernel - 1) * dilation + 1, padded = before + in + after;
    return padded < reach ? 0 : (padded - reach) / stride + 1;
}

struct assay_groups assay_problem_groups(const struct assay_problem *problem)
{
    const size_t rows = assay_problem_in_rows(problem).rows;
    if (problem->op == ASSAY_OP_CONV)
        return (struct assay_groups){problem->conv.batch, problem->conv.in_h * problem->conv.in_w};
    if (problem->op == ASSAY_OP_DWCONV)
        return (struct assay_groups){problem->dwconv.batch, problem->dwconv.in_h * problem->dwconv.in_w};
    const size_t each = problem->op == ASSAY_OP_SPMM && problem->gemm.range_rows > 0 ? problem->gemm.range_rows : 1;
    return (struct assay_groups){(rows + each - 1) / each, each};
}

static const char *invalid_window(size_t kernel_h, size_t kernel_w, size_t stride_h, size_t stride_w, size_t dilation_h,
                                  size_t dilation_w)
{
    return kernel_h && kernel_w && stride_h && stride_w && dilation_h && dilation_w
               ? NULL
               : "kernel size, stride and dilation must be at least 1";
}

static const char *invalid_quantization(const struct assay_problem *problem)
{
    const struct assay_quantization *q = &problem->quantization;
    if (!(q->in_scale > 0 && q->in_scale <= FLT_MAX && q->out_scale > 0 && q->out_scale <= FLT_MAX))
        return "scales must be positive and finite";
    const bool wide = problem->mode == ASSAY_MODE_INT16X8;
    const int32_t low = wide ? 0 : INT8_MIN, high = wide ? 0 : INT8_MAX;
    if (q->in_zero < low || q->in_zero > high || q->out_zero < low || q->out_zero > high)
        return wide ? "zero points of int16 must be 0" : "zero points must be within -128 and 127";
    if (problem->op != ASSAY_OP_ADD)
        return NULL;
    if (!(q->addend_scale > 0 && q->addend_scale <= FLT_MAX))
        return "the addend's scale must be positive and finite";
    if (q->addend_zero < low || q->addend_zero > high)
        return "the addend's zero point is outside of its type";
    return NULL;
}

const char *assay_problem_invalid(const struct assay_problem *problem)
{
    if ((unsigned)problem->op >= ASSAY_OP_COUNT || (unsigned)problem->mode >= ASSAY_MODE_COUNT ||
        (unsigned)problem->structure >= ASSAY_STRUCTURE_COUNT ||
        (unsigned)problem->activation >= ASSAY_ACTIVATION_COUNT)
        return "operation, mode, structure or activation out of range";
    const char *why = NULL;
    if (problem->op == ASSAY_OP_CONV) {
        const struct assay_conv_shape *s = &problem->conv;
        why = invalid_window(s->kernel_h, s->kernel_w, s->stride_h, s->stride_w, s->dilation_h, s->dilation_w);
    } else if (problem->op == ASSAY_OP_DWCONV) {
        const struct assay_dwconv_shape *s = &problem->dwconv;
        why = invalid_window(s->kernel_h, s->kernel_w, s->stride_h, s->stride_w, s->dilation_h, s->dilation_w);
        if (!why && s->multiplier == 0)
            why = "the depth multiplier must be at least 1";
    } else if (problem->op == ASSAY_OP_QUANTIZE) {
        if ((unsigned)problem->quantize.conversion >= ASSAY_CONVERSION_COUNT)
            return "conversion out of range";
        if (assay_conversion_mode(problem->quantize.conversion) != problem->mode)
            why = "the conversion belongs to another mode";
    } else if (problem->op == ASSAY_OP_ADD) {
        if (problem->mode != ASSAY_MODE_FP32 && !assay_mode_is_integer(problem->mode))
            why = "add has the modes fp32, int8 and int16x8 only";
    } else if (problem->gemm.range_rows > 0 && (problem->op != ASSAY_OP_SPMM || problem->mode != ASSAY_MODE_HYBRID)) {
        why = "only spmm in hybrid has rows that share a range";
    }
    if (why)
        return why;
    const struct assay_rows in = assay_problem_in_rows(problem), out = assay_problem_out_rows(problem);
    if (in.stride < in.columns || out.stride < out.columns)
        return "a stride is shorter than its row";
    if (problem->op != ASSAY_OP_SPMM && problem->structure != ASSAY_DENSE)
        return "only spmm has sparse weights";
    return assay_mode_is_integer(problem->mode) ? invalid_quantization(problem) : NULL;
}
