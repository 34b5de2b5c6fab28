/* int8 3x3, AVX-512 VNNI: 2 rows of the output (1 at stride 2) by 64 channels, two pixels at once. A double step of
 * stride 1 is, for 2304 multiply-accumulates: 48 vpdpbusd and 16 multiply-adds on one pair of pipes, 64 cycles; 8 sign
 * flips, 16 interleavings, 16 subtractions and 12 operations of narrowing on all, which cost the pair 11 more by what
 * each of them takes beside a vpdpbusd; 44 loads. 84 are reached; 128 where results below the zero point are wanted, as
 * their comparisons are made by the same pair. At stride 2 interleaving is half of the work: 57 for half as many
 * outputs.
 *
 * A block of up to 32 or 16 channels, of few or those that are left, takes 2 or 4 pixels in a vector. */
#define CHANNELS 64
#define ADJACENT false
#include "kernels/dwconv/x86_64/quad_groups.h"

ASSAY_DWROWS(i8_avx512vnni_2x64, ASSAY_MODE_INT8, ASSAY_ACC_I32, CR, .block_bytes = sizeof(struct block),
             .rows = {ROWS, 1}, .grain = 16, .run = run, .pack = pack, .cost = {60, {42, 30}, {24, 30}});
