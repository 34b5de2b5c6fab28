/* int8 3x3, AVX-512 VNNI: 2 rows of the output (1 at stride 2) by 64 channels. A step of stride 1 is, for 1152
 * multiply-accumulates: 4 loads, 4 sign flips, 8 interleavings, 24 vpdpbusd, 64 operations of rescaling (8 for 16
 * outputs), 10 of narrowing; at two of 512 bits a cycle, 55 cycles. Multiplications and dot products are bound by one
 * pair of pipes, 40 cycles; loads, 56 of them at one a cycle, come closest: 75 % of that bound. */
#define MODE ASSAY_MODE_INT8
#define BYTES 64
#include "kernels/dwconv/x86_64/quad_rows.h"

ASSAY_DWROWS(i8_avx512vnni_2x64, ASSAY_MODE_INT8, ASSAY_ACC_I32, CR, .block_bytes = sizeof(struct block),
             .rows = {ROWS, 1}, .run = run, .pack = pack, .cost = {25, {74, 54}, {44, 54}});
