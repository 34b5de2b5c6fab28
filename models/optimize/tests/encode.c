/* Encoded weights: what DENSIFY makes of them in the executor are the bytes that were there before, whatever the type,
 * the shape and the blocks; and what the network then is. */
#include "models/graph/facts.h"
#include "models/optimize/encode_tensor.h"
#include "models/optimize/tests/layers.h"
#include "models/tflite/writer.h"

enum { ROUNDS = 1500, MOST = 12 * 3 * 3 * 48, MOST_OF_FILE = 44 * 3 * 3 * 200 * 4 };

static const enum assay_tensor_type types[] = {ASSAY_TENSOR_F32, ASSAY_TENSOR_F16, ASSAY_TENSOR_I8};

static bool run_densify(const struct assay_tensor *sparse, const void *dense, size_t bytes)
{
    struct one one = one_of(ASSAY_OPERATOR_DENSIFY);
    struct assay_tensor *in = one_constant(&one, sparse->type, sparse->shape, sparse->data);
    in->bytes = sparse->bytes;
    in->sparsity = sparse->sparsity;
    one_output(&one, sparse->type);
    const bool ran = one_run(&one);
    const bool same = ran && memcmp(one.result[0], dense, bytes) == 0;
    EXPECT(ran, "%s", one.error.text);
    one_free(&one);
    return same;
}

static size_t divisor(int32_t of)
{
    size_t d = 1 + (size_t)one_below(of < 16 ? of : 16);
    while ((size_t)of % d != 0)
        d--;
    return d;
}

/* Blocks with any bit, counted by looking at each element. */
static size_t count_blocks(const uint8_t *dense, const struct assay_shape *shape, size_t size,
                           struct assay_sparse_block block)
{
    static bool full[MOST];
    memset(full, 0, sizeof(full));
    full[0] = true; /* is stored in any case */
    size_t count = 0;
    for (size_t i = 0; i < one_count(shape); i++) {
        int64_t at[ASSAY_MAX_RANK] = {0};
        one_where(shape, i, at);
        at[0] /= (int64_t)block.rows;
        at[shape->rank - 1] /= (int64_t)block.columns;
        for (size_t b = 0; b < size; b++)
            full[one_index(shape, at)] |= dense[i * size + b] != 0;
    }
    for (size_t i = 0; i < one_count(shape); i++)
        count += full[i];
    return count;
}

static void decodes_to_the_same_bytes(void)
{
    for (int round = 0; round < ROUNDS; round++) {
        const enum assay_tensor_type type = types[round % 3];
        const size_t size = assay_tensor_type_size(type);
        struct assay_shape shape = matrix_shape(1 + (size_t)one_below(12), 1 + (size_t)one_below(48));
        if (one_below(2))
            shape = (struct assay_shape){4, {1 + one_below(12), 1 + one_below(3), 1 + one_below(3), 1 + one_below(48)}};
        static uint8_t dense[MOST * 4];
        memset(dense, 0, sizeof(dense));
        static const int densities[] = {0, 3, 20, 100};
        const int density = densities[one_below(4)];
        for (size_t i = 0; i < one_count(&shape) * size; i++)
            dense[i] = one_below(100) < density ? (uint8_t)one_random() : 0;
        struct assay_draft *draft = new_draft();
        const int32_t weights = assay_draft_add_constant(draft, "w", type, &shape, dense);
        const struct assay_sparse_block block = {divisor(shape.dims[0]), divisor(shape.dims[shape.rank - 1])};
        struct assay_tensor sparse;
        const size_t bytes = one_count(&shape) * size;
        EXPECT(assay_encode_tensor(draft, &draft->tensors[weights], block, &sparse), "round %d: no memory", round);
        EXPECT(run_densify(&sparse, dense, bytes), "round %d: %zux%zu blocks decode to other bytes", round, block.rows,
               block.columns);
        const size_t blocks = count_blocks(dense, &shape, size, block);
        EXPECT(sparse.bytes == blocks * block.rows * block.columns * size, "round %d: %zu bytes for %zu blocks", round,
               sparse.bytes, blocks);
        EXPECT(assay_encoded_bytes(&sparse) > sparse.bytes, "round %d: no bytes for the encoding", round);
        assay_draft_free(draft);
    }
}

/* A layer of one kind, and what should become of it. */
struct trial {
    enum assay_operator_code code;
    enum assay_tensor_type type, activations; /* of the weights as stored, and of the layer */
    struct assay_shape shape;
    struct assay_pattern pattern;
    struct assay_sparse_block block; /* expected; 0 x 0: stays dense */
    bool direct;                     /* without a DENSIFY */
};

#define FC ASSAY_OPERATOR_FULLY_CONNECTED
#define CONV ASSAY_OPERATOR_CONV_2D
#define F32 ASSAY_TENSOR_F32
#define F16 ASSAY_TENSOR_F16
#define I8 ASSAY_TENSOR_I8
#define I16 ASSAY_TENSOR_I16
static const struct trial trials[] = {
    {FC, F32, F32, {2, {32, 64}}, {1, 1, 0, 0}, {1, 1}, true},
    {FC, F32, F32, {2, {32, 64}}, {1, 4, 0, 0}, {1, 4}, true},
    {FC, F32, F32, {2, {32, 64}}, {1, 16, 0, 0}, {1, 16}, false},
    {FC, F32, F32, {2, {32, 64}}, {4, 1, 0, 0}, {4, 1}, false},
    {FC, F32, F32, {2, {32, 64}}, {4, 4, 0, 0}, {4, 4}, false},
    {FC, F32, F32, {2, {32, 64}}, {0, 0, 2, 8}, {1, 1}, true},
    {FC, F32, F32, {2, {31, 66}}, {1, 4, 0, 0}, {1, 1}, true},
    {FC, F32, F32, {2, {31, 66}}, {4, 6, 0, 0}, {1, 6}, false},
    {FC, F16, F32, {2, {32, 64}}, {1, 4, 0, 0}, {1, 4}, false},
    {FC, I8, I8, {2, {32, 64}}, {1, 16, 0, 0}, {1, 16}, true},
    {FC, I8, I8, {2, {32, 64}}, {1, 4, 0, 0}, {1, 4}, false},
    {FC, I8, F32, {2, {32, 64}}, {1, 16, 0, 0}, {1, 16}, false},
    {FC, I8, I16, {2, {32, 64}}, {1, 16, 0, 0}, {1, 16}, false},
    {FC, F32, F32, {2, {3, 4}}, {1, 1, 0, 0}, {0, 0}, false},
    {CONV, F32, F32, {4, {16, 3, 3, 8}}, {1, 1, 0, 0}, {1, 1}, false},
    {CONV, F32, F32, {4, {16, 3, 3, 8}}, {1, 4, 0, 0}, {1, 4}, false},
    {CONV, F32, F32, {4, {16, 3, 3, 8}}, {1, 16, 0, 0}, {1, 1}, false},
    {CONV, F16, F32, {4, {16, 3, 3, 8}}, {4, 1, 0, 0}, {4, 1}, false},
    {CONV, I8, I8, {4, {16, 3, 3, 16}}, {1, 16, 0, 0}, {1, 16}, false},
    {CONV, I8, F32, {4, {16, 3, 3, 16}}, {2, 8, 0, 0}, {2, 8}, false},
};

/* Weights, one block of eight not zero. Bytes without meaning are numbers of all three types. */
static void fill_blocks(uint8_t *dense, const struct trial *trial)
{
    const size_t size = assay_tensor_type_size(trial->type),
                 columns = one_count(&trial->shape) / (size_t)trial->shape.dims[0];
    const bool in_groups = trial->pattern.group > 0;
    const size_t rows = in_groups ? 1 : trial->pattern.rows, width = in_groups ? 1 : trial->pattern.columns;
    for (size_t r = 0; r < (size_t)trial->shape.dims[0]; r++)
        for (size_t c = 0; c < columns; c++)
            if ((r / rows + c / width * 3) % 8 == 0)
                memset(dense + (r * columns + c) * size, 1 + one_below(50), size);
}

static int32_t add_weights(struct assay_draft *draft, const struct trial *trial, const uint8_t *dense)
{
    int32_t weights = assay_draft_add_constant(draft, "w", trial->type, &trial->shape, dense);
    float scales[64];
    for (size_t c = 0; c < 64; c++)
        scales[c] = 0.5f + (float)c;
    const size_t channels = trial->code == CONV ? (size_t)trial->shape.dims[0] : 1;
    if (trial->type == I8 && !assay_draft_set_quantization(draft, weights, channels, scales, NULL, 0))
        abort();
    if (trial->type != F16)
        return weights;
    const int32_t whole =
        assay_draft_add_tensor(draft, &(struct assay_tensor){.name = "whole", .type = F32, .shape = trial->shape});
    if (!assay_draft_insert(draft, 0,
                            &(struct assay_operator){.code = ASSAY_OPERATOR_DEQUANTIZE,
                                                     .version = 1,
                                                     .input_count = 1,
                                                     .output_count = 1,
                                                     .inputs = &weights,
                                                     .outputs = &whole}))
        abort();
    return whole;
}

/* From the layer back to the constant: DEQUANTIZE if the weights are f16, DENSIFY unless they are taken encoded. */
static const struct assay_tensor *follow(const struct assay_draft *draft, const struct trial *trial, bool *densified)
{
    int32_t weights = draft->operators[draft->operator_count - 1].inputs[1];
    if (trial->type == F16)
        weights = draft->operators[assay_draft_producer(draft, weights)].inputs[0];
    const size_t maker = assay_draft_producer(draft, weights);
    *densified = maker < draft->operator_count && draft->operators[maker].code == ASSAY_OPERATOR_DENSIFY;
    if (*densified)
        weights = draft->operators[maker].inputs[0];
    return &draft->tensors[weights];
}

/* The blocks of an encoding: sizes of the levels behind those of the dimensions, by the dimension that they cut. */
static struct assay_sparse_block block_of(const struct assay_tensor *tensor)
{
    struct assay_sparse_block block = {1, 1};
    const struct assay_sparsity *s = tensor->sparsity;
    for (size_t b = 0; b < s->block_count; b++) {
        const size_t size = (size_t)s->dimensions[tensor->shape.rank + b].size;
        if (s->block_map[b] == 0)
            block.rows = size;
        else
            block.columns = size;
    }
    return block;
}

static void expect_graph(const struct assay_draft *draft, uint64_t zeros, size_t index)
{
    struct assay_model_error error;
    struct assay_graph *graph = assay_draft_finish(draft, LAYERS_MEMORY, &error);
    EXPECT(graph, "trial %zu: %s", index, error.text);
    if (!graph)
        return;
    struct assay_operator_facts facts[4];
    struct assay_graph_facts all;
    EXPECT(assay_graph_find_facts(graph, facts, &all), "trial %zu: no facts", index);
    const size_t last = graph->subgraphs[0].operator_count - 1;
    EXPECT(facts[last].zeros == zeros, "trial %zu: %llu zeros, not %llu", index, (unsigned long long)facts[last].zeros,
           (unsigned long long)zeros);
    assay_graph_free(graph);
}

static void encode_trial(const struct trial *trial, size_t index)
{
    const size_t size = assay_tensor_type_size(trial->type), count = one_count(&trial->shape);
    static uint8_t dense[MOST * 4];
    memset(dense, 0, sizeof(dense));
    fill_blocks(dense, trial);
    uint64_t zeros = 0;
    for (size_t i = 0; i < count; i++) /* bytes of an element are all the same */
        zeros += dense[i * size] == 0;
    struct assay_draft *draft = new_draft();
    const int32_t weights = add_weights(draft, trial, dense);
    const size_t at = add_layer(draft, trial->code, weights, trial->shape, trial->activations);
    draft->marks[at] = 0;
    const struct assay_layer_choice choice = {.pattern = trial->pattern};
    struct said said;
    const struct assay_notes notes = notes_to(&said);
    struct assay_model_error error;
    EXPECT(assay_encode_sparse(draft, &choice, &notes, &error), "trial %zu: %s", index, error.text);
    bool densified;
    const struct assay_tensor *found = follow(draft, trial, &densified);
    const bool stays = trial->block.rows == 0;
    EXPECT(said.count == 1 && strstr(said.last, stays ? "stay dense" : "are encoded"), "trial %zu: said '%s'", index,
           said.last);
    EXPECT(!!found->sparsity != stays && densified == (!stays && !trial->direct), "trial %zu: %s, %s", index,
           found->sparsity ? "sparse" : "dense", densified ? "densified" : "direct");
    if (found->sparsity) {
        const struct assay_sparse_block block = block_of(found);
        EXPECT(block.rows == trial->block.rows && block.columns == trial->block.columns, "trial %zu: %zux%zu blocks",
               index, block.rows, block.columns);
        EXPECT(run_densify(found, dense, count * size), "trial %zu: other weights", index);
    }
    expect_graph(draft, zeros, index);
    assay_draft_free(draft);
}

static size_t file_size(const struct assay_draft *draft)
{
    struct assay_model_error error;
    struct assay_graph *graph = assay_draft_finish(draft, LAYERS_MEMORY, &error);
    size_t size = 0;
    void *file = graph ? assay_tflite_write(graph, &size, &error) : NULL;
    EXPECT(file, "%s", error.text);
    free(file);
    assay_graph_free(graph);
    return size;
}

/* Layers with some share of weights, so that now this takes more bytes, now that. */
static void add_some_layer(struct assay_draft *draft, struct trial *trial)
{
    static uint8_t dense[MOST_OF_FILE];
    memset(dense, 0, sizeof(dense));
    *trial = trials[one_below(sizeof(trials) / sizeof(*trials))];
    trial->shape.dims[0] = 4 + one_below(40);
    trial->shape.dims[trial->shape.rank - 1] = 1 + one_below(200);
    const size_t size = assay_tensor_type_size(trial->type);
    const int density = 1 + one_below(90);
    for (size_t i = 0; i < one_count(&trial->shape); i++)
        if (one_below(100) < density)
            memset(dense + i * size, 1, size);
    const int32_t weights = add_weights(draft, trial, dense);
    const size_t at = add_layer(draft, trial->code, weights, trial->shape, trial->activations);
    draft->marks[at] = 0;
}

/* What is encoded makes a smaller file, by what was said, or more by what was reckoned too much; else the file stays.
 */
static void files_become_smaller(void)
{
    int encoded = 0, stayed = 0;
    for (int round = 0; round < 400; round++) {
        struct assay_draft *draft = new_draft();
        struct trial trial;
        add_some_layer(draft, &trial);
        const size_t before = file_size(draft);
        const struct assay_layer_choice choice = {.pattern = trial.pattern};
        struct said said;
        const struct assay_notes notes = notes_to(&said);
        struct assay_model_error error;
        EXPECT(assay_encode_sparse(draft, &choice, &notes, &error), "round %d: %s", round, error.text);
        const size_t after = file_size(draft);
        size_t now, then;
        const char *take = strstr(said.last, "they take ");
        if (!take || sscanf(take, "they take %zu bytes in place of %zu", &now, &then) != 2) {
            EXPECT(false, "round %d: said '%s'", round, said.last);
        } else if (now >= then) {
            EXPECT(after == before, "round %d: %zu bytes in place of %zu, but '%s'", round, after, before, said.last);
            stayed++;
        } else {
            EXPECT(after + then < before + now + 1 && after + then + 160 > before + now,
                   "round %d: %zu bytes in place of %zu, but '%s'", round, after, before, said.last);
            encoded++;
        }
        assay_draft_free(draft);
    }
    EXPECT(encoded > 100 && stayed > 50, "%d encoded, %d stayed: one side was not tried", encoded, stayed);
}

/* Two layers and an ADD share weights: they are encoded once, and one DENSIFY serves who needs them dense. */
static void shared_weights_are_encoded_once(void)
{
    const struct trial trial = {.type = F32, .shape = {2, {32, 64}}, .pattern = {1, 4, 0, 0}};
    static uint8_t dense[MOST * 4];
    memset(dense, 0, sizeof(dense));
    fill_blocks(dense, &trial);
    struct assay_draft *draft = new_draft();
    const int32_t weights = add_weights(draft, &trial, dense);
    const struct assay_layer_choice choices[] = {
        {0}, {.pattern = trial.pattern}, {.pattern = trial.pattern}, {.pattern = {4, 4, 0, 0}}, {0}};
    add_layer(draft, ASSAY_OPERATOR_ADD, weights, trial.shape, F32);
    for (int i = 0; i < 4; i++)
        add_layer(draft, FC, weights, trial.shape, F32);
    struct assay_model_error error;
    struct said said;
    const struct assay_notes notes = notes_to(&said);
    EXPECT(assay_encode_sparse(draft, choices, &notes, &error), "%s", error.text);
    EXPECT(said.count == 1 && draft->operator_count == 6 && draft->operators[0].code == ASSAY_OPERATOR_DENSIFY,
           "%zu notes, %zu operators", said.count, draft->operator_count);
    EXPECT(draft->operators[1].inputs[1] == draft->operators[0].outputs[0], "the ADD takes no dense weights");
    for (int i = 2; i < 6; i++)
        EXPECT(draft->operators[i].inputs[1] == draft->operators[0].inputs[0], "layer %d takes others", i);
    EXPECT(assay_draft_uses(draft, weights) == 0, "the dense weights stay beside the encoded");
    assay_draft_free(draft);
}

/* What cannot be encoded is said, and stays. */
static void others_stay(void)
{
    const struct assay_layer_choice choice = {.pattern = {1, 1, 0, 0}};
    static const uint8_t bytes[64 * 64 * 4];
    const struct assay_shape flat = {1, {64}}, square = {2, {64, 64}};
    const struct {
        enum assay_tensor_type type;
        const struct assay_shape *shape;
        int64_t zero;
        const char *words;
    } cases[] = {{ASSAY_TENSOR_I32, &square, 0, "f32, f16 and int8"},
                 {F32, &flat, 0, "no shape"},
                 {I8, &square, 3, "not symmetric"},
                 {ASSAY_TENSOR_BOOL, NULL, 0, "no constant"}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        struct assay_draft *draft = new_draft();
        const int32_t weights =
            cases[i].shape ? assay_draft_add_constant(draft, "w", cases[i].type, cases[i].shape, bytes)
                           : assay_draft_add_tensor(draft, &(struct assay_tensor){.name = "w", .shape = square});
        if (cases[i].zero != 0 && !assay_draft_set_quantization(draft, weights, 1, &(float){0.5f}, &cases[i].zero, 0))
            abort();
        add_layer(draft, FC, weights, square, F32);
        struct assay_model_error error;
        struct said said;
        const struct assay_notes notes = notes_to(&said);
        EXPECT(assay_encode_sparse(draft, &choice, &notes, &error), "%s", error.text);
        EXPECT(said.count == 1 && strstr(said.last, cases[i].words) && draft->operator_count == 1 &&
                   draft->operators[0].inputs[1] == weights,
               "case %zu: said '%s', not '%s'", i, said.last, cases[i].words);
        assay_draft_free(draft);
    }
}

int main(void)
{
    decodes_to_the_same_bytes();
    for (size_t i = 0; i < sizeof(trials) / sizeof(*trials); i++)
        encode_trial(&trials[i], i);
    files_become_smaller();
    shared_weights_are_encoded_once();
    others_stay();
    return failures > 0;
}
