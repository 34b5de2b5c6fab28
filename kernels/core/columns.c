#include "kernels/core/columns.h"

#include "kernels/core/fixed_point.h"
#include "kernels/core/kernel.h"

#include <stdlib.h>
#include <string.h>

size_t assay_append(size_t *size, size_t bytes)
{
    const size_t offset = *size;
    *size = assay_round_up(offset + bytes, ASSAY_PACK_ALIGN);
    return offset;
}

struct assay_columns assay_columns_layout(enum assay_mode mode, size_t padded, size_t *size)
{
    const bool integer = assay_mode_is_integer(mode), hybrid = mode == ASSAY_MODE_HYBRID;
    struct assay_columns c = {.bias_size = assay_type_size(assay_mode_bias(mode))};
    c.bias = assay_append(size, padded * c.bias_size);
    c.multiplier = assay_append(size, integer ? padded * sizeof(int32_t) : 0);
    c.shift = assay_append(size, integer ? padded * sizeof(int32_t) : 0);
    c.scale = assay_append(size, hybrid ? padded * sizeof(float) : 0);
    c.weight_sum = assay_append(size, hybrid ? padded * sizeof(int32_t) : 0);
    c.bounded = assay_append(size, mode == ASSAY_MODE_INT8 ? sizeof(bool) : 0);
    return c;
}

void assay_columns_append_solved(struct assay_columns *columns, size_t padded, size_t *size)
{
    columns->way = assay_append(size, sizeof(enum assay_rescale_way));
    columns->fits_int16 = assay_append(size, sizeof(bool));
    columns->solved = assay_append(size, padded / ASSAY_RESCALE_LANES * sizeof(union assay_rescale_lanes));
}

static bool are_zeros(const int8_t *weights, size_t count, size_t step)
{
    for (size_t i = 0; i < count; i++)
        if (weights[i * step] != 0)
            return false;
    return true;
}

/* A column without weights, as pruning leaves some, gives its rescaled bias whatever the input. What its scale was says
 * nothing and may be anything: written as a quarter of four times the result, it does not make its layer a strange one.
 * The result is cut to what an int8 with any zero point can tell apart. */
static void make_constant(int32_t *bias, int32_t *multiplier, int32_t *shift)
{
    enum { MOST = 1024 };
    const int32_t result = assay_rescale(*bias, *multiplier, *shift);
    *bias = 4 * (result < -MOST ? -MOST : result > MOST ? MOST : result);
    *multiplier = 1 << 30;
    *shift = -1;
}

/* Modulo 2^32, as all int8 arithmetic is. */
static uint32_t sum_of_weights(const int8_t *weights, size_t count, size_t step)
{
    uint32_t sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += (uint32_t)(int32_t)weights[i * step];
    return sum;
}

/* How far from zero a sum can be: it is over (in - in_zero) * weight, and |in - in_zero| <= 255. */
static int64_t largest_sum(const int8_t *weights, size_t count, size_t step, int64_t bias)
{
    int64_t most = bias < 0 ? -bias : bias;
    for (size_t i = 0; i < count; i++)
        most += 255 * abs(weights[i * step]);
    return most;
}

/* What a column's rescale is solved from. */
struct column_rescale {
    int32_t multiplier, shift;
    struct assay_rescale_range range;
    bool fits_int16; /* of the float rescale, solved */
};

/* Solves lane `lane` of `lanes`; false if it can't be. */
typedef bool solve_lane(struct column_rescale *column, size_t lane, union assay_rescale_lanes *lanes);

static bool solve_lane24(struct column_rescale *column, size_t lane, union assay_rescale_lanes *lanes)
{
    struct assay_rescale24 solution;
    if (!assay_rescale24_solve(column->multiplier, column->shift, column->range, &solution))
        return false;
    assay_rescale24_place(&solution, lane, &lanes->by24);
    column->fits_int16 = solution.fits_int16;
    return true;
}

static bool solve_lane52(struct column_rescale *column, size_t lane, union assay_rescale_lanes *lanes)
{
    struct assay_rescale52 solution;
    if (!assay_rescale52_solve(column->multiplier, column->shift, column->range, &solution))
        return false;
    assay_rescale52_place(&solution, (unsigned)lane, &lanes->by52);
    return true;
}

static bool solve_all(solve_lane *solve, struct column_rescale *columns, size_t count, union assay_rescale_lanes *lanes)
{
    memset(lanes, 0, assay_round_up(count, ASSAY_RESCALE_LANES) / ASSAY_RESCALE_LANES * sizeof(*lanes));
    for (size_t j = 0; j < count; j++)
        if (!solve(&columns[j], j % ASSAY_RESCALE_LANES, &lanes[j / ASSAY_RESCALE_LANES]))
            return false;
    return true;
}

/* Where the columns are solved, where their sums begin comes with the bias. */
static void solve_columns(const struct assay_columns *columns, const struct assay_problem *problem,
                          struct column_rescale *rescales, size_t count, char *base)
{
    const bool one_sided = assay_clamp_min_int(problem) >= problem->quantization.out_zero;
    union assay_rescale_lanes *lanes = (union assay_rescale_lanes *)(void *)(base + columns->solved);
    uint32_t *bias = (uint32_t *)(void *)(base + columns->bias);
    enum assay_rescale_way way = ASSAY_RESCALE_ANY;
    if (solve_all(solve_lane24, rescales, count, lanes))
        way = one_sided ? ASSAY_RESCALE24_ONE : ASSAY_RESCALE24_TWO;
    else if (!columns->without52 && solve_all(solve_lane52, rescales, count, lanes))
        way = one_sided ? ASSAY_RESCALE52_ONE : ASSAY_RESCALE52_TWO;
    bool fits_int16 = true;
    for (size_t j = 0; j < count; j++)
        fits_int16 = fits_int16 && rescales[j].fits_int16;
    memcpy(base + columns->way, &way, sizeof(way));
    memcpy(base + columns->fits_int16, &fits_int16, sizeof(fits_int16));
    for (size_t j = 0; way != ASSAY_RESCALE_ANY && j < count; j++) {
        const union assay_rescale_lanes *l = &lanes[j / ASSAY_RESCALE_LANES];
        const size_t lane = j % ASSAY_RESCALE_LANES;
        bias[j] += way <= ASSAY_RESCALE24_TWO ? l->by24.start[lane] : l->by52.low[lane];
    }
}

/* How far from zero a sum of int16x8 can be; what is beyond 2^62 is all the same. */
static int64_t largest_wide_sum(const int8_t *weights, size_t count, size_t step, int64_t bias)
{
    const int64_t most = INT64_C(1) << 62;
    int64_t sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += abs(weights[i * step]);
    return bias < -most || bias > most ? most : (bias < 0 ? -bias : bias) - sum * INT16_MIN;
}

/* `bias`: as sums are to begin. */
static void solve_wide_columns(const struct assay_columns *columns, const struct assay_problem *problem,
                               const struct assay_weights *weights, size_t column_step, size_t input_step, char *base)
{
    const size_t count = assay_problem_channels(problem), depth = assay_problem_depth(problem);
    union assay_rescale_lanes *lanes = (union assay_rescale_lanes *)(void *)(base + columns->solved);
    const int64_t *bias = weights->bias, *start = (const int64_t *)(const void *)(base + columns->bias);
    enum assay_rescale_way way = ASSAY_RESCALE16;
    for (size_t j = 0; j < count && way != ASSAY_RESCALE_ANY; j++) {
        struct assay_rescale16 solution;
        const int64_t largest =
            largest_wide_sum((const int8_t *)weights->values + j * column_step, depth, input_step, bias ? bias[j] : 0);
        if (assay_rescale16_solve(weights->multiplier[j], weights->shift[j], largest, &solution))
            assay_rescale16_place(&solution, (int32_t)start[j], j % ASSAY_RESCALE_LANES,
                                  &lanes[j / ASSAY_RESCALE_LANES].by16);
        else
            way = ASSAY_RESCALE_ANY;
    }
    memcpy(base + columns->way, &way, sizeof(way));
}

/* assay_rescale64() up to where it needs the sum: modulo 2^64, as that is. */
static void finish_rescale64(const struct assay_columns *columns, size_t count, char *base)
{
    uint64_t *bias = (uint64_t *)(void *)(base + columns->bias);
    int32_t *multiplier = (int32_t *)(void *)(base + columns->multiplier);
    int32_t *shift = (int32_t *)(void *)(base + columns->shift);
    for (size_t j = 0; j < count; j++) {
        multiplier[j] = assay_rescale64_factor(multiplier[j]);
        shift[j] = assay_rescale64_right(shift[j]);
        bias[j] = bias[j] * (uint64_t)multiplier[j] + (UINT64_C(1) << (shift[j] - 1));
    }
}

void assay_columns_pack(const struct assay_columns *columns, const struct assay_problem *problem,
                        const struct assay_weights *weights, size_t column_step, size_t input_step,
                        int32_t input_offset, void *packed)
{
    const size_t count = assay_problem_channels(problem), depth = assay_problem_depth(problem);
    const int8_t *values = weights->values;
    char *base = packed;
    if (weights->bias)
        memcpy(base + columns->bias, weights->bias, count * columns->bias_size);
    if (assay_mode_is_integer(problem->mode)) {
        memcpy(base + columns->multiplier, weights->multiplier, count * sizeof(int32_t));
        memcpy(base + columns->shift, weights->shift, count * sizeof(int32_t));
    }
    if (problem->mode == ASSAY_MODE_INT8) {
        uint32_t *bias = (uint32_t *)(void *)(base + columns->bias);
        const uint32_t offset = (uint32_t)(problem->quantization.in_zero + input_offset);
        int32_t *multiplier = (int32_t *)(void *)(base + columns->multiplier);
        int32_t *shift = (int32_t *)(void *)(base + columns->shift);
        struct column_rescale *rescales = columns->solved > 0 ? malloc((count + 1) * sizeof(*rescales)) : NULL;
        bool bounded = true;
        for (size_t j = 0; j < count; j++) {
            const int8_t *column = values + j * column_step;
            if (weights->multiplier[j] == 0)
                shift[j] = -1;
            if (are_zeros(column, depth, input_step))
                make_constant((int32_t *)&bias[j], &multiplier[j], &shift[j]);
            const int64_t largest = largest_sum(column, depth, input_step, (int32_t)bias[j]);
            bounded = bounded && shift[j] < 0 && largest <= INT64_C(1) << 29;
            if (rescales)
                rescales[j] = (struct column_rescale){
                    .multiplier = multiplier[j],
                    .shift = shift[j],
                    .range = {largest, problem->quantization.out_zero, assay_clamp_min_int(problem),
                              assay_clamp_max_int(problem)},
                };
            bias[j] -= offset * sum_of_weights(column, depth, input_step);
        }
        memcpy(base + columns->bounded, &bounded, sizeof(bounded));
        if (rescales) /* else all columns go the way of any */
            solve_columns(columns, problem, rescales, count, base);
        free(rescales);
    }
    if (problem->mode == ASSAY_MODE_INT16X8 && input_offset != 0) {
        uint64_t *bias = (uint64_t *)(void *)(base + columns->bias);
        for (size_t j = 0; j < count; j++) {
            const int64_t sum = (int32_t)sum_of_weights(values + j * column_step, depth, input_step);
            bias[j] -= (uint64_t)(sum * input_offset);
        }
    }
    if (problem->mode == ASSAY_MODE_INT16X8 && columns->solved > 0)
        solve_wide_columns(columns, problem, weights, column_step, input_step, base);
    if (columns->rescale64)
        finish_rescale64(columns, count, base);
    if (problem->mode == ASSAY_MODE_HYBRID) {
        int32_t *sums = (int32_t *)(void *)(base + columns->weight_sum);
        memcpy(base + columns->scale, weights->scale, count * sizeof(float));
        for (size_t j = 0; j < count; j++)
            sums[j] = (int32_t)sum_of_weights(values + j * column_step, depth, input_step);
    }
}

size_t assay_pack_element_size(enum assay_pack_element element, enum assay_mode mode)
{
    switch (element) {
    case ASSAY_PACK_I8_AS_I16:
        return sizeof(int16_t);
    case ASSAY_PACK_F16_AS_F32:
        return sizeof(float);
    default:
        return assay_type_size(assay_mode_weight(mode));
    }
}

void assay_pack_element_copy(enum assay_pack_element element, enum assay_mode mode, const void *from, void *to)
{
    if (element == ASSAY_PACK_I8_AS_I16) {
        const int16_t wide = *(const int8_t *)from;
        memcpy(to, &wide, sizeof(wide));
    } else if (element == ASSAY_PACK_F16_AS_F32) {
        assay_f16 half;
        memcpy(&half, from, sizeof(half));
        const float wide = (float)half;
        memcpy(to, &wide, sizeof(wide));
    } else {
        memcpy(to, from, assay_type_size(assay_mode_weight(mode)));
    }
}
