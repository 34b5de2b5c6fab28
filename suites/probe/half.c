#include "suites/probe/half.h"

#include <string.h>

uint16_t half_from_float(float value)
{
    uint32_t bits;
    memcpy(&bits, &value, sizeof(bits));
    const uint16_t sign = (uint16_t)(bits >> 16 & 0x8000);
    const uint32_t magnitude = bits & 0x7FFFFFFF;
    if (magnitude > 0x7F800000)
        return sign | 0x7E00; /* NaN */
    const int exponent = (int)(magnitude >> 23) - 127;
    if (exponent > 15)
        return sign | 0x7C00;
    if (exponent < -25)
        return sign;
    const uint32_t significand =
        (magnitude & 0x7FFFFF) | 0x800000;                        /* 24 bits: value = significand * 2^(exponent - 23) */
    const int drop = exponent < -14 ? 13 + (-14 - exponent) : 13; /* bits to lose */
    const uint32_t kept = significand >> drop, rest = significand & ((UINT32_C(1) << drop) - 1);
    const uint32_t half_way = UINT32_C(1) << (drop - 1);
    const uint32_t rounded = kept + (rest > half_way || (rest == half_way && (kept & 1)));
    /* Normal: the leading bit, 0x400, adds one to the exponent's field; a carry out of the fraction goes there as well.
     */
    const uint32_t field = exponent < -14 ? 0 : (uint32_t)(exponent + 14) << 10;
    return (uint16_t)(sign | (field + rounded));
}

float half_to_float(uint16_t half)
{
    const uint32_t sign = (uint32_t)(half & 0x8000) << 16, exponent = half >> 10 & 0x1F, fraction = half & 0x3FF;
    uint32_t bits;
    if (exponent == 0) { /* zero or subnormal: fraction * 2^-24, exact in float */
        const float magnitude = (float)fraction * (1.0f / 16777216.0f);
        memcpy(&bits, &magnitude, sizeof(bits));
    } else if (exponent == 31) {
        bits = 0x7F800000 | fraction << 13;
    } else {
        bits = (exponent + 112) << 23 | fraction << 13;
    }
    bits |= sign;
    float value;
    memcpy(&value, &bits, sizeof(value));
    return value;
}
