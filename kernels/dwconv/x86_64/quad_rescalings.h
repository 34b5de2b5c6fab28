/* The loop of each stride, number of rows and way of rescaling, by compute() and enum rescaling of the including file
 * (quad_rows.h, quad_groups.h), after which it is included. hybrid rescales nothing. */
ASSAY_INLINE void compute_rows(const struct assay_dwrows_args *args, const enum rescaling rescaling)
{
    if (args->stride == 2)
        compute(args, 1, 2, rescaling);
    else if (args->rows == 2)
        compute(args, 2, 1, rescaling);
    else
        compute(args, 1, 1, rescaling);
}

static void run(const struct assay_dwrows_args *args)
{
    const struct block *block = args->block;
    if (MODE == ASSAY_MODE_HYBRID || block->rescaling == RESCALE_ONE_SIDED)
        compute_rows(args, RESCALE_ONE_SIDED);
    else if (block->rescaling == RESCALE_TWO_SIDED)
        compute_rows(args, RESCALE_TWO_SIDED);
    else
        compute_rows(args, RESCALE_EACH);
}
