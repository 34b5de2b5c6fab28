/* int8, AVX-512 VNNI: 16 pixels by 16 channels, of up to 16 inputs a pixel: 16 vpdpbusd a step, at one a cycle.
 * Its loads, 4 vectors of pixels of which most cross a line of the cache, and 4 of weights, take 11
 * cycles. A tile of 576 products takes 54 cycles beside them without results below the zero point, 62 with: 87 % of the
 * bound (docs/limits/conv-few-channels.md). */
#define DEPTH 16
#include "kernels/conv/x86_64/pixel_lanes.h"

ASSAY_CONVLINES(i8_avx512vnni_16x16, DEPTH, MOST_VECTORS, .run = run, .copy = copy_lines,
                .cost = {.product = 4, .step = 7, .end = 18, .end_clamped = 15, .tile = 20, .copy = 4.5});
