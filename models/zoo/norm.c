/* NORM: out = factor * (in - mean) / sqrt(variance + epsilon) + summand, by channel (Ioffe and Szegedy, "Batch
 * Normalization", 2015). */
#include "models/zoo/layer.h"

#include <math.h>
#include <string.h>

enum { MOST_CHANNELS = 256 };

static const zoo_real keep = (zoo_real)0.9; /* of the running statistics, at each batch */

static zoo_real reciprocal_deviation(zoo_real variance)
{
    return 1 / (zoo_real)sqrt((double)(variance + ZOO_NORM_EPSILON));
}

static size_t pixels(const struct zoo_layer *layer, const struct zoo_pass *pass)
{
    return pass->samples * layer->in.h * layer->in.w;
}

/* Means and variances of the batch; the running ones follow them. */
ZOO_WIDE
static void find_statistics(const struct zoo_layer *layer, const struct zoo_pass *pass)
{
    const size_t channels = layer->in.c, count = pixels(layer, pass);
    double sums[MOST_CHANNELS] = {0}, squares[MOST_CHANNELS] = {0};
    for (size_t i = 0; i < count; i++)
        for (size_t c = 0; c < channels; c++) {
            const double x = (double)pass->in[i * channels + c];
            sums[c] += x;
            squares[c] += x * x;
        }
    for (size_t c = 0; c < channels; c++) {
        const double mean = sums[c] / (double)count, variance = squares[c] / (double)count - mean * mean;
        layer->batch[c] = (zoo_real)mean;
        layer->batch[channels + c] = variance > 0 ? (zoo_real)variance : 0;
    }
    for (size_t i = 0; i < 2 * channels; i++)
        layer->running[i] = keep * layer->running[i] + (1 - keep) * layer->batch[i];
}

ZOO_WIDE
static void scale(const struct zoo_layer *layer, const struct zoo_pass *pass, const zoo_real *statistics)
{
    const size_t channels = layer->in.c, count = pixels(layer, pass);
    const zoo_real *restrict in = pass->in;
    zoo_real *restrict out = pass->out, factor[MOST_CHANNELS], summand[MOST_CHANNELS];
    for (size_t c = 0; c < channels; c++) {
        factor[c] = layer->weights[c] * reciprocal_deviation(statistics[channels + c]);
        summand[c] = layer->weights[channels + c] - statistics[c] * factor[c];
    }
    for (size_t i = 0; i < count; i++)
        for (size_t c = 0; c < channels; c++)
            out[i * channels + c] = in[i * channels + c] * factor[c] + summand[c];
}

void zoo_norm_forward(const struct zoo_layer *layer, const struct zoo_pass *pass)
{
    if (pass->training)
        find_statistics(layer, pass);
    scale(layer, pass, pass->training ? layer->batch : layer->running);
}

/* With n pixels, x' = (in - mean) / deviation: the gradient by `in` is
 * factor / deviation * (g - mean of g - x' * mean of g * x'), as mean and deviation depend on `in` too. */
ZOO_WIDE
void zoo_norm_backward(const struct zoo_layer *layer, const struct zoo_pass *pass)
{
    const size_t channels = layer->in.c, count = pixels(layer, pass);
    const zoo_real *restrict in = pass->in, *restrict g = pass->out_gradient, *mean = layer->batch;
    double sums[MOST_CHANNELS] = {0}, products[MOST_CHANNELS] = {0};
    zoo_real reciprocal[MOST_CHANNELS];
    for (size_t c = 0; c < channels; c++)
        reciprocal[c] = reciprocal_deviation(layer->batch[channels + c]);
    for (size_t i = 0; i < count; i++)
        for (size_t c = 0; c < channels; c++) {
            sums[c] += (double)g[i * channels + c];
            products[c] += (double)(g[i * channels + c] * (in[i * channels + c] - mean[c]) * reciprocal[c]);
        }
    zoo_real factor[MOST_CHANNELS], g_mean[MOST_CHANNELS], g_product[MOST_CHANNELS];
    for (size_t c = 0; c < channels; c++) {
        layer->gradient[c] += (zoo_real)products[c];
        layer->gradient[channels + c] += (zoo_real)sums[c];
        factor[c] = layer->weights[c] * reciprocal[c];
        g_mean[c] = (zoo_real)(sums[c] / (double)count);
        g_product[c] = (zoo_real)(products[c] / (double)count) * reciprocal[c];
    }
    if (!pass->in_gradient)
        return;
    zoo_real *restrict in_gradient = pass->in_gradient;
    for (size_t i = 0; i < count * channels; i += channels)
        for (size_t c = 0; c < channels; c++)
            in_gradient[i + c] += factor[c] * (g[i + c] - g_mean[c] - (in[i + c] - mean[c]) * g_product[c]);
}
