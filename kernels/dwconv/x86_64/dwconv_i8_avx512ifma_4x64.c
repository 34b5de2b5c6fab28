/* int8 3x3, AVX-512 VNNI and IFMA: 2 rows of the output (1 at stride 2) by 64 channels, two pixels at once. A double
 * step of stride 1 is, for 2304 multiply-accumulates: 48 vpdpbusd, 80 operations of rescaling (5 for 16 outputs), 8
 * sign flips, 16 interleavings, 12 of narrowing, and 60 loads. Dot products and vpmadd52huq share one pair of pipes:
 * bound by them, 80 cycles; 113 are reached, as half of what any pipe does is in their way. dwconv_i8_avx512vnni_2x64
 * takes 148. */
#define WIDTH 64
#include "kernels/dwconv/x86_64/quad_groups.h"

ASSAY_DWROWS(i8_avx512ifma_4x64, ASSAY_MODE_INT8, ASSAY_ACC_I32, CR, .block_bytes = sizeof(struct block),
             .rows = {ROWS, 1}, .run = run, .pack = pack, .cost = {40, {57, 40}, {30, 40}});
