/* run and pack of an int8 kernel: the float formula where it is proven for these factors, else the exact loop. The
 * includer defines fitted(), an assay_add_row_fn. */
#include "kernels/add/integer.h"

static void exact(const struct assay_add_integer *packed, const int8_t *a, const int8_t *b, int8_t *out, size_t count)
{
    assay_add_exact_i8(packed, a, b, out, count);
}

static bool pack(const struct assay_kernel *kernel, const struct assay_problem *problem,
                 const struct assay_weights *weights, void *packed)
{
    assay_add_pack(kernel, problem, weights, packed);
    assay_add_fit(packed, fitted, exact);
    return true;
}

static void run(const struct assay_kernel *kernel, const struct assay_problem *problem, const void *packed,
                const struct assay_io *io, void *scratch)
{
    (void)kernel;
    (void)scratch;
    const struct assay_add_integer *constants = packed;
    (constants->is_fitted ? fitted : exact)(constants, io->in, io->addend, io->out, problem->add.count);
}
