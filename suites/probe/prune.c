#include "suites/probe/prune.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct blocks {
    size_t height, width, down, across; /* size of a block; how many there are */
};

/* Sum of magnitudes of a block, and its elements; with `clear` they become 0. */
static float visit(float *weights, size_t rows, size_t columns, const struct blocks *b, size_t block, bool clear)
{
    const size_t row0 = block / b->across * b->height, column0 = block % b->across * b->width;
    const size_t row1 = assay_min(row0 + b->height, rows), column1 = assay_min(column0 + b->width, columns);
    float sum = 0.0f;
    for (size_t r = row0; r < row1; r++) {
        for (size_t c = column0; c < column1; c++) {
            sum += fabsf(weights[r * columns + c]);
            if (clear)
                weights[r * columns + c] = 0.0f;
        }
    }
    return sum / (float)((row1 - row0) * (column1 - column0));
}

/* Magnitudes are not negative, so their bits are in the order of their values. */
static uint32_t key_of(float magnitude)
{
    uint32_t key;
    memcpy(&key, &magnitude, sizeof(key));
    return key;
}

/* The key that stands at `index` in ascending order, found digit by digit (two of 16 bits); *below counts lesser keys.
 */
static uint32_t select_key(const uint32_t *keys, size_t count, size_t index, size_t *histogram, size_t *below)
{
    uint32_t prefix = 0;
    *below = 0;
    for (int shift = 16; shift >= 0; shift -= 16) {
        memset(histogram, 0, 65536 * sizeof(*histogram));
        for (size_t i = 0; i < count; i++)
            if (shift == 16 || keys[i] >> 16 == prefix >> 16)
                histogram[keys[i] >> shift & 0xFFFF]++;
        uint32_t digit = 0;
        while (*below + histogram[digit] <= index)
            *below += histogram[digit++];
        prefix |= digit << shift;
    }
    return prefix;
}

bool prune_blocks(float *weights, size_t rows, size_t columns, enum assay_structure structure, double sparsity)
{
    struct blocks b;
    assay_structure_block(structure, &b.height, &b.width);
    b.down = (rows + b.height - 1) / b.height;
    b.across = (columns + b.width - 1) / b.width;
    const size_t count = b.down * b.across, drop = (size_t)((double)count * sparsity + 0.5);
    if (drop == 0)
        return true;
    uint32_t *keys = malloc(count * sizeof(*keys));
    size_t *histogram = malloc(65536 * sizeof(*histogram));
    if (keys && histogram) {
        for (size_t i = 0; i < count; i++)
            keys[i] = key_of(visit(weights, rows, columns, &b, i, false));
        size_t below;
        const uint32_t threshold = select_key(keys, count, drop - 1, histogram, &below);
        size_t ties = drop - below;
        for (size_t i = 0; i < count; i++) {
            const bool tied = keys[i] == threshold && ties > 0;
            ties -= tied;
            if (keys[i] < threshold || tied)
                visit(weights, rows, columns, &b, i, true);
        }
    }
    const bool done = keys && histogram;
    free(keys);
    free(histogram);
    return done;
}
