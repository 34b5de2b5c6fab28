/* Without vectors. Integers: two narrow products in one 64-bit multiplication. */
#include "suites/peaks/loops.h"

#include <math.h>

#define IN_REGISTER "f"
#include "suites/peaks/macs.inc"

static inline float mac_f32(float sum, float a, float b)
{
    return fmaf(a, b, sum);
}

MACS_LOOP(f32, 12, float, 0, float, 1.37F, 0.73F, mac_f32, 1)

#undef IN_REGISTER
#define IN_REGISTER "r"
#define VECTOR uint64_t
#include "suites/peaks/memory.inc"

static inline uint64_t mac_i16(uint64_t sum, uint64_t a, uint64_t b)
{
    return sum + a * b;
}

MACS_LOOP(i16, 8, uint64_t, 0, uint64_t, UINT64_C(0x04D2000004D2), 567, mac_i16, 2)

extern const struct peak_isa peak_isa_rv64gc;
const struct peak_isa peak_isa_rv64gc = {
    .name = "rv64gc",
    .macs = {[PEAK_F32] = f32, [PEAK_I16] = i16},
    .read = read_bytes,
    .write = write_bytes,
    .copy = copy_bytes,
    .mix = mix_bytes,
};
