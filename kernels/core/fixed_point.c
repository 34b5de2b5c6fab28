#include "kernels/core/fixed_point.h"

#include <math.h>

void assay_fixed_point(double real, int32_t *multiplier, int32_t *shift)
{
    *multiplier = 0;
    *shift = 0;
    if (!(real > 0.0))
        return;
    int exponent;
    const double fraction = frexp(real, &exponent);
    int64_t q31 = llround(fraction * 2147483648.0);
    if (q31 == INT64_C(1) << 31) {
        q31 /= 2;
        exponent++;
    }
    if (exponent < -31)
        return;
    if (exponent > 7) {
        exponent = 7;
        q31 = INT32_MAX;
    }
    *multiplier = (int32_t)q31;
    *shift = exponent;
}
