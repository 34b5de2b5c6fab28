/* The block index of sparse weights, against a count by hand and a map of every block. */
#include "kernels/spmm/spmm.h"
#include "tests/core/expect.h"

#include <string.h>

enum { N_MAX = 9, K_MAX = 35 };

static void set(enum assay_type type, void *values, size_t index, float x)
{
    if (type == ASSAY_F32)
        ((float *)values)[index] = x;
    else if (type == ASSAY_F16)
        ((assay_f16 *)values)[index] = (assay_f16)x;
    else
        ((int8_t *)values)[index] = (int8_t)x;
}

static void test_shape(enum assay_structure structure, enum assay_mode mode, size_t n, size_t k, unsigned *state)
{
    const struct assay_problem p = {
        .op = ASSAY_OP_SPMM, .mode = mode, .structure = structure, .gemm = {1, n, k, k, n, 0}};
    float values[N_MAX * K_MAX]; /* room for the widest type */
    bool stored[N_MAX][K_MAX] = {{false}};
    size_t rows, columns, count = 0;
    assay_structure_block(structure, &rows, &columns);
    for (size_t i = 0; i < n * k; i++) {
        *state = *state * 1664525U + 1013904223U;
        const bool zero = *state >> 24 > 20;
        set(assay_mode_weight(mode), values, i, zero ? (*state >> 20 & 1 ? -0.0f : 0.0f) : -3.0f);
        bool *block = &stored[i / k / rows][i % k / columns];
        count += !zero && !*block;
        *block |= !zero;
    }
    uint32_t row_start[N_MAX + 1], column[N_MAX * K_MAX];
    const size_t block_rows = (n + rows - 1) / rows, block_columns = (k + columns - 1) / columns;
    EXPECT(assay_bsr_count(&p, values) == count, "%zu x %zu: %zu blocks, not %zu", n, k, assay_bsr_count(&p, values),
           count);
    assay_bsr_index(&p, values, row_start, column);
    size_t next = 0;
    for (size_t r = 0; r < block_rows; r++) {
        EXPECT(row_start[r] == next, "%zu x %zu: row %zu starts at %u, not %zu", n, k, r, row_start[r], next);
        for (size_t c = 0; c < block_columns; c++) {
            if (!stored[r][c])
                continue;
            EXPECT(column[next] == c, "%zu x %zu: block %zu is in column %u, not %zu", n, k, next, column[next], c);
            next++;
        }
    }
    EXPECT(row_start[block_rows] == count, "%zu x %zu: the last row ends at %u", n, k, row_start[block_rows]);
}

int main(void)
{
    static const enum assay_mode modes[] = {ASSAY_MODE_FP32, ASSAY_MODE_FP16W, ASSAY_MODE_INT8};
    static const size_t depths[] = {0, 1, 3, 4, 5, 15, 16, 17, 32, 35};
    unsigned state = 7;
    for (int structure = ASSAY_RANDOM; structure < ASSAY_STRUCTURE_COUNT; structure++)
        for (size_t mode = 0; mode < sizeof(modes) / sizeof(modes[0]); mode++)
            for (size_t n = 0; n <= N_MAX; n++)
                for (size_t d = 0; d < sizeof(depths) / sizeof(depths[0]); d++)
                    test_shape((enum assay_structure)structure, modes[mode], n, depths[d], &state);
    return expect_report();
}
