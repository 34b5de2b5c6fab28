/* A tile of int8 or hybrid from its parts, included after them: begin(), accumulate_tap() (taps.h) and store(). */
ASSAY_INLINE void compute(const struct assay_igemm_args *args, const size_t rows)
{
    vint sums[MR][VECTORS];
    begin(args, rows, sums);
    const char *w = args->w;
    for (size_t tap = 0; tap < args->taps; tap++) {
        const char *next = args->next_weights + (w - (const char *)args->w) / VECTORS;
        w = accumulate_tap(args->a + tap * MR, args->k, w, next, rows, sums);
    }
    store(args, rows, sums);
}

static void tile(const struct assay_igemm_args *args)
{
    ASSAY_FOR_ROWS(args->rows)
}
