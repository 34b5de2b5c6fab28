/* Calls w = panel(args, column, w, vectors), a function of that name, for each panel of VECTORS vectors of columns,
 * `vectors` being a constant, so that its loops unroll: VECTORS, or in the last panel as many times GRAIN as its
 * columns need. For kernels that compute all columns in one call; VECTORS / GRAIN, at most 8, are theirs. */
#ifndef ASSAY_KERNELS_GEMM_X86_64_PANELS_H
#define ASSAY_KERNELS_GEMM_X86_64_PANELS_H

#define ASSAY_PANELS_CASE(panel, args, w, n)                                       \
    case n:                                                                        \
        w = panel(args, column, w, (n) * GRAIN < VECTORS ? (n) * GRAIN : VECTORS); \
        break;
#define ASSAY_FOR_PANELS(panel, args, w)                                      \
    for (size_t column = 0; column < (args)->cols; column += NR) {            \
        const size_t left = assay_min((args)->cols - column, NR);             \
        switch ((left + NR / VECTORS * GRAIN - 1) / (NR / VECTORS * GRAIN)) { \
            ASSAY_PANELS_CASE(panel, args, w, 1)                              \
            ASSAY_PANELS_CASE(panel, args, w, 2)                              \
            ASSAY_PANELS_CASE(panel, args, w, 3)                              \
            ASSAY_PANELS_CASE(panel, args, w, 4)                              \
            ASSAY_PANELS_CASE(panel, args, w, 5)                              \
            ASSAY_PANELS_CASE(panel, args, w, 6)                              \
            ASSAY_PANELS_CASE(panel, args, w, 7)                              \
            ASSAY_PANELS_CASE(panel, args, w, 8)                              \
        }                                                                     \
    }

#endif
