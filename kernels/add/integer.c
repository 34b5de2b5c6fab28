#include "kernels/add/integer.h"

#include <math.h>
#include <string.h>

size_t assay_add_packed_size(const struct assay_kernel *kernel, const struct assay_problem *problem)
{
    (void)kernel;
    (void)problem;
    return sizeof(struct assay_add_integer);
}

static struct assay_add_operand operand_of(int32_t zero, int32_t multiplier, int32_t shift, int bits)
{
    const int32_t right = -shift;
    return (struct assay_add_operand){
        .zero = zero,
        .high = multiplier >> bits,
        .low = multiplier & ((1 << bits) - 1),
        .half = right > 0 ? 1 << (right - 1) : 0,
        .fix = right > 0 ? -1 : 0,
        .right = right,
    };
}

/* The real factors of a and b as they come out: A * C * 2^left. */
static float real_factor(const struct assay_weights *w, int operand, int left)
{
    return (float)ldexp((double)w->multiplier[operand] * (double)w->multiplier[2],
                        w->shift[operand] + w->shift[2] + left - 62);
}

bool assay_add_pack(const struct assay_kernel *kernel, const struct assay_problem *problem,
                    const struct assay_weights *weights, void *packed)
{
    (void)kernel;
    const struct assay_quantization *q = &problem->quantization;
    const int32_t *m = weights->multiplier, *s = weights->shift;
    const int left = problem->mode == ASSAY_MODE_INT16X8 ? ASSAY_ADD_LEFT_I16 : ASSAY_ADD_LEFT_I8, bits = 31 - left;
    const int32_t sign = problem->add.subtract ? -1 : 1;
    *(struct assay_add_integer *)packed = (struct assay_add_integer){
        .a = operand_of(q->in_zero, m[0], s[0], bits),
        .b = operand_of(q->addend_zero, m[1], s[1], bits),
        .sum = operand_of(q->out_zero, m[2], s[2], 0),
        .sign = sign,
        .low = assay_clamp_min_int(problem),
        .high = assay_clamp_max_int(problem),
        .a_factor = real_factor(weights, 0, left),
        .b_factor = (float)sign * real_factor(weights, 1, left),
    };
    return true;
}

/* All pairs of int8, a row for each b. */
static bool is_exact(const struct assay_add_integer *packed, assay_add_row_fn *fitted, assay_add_row_fn *exact)
{
    int8_t a[256], b[256], got[256], right[256];
    for (int i = 0; i < 256; i++)
        a[i] = (int8_t)(i - 128);
    for (int row = -128; row < 128; row++) {
        memset(b, row, sizeof(b));
        fitted(packed, a, b, got, sizeof(a));
        exact(packed, a, b, right, sizeof(a));
        if (memcmp(got, right, sizeof(got)) != 0)
            return false;
    }
    return true;
}

/* The formula with both factors changed by a little, centred between the zero points, `aside` of it. */
static void set_formula(struct assay_add_integer *packed, double a_factor, double b_factor, double aside)
{
    packed->a_factor = (float)a_factor;
    packed->b_factor = (float)b_factor;
    packed->offset = (float)(aside - (double)packed->a.zero * (double)packed->a_factor -
                             (double)packed->b.zero * (double)packed->b_factor);
}

/* Where the real sum lies halfway, the contract rounds away from zero and floats to even: factors that are larger by a
 * little push it there. The rest is luck with the roundings of floats, which neighbours of the factors change. */
void assay_add_fit(struct assay_add_integer *packed, assay_add_row_fn *fitted, assay_add_row_fn *exact)
{
    static const double larger[] = {0,       0x1p-22, 0x1p-20, 0x1p-18,  0x1p-17,  0x1p-16,  0x1p-15,
                                    0x1p-14, 0x1p-12, 0x1p-10, -0x1p-22, -0x1p-20, -0x1p-18, -0x1p-16};
    static const double asides[] = {0, 1, -1, 2, -2, 4, -4, 8};
    const double a = (double)packed->a_factor, b = (double)packed->b_factor;
    for (size_t i = 0; i < sizeof(larger) / sizeof(larger[0]) && !packed->is_fitted; i++) {
        set_formula(packed, a * (1 + larger[i]), b * (1 + larger[i]), 0);
        packed->is_fitted = is_exact(packed, fitted, exact);
    }
    const size_t count = sizeof(asides) / sizeof(asides[0]);
    for (size_t i = 0; i < 9 * count && !packed->is_fitted; i++) {
        const double steps_a = (double)(i / count % 3) - 1, steps_b = (double)(i / count / 3) - 1;
        set_formula(packed, a * (1 + steps_a * 0x1p-23), b * (1 + steps_b * 0x1p-23), asides[i % count] * 0x1p-20);
        packed->is_fitted = is_exact(packed, fitted, exact);
    }
}
