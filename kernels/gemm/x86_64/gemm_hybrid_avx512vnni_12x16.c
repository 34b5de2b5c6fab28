/* hybrid: the integer tile of gemm_i8_avx512vnni_12x16, with sums that are scaled to float as they are stored. Beside
 * its steps a tile takes 50 cycles: 94 % of the bound with 256 inputs. */
enum { MR = 12 };
#define TILE_VECTORS 1
#define DOT_BYTES 4
#include "kernels/gemm/x86_64/hybrid_tile.h"

ASSAY_IGEMM_KERNEL(hybrid_avx512vnni_12x16, ASSAY_MODE_HYBRID, ASSAY_ACC_I32, MR, NR, NULL, 4, tile, HYBRID_TILE,
                   .cost = {.row = 1.05, .step = 1.6, .store = 2.6, .tile = 50});
