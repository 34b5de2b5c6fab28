#include "kernels/core/rescale16.h"

#include "kernels/core/fixed_point.h"

enum {
    WORD_BITS = 16,
    LEAST_RIGHT = WORD_BITS + 1,
    MOST_RIGHT = LEAST_RIGHT + 29,
};

bool assay_rescale16_solve(int32_t multiplier, int32_t shift, int64_t largest, struct assay_rescale16 *solution)
{
    *solution = (struct assay_rescale16){0};
    if (multiplier < 0 || largest > INT32_MAX)
        return false;
    solution->factor = assay_rescale64_factor(multiplier);
    if (solution->factor == 0) /* whatever the shift */
        return true;
    const int32_t right = assay_rescale64_right(shift);
    solution->half = right >= LEAST_RIGHT && right <= MOST_RIGHT ? INT32_C(1) << (right - LEAST_RIGHT) : 0;
    solution->right = right - WORD_BITS;
    return solution->half > 0;
}

void assay_rescale16_place(const struct assay_rescale16 *solution, int32_t start, size_t lane,
                           struct assay_rescale16_lanes *lanes)
{
    lanes->start[lane] = start;
    lanes->low_factor[lane] = solution->factor;
    lanes->high_factor[lane] = solution->factor * (INT32_C(1) << WORD_BITS);
    lanes->half[lane] = solution->half;
    lanes->right[lane] = solution->right;
}
