/* int8, AVX-512 VNNI: 8 pixels by 32 channels, of up to 32 inputs a pixel: 16 vpdpbusd a step, at one a cycle.
 * A tile of 1152 products takes 60 cycles beside them: 88 % of the bound (docs/limits/conv-few-channels.md). */
#define DEPTH 32
#include "kernels/conv/x86_64/pixel_lanes.h"

ASSAY_CONVLINES(i8_avx512vnni_8x32, DEPTH, MOST_VECTORS, .run = run, .copy = copy_lines,
                .cost = {.product = 4, .step = 7, .end = 18, .end_clamped = 15, .tile = 20, .copy = 4.5});
