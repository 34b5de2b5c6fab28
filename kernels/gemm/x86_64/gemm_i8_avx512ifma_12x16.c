/* int8, AVX-512 VNNI and IFMA: 12 rows by a vector of 16 columns, as gemm_i8_avx512vnni_12x16: 12 vpdpbusd and 12 loads
 * that broadcast and flip the sign, 24 operations of 512 bits at two a cycle. Beside its steps a tile takes 75 cycles,
 * 102 without an activation: 84 % of the bound with 144 inputs. */
enum { MR = 12 };
#define TILE_VECTORS 1
#include "kernels/gemm/x86_64/ifma_tile.h"

ASSAY_IGEMM_KERNEL(i8_avx512ifma_12x16, ASSAY_MODE_INT8, ASSAY_ACC_I32, MR, NR, NULL, 4, tile, .solved_rescale = true,
                   .even_tiles = true, .weave = weave, .input_offset = INPUT_OFFSET,
                   .cost = {.row = 1.1, .step = 2.5, .store = 3.4, .tile = 55});
