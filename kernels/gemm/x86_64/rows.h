/* Calls compute(args, rows) with `rows` a constant, so that its loops unroll and few rows cost few multiplications.
 * MR, at most 12, is the including kernel's. */
#ifndef ASSAY_KERNELS_GEMM_X86_64_ROWS_H
#define ASSAY_KERNELS_GEMM_X86_64_ROWS_H

#define ASSAY_ROWS_CASE(n)                  \
    case n:                                 \
        compute(args, (n) < MR ? (n) : MR); \
        break;
#define ASSAY_FOR_ROWS(rows) \
    switch (rows) {          \
        ASSAY_ROWS_CASE(1)   \
        ASSAY_ROWS_CASE(2)   \
        ASSAY_ROWS_CASE(3)   \
        ASSAY_ROWS_CASE(4)   \
        ASSAY_ROWS_CASE(5)   \
        ASSAY_ROWS_CASE(6)   \
        ASSAY_ROWS_CASE(7)   \
        ASSAY_ROWS_CASE(8)   \
        ASSAY_ROWS_CASE(9)   \
        ASSAY_ROWS_CASE(10)  \
        ASSAY_ROWS_CASE(11)  \
        ASSAY_ROWS_CASE(12)  \
    }

#endif
