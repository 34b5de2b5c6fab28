/* The twins: plain gemm in several modes, an int8 conv and an int8 add, with a tile of 4 x 8 x 4 and every fault of
 * enum mutation built in. Packed: multiplier and shift (int8), scale (hybrid), bias, then the weights as they are; each
 * array n long.
 */
#include "suites/check/mutants/mutants.h"

#include "kernels/core/fixed_point.h"

#include <float.h>
#include <math.h>
#include <string.h>

enum { TILE_M = 4, TILE_K = 4, MAGIC = 0x600DBEEF };

/* What prepare leaves in scratch, before n floats of room for sums. */
struct prepared {
    const void *in;
    void *out;
    uint32_t magic, runs;
};

static size_t rescale_bytes(const struct assay_problem *p)
{
    return assay_problem_factors(p) * 2 * sizeof(int32_t);
}

size_t mutant_packed_size(const struct assay_kernel *kernel, const struct assay_problem *p)
{
    (void)kernel;
    return sizeof(void *) + rescale_bytes(p) + assay_problem_channels(p) * sizeof(float) +
           assay_problem_weight_bytes(p);
}

/* Offsets into the packed block: the model's weights (for the mutant that keeps them), rescale, bias, weights. */
struct packed {
    const void *const *kept;
    const int32_t *rescale;
    const void *bias;
    const void *values;
};

static struct packed packed_of(const struct assay_problem *p, const void *packed)
{
    const char *base = packed;
    const size_t rescale = sizeof(void *), bias = rescale + rescale_bytes(p);
    return (struct packed){packed, (const int32_t *)(const void *)(base + rescale), base + bias,
                           base + bias + assay_problem_channels(p) * sizeof(float)};
}

bool mutant_pack(const struct assay_kernel *kernel, const struct assay_problem *p, const struct assay_weights *weights,
                 void *packed)
{
    const size_t channels = assay_problem_channels(p);
    memset(packed, 0, mutant_packed_size(kernel, p));
    memcpy(packed, &weights->values, sizeof(weights->values));
    int32_t *rescale = (int32_t *)(void *)((char *)packed + sizeof(void *));
    char *bias = (char *)packed + sizeof(void *) + rescale_bytes(p);
    for (size_t j = 0; j < assay_problem_factors(p); j++) {
        if (weights->multiplier) {
            rescale[2 * j] = weights->multiplier[j];
            rescale[2 * j + 1] = weights->shift[j];
        } else if (weights->scale) {
            memcpy(&rescale[2 * j], &weights->scale[j], sizeof(float));
        }
    }
    if (weights->bias)
        memcpy(bias, weights->bias, channels * sizeof(float));
    if (weights->values)
        memcpy(bias + channels * sizeof(float), weights->values, assay_problem_weight_bytes(p));
    if (mutation_of(kernel) == WRITE_PAST_PACKED)
        ((volatile char *)packed)[assay_round_up(mutant_packed_size(kernel, p), ASSAY_PACK_ALIGN)] = 1;
    return true;
}

size_t mutant_scratch_size(const struct assay_kernel *kernel, const struct assay_problem *p)
{
    const size_t sums = assay_problem_channels(p) * sizeof(float);
    return mutation_of(kernel) == SCRATCH_TOO_SMALL ? sizeof(struct prepared) - 8 : sizeof(struct prepared) + sums;
}

bool mutant_prepare(const struct assay_kernel *kernel, const struct assay_problem *p, const void *packed,
                    const struct assay_io *io, void *scratch)
{
    (void)packed;
    struct prepared *prepared = scratch;
    const enum mutation mutation = mutation_of(kernel);
    if (mutation == INPUT_READ_IN_PREPARE && assay_problem_in_bytes(p) > 0)
        (void)*(const volatile char *)io->in;
    if (mutation == POINTERS_STALE && prepared->magic == MAGIC)
        return true;
    *prepared = (struct prepared){.in = io->in, .out = io->out, .magic = MAGIC, .runs = 0};
    return true;
}

/* Faults that do not depend on the numbers, before the work. */
static void misbehave(enum mutation mutation, const struct assay_problem *p, const void *packed,
                      const struct assay_io *io)
{
    const size_t in_bytes = assay_problem_in_bytes(p), out_bytes = assay_problem_out_bytes(p);
    const struct assay_rows out = assay_problem_out_rows(p);
    char *gap = (char *)io->out + out.columns * assay_type_size(out.type);
    switch (mutation) {
    case READ_PAST_END:
        (void)((const volatile char *)io->in)[in_bytes];
        break;
    case READ_BEFORE_START:
        (void)((const volatile char *)io->in)[-1];
        break;
    case WRITE_PAST_END:
        ((volatile char *)io->out)[out_bytes] = 0;
        break;
    case WRITE_BEFORE_START:
        ((volatile char *)io->out)[-1] = 0;
        break;
    case WRITE_GAP:
        if (out.rows > 1 && out.stride > out.columns)
            *(volatile char *)gap = 0;
        break;
    case WRITE_INPUT:
        if (in_bytes > 0)
            *(volatile char *)(uintptr_t)io->in = 0;
        break;
    case WRITE_PACKED:
        *(volatile char *)(uintptr_t)packed = 0;
        break;
    case WEIGHTS_KEPT:
        if (assay_problem_weight_bytes(p) > 0)
            (void)**(const volatile char *const *)packed;
        break;
    case ILLEGAL_INSTRUCTION:
#if defined(__x86_64__)
        __asm__ volatile("ud2");
#elif defined(__aarch64__)
        __asm__ volatile(".inst 0");
#else
        __asm__ volatile(".half 0");
#endif
        break;
    case ENDLESS_LOOP:
        for (volatile int forever = 1; forever;)
            ;
        break;
    default:
        break;
    }
}

/* Rows to compute, and inputs to sum. */
static size_t rows_of(enum mutation mutation, size_t rows)
{
    return mutation == EDGE_TILE_DROPPED && rows > TILE_M ? rows - rows % TILE_M : rows;
}
static size_t depth_of(enum mutation mutation, size_t k)
{
    return mutation == K_TAIL_OFF_BY_ONE && k % TILE_K == 1 ? k - 1 : k;
}
static size_t bias_channel(enum mutation mutation, size_t channel, size_t channels)
{
    return mutation == BIAS_OF_NEIGHBOUR ? (channel + 1) % channels : channel;
}

static float activate(enum mutation mutation, const struct assay_problem *p, float x)
{
    if (mutation == NAN_SWALLOWED && isnan(x))
        return 0.0f;
    if (mutation == DENORMALS_FLUSHED && fabsf(x) < FLT_MIN)
        return 0.0f;
    if (!assay_clamps(p) || mutation == ACTIVATION_MISSING)
        return x;
    return fminf(fmaxf(x, assay_clamp_min(p)), assay_clamp_max(p));
}

void mutant_run_f32(const struct assay_kernel *kernel, const struct assay_problem *p, const void *packed,
                    const struct assay_io *io, void *scratch)
{
    const enum mutation mutation = mutation_of(kernel);
    const struct assay_gemm_shape *s = &p->gemm;
    const struct packed parts = packed_of(p, packed);
    const float *bias = parts.bias, *w = parts.values;
    struct prepared *prepared = scratch;
    float *sums = (float *)(void *)(prepared + 1);
    misbehave(mutation, p, packed, io);
    prepared->runs++;
    for (size_t i = 0; i < rows_of(mutation, s->m); i++) {
        const float *in = (const float *)prepared->in + i * s->in_stride;
        float *out = (float *)prepared->out + i * s->out_stride;
        for (size_t j = 0; j < s->n; j++) {
            if (mutation != SCRATCH_UNINITIALISED)
                sums[j] = 0.0f;
            for (size_t l = 0; l < depth_of(mutation, s->k); l++)
                sums[j] += in[l] * w[j * s->k + l];
            if (mutation == READ_GAP && s->in_stride > s->k && i + 1 < s->m)
                sums[j] += in[s->k] * 0.0f;
            if (mutation == STATE_FROM_LAST_RUN && prepared->runs > 1)
                sums[j] += 1.0f;
            out[j] = activate(mutation, p, sums[j] + bias[bias_channel(mutation, j, s->n)]);
        }
    }
}

void mutant_run_f16(const struct assay_kernel *kernel, const struct assay_problem *p, const void *packed,
                    const struct assay_io *io, void *scratch)
{
    (void)scratch;
    const enum mutation mutation = mutation_of(kernel);
    const struct assay_gemm_shape *s = &p->gemm;
    const struct packed parts = packed_of(p, packed);
    const float *bias = parts.bias;
    const assay_f16 *w = parts.values;
    for (size_t i = 0; i < s->m; i++) {
        const assay_f16 *in = (const assay_f16 *)io->in + i * s->in_stride;
        assay_f16 *out = (assay_f16 *)io->out + i * s->out_stride;
        for (size_t j = 0; j < s->n; j++) {
            float sum = bias[j];
            for (size_t l = 0; l < s->k; l++) {
                sum += (float)in[l] * (float)w[j * s->k + l];
                if (mutation == F16_ACCUMULATION)
                    sum = (float)(assay_f16)sum;
            }
            out[j] = (assay_f16)activate(mutation, p, sum);
        }
    }
}

/* One rounding of the whole product instead of two. */
static int32_t rescale_once(int32_t x, int32_t multiplier, int32_t shift)
{
    const int total = 31 - shift;
    if (shift > 0)
        return assay_rescale(x, multiplier, shift);
    return (int32_t)(((int64_t)x * multiplier + (INT64_C(1) << (total - 1))) >> total);
}

/* The second rounding with ties up, not away from zero. */
static int32_t rescale_up(int32_t x, int32_t multiplier, int32_t shift)
{
    if (shift >= 0)
        return assay_rescale(x, multiplier, shift);
    const int64_t high = assay_rescale(x, multiplier, 0);
    return (int32_t)((high + (INT64_C(1) << (-shift - 1))) >> -shift);
}

static int8_t finish_i8(enum mutation mutation, const struct assay_problem *p, const struct packed *parts, uint32_t sum,
                        size_t channel)
{
    const size_t c = mutation == SCALE_OF_FIRST_CHANNEL ? 0 : channel;
    const int32_t multiplier = parts->rescale[2 * c], shift = parts->rescale[2 * c + 1], x = (int32_t)sum;
    const int32_t rescaled = mutation == TIES_UP           ? rescale_up(x, multiplier, shift)
                             : mutation == SINGLE_ROUNDING ? rescale_once(x, multiplier, shift)
                                                           : assay_rescale(x, multiplier, shift);
    const int64_t out = (int64_t)rescaled + p->quantization.out_zero;
    const int64_t low = assay_clamp_min_int(p), high = assay_clamp_max_int(p);
    if (mutation == SATURATION_MISSING)
        return (int8_t)(uint8_t)out;
    return (int8_t)(out < low ? low : out > high ? high : out);
}

void mutant_run_i8(const struct assay_kernel *kernel, const struct assay_problem *p, const void *packed,
                   const struct assay_io *io, void *scratch)
{
    (void)scratch;
    const enum mutation mutation = mutation_of(kernel);
    const struct assay_gemm_shape *s = &p->gemm;
    const struct packed parts = packed_of(p, packed);
    const int32_t *bias = parts.bias, zero = mutation == ZERO_POINT_IGNORED ? 0 : p->quantization.in_zero;
    const int8_t *w = parts.values;
    for (size_t i = 0; i < s->m; i++) {
        const int8_t *in = (const int8_t *)io->in + i * s->in_stride;
        for (size_t j = 0; j < s->n; j++) {
            uint32_t sum = (uint32_t)bias[j];
            for (size_t l = 0; l < s->k; l++)
                sum += (uint32_t)((in[l] - zero) * w[j * s->k + l]);
            ((int8_t *)io->out)[i * s->out_stride + j] = finish_i8(mutation, p, &parts, sum, j);
        }
    }
}

static uint32_t sum_window(enum mutation mutation, const struct assay_problem *p, const int8_t *in, const int8_t *w,
                           size_t row, size_t channel)
{
    const struct assay_conv_shape *s = &p->conv;
    const size_t b = row / (s->out_h * s->out_w), y0 = row / s->out_w % s->out_h * s->stride_h;
    const size_t x0 = row % s->out_w * s->stride_w;
    const int32_t zero = p->quantization.in_zero, padding = mutation == PADDING_WITH_ZERO ? 0 : zero;
    uint32_t sum = 0;
    for (size_t i = 0; i < s->kernel_h; i++) {
        for (size_t j = 0; j < s->kernel_w; j++) {
            /* Before the image is far beyond it: these are unsigned. */
            const size_t y = y0 + i * s->dilation_h - s->pad_top, x = x0 + j * s->dilation_w - s->pad_left;
            const bool inside = y < s->in_h && x < s->in_w;
            for (size_t c = 0; c < s->in_c; c++) {
                const int32_t q = inside ? in[((b * s->in_h + y) * s->in_w + x) * s->in_stride + c] : padding;
                sum += (uint32_t)((q - zero) * w[((channel * s->kernel_h + i) * s->kernel_w + j) * s->in_c + c]);
            }
        }
    }
    return sum;
}

void mutant_run_conv_i8(const struct assay_kernel *kernel, const struct assay_problem *p, const void *packed,
                        const struct assay_io *io, void *scratch)
{
    (void)scratch;
    const struct packed parts = packed_of(p, packed);
    const struct assay_rows out = assay_problem_out_rows(p);
    for (size_t r = 0; r < out.rows; r++) {
        for (size_t c = 0; c < out.columns; c++) {
            const uint32_t sum = (uint32_t)((const int32_t *)parts.bias)[c] +
                                 sum_window(mutation_of(kernel), p, io->in, parts.values, r, c);
            ((int8_t *)io->out)[r * out.stride + c] = finish_i8(mutation_of(kernel), p, &parts, sum, c);
        }
    }
}

void mutant_run_add_i8(const struct assay_kernel *kernel, const struct assay_problem *p, const void *packed,
                       const struct assay_io *io, void *scratch)
{
    (void)scratch;
    const enum mutation mutation = mutation_of(kernel);
    const struct packed parts = packed_of(p, packed);
    const int32_t *rescale = parts.rescale, zero = mutation == ZERO_POINT_IGNORED ? 0 : p->quantization.addend_zero;
    const int8_t *a = io->in, *b = io->addend;
    if (mutation == READ_PAST_END)
        (void)((const volatile char *)io->addend)[assay_problem_in_bytes(p)];
    for (size_t i = 0; i < p->add.count; i++) {
        const int32_t from_a = assay_rescale((a[i] - p->quantization.in_zero) * (1 << 20), rescale[0], rescale[1]);
        const int32_t from_b = assay_rescale((b[i] - zero) * (1 << 20), rescale[2], rescale[3]);
        const int32_t sum = p->add.subtract ? from_a - from_b : from_a + from_b;
        ((int8_t *)io->out)[i] = finish_i8(mutation, p, &parts, (uint32_t)sum, ASSAY_ADD_FACTORS - 1);
    }
}

void mutant_run_hybrid(const struct assay_kernel *kernel, const struct assay_problem *p, const void *packed,
                       const struct assay_io *io, void *scratch)
{
    (void)scratch;
    const enum mutation mutation = mutation_of(kernel);
    const struct assay_gemm_shape *s = &p->gemm;
    const struct packed parts = packed_of(p, packed);
    const float *bias = parts.bias;
    const int8_t *w = parts.values;
    struct assay_row_quantization row = {1.0f, 0};
    for (size_t i = 0; i < s->m; i++) {
        const float *in = (const float *)io->in + i * s->in_stride;
        float min = 0.0f, max = 0.0f;
        assay_row_range(in, s->k, &min, &max);
        if (i == 0 || mutation != ROW_SCALE_OF_FIRST)
            row = assay_row_quantization_of(min, max);
        for (size_t j = 0; j < s->n; j++) {
            int32_t sum = 0;
            for (size_t l = 0; l < s->k; l++)
                sum += (assay_row_quantize(in[l], 1.0f / row.scale, row.zero) - row.zero) * w[j * s->k + l];
            float scale;
            memcpy(&scale, &parts.rescale[2 * j], sizeof(scale));
            const float x = (float)sum * (row.scale * scale) + bias[j];
            ((float *)io->out)[i * s->out_stride + j] = activate(mutation, p, x);
        }
    }
}
