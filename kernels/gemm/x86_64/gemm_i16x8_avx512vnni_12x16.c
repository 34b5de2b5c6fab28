/* int16x8, AVX-512 VNNI: 12 rows by a vector of 16 columns, for few columns and for few inputs. A step of 2 inputs is
 * 12 vpdpwssd, whose broadcasts are operands, and a load: bound by the multiplying port, 12 cycles for 384
 * multiply-accumulates. Beside its steps a call takes 123 cycles, where one of 12x32 takes 350, as less is held in
 * registers: from about 800 inputs on that no longer pays for reading the inputs twice as often. */
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
                   .element = ASSAY_PACK_I8_AS_I16, .supports = supports,
                   .cost = {.row = 1.01, .step = 2.2, .store = 9, .tile = 15});
