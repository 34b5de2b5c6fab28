/* Pruning against plain code: all blocks ranked by looking for the least, again and again, and every number of pruned
 * blocks tried for the nearest share. */
#include "models/optimize/tests/layers.h"

#include <math.h>

enum { ROUNDS = 3000, MOST_ROWS = 14, MOST_COLUMNS = 40, MOST = MOST_ROWS * MOST_COLUMNS };

/* Few values, so that magnitudes are often equal; some zeros of both signs, some infinite. */
static void fill(float *weights, size_t count)
{
    const int kind = one_below(3);
    for (size_t i = 0; i < count; i++) {
        const int pick = one_below(20);
        weights[i] = kind == 0   ? (float)(one_below(7) - 3)
                     : pick == 0 ? -0.0f
                     : pick == 1 ? (kind == 1 ? INFINITY : 0.0f)
                                 : (float)one_random() / 2147483648.0f - 1.0f;
    }
}

static size_t block_of(size_t columns, const struct assay_pattern *pattern, size_t i)
{
    const size_t across = (columns + pattern->columns - 1) / pattern->columns;
    return i / columns / pattern->rows * across + i % columns / pattern->columns;
}

/* order[]: the blocks from the one that goes first to the one that goes last; sizes by block. */
static size_t rank_blocks(const float *weights, size_t rows, size_t columns, const struct assay_pattern *pattern,
                          size_t *order, size_t *sizes)
{
    double sums[MOST] = {0};
    bool taken[MOST] = {false};
    size_t blocks = 0;
    memset(sizes, 0, MOST * sizeof(*sizes));
    for (size_t i = 0; i < rows * columns; i++) {
        const size_t b = block_of(columns, pattern, i);
        sums[b] += weights[i] < 0 ? -(double)weights[i] : (double)weights[i];
        sizes[b]++;
        blocks = b + 1 > blocks ? b + 1 : blocks;
    }
    for (size_t n = 0; n < blocks; n++) {
        size_t least = blocks;
        for (size_t b = 0; b < blocks; b++)
            if (!taken[b] && (least == blocks || sums[b] / (double)sizes[b] < sums[least] / (double)sizes[least]))
                least = b;
        taken[least] = true;
        order[n] = least;
    }
    return blocks;
}

static size_t expect_blocks(float *weights, size_t rows, size_t columns, const struct assay_layer_choice *choice)
{
    static size_t order[MOST], sizes[MOST];
    const size_t blocks = rank_blocks(weights, rows, columns, &choice->pattern, order, sizes);
    size_t best = 0, zeros = 0, best_zeros = 0;
    for (size_t n = 0; n <= blocks; n++) {
        const double share = choice->sparsity * (double)(rows * columns);
        if (fabs((double)zeros - share) < fabs((double)best_zeros - share)) {
            best = n;
            best_zeros = zeros;
        }
        zeros += n < blocks ? sizes[order[n]] : 0;
    }
    for (size_t n = 0; n < best; n++)
        for (size_t i = 0; i < rows * columns; i++)
            if (block_of(columns, &choice->pattern, i) == order[n])
                weights[i] = 0;
    return best_zeros;
}

static size_t expect_groups(float *weights, size_t rows, size_t columns, const struct assay_pattern *pattern)
{
    bool gone[MOST] = {false};
    size_t pruned = 0;
    for (size_t r = 0; r < rows; r++)
        for (size_t first = 0; first < columns; first += pattern->group) {
            const size_t end = first + pattern->group < columns ? first + pattern->group : columns;
            for (size_t left = end - first; left > pattern->keep; left--) {
                size_t least = end;
                for (size_t c = first; c < end; c++)
                    if (!gone[r * columns + c] &&
                        (least == end || fabsf(weights[r * columns + c]) < fabsf(weights[r * columns + least])))
                        least = c;
                gone[r * columns + least] = true;
                pruned++;
            }
        }
    for (size_t i = 0; i < rows * columns; i++)
        if (gone[i])
            weights[i] = 0;
    return pruned;
}

static struct assay_layer_choice any_choice(void)
{
    static const struct assay_pattern patterns[] = {{.rows = 1, .columns = 1},  {.rows = 1, .columns = 4},
                                                    {.rows = 4, .columns = 1},  {.rows = 1, .columns = 16},
                                                    {.rows = 4, .columns = 4},  {.rows = 3, .columns = 5},
                                                    {.rows = 9, .columns = 50}, {.rows = SIZE_MAX, .columns = SIZE_MAX},
                                                    {.keep = 2, .group = 4},    {.keep = 1, .group = 3},
                                                    {.keep = 0, .group = 2},    {.keep = 5, .group = 5},
                                                    {.keep = 3, .group = 1000}};
    static const double shares[] = {0, 0.1, 0.5, 0.8, 0.999, 1};
    const int share = one_below(7);
    return (struct assay_layer_choice){.pattern = patterns[one_below(sizeof(patterns) / sizeof(*patterns))],
                                       .sparsity = share < 6 ? shares[share] : (double)one_random() / 4294967296.0};
}

/* Channels x (height x width x inputs), or rows x columns. */
static struct assay_shape any_shape(enum assay_operator_code code, size_t *rows, size_t *columns)
{
    struct assay_shape shape = {2, {1 + one_below(MOST_ROWS), 1 + one_below(MOST_COLUMNS)}};
    if (code == ASSAY_OPERATOR_CONV_2D)
        shape = (struct assay_shape){
            4, {1 + one_below(MOST_ROWS), 1 + one_below(3), 1 + one_below(3), 1 + one_below(MOST_COLUMNS / 9)}};
    *rows = (size_t)shape.dims[0];
    *columns = one_count(&shape) / *rows;
    return shape;
}

static void prunes_as_plain_code_does(void)
{
    for (int round = 0; round < ROUNDS; round++) {
        const enum assay_operator_code code = one_below(2) ? ASSAY_OPERATOR_CONV_2D : ASSAY_OPERATOR_FULLY_CONNECTED;
        size_t rows, columns;
        const struct assay_shape shape = any_shape(code, &rows, &columns);
        float given[MOST], expected[MOST];
        fill(given, rows * columns);
        memcpy(expected, given, sizeof(given));
        struct assay_layer_choice choice = any_choice();
        struct assay_draft *draft = new_draft();
        const int32_t weights = assay_draft_add_constant(draft, "w", ASSAY_TENSOR_F32, &shape, given);
        const size_t at = add_layer(draft, code, weights, shape, ASSAY_TENSOR_F32);
        struct said said;
        const struct assay_notes notes = notes_to(&said);
        struct assay_model_error error;
        EXPECT(assay_prune(draft, &choice, &notes, &error), "round %d: %s", round, error.text);
        const size_t pruned = choice.pattern.group > 0 ? expect_groups(expected, rows, columns, &choice.pattern)
                                                       : expect_blocks(expected, rows, columns, &choice);
        const struct assay_tensor *result = &draft->tensors[draft->operators[at].inputs[1]];
        EXPECT(result->bytes == rows * columns * sizeof(float) && memcmp(result->data, expected, result->bytes) == 0,
               "round %d: %zu x %zu, share %g: others are zero", round, rows, columns, choice.sparsity);
        EXPECT(memcmp(draft->tensors[weights].data, given, rows * columns * sizeof(float)) == 0,
               "round %d: the weights as they were are changed", round);
        char words[64];
        snprintf(words, sizeof(words), "pruned %zu of %zu weights (%.2f %%)", pruned, rows * columns,
                 100 * (double)pruned / (double)(rows * columns));
        if (choice.sparsity == 0 && choice.pattern.group == 0)
            EXPECT(said.count == 0 && draft->operators[at].inputs[1] == weights,
                   "round %d: no zeros are asked for, and yet it said '%s'", round, said.last);
        else
            EXPECT(said.count == 1 && strstr(said.last, words), "round %d: said '%s', not '%s'", round, said.last,
                   words);
        assay_draft_free(draft);
    }
}

/* Three layers with the same weights: two of one choice, one of another; a fourth stays dense. */
static void shared_weights_are_pruned_for_each_choice(void)
{
    float values[6 * 8];
    fill(values, 6 * 8);
    const struct assay_shape shape = matrix_shape(6, 8);
    const struct assay_layer_choice half = {.pattern = {.rows = 1, .columns = 1}, .sparsity = 0.5};
    const struct assay_layer_choice choices[] = {half, {.pattern = {.keep = 1, .group = 4}}, half, {.sparsity = 0.5}};
    struct assay_draft *draft = new_draft();
    const int32_t weights = assay_draft_add_constant(draft, "w", ASSAY_TENSOR_F32, &shape, values);
    for (int i = 0; i < 4; i++)
        add_layer(draft, ASSAY_OPERATOR_FULLY_CONNECTED, weights, shape, ASSAY_TENSOR_F32);
    /* An operator that a pass put in has no choice. */
    const size_t inserted = add_layer(draft, ASSAY_OPERATOR_FULLY_CONNECTED, weights, shape, ASSAY_TENSOR_F32);
    draft->marks[inserted] = -1;
    struct said said;
    const struct assay_notes notes = notes_to(&said);
    struct assay_model_error error;
    EXPECT(assay_prune(draft, choices, &notes, &error), "%s", error.text);
    int32_t used[5];
    for (int i = 0; i < 5; i++)
        used[i] = draft->operators[i].inputs[1];
    EXPECT(used[0] == used[2] && used[0] != used[1] && used[0] != weights && used[1] != weights,
           "layers of one choice share: %d %d %d", used[0], used[1], used[2]);
    EXPECT(used[3] == weights && used[4] == weights && said.count == 2, "dense layers keep theirs: %d %d, %zu notes",
           used[3], used[4], said.count);
    assay_draft_free(draft);
}

static void refuses(struct assay_shape shape, const float *values, struct assay_layer_choice choice, const char *words)
{
    struct assay_draft *draft = new_draft();
    const int32_t weights = assay_draft_add_constant(draft, "w", ASSAY_TENSOR_F32, &shape, values);
    add_layer(draft, ASSAY_OPERATOR_FULLY_CONNECTED, weights, shape, ASSAY_TENSOR_F32);
    const struct assay_notes nobody = {0};
    struct assay_model_error error = {{0}};
    const bool pruned = assay_prune(draft, &choice, &nobody, &error);
    EXPECT(!pruned && strstr(error.text, words) && strstr(error.text, "operator 0 (FULLY_CONNECTED)"),
           "said '%s', not '%s'", error.text, words);
    assay_draft_free(draft);
}

static void wrong_weights_and_choices_are_refused(void)
{
    const float fine[4] = {1, 2, 3, 4}, bad[4] = {1, 2, NAN, 4};
    const struct assay_pattern random = {.rows = 1, .columns = 1};
    refuses(matrix_shape(2, 2), bad, (struct assay_layer_choice){.pattern = random, .sparsity = 0.5},
            "weight 2 is NaN");
    refuses(matrix_shape(2, 2), fine, (struct assay_layer_choice){.pattern = random, .sparsity = 1.5},
            "between 0 and 1");
    refuses(matrix_shape(2, 2), fine, (struct assay_layer_choice){.pattern = random, .sparsity = NAN},
            "between 0 and 1");
    refuses(matrix_shape(2, 2), fine, (struct assay_layer_choice){.pattern = {.keep = 3, .group = 2}}, "keep more");
}

/* What is not pruned is said once, and stays. */
static void others_stay(void)
{
    const int8_t values[16] = {1, 2, 3};
    const float floats[16] = {1, 2, 3};
    const struct assay_layer_choice choices[] = {{.pattern = {.rows = 1, .columns = 1}, .sparsity = 1},
                                                 {.pattern = {.rows = 1, .columns = 1}, .sparsity = 1},
                                                 {.pattern = {.rows = 1, .columns = 1}, .sparsity = 1}};
    struct assay_draft *draft = new_draft();
    const struct assay_shape deep = {4, {1, 2, 2, 4}}, flat = matrix_shape(4, 4);
    add_layer(draft, ASSAY_OPERATOR_FULLY_CONNECTED,
              assay_draft_add_constant(draft, "i", ASSAY_TENSOR_I8, &flat, values), flat, ASSAY_TENSOR_F32);
    add_layer(draft, ASSAY_OPERATOR_DEPTHWISE_CONV_2D,
              assay_draft_add_constant(draft, "d", ASSAY_TENSOR_F32, &deep, floats), deep, ASSAY_TENSOR_F32);
    add_layer(draft, ASSAY_OPERATOR_ADD, assay_draft_add_constant(draft, "a", ASSAY_TENSOR_F32, &flat, floats), flat,
              ASSAY_TENSOR_F32);
    int32_t before[3];
    for (int i = 0; i < 3; i++)
        before[i] = draft->operators[i].inputs[1];
    struct said said;
    const struct assay_notes notes = notes_to(&said);
    struct assay_model_error error;
    EXPECT(assay_prune(draft, choices, &notes, &error), "%s", error.text);
    EXPECT(said.count == 2 && strstr(said.last, "operator 1 (DEPTHWISE_CONV_2D): not pruned"), "%zu notes, last '%s'",
           said.count, said.last);
    for (int i = 0; i < 3; i++)
        EXPECT(draft->operators[i].inputs[1] == before[i], "operator %d has other weights", i);
    assay_draft_free(draft);
}

int main(void)
{
    prunes_as_plain_code_does();
    shared_weights_are_pruned_for_each_choice();
    wrong_weights_and_choices_are_refused();
    others_stay();
    return failures > 0;
}
