#include "harness/fit/problem.h"

/* 0 where the member is missing, which makes the problem invalid. */
static size_t extent(const struct assay_record *record, const char *member)
{
    const json_t *value = json_object_get(json_object_get(record->json, "shape"), member);
    return json_is_integer(value) && json_integer_value(value) > 0 ? (size_t)json_integer_value(value) : 0;
}

static void read_gemm(const struct assay_record *r, struct assay_gemm_shape *s)
{
    *s = (struct assay_gemm_shape){.m = extent(r, "m"), .n = extent(r, "n"), .k = extent(r, "k")};
    s->in_stride = s->k;
    s->out_stride = s->n;
}

static void read_conv(const struct assay_record *r, struct assay_conv_shape *s)
{
    s->batch = extent(r, "batch");
    s->in_h = extent(r, "in_h");
    s->in_w = extent(r, "in_w");
    s->in_c = extent(r, "in_c");
    s->out_c = extent(r, "out_c");
    s->kernel_h = extent(r, "kernel_h");
    s->kernel_w = extent(r, "kernel_w");
    s->stride_h = extent(r, "stride_h");
    s->stride_w = extent(r, "stride_w");
    s->dilation_h = extent(r, "dilation_h");
    s->dilation_w = extent(r, "dilation_w");
    s->pad_top = extent(r, "pad_top");
    s->pad_left = extent(r, "pad_left");
    s->out_h = extent(r, "out_h");
    s->out_w = extent(r, "out_w");
    s->in_stride = s->in_c;
    s->out_stride = s->out_c;
}

bool assay_problem_of_record(const struct assay_record *record, struct assay_problem *problem)
{
    const char *activation = json_string_value(json_object_get(json_object_get(record->json, "shape"), "activation"));
    *problem = (struct assay_problem){.quantization = {.in_scale = 1.0f, .out_scale = 1.0f, .addend_scale = 1.0f}};
    if (record->network || !assay_op_parse(record->op, &problem->op) ||
        !assay_mode_parse(record->mode, &problem->mode) ||
        !assay_structure_parse(record->structure, &problem->structure) || problem->structure != ASSAY_DENSE ||
        (activation && !assay_activation_parse(activation, &problem->activation)))
        return false;
    if (problem->op == ASSAY_OP_GEMM)
        read_gemm(record, &problem->gemm);
    else if (problem->op == ASSAY_OP_CONV)
        read_conv(record, &problem->conv);
    else
        return false;
    const struct assay_rows out = assay_problem_out_rows(problem);
    return out.rows > 0 && out.columns > 0 && assay_problem_depth(problem) > 0 && !assay_problem_invalid(problem);
}
