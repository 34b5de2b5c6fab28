#include "models/optimize/tests/exact.h"

#include <math.h>
#include <stdlib.h>

/* Of one operation in f32, with room for what bounds of first order leave out. */
static const double rounding = 0x1p-22;

struct sum {
    double value, error, magnitude;
    size_t terms;
};

static void add_product(struct sum *sum, struct real a, struct real b)
{
    sum->value += a.value * b.value;
    sum->error += fabs(a.value) * b.error + fabs(b.value) * a.error + a.error * b.error;
    sum->magnitude += fabs(a.value * b.value);
    sum->terms++;
}

static struct real total(const struct sum *sum)
{
    return (struct real){sum->value, sum->error + (double)(sum->terms + 1) * rounding * (sum->magnitude + sum->error)};
}

static struct real clamp(struct real x, enum assay_fused fused)
{
    const double low = fused == ASSAY_FUSED_NONE ? -INFINITY : fused == ASSAY_FUSED_RELU_N1_TO_1 ? -1 : 0;
    const double high = fused == ASSAY_FUSED_RELU6 ? 6 : fused == ASSAY_FUSED_RELU_N1_TO_1 ? 1 : INFINITY;
    x.value = fmin(fmax(x.value, low), high);
    return x;
}

static size_t count_of(const struct assay_tensor *tensor)
{
    size_t count = 0;
    return assay_shape_count(&tensor->shape, &count) ? count : 0;
}

struct step {
    const struct assay_subgraph *network;
    const struct assay_operator *op;
    struct real **tensors;
};

static const struct assay_tensor *in(const struct step *s, size_t k)
{
    return &s->network->tensors[s->op->inputs[k]];
}

static const struct assay_tensor *out(const struct step *s)
{
    return &s->network->tensors[s->op->outputs[0]];
}

static const struct real *values(const struct step *s, size_t k)
{
    return s->tensors[s->op->inputs[k]];
}

static void add_bias(const struct step *s, size_t channel, struct sum *sum)
{
    if (s->op->input_count > 2 && s->op->inputs[2] >= 0)
        add_product(sum, values(s, 2)[channel], (struct real){1, 0});
}

/* What lies before the image where it is padded as TFLite pads SAME. */
static int32_t before(enum assay_padding padding, int32_t from, int32_t to, int32_t kernel, int32_t stride,
                      int32_t dilation)
{
    const int32_t pad = (to - 1) * stride + (kernel - 1) * dilation + 1 - from;
    return padding == ASSAY_PAD_SAME && pad > 0 ? pad / 2 : 0;
}

static struct real convolve(const struct step *s, int32_t b, int32_t y, int32_t x, int32_t c)
{
    const bool depthwise = s->op->code == ASSAY_OPERATOR_DEPTHWISE_CONV_2D;
    const int32_t *image = in(s, 0)->shape.dims, *filter = in(s, 1)->shape.dims, *to = out(s)->shape.dims;
    const int32_t top =
        before(s->op->conv.padding, image[1], to[1], filter[1], s->op->conv.stride_h, s->op->conv.dilation_h);
    const int32_t left =
        before(s->op->conv.padding, image[2], to[2], filter[2], s->op->conv.stride_w, s->op->conv.dilation_w);
    struct sum sum = {0};
    for (int32_t i = 0; i < filter[1]; i++)
        for (int32_t j = 0; j < filter[2]; j++) {
            const int32_t row = y * s->op->conv.stride_h + i * s->op->conv.dilation_h - top;
            const int32_t column = x * s->op->conv.stride_w + j * s->op->conv.dilation_w - left;
            if (row < 0 || row >= image[1] || column < 0 || column >= image[2])
                continue;
            const struct real *pixel = values(s, 0) + ((b * image[1] + row) * image[2] + column) * image[3];
            if (depthwise) {
                add_product(&sum, pixel[c / (filter[3] / image[3])], values(s, 1)[(i * filter[2] + j) * filter[3] + c]);
                continue;
            }
            for (int32_t k = 0; k < image[3]; k++)
                add_product(&sum, pixel[k], values(s, 1)[((c * filter[1] + i) * filter[2] + j) * image[3] + k]);
        }
    add_bias(s, (size_t)c, &sum);
    return total(&sum);
}

static struct real pool(const struct step *s, int32_t b, int32_t y, int32_t x, int32_t c)
{
    const int32_t *image = in(s, 0)->shape.dims, *to = out(s)->shape.dims;
    const int32_t top = before(s->op->pool.padding, image[1], to[1], s->op->pool.filter_h, s->op->pool.stride_h, 1);
    const int32_t left = before(s->op->pool.padding, image[2], to[2], s->op->pool.filter_w, s->op->pool.stride_w, 1);
    struct sum sum = {0};
    struct real largest = {-INFINITY, 0};
    for (int32_t row = y * s->op->pool.stride_h - top; row < y * s->op->pool.stride_h - top + s->op->pool.filter_h;
         row++)
        for (int32_t column = x * s->op->pool.stride_w - left;
             column < x * s->op->pool.stride_w - left + s->op->pool.filter_w; column++) {
            if (row < 0 || row >= image[1] || column < 0 || column >= image[2])
                continue;
            const struct real pixel = values(s, 0)[((b * image[1] + row) * image[2] + column) * image[3] + c];
            add_product(&sum, pixel, (struct real){1, 0});
            largest.value = fmax(largest.value, pixel.value);
            largest.error = fmax(largest.error, pixel.error);
        }
    if (s->op->code == ASSAY_OPERATOR_MAX_POOL_2D)
        return largest;
    const double n = (double)sum.terms;
    const struct real all = total(&sum);
    return (struct real){all.value / n, all.error / n + rounding * fabs(all.value / n)};
}

static struct real connect(const struct step *s, size_t row, size_t n)
{
    const size_t k = (size_t)in(s, 1)->shape.dims[1];
    struct sum sum = {0};
    for (size_t i = 0; i < k; i++)
        add_product(&sum, values(s, 0)[row * k + i], values(s, 1)[n * k + i]);
    add_bias(s, n, &sum);
    return total(&sum);
}

/* The element of input k that meets element `index` of the output. */
static struct real broadcast(const struct step *s, size_t k, size_t index)
{
    const struct assay_shape *from = &in(s, k)->shape, *to = &out(s)->shape;
    size_t at = 0, step = 1;
    for (size_t d = 0; d < from->rank; d++) {
        const size_t size = (size_t)to->dims[to->rank - 1 - d], own = (size_t)from->dims[from->rank - 1 - d];
        at += own == 1 ? 0 : index % size * step;
        step *= own;
        index /= size;
    }
    return values(s, k)[at];
}

static struct real combine(const struct step *s, size_t index)
{
    const struct real a = broadcast(s, 0, index), b = broadcast(s, 1, index);
    struct sum sum = {0};
    if (s->op->code == ASSAY_OPERATOR_MUL) {
        add_product(&sum, a, b);
        return total(&sum);
    }
    add_product(&sum, a, (struct real){1, 0});
    add_product(&sum, b, (struct real){s->op->code == ASSAY_OPERATOR_SUB ? -1 : 1, 0});
    return total(&sum);
}

/* Element `index` of the output. */
static bool compute(const struct step *s, size_t index, struct real *result)
{
    const int32_t *to = out(s)->shape.dims, at = (int32_t)index;
    switch (s->op->code) {
    case ASSAY_OPERATOR_CONV_2D:
    case ASSAY_OPERATOR_DEPTHWISE_CONV_2D:
        *result = convolve(s, at / to[3] / to[2] / to[1], at / to[3] / to[2] % to[1], at / to[3] % to[2], at % to[3]);
        return true;
    case ASSAY_OPERATOR_AVERAGE_POOL_2D:
    case ASSAY_OPERATOR_MAX_POOL_2D:
        *result = pool(s, at / to[3] / to[2] / to[1], at / to[3] / to[2] % to[1], at / to[3] % to[2], at % to[3]);
        return true;
    case ASSAY_OPERATOR_FULLY_CONNECTED: {
        const size_t n = (size_t)in(s, 1)->shape.dims[0];
        *result = connect(s, index / n, index % n);
        return true;
    }
    case ASSAY_OPERATOR_ADD:
    case ASSAY_OPERATOR_SUB:
    case ASSAY_OPERATOR_MUL:
        *result = combine(s, index);
        return true;
    case ASSAY_OPERATOR_RELU:
        *result = clamp(values(s, 0)[index], ASSAY_FUSED_RELU);
        return true;
    case ASSAY_OPERATOR_RELU6:
        *result = clamp(values(s, 0)[index], ASSAY_FUSED_RELU6);
        return true;
    case ASSAY_OPERATOR_RELU_N1_TO_1:
        *result = clamp(values(s, 0)[index], ASSAY_FUSED_RELU_N1_TO_1);
        return true;
    default:
        return false;
    }
}

void exact_free(const struct assay_subgraph *network, struct real **tensors)
{
    for (size_t t = 0; tensors && t < network->tensor_count; t++)
        free(tensors[t]);
    free(tensors);
}

static double constant(const struct assay_tensor *tensor, size_t i)
{
    if (tensor->type == ASSAY_TENSOR_F32)
        return (double)((const float *)tensor->data)[i];
    const struct assay_tensor_quantization *q = &tensor->quantization;
    size_t inner = 1;
    for (size_t d = q->axis + 1; d < tensor->shape.rank; d++)
        inner *= (size_t)tensor->shape.dims[d];
    return (double)q->scale[q->count == 1 ? 0 : i / inner % q->count] * ((const int8_t *)tensor->data)[i];
}

struct real **exact_tensors(const struct assay_subgraph *network, struct uncertainty constants)
{
    struct real **tensors = calloc(network->tensor_count + 1, sizeof(*tensors));
    for (size_t t = 0; t < network->tensor_count; t++) {
        const struct assay_tensor *tensor = &network->tensors[t];
        tensors[t] = calloc(count_of(tensor) + 1, sizeof(**tensors));
        if (!tensor->data || (tensor->type != ASSAY_TENSOR_F32 && tensor->type != ASSAY_TENSOR_I8))
            continue;
        for (size_t i = 0; i < count_of(tensor); i++) {
            const double value = constant(tensor, i);
            tensors[t][i] = (struct real){value, fabs(value) * constants.relative + constants.absolute};
        }
    }
    return tensors;
}

bool exact_operator(const struct assay_subgraph *network, const struct assay_operator *op, struct real **tensors)
{
    const struct step step = {network, op, tensors};
    for (size_t k = 0; k < count_of(out(&step)); k++) {
        struct real *result = &tensors[op->outputs[0]][k];
        if (!compute(&step, k, result))
            return false;
        *result = clamp(*result, op->fused);
    }
    return true;
}

struct real **exact_run(const struct assay_subgraph *network, const float *input, struct uncertainty constants)
{
    struct real **tensors = exact_tensors(network, constants);
    for (size_t i = 0; i < count_of(&network->tensors[network->inputs[0]]); i++)
        tensors[network->inputs[0]][i].value = (double)input[i];
    for (size_t i = 0; i < network->operator_count; i++)
        if (!exact_operator(network, &network->operators[i], tensors)) {
            exact_free(network, tensors);
            return NULL;
        }
    return tensors;
}
