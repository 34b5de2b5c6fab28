/* int8, AVX-512 VNNI: 4 pixels by 64 channels, of up to 64 inputs a pixel: 16 vpdpbusd a step, at one a cycle.
 * A tile of 2304 products takes 80 cycles beside them, with weights from the second-level cache: 87 % of the bound, of
 * which padding at the sides takes 8 (docs/limits/conv-few-channels.md). */
#define DEPTH 64
#include "kernels/conv/x86_64/pixel_lanes.h"

ASSAY_CONVLINES(i8_avx512vnni_4x64, DEPTH, MOST_VECTORS, .run = run, .copy = copy_lines,
                .cost = {.product = 4, .step = 7, .end = 18, .end_clamped = 15, .tile = 20, .copy = 4.5});
