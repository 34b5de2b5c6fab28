#include "kernels/core/rescale24.h"

#include "kernels/core/fixed_point.h"

#include <math.h>

enum {
    FACTOR_BITS = 24,
    FACTORS = 2, /* m rounded down and up */
    MOST_RIGHT = 23,
    LEAST = 1 << 23, /* of the floats whose bits count by one: from LEAST to before LARGEST */
    LARGEST = 1 << 24,
    MIDDLE = 3 << 22, /* whose bits are ASSAY_RESCALE24_BASE */
};
static const uint32_t LEAST_BITS = UINT32_C(0x4B000000);
static const int64_t UNBOUNDED = INT64_C(1) << 61;

/* significand * 2^-bits, and what an x of 0 has to be at for the steps to begin where they should, in units of that:
 * above low and below high. */
struct line {
    int64_t significand;
    int bits;
    int64_t low, high;
};

/* An x0 that takes it there, and an integer that is to be added to the result. */
struct place {
    int64_t x0, add;
};

/* x and more have `result` and more. */
static void bound_from(struct line *line, int64_t x, int64_t result)
{
    const int64_t low = result * (INT64_C(1) << line->bits) - (INT64_C(1) << (line->bits - 1)) - x * line->significand;
    line->low = low > line->low ? low : line->low;
}

/* Less than x have less. */
static void bound_until(struct line *line, int64_t x, int64_t result)
{
    const int64_t high =
        result * (INT64_C(1) << line->bits) - (INT64_C(1) << (line->bits - 1)) - (x - 1) * line->significand;
    line->high = high < line->high ? high : line->high;
}

/* The least x of `result` and more; to the right of the point, results above zero and others have roundings of their
 * own. */
static int64_t first_of(int64_t m, int32_t shift, int64_t result)
{
    const int right = shift < 0 ? -shift : 0, left = shift < 0 ? 0 : shift;
    int64_t rounding = INT64_C(1) << 30;
    if (right > 0)
        rounding = (INT64_C(1) << (30 + right)) + (result > 0 ? rounding : -rounding);
    const int64_t wanted = result * (INT64_C(1) << (31 + right)) - rounding, factor = m << left;
    return wanted / factor + (wanted % factor > 0);
}

/* Bounds from the steps to `result`, and on in its direction to `last`, but for those beyond the sums there are. False
 * where they are not what assay_rescale() says. */
static bool bound_steps(struct line *line, int32_t multiplier, int32_t shift, int64_t largest, int64_t result,
                        int64_t last)
{
    for (const int64_t by = result <= last ? 1 : -1; result != last + by; result += by) {
        const int64_t x = first_of(multiplier, shift, result);
        bound_from(line, x, result);
        bound_until(line, x, result);
        if (x > largest || x - 1 < -largest)
            break;
        if (assay_rescale((int32_t)x, multiplier, shift) < result ||
            assay_rescale((int32_t)x - 1, multiplier, shift) >= result)
            return false;
    }
    return true;
}

/* The least n >= 0 with low <= n * a modulo `modulus` <= high, where 0 <= a, low <= high < modulus; -1: none, or one
 * that is too large to matter. Euclid's algorithm. */
static int64_t first_multiple(int64_t a, int64_t modulus, int64_t low, int64_t high)
{
    if (low == 0)
        return 0;
    if (a == 0)
        return -1;
    const int64_t n = (low + a - 1) / a;
    if (n * a <= high)
        return n;
    const int64_t rest = first_multiple(modulus % a, a, (a - high % a) % a, (a - low % a) % a);
    return rest < 0 || rest > UNBOUNDED / modulus ? -1 : (low + rest * modulus + a - 1) / a;
}

static int64_t divide_up(int64_t x, int64_t by)
{
    return x / by + (x % by > 0);
}

static bool find_place(const struct line *line, int64_t largest, struct place *place)
{
    const int64_t modulus = INT64_C(1) << line->bits, room = line->high - line->low - 2;
    const int64_t least = LEAST + largest;
    if (room < 0)
        return false;
    int64_t low = (line->low + 1 - least * line->significand) % modulus;
    low += low < 0 ? modulus : 0;
    int64_t more = 0;
    if (low > 0 && room < modulus - low)
        more = first_multiple(line->significand % modulus, modulus, low, low + room);
    place->x0 = least + more;
    place->add = divide_up(line->low + 1 - place->x0 * line->significand, modulus);
    return more >= 0 && place->x0 + largest < LARGEST;
}

/* Whether no x leaves the floats between LEAST and LARGEST with its result. */
static bool stays(const struct line *line, int64_t x0, int64_t term, int64_t largest)
{
    const int64_t modulus = INT64_C(1) << line->bits;
    const int64_t lowest = term + (x0 - largest) * line->significand / modulus;
    const int64_t highest = term + (x0 + largest) * line->significand / modulus;
    return lowest > LEAST && highest < LARGEST - 2 && term > -LARGEST && term < LARGEST;
}

/* Whether the results are int16, whatever x. */
static bool fits_int16(const struct line *line, const struct place *place, int32_t zero, int64_t largest)
{
    const int64_t modulus = INT64_C(1) << line->bits, at_zero = zero + place->add;
    const int64_t lowest = at_zero + (place->x0 - largest) * line->significand / modulus;
    const int64_t highest = at_zero + (place->x0 + largest) * line->significand / modulus + 1;
    return lowest >= INT16_MIN && highest <= INT16_MAX;
}

static bool solve(struct line line, int32_t multiplier, int32_t shift, struct assay_rescale_range range,
                  struct assay_rescale24 *solution)
{
    const int64_t lowest = range.minimum - range.zero + 1, highest = range.maximum - range.zero;
    const bool one_sided = lowest > 0, two_lines = !one_sided && shift < 0;
    struct line below = line;
    bound_from(&line, 0, 0);
    if (highest > 0 && !bound_steps(&line, multiplier, shift, range.largest, 1, highest))
        return false;
    if (!one_sided && !bound_steps(two_lines ? &below : &line, multiplier, shift, range.largest, 0, lowest))
        return false;
    bound_until(&below, 0, 1);
    struct place place = {0}, place_below = {0};
    if (!find_place(&line, range.largest, &place))
        return false;
    place_below = place;
    if (two_lines && !find_place(&below, range.largest, &place_below))
        return false;
    const int64_t term = MIDDLE + range.zero + place.add;
    if (!stays(&line, place.x0, term, range.largest) || !stays(&line, place_below.x0, term, range.largest))
        return false;
    *solution = (struct assay_rescale24){
        .factor = ldexpf((float)line.significand, -line.bits),
        .term = (float)term,
        .start = LEAST_BITS + (uint32_t)(place.x0 - LEAST),
        .step = (uint32_t)(place_below.x0 - place.x0),
        .step_result = (int32_t)(place.add - place_below.add),
        .fits_int16 = fits_int16(&line, &place, range.zero, range.largest) &&
                      fits_int16(&line, &place_below, range.zero, range.largest),
    };
    return true;
}

bool assay_rescale24_solve(int32_t multiplier, int32_t shift, struct assay_rescale_range range,
                           struct assay_rescale24 *solution)
{
    *solution = (struct assay_rescale24){0};
    const int left = shift > 0 ? shift : 0, right = shift > 0 ? 0 : -shift;
    if (multiplier < 0 || range.largest < 0 || range.largest >= LEAST / 2 || range.largest << left > INT32_MAX)
        return false;
    const int32_t largest = (int32_t)range.largest;
    if (assay_rescale(largest, multiplier, shift) == 0 && assay_rescale(-largest, multiplier, shift) == 0) {
        solution->start = LEAST_BITS + (uint32_t)range.largest;
        solution->term = (float)(MIDDLE + range.zero);
        solution->fits_int16 = true;
        return true;
    }
    if (right > MOST_RIGHT)
        return false;
    int dropped = 0;
    while (multiplier >> dropped >= 1 << FACTOR_BITS)
        dropped++;
    struct line line = {.bits = 31 - shift - dropped, .low = -UNBOUNDED, .high = UNBOUNDED};
    for (int i = 0; i < FACTORS; i++) {
        line.significand = (multiplier >> dropped) + i;
        if (solve(line, multiplier, shift, range, solution))
            return true;
    }
    return false;
}

void assay_rescale24_place(const struct assay_rescale24 *solution, size_t lane, struct assay_rescale24_lanes *lanes)
{
    lanes->factor[lane] = solution->factor;
    lanes->term[lane] = solution->term;
    lanes->start[lane] = solution->start;
    lanes->step[lane] = solution->step;
    lanes->step_result[lane] = solution->step_result;
}
