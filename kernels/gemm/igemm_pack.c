/* Packing of dense weights into panels: once for a layer. */
#include "kernels/gemm/igemm_layout.h"

#include <string.h>

/* Weights of one output channel: taps * k elements, contiguous in gemm's [n][k] and conv's [o][h][w][c] alike. */
static void pack_column(const struct assay_igemm *igemm, const struct assay_igemm_layout *l, const void *values,
                        size_t source_size, size_t column, char *panel)
{
    const size_t groups = assay_round_up(l->k, l->kr) / l->kr;
    const char *source = (const char *)values + column * l->taps * l->k * source_size;
    const size_t lane = column % l->nr;
    for (size_t tap = 0; tap < l->taps; tap++) {
        for (size_t i = 0; i < l->k; i++) {
            const char *from = source + (tap * l->k + i) * source_size;
            char *to = panel +
                       (((tap * groups + i / l->kr) * l->nr + lane) * l->kr + i % l->kr) * l->weight_size;
            if (igemm->element == ASSAY_PACK_I8_AS_I16) {
                const int16_t wide = *(const int8_t *)from;
                memcpy(to, &wide, sizeof(wide));
            } else if (igemm->element == ASSAY_PACK_F16_AS_F32) {
                assay_f16 half;
                memcpy(&half, from, sizeof(half));
                const float wide = (float)half;
                memcpy(to, &wide, sizeof(wide));
            } else {
                memcpy(to, from, source_size);
            }
        }
    }
}

static uint32_t sum_of_weights(const int8_t *weights, size_t count)
{
    uint32_t sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += (uint32_t)(int32_t)weights[i];
    return sum;
}

/* The bias of an int8 column with the inputs' offset folded in, so that the micro-kernel may sum raw products. */
static void fold_bias(const struct assay_igemm_layout *l, const struct assay_weights *weights, int32_t offset,
                      char *packed)
{
    const size_t depth = l->taps * l->k;
    const int32_t *bias = weights->bias;
    int32_t *folded = (int32_t *)(void *)(packed + l->bias);
    for (size_t j = 0; j < l->cols; j++) {
        const uint32_t sum = sum_of_weights((const int8_t *)weights->values + j * depth, depth);
        folded[j] = (int32_t)((bias ? (uint32_t)bias[j] : 0U) - (uint32_t)offset * sum);
    }
}

bool assay_igemm_pack(const struct assay_kernel *kernel, const struct assay_problem *problem,
                      const struct assay_weights *weights, void *packed)
{
    const struct assay_igemm *igemm = kernel->detail;
    const struct assay_igemm_layout l = assay_igemm_layout(igemm, problem);
    const size_t source_size = assay_type_size(assay_mode_weight(problem->mode));
    char *base = packed;
    memset(base, 0, l.packed_bytes);
    for (size_t j = 0; j < l.cols; j++)
        pack_column(igemm, &l, weights->values, source_size, j, base + l.panel0 + j / l.nr * l.panel_bytes);

    if (problem->mode == ASSAY_MODE_INT8)
        fold_bias(&l, weights, problem->quantization.in_zero + igemm->input_offset, base);
    else if (weights->bias)
        memcpy(base + l.bias, weights->bias, l.cols * l.bias_size);
    if (assay_mode_is_integer(problem->mode)) {
        memcpy(base + l.multiplier, weights->multiplier, l.cols * sizeof(int32_t));
        memcpy(base + l.shift, weights->shift, l.cols * sizeof(int32_t));
    }
    if (problem->mode == ASSAY_MODE_HYBRID) {
        int32_t *sums = (int32_t *)(void *)(base + l.weight_sum);
        const size_t depth = l.taps * l.k;
        memcpy(base + l.scale, weights->scale, l.cols * sizeof(float));
        for (size_t j = 0; j < l.cols; j++)
            sums[j] = (int32_t)sum_of_weights((const int8_t *)weights->values + j * depth, depth);
    }
    return true;
}
