/* What one tap adds to the sums of a tile, for int8 and hybrid. The including file defines MR and DOT_BYTES (dot.h).
 * With DOT_BYTES 2, weights are packed as int16. Inputs are int16, too, if it defines INPUTS_WIDENED; else they are
 * widened beforehand, CHUNK of each row at a time, to a buffer that stays in the first-level cache. */
#ifndef ASSAY_KERNELS_GEMM_X86_64_TAPS_H
#define ASSAY_KERNELS_GEMM_X86_64_TAPS_H

#include "kernels/gemm/x86_64/dot.h"

#if DOT_BYTES == 4
#define ELEMENT ASSAY_PACK_SAME
enum { INPUT_OFFSET = 128, INPUT_BYTES = 1 };
#else
#define ELEMENT ASSAY_PACK_I8_AS_I16
enum { INPUT_OFFSET = 0, INPUT_BYTES = 2 };
#endif

#if DOT_BYTES == 4 || defined(INPUTS_WIDENED)
ASSAY_INLINE const char *accumulate_tap(const void *const *a, size_t k, const char *w, const char *ahead,
                                        const size_t rows, vint (*sums)[VECTORS])
{
    const char *row[MR];
    ASSAY_UNROLL
    for (size_t i = 0; i < rows; i++)
        row[i] = a[i];
    return accumulate(row, k * INPUT_BYTES, w, ahead, rows, sums);
}
#else
enum { CHUNK = 512 };

ASSAY_INLINE const char *accumulate_tap(const void *const *a, size_t k, const char *w, const char *ahead,
                                        const size_t rows, vint (*sums)[VECTORS])
{
    int16_t widened[MR][CHUNK];
    for (size_t first = 0; first < k; first += CHUNK) {
        const size_t count = assay_min(CHUNK, k - first);
        const char *row[MR];
        ASSAY_UNROLL
        for (size_t i = 0; i < rows; i++) {
            const int8_t *from = (const int8_t *)a[i] + first;
            for (size_t l = 0; l < count; l += 2 * LANES)
                vi_store(widened[i] + l,
                         vi_load_part_i8_as_i16(from + l, count - l)); /* zeros to the end of the step */
            row[i] = (const char *)widened[i];
        }
        w = accumulate(row, assay_round_up(count, 2) * sizeof(int16_t), w, ahead, rows, sums);
    }
    return w;
}
#endif

#endif
