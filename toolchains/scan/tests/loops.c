/* What kernels are made of, for the compiler to turn into whatever the ISA it is given has. */
#include <stddef.h>
#include <stdint.h>

void multiply_add(float *restrict y, const float *restrict x, float a, size_t n);
int32_t dot(const int8_t *restrict a, const int8_t *restrict b, size_t n);
void round_all(int32_t *restrict y, const float *restrict x, size_t n);
unsigned bits(uint64_t x);
void widen(float *restrict y, const int16_t *restrict x, size_t n);

void multiply_add(float *restrict y, const float *restrict x, float a, size_t n)
{
    for (size_t i = 0; i < n; i++)
        y[i] = __builtin_fmaf(a, x[i], y[i]);
}

int32_t dot(const int8_t *restrict a, const int8_t *restrict b, size_t n)
{
    int32_t sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += a[i] * b[i];
    return sum;
}

void round_all(int32_t *restrict y, const float *restrict x, size_t n)
{
    for (size_t i = 0; i < n; i++)
        y[i] = (int32_t)x[i];
}

void widen(float *restrict y, const int16_t *restrict x, size_t n)
{
    for (size_t i = 0; i < n; i++)
        y[i] = (float)x[i];
}

unsigned bits(uint64_t x)
{
    return (unsigned)__builtin_ctzll(x) + (unsigned)__builtin_popcountll(x) + (unsigned)__builtin_clzll(x);
}
