#include "harness/suite/shape.h"

#include "harness/base/names.h"

/* What a layer may be at most: one dimension, the bytes of a tensor in f32, and the multiply-accumulates of one run.
 * A typing error should not take the machine down. */
enum { MOST_EXTENT = 1 << 20 };
#define MOST_BYTES ((double)(UINT64_C(2) << 30))
#define MOST_MACS ((double)(UINT64_C(1) << 40))

static const char *const gemm_keys[] = {"m", "n", "k", "activation"};
static const char *const conv_keys[] = {"batch", "in", "out", "kernel", "stride", "dilation", "padding", "activation"};
static const char *const dwconv_keys[] = {"batch",  "in",       "multiplier", "kernel",
                                          "stride", "dilation", "padding",    "activation"};
static const char *const quantize_keys[] = {"conversion", "rows", "columns"};
static const char *const add_keys[] = {"count", "subtract", "activation"};

const char *const *assay_shape_keys(enum assay_op op, size_t *count)
{
    switch (op) {
    case ASSAY_OP_CONV:
        *count = sizeof(conv_keys) / sizeof(conv_keys[0]);
        return conv_keys;
    case ASSAY_OP_DWCONV:
        *count = sizeof(dwconv_keys) / sizeof(dwconv_keys[0]);
        return dwconv_keys;
    case ASSAY_OP_QUANTIZE:
        *count = sizeof(quantize_keys) / sizeof(quantize_keys[0]);
        return quantize_keys;
    case ASSAY_OP_ADD:
        *count = sizeof(add_keys) / sizeof(add_keys[0]);
        return add_keys;
    default:
        *count = sizeof(gemm_keys) / sizeof(gemm_keys[0]);
        return gemm_keys;
    }
}

static bool need_extent(const struct assay_yaml *map, const char *key, size_t *value)
{
    const struct assay_yaml *node = assay_yaml_need(map, "the case", key);
    return node && assay_yaml_count(node, key, 1, MOST_EXTENT, value);
}

static bool may_extent(const struct assay_yaml *map, const char *key, size_t otherwise, size_t *value)
{
    const struct assay_yaml *node = assay_yaml_get(map, key);
    *value = otherwise;
    return !node || assay_yaml_count(node, key, 1, MOST_EXTENT, value);
}

static bool read_list(const struct assay_yaml *node, const char *what, const char *meaning, size_t least, size_t count,
                      size_t *values)
{
    if (node->kind != ASSAY_YAML_LIST || node->count != count)
        return assay_say_at(node->place, "%s must be %s", what, meaning);
    for (size_t i = 0; i < count; i++)
        if (!assay_yaml_count(node->values[i], what, least, MOST_EXTENT, &values[i]))
            return false;
    return true;
}

/* One number for both axes, or [height, width]. */
static bool may_pair(const struct assay_yaml *map, const char *key, size_t *height, size_t *width)
{
    const struct assay_yaml *node = assay_yaml_get(map, key);
    *height = *width = 1;
    if (!node)
        return true;
    size_t pair[2] = {1, 1};
    if (node->kind == ASSAY_YAML_LIST) {
        if (!read_list(node, key, "one number, or [height, width]", 1, 2, pair))
            return false;
    } else {
        if (!assay_yaml_count(node, key, 1, MOST_EXTENT, &pair[0]))
            return false;
        pair[1] = pair[0];
    }
    *height = pair[0];
    *width = pair[1];
    return true;
}

static bool read_padding(const struct assay_yaml *map, struct assay_window *w)
{
    static const char *const names[] = {"same", "valid"};
    const struct assay_yaml *node = assay_yaml_get(map, "padding");
    size_t choice = 0, pads[4] = {0, 0, 0, 0};
    if (node && node->kind == ASSAY_YAML_LIST) {
        if (!read_list(node, "padding", "same, valid, or [top, bottom, left, right]", 0, 4, pads))
            return false;
        choice = 1;
    } else if (node && !assay_yaml_choice(node, "padding", names, 2, &choice)) {
        return false;
    }
    if (choice == 0) {
        assay_pad_same(w->in_h, w->kernel_h, w->stride_h, w->dilation_h, &w->out_h, &w->pad_top);
        assay_pad_same(w->in_w, w->kernel_w, w->stride_w, w->dilation_w, &w->out_w, &w->pad_left);
        return true;
    }
    w->pad_top = pads[0];
    w->pad_left = pads[2];
    w->out_h = assay_pad_explicit(w->in_h, w->kernel_h, w->stride_h, w->dilation_h, pads[0], pads[1]);
    w->out_w = assay_pad_explicit(w->in_w, w->kernel_w, w->stride_w, w->dilation_w, pads[2], pads[3]);
    return (w->out_h > 0 && w->out_w > 0) ||
           assay_say_at(map->place, "the kernel does not fit into the padded input; make padding or input larger");
}

/* The geometry that conv and dwconv share, and the input's channels, which stand with its size. */
static bool read_window(const struct assay_yaml *map, struct assay_window *w, size_t *in_c)
{
    const struct assay_yaml *in = assay_yaml_need(map, "the case", "in");
    size_t extents[3] = {0};
    if (!in || !assay_yaml_need(map, "the case", "kernel") ||
        !read_list(in, "in", "[height, width, channels]", 1, 3, extents))
        return false;
    w->in_h = extents[0];
    w->in_w = extents[1];
    *in_c = extents[2];
    return may_extent(map, "batch", 1, &w->batch) && may_pair(map, "kernel", &w->kernel_h, &w->kernel_w) &&
           may_pair(map, "stride", &w->stride_h, &w->stride_w) &&
           may_pair(map, "dilation", &w->dilation_h, &w->dilation_w) && read_padding(map, w);
}

static bool read_conv(const struct assay_yaml *map, struct assay_conv_shape *s)
{
    if (!read_window(map, &s->window, &s->in_c) || !need_extent(map, "out", &s->out_c))
        return false;
    s->in_stride = s->in_c;
    s->out_stride = s->out_c;
    return true;
}

static bool read_dwconv(const struct assay_yaml *map, struct assay_dwconv_shape *s)
{
    if (!read_window(map, &s->window, &s->in_c) || !may_extent(map, "multiplier", 1, &s->multiplier))
        return false;
    s->in_stride = s->in_c;
    s->out_stride = s->in_c * s->multiplier;
    return true;
}

static bool read_gemm(const struct assay_yaml *map, struct assay_gemm_shape *s)
{
    size_t m, n, k;
    if (!need_extent(map, "m", &m) || !need_extent(map, "n", &n) || !need_extent(map, "k", &k))
        return false;
    *s = (struct assay_gemm_shape){.m = m, .n = n, .k = k, .in_stride = k, .out_stride = n};
    return true;
}

static bool read_quantize(const struct assay_yaml *map, struct assay_problem *problem)
{
    const struct assay_names names = assay_conversion_names();
    const struct assay_yaml *node = assay_yaml_need(map, "the case", "conversion");
    size_t conversion, rows, columns;
    if (!node || !assay_yaml_choice(node, "conversion", names.names, names.count, &conversion) ||
        !need_extent(map, "rows", &rows) || !need_extent(map, "columns", &columns))
        return false;
    problem->quantize = (struct assay_quantize_shape){.conversion = (enum assay_conversion)conversion,
                                                      .rows = rows,
                                                      .columns = columns,
                                                      .in_stride = columns,
                                                      .out_stride = columns};
    problem->mode = assay_conversion_mode(problem->quantize.conversion);
    return true;
}

static bool read_add(const struct assay_yaml *map, struct assay_add_shape *s)
{
    static const char *const names[] = {"false", "true"};
    const struct assay_yaml *node = assay_yaml_get(map, "subtract");
    size_t subtract = 0;
    if (!need_extent(map, "count", &s->count) || (node && !assay_yaml_choice(node, "subtract", names, 2, &subtract)))
        return false;
    s->subtract = subtract == 1;
    return true;
}

/* In doubles, because the products may be beyond 64 bits. */
static bool check_size(const struct assay_yaml *map, const struct assay_problem *problem)
{
    const struct assay_rows in = assay_problem_in_rows(problem), out = assay_problem_out_rows(problem);
    const double word = 4, depth = (double)assay_problem_depth(problem);
    const double outputs = (double)out.rows * (double)out.columns;
    if (word * (double)in.rows * (double)in.columns > MOST_BYTES || word * outputs > MOST_BYTES ||
        word * (double)assay_problem_channels(problem) * depth > MOST_BYTES)
        return assay_say_at(map->place, "a tensor of this case is larger than 2 GiB in fp32; make it smaller");
    if (outputs * depth > MOST_MACS)
        return assay_say_at(map->place, "this case has more than 2^40 multiply-accumulates; make it smaller");
    return true;
}

bool assay_shape_read(const struct assay_yaml *map, struct assay_problem *problem)
{
    bool good;
    switch (problem->op) {
    case ASSAY_OP_CONV:
        good = read_conv(map, &problem->conv);
        break;
    case ASSAY_OP_DWCONV:
        good = read_dwconv(map, &problem->dwconv);
        break;
    case ASSAY_OP_QUANTIZE:
        good = read_quantize(map, problem);
        break;
    case ASSAY_OP_ADD:
        good = read_add(map, &problem->add);
        break;
    default:
        good = read_gemm(map, &problem->gemm);
        break;
    }
    if (!good || !check_size(map, problem))
        return false;
    const struct assay_names names = assay_activation_names();
    const struct assay_yaml *node = assay_yaml_get(map, "activation");
    size_t activation = ASSAY_ACT_NONE;
    if (node && !assay_yaml_choice(node, "activation", names.names, names.count, &activation))
        return false;
    problem->activation = (enum assay_activation)activation;
    return true;
}
