/* int8, AVX-512 VNNI: 12 rows by a vector of 16 columns, for layers with no more, or few more than a multiple of 32.
 * A step is 12 vpdpbusd and 12 loads that broadcast and flip the sign: bound by both together, 24 operations of 512
 * bits at two a cycle. Beside its steps a tile takes 77 cycles where sums are small enough for a float multiply-add,
 * else 95: 71 % of the bound with 64 inputs. */
enum { MR = 12 };
#define TILE_VECTORS 1
#define DOT_BYTES 4
#include "kernels/gemm/x86_64/i8_tile.h"

ASSAY_IGEMM_KERNEL(i8_avx512vnni_12x16, ASSAY_MODE_INT8, ASSAY_ACC_I32, MR, NR, NULL, 4, tile, .element = ELEMENT,
                   .solved_rescale = true, .without52 = true, .even_tiles = true, .input_offset = INPUT_OFFSET,
                   .cost = {.row = 1.1, .step = 2.5, .store = 8.4, .tile = 26});
