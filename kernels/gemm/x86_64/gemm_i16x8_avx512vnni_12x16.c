/* int16x8, AVX-512 VNNI: 12 rows by a vector of 16 columns, for few columns. A step of 2 inputs is 12 vpdpwssd, whose
 * broadcasts are operands, and a load: bound by the multiplying port, 12 cycles for 384 multiply-accumulates. Beside
 * its steps a call takes 37 cycles, 46 with an activation: 91 % of the bound with 64 inputs. Where there are columns
 * for them, wider tiles read the inputs less often. */
enum { MR = 12 };
#define TILE_VECTORS 1
#include "kernels/gemm/x86_64/i16_tile.h"

static const char *supports(const struct assay_kernel *kernel, const struct assay_problem *problem)
{
    (void)kernel;
    const struct assay_conv_shape *conv = problem->op == ASSAY_OP_CONV ? &problem->conv : NULL;
    const bool short_taps = conv && conv->kernel_h > 1 && conv->kernel_w * conv->in_c < 16;
    return short_taps && conv->out_c > NR ? "a tap of few inputs takes it longer than a wider tile" : NULL;
}

ASSAY_IGEMM_KERNEL(i16x8_avx512vnni_12x16, ASSAY_MODE_INT16X8, ASSAY_ACC_I64, MR, NR, NULL, 2, tile, .rescale64 = true,
                   .solved_rescale = true, .even_tiles = true, .element = ASSAY_PACK_I8_AS_I16, .supports = supports,
                   .cost = {.row = 1.04, .step = 2.2, .store = 2.8, .tile = 10});
