#include "suites/peers/xnnpack/layer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct xnnpack_layer *layer_of(const void *packed)
{
    struct xnnpack_layer *layer;
    memcpy(&layer, packed, sizeof(layer));
    return layer;
}

static const char *status_text(enum xnn_status status)
{
    switch (status) {
    case xnn_status_uninitialized:
        return "XNNPACK is not initialized";
    case xnn_status_invalid_parameter:
        return "XNNPACK calls a parameter invalid";
    case xnn_status_invalid_state:
        return "an operator of XNNPACK is in the wrong state";
    case xnn_status_unsupported_parameter:
        return "XNNPACK does not support a parameter";
    case xnn_status_unsupported_hardware:
        return "XNNPACK has no kernel of this kind for this CPU";
    case xnn_status_out_of_memory:
        return "there is no memory";
    default:
        return "XNNPACK failed with an unknown status";
    }
}

const char *xnnpack_supports(const struct assay_kernel *kernel, const struct assay_problem *problem)
{
    const struct xnnpack_kernel *own = kernel->detail;
    if (*own->missing)
        return *own->missing;
    if (assay_peer_is_empty(problem))
        return "the peer takes no empty tensors";
    if (assay_mode_is_integer(problem->mode) && assay_clamp_min_int(problem) >= assay_clamp_max_int(problem))
        return "XNNPACK takes no output range of a single value";
    return own->refuses ? own->refuses(problem) : NULL;
}

size_t xnnpack_packed_size(const struct assay_kernel *kernel, const struct assay_problem *problem)
{
    (void)kernel, (void)problem;
    return sizeof(struct xnnpack_layer *);
}

void xnnpack_delete(struct xnnpack_layer *layer)
{
    for (size_t i = 0; i < sizeof layer->stage / sizeof layer->stage[0]; i++)
        if (layer->stage[i])
            xnn_delete_operator(layer->stage[i]);
    free(layer->memory);
    free(layer);
}

const char *xnnpack_make(const struct assay_kernel *kernel, const struct assay_problem *problem,
                         const struct assay_weights *weights, struct xnnpack_layer **layer)
{
    const struct xnnpack_kernel *own = kernel->detail;
    /* Packing reads beyond the weights, too: it gets a copy with something behind it. */
    const size_t bytes = assay_problem_weight_bytes(problem);
    char *values = calloc(1, bytes + XNN_EXTRA_BYTES);
    *layer = calloc(1, sizeof **layer);
    if (!*layer || !values) {
        free(values);
        free(*layer);
        return status_text(xnn_status_out_of_memory);
    }
    memcpy(values, weights->values, bytes);
    struct assay_weights copy = *weights;
    copy.values = values;
    const enum xnn_status status = own->create(problem, &copy, *layer);
    free(values);
    if (status == xnn_status_success)
        return NULL;
    xnnpack_delete(*layer);
    return status_text(status);
}

bool xnnpack_pack(const struct assay_kernel *kernel, const struct assay_problem *problem,
                  const struct assay_weights *weights, void *packed)
{
    struct xnnpack_layer *layer;
    const char *failure = xnnpack_make(kernel, problem, weights, &layer);
    if (failure)
        fprintf(stderr, "%s: %s\n", kernel->name, failure);
    else
        memcpy(packed, &layer, sizeof(layer));
    return !failure;
}

bool xnnpack_prepare(const struct assay_kernel *kernel, const struct assay_problem *problem, const void *packed,
                     const struct assay_io *io, void *scratch)
{
    (void)scratch;
    const struct xnnpack_kernel *own = kernel->detail;
    const enum xnn_status status = own->setup(problem, io, layer_of(packed));
    if (status != xnn_status_success)
        fprintf(stderr, "%s: %s\n", kernel->name, status_text(status));
    return status == xnn_status_success;
}

void xnnpack_run(const struct assay_kernel *kernel, const struct assay_problem *problem, const void *packed,
                 const struct assay_io *io, void *scratch)
{
    (void)problem, (void)io, (void)scratch;
    const struct xnnpack_layer *layer = layer_of(packed);
    for (size_t i = 0; i < sizeof layer->stage / sizeof layer->stage[0] && layer->stage[i]; i++) {
        const enum xnn_status status = xnn_run_operator(layer->stage[i], NULL);
        if (status != xnn_status_success) {
            /* run has no way to fail; an output nobody computed must not be measured. */
            fprintf(stderr, "%s: %s\n", kernel->name, status_text(status));
            abort();
        }
    }
}

void xnnpack_release(const struct assay_kernel *kernel, void *packed, void *scratch)
{
    (void)kernel, (void)scratch;
    xnnpack_delete(layer_of(packed));
}

void *xnnpack_memory(struct xnnpack_layer *layer, size_t bytes)
{
    free(layer->memory);
    layer->memory = aligned_alloc(ASSAY_PACK_ALIGN, assay_round_up(bytes + XNN_EXTRA_BYTES, ASSAY_PACK_ALIGN));
    return layer->memory;
}

float *xnnpack_weight_scales(const struct assay_problem *problem, const struct assay_weights *weights)
{
    const size_t channels = assay_problem_channels(problem);
    float *scales = malloc(channels * sizeof *scales);
    for (size_t c = 0; scales && c < channels; c++)
        scales[c] = assay_peer_weight_scale(problem, weights, c);
    return scales;
}

float *xnnpack_weights_as_f32(const struct assay_problem *problem, const struct assay_weights *weights)
{
    const size_t count = assay_problem_channels(problem) * assay_problem_depth(problem);
    const assay_f16 *values = weights->values;
    float *copy = malloc(count * sizeof *copy + XNN_EXTRA_BYTES);
    for (size_t i = 0; copy && i < count; i++)
        copy[i] = (float)values[i];
    return copy;
}
