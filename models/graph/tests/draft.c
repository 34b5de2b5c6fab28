/* Drafts: what is edited, what follows from it, and which mistakes come back as an error. Drafts of whole networks are
 * tested beside the files that hold them (models/tflite/tests). */
#include "models/graph/draft.h"
#include "models/graph/equal.h"

#include <stdlib.h>
#include <string.h>

enum { LIMIT = 1 << 20 };

static int failures;

#define EXPECT(condition)                                                        \
    do {                                                                         \
        if (!(condition)) {                                                      \
            fprintf(stderr, "%s:%d: not: %s\n", __FILE__, __LINE__, #condition); \
            failures++;                                                          \
        }                                                                        \
    } while (0)

/* IN -> RELU -> MIDDLE; MIDDLE + CONSTANT -> OUT. SHARED has CONSTANT's data, PART the first half of it. */
enum { IN, MIDDLE, CONSTANT, OUT, SHARED, PART, TENSORS };

static float numbers[] = {1, 2, 3, 4};
static char names[TENSORS][16];
static struct assay_tensor tensors[TENSORS];
static int32_t relu_in[] = {IN}, relu_out[] = {MIDDLE}, add_in[] = {MIDDLE, CONSTANT}, add_out[] = {OUT},
               inputs[] = {IN}, outputs[] = {OUT};
static struct assay_operator operators[2];
static struct assay_subgraph subgraphs[2];
static struct assay_graph graph;

static void make_graph(void)
{
    for (size_t i = 0; i < TENSORS; i++) {
        snprintf(names[i], sizeof(names[i]), "tensor %zu", i);
        tensors[i] = (struct assay_tensor){.name = names[i], .type = ASSAY_TENSOR_F32, .shape = {1, {4}}};
    }
    tensors[CONSTANT].data = tensors[SHARED].data = tensors[PART].data = numbers;
    tensors[CONSTANT].bytes = tensors[SHARED].bytes = sizeof(numbers);
    tensors[PART].bytes = sizeof(numbers) / 2;
    tensors[PART].shape.dims[0] = 2;
    operators[0] = (struct assay_operator){.code = ASSAY_OPERATOR_RELU,
                                           .version = 1,
                                           .input_count = 1,
                                           .output_count = 1,
                                           .inputs = relu_in,
                                           .outputs = relu_out};
    operators[1] = (struct assay_operator){.code = ASSAY_OPERATOR_ADD,
                                           .version = 1,
                                           .input_count = 2,
                                           .output_count = 1,
                                           .inputs = add_in,
                                           .outputs = add_out,
                                           .fused = ASSAY_FUSED_RELU6};
    subgraphs[0] = (struct assay_subgraph){"main", TENSORS, 2, 1, 1, tensors, operators, inputs, outputs};
    /* It shares the first one's data, and a tensor of it that nobody uses stays. */
    subgraphs[1] = (struct assay_subgraph){.name = "other", .tensor_count = 1, .tensors = &tensors[SHARED]};
    graph = (struct assay_graph){.description = "a graph", .subgraph_count = 2, .subgraphs = subgraphs};
}

static struct assay_draft *make(const struct assay_graph *from)
{
    struct assay_model_error error;
    struct assay_draft *draft = assay_draft_make(from, LIMIT, &error);
    if (!draft) {
        fprintf(stderr, "%s\n", error.text);
        exit(1);
    }
    return draft;
}

/* NULL, and a failure, if it cannot be finished. */
static struct assay_graph *finish(const struct assay_draft *draft)
{
    struct assay_model_error error = {{0}};
    struct assay_graph *finished = assay_draft_finish(draft, LIMIT, &error);
    if (!finished)
        fprintf(stderr, "%s\n", error.text);
    EXPECT(finished);
    return finished;
}

static void refused(const struct assay_draft *draft, const char *text)
{
    struct assay_model_error error = {{0}};
    struct assay_graph *finished = assay_draft_finish(draft, LIMIT, &error);
    if (finished || !strstr(error.text, text)) {
        fprintf(stderr, "expected '%s', got %s%s\n", text, finished ? "a graph" : "", error.text);
        failures++;
    }
    assay_graph_free(finished);
}

static void test_unchanged(void)
{
    struct assay_draft *draft = make(&graph);
    EXPECT(draft->tensor_count == TENSORS && draft->operator_count == 2 && draft->marks[0] == 0 &&
           draft->marks[1] == 1);
    EXPECT(assay_draft_producer(draft, MIDDLE) == 0 && assay_draft_producer(draft, OUT) == 1);
    EXPECT(assay_draft_producer(draft, IN) == 2 && assay_draft_producer(draft, CONSTANT) == 2);
    EXPECT(assay_draft_uses(draft, MIDDLE) == 1 && assay_draft_uses(draft, OUT) == 1 &&
           assay_draft_uses(draft, SHARED) == 0);
    EXPECT(assay_draft_only_user(draft, MIDDLE) == 1 && assay_draft_only_user(draft, OUT) == 2);

    struct assay_graph *finished = finish(draft);
    assay_draft_free(draft);
    if (!finished)
        return;
    const struct assay_subgraph *s = &finished->subgraphs[0];
    EXPECT(s->tensor_count == 4 && s->operator_count == 2); /* SHARED and PART went */
    EXPECT(finished->subgraph_count == 2 && strcmp(finished->description, "a graph") == 0 &&
           strcmp(s->name, "main") == 0 && finished->subgraphs[1].tensor_count == 1);
    EXPECT(s->operators[1].fused == ASSAY_FUSED_RELU6 && s->operators[1].inputs[1] == CONSTANT);
    EXPECT(s->tensors[CONSTANT].data == finished->subgraphs[1].tensors[0].data); /* one copy for both */

    /* Everything is the graph's own: what it was made from may change. */
    names[IN][0] = 'T';
    numbers[0] = 100;
    add_in[1] = IN;
    EXPECT(strcmp(s->tensors[IN].name, "tensor 0") == 0 && *(const float *)s->tensors[CONSTANT].data == 1 &&
           s->operators[1].inputs[1] == CONSTANT);
    names[IN][0] = 't';
    numbers[0] = 1;
    add_in[1] = CONSTANT;
    assay_graph_free(finished);
}

/* The same data at two sizes is two copies, and neither is read beyond its end. */
static void test_shared_data(void)
{
    static const int32_t both[] = {SHARED, CONSTANT}, part[] = {PART};
    struct assay_draft *draft = make(&graph);
    const struct assay_tensor computed = {.name = "", .type = ASSAY_TENSOR_F32, .shape = {1, {4}}},
                              half = {.name = "", .type = ASSAY_TENSOR_F32, .shape = {1, {2}}};
    const int32_t sum = assay_draft_add_tensor(draft, &computed), smaller = assay_draft_add_tensor(draft, &half);
    EXPECT(assay_draft_insert(
        draft, 0,
        &(struct assay_operator){
            .code = ASSAY_OPERATOR_MUL, .input_count = 2, .output_count = 1, .inputs = both, .outputs = &sum}));
    EXPECT(assay_draft_insert(
        draft, 3,
        &(struct assay_operator){
            .code = ASSAY_OPERATOR_TANH, .input_count = 1, .output_count = 1, .inputs = part, .outputs = &smaller}));
    EXPECT(assay_draft_add_output(draft, sum) && assay_draft_add_output(draft, smaller));
    EXPECT(draft->marks[0] == -1 && draft->marks[1] == 0 && draft->marks[2] == 1 && draft->marks[3] == -1);
    struct assay_graph *finished = finish(draft);
    assay_draft_free(draft);
    if (!finished)
        return;
    const struct assay_tensor *t = finished->subgraphs[0].tensors;
    EXPECT(finished->subgraphs[0].tensor_count == TENSORS + 2);
    EXPECT(t[SHARED].data == t[CONSTANT].data && t[PART].data != t[CONSTANT].data);
    const void *bytes = numbers;
    EXPECT(t[PART].bytes == 8 && memcmp(t[PART].data, bytes, 8) == 0);
    EXPECT(t[CONSTANT].bytes == 16 && memcmp(t[CONSTANT].data, bytes, 16) == 0);
    assay_graph_free(finished);
}

/* TANH comes between RELU and ADD, then RELU goes. */
static void test_edits(void)
{
    struct assay_draft *draft = make(&graph);
    const int32_t middle = MIDDLE;
    int32_t copy = MIDDLE;
    /* A copy of one of the draft's own, often enough that they all move. */
    for (int i = 0; i < 100; i++)
        copy = assay_draft_add_tensor(draft, &draft->tensors[MIDDLE]);
    EXPECT(copy == TENSORS + 99 && strcmp(draft->tensors[copy].name, names[MIDDLE]) == 0);
    draft->tensors[copy].name = assay_draft_text(draft, "%s%d", "tanh", 7);
    assay_draft_redirect(draft, MIDDLE, copy, 1);
    EXPECT(assay_draft_insert(
        draft, 1,
        &(struct assay_operator){
            .code = ASSAY_OPERATOR_TANH, .input_count = 1, .output_count = 1, .inputs = &middle, .outputs = &copy}));
    EXPECT(assay_draft_only_user(draft, MIDDLE) == 1 && assay_draft_only_user(draft, copy) == 2);
    EXPECT(add_in[0] == MIDDLE); /* the graph's own lists stay */
    struct assay_graph *with_tanh = finish(draft);

    assay_draft_remove(draft, 0);
    EXPECT(draft->operator_count == 2 && draft->marks[0] == -1 && draft->marks[1] == 1);
    refused(draft, "reads tensor 1 before anything has made it");
    assay_draft_operator_inputs(draft, 0)[0] = IN;
    struct assay_graph *without_relu = finish(draft);
    /* OUT is given out twice, then not by ADD any more. */
    EXPECT(assay_draft_add_output(draft, OUT) && assay_draft_uses(draft, OUT) == 2);
    assay_draft_redirect(draft, OUT, copy, 2);
    EXPECT(assay_draft_uses(draft, OUT) == 0 && draft->outputs[0] == copy && draft->outputs[1] == copy);
    assay_draft_free(draft);

    struct assay_model_error difference;
    if (with_tanh && without_relu) {
        const struct assay_subgraph *a = &with_tanh->subgraphs[0], *b = &without_relu->subgraphs[0];
        EXPECT(a->tensor_count == 5 && a->operator_count == 3 && strcmp(a->tensors[4].name, "tanh7") == 0);
        EXPECT(b->tensor_count == 4 && b->operator_count == 2 && b->operators[0].code == ASSAY_OPERATOR_TANH);
        EXPECT(b->operators[0].inputs[0] == 0 && b->operators[1].inputs[0] == b->operators[0].outputs[0]);
        EXPECT(!assay_graph_equal(with_tanh, without_relu, &difference));
    }
    assay_graph_free(with_tanh);
    assay_graph_free(without_relu);
}

/* A network from nothing: constants, scales, a sparse tensor. */
static void test_from_nothing(void)
{
    static const int8_t bytes[] = {1, -2, 3, -4, 5, -6};
    static const float scales[] = {0.5f, 0.25f};
    static const int32_t order[] = {0, 1}, segments[] = {0, 1, 2}, indexes[] = {2, 0};
    struct assay_draft *draft = make(NULL);
    draft->description = "new";
    const struct assay_shape shape = {2, {2, 3}}, scalar = {0}, nothing = {1, {0}};
    const int32_t weights = assay_draft_add_constant(draft, "weights", ASSAY_TENSOR_I8, &shape, bytes);
    const int32_t one = assay_draft_add_constant(draft, "one", ASSAY_TENSOR_I8, &scalar, bytes);
    const int32_t none = assay_draft_add_constant(draft, "none", ASSAY_TENSOR_I8, &nothing, NULL);
    EXPECT(weights == 0 && one == 1 && none == 2 && draft->tensors[none].data && draft->tensors[one].bytes == 1);
    EXPECT(draft->tensors[weights].data != bytes && draft->tensors[weights].bytes == 6);
    EXPECT(assay_draft_set_quantization(draft, weights, 2, scales, NULL, 0));
    EXPECT(draft->tensors[weights].quantization.zero[1] == 0 && draft->tensors[weights].quantization.scale != scales);

    const struct assay_sparse_dimension dimensions[] = {
        {.size = 2},
        {.compressed = true, .segment_count = 3, .index_count = 2, .segments = segments, .indices = indexes}};
    const struct assay_sparsity sparsity = {2, 0, 2, order, NULL, dimensions};
    const struct assay_tensor sparse = {
        .name = "sparse", .type = ASSAY_TENSOR_I8, .shape = shape, .data = bytes, .bytes = 2, .sparsity = &sparsity};
    const int32_t added = assay_draft_add_tensor(draft, &sparse);
    for (int32_t i = 0; i <= added; i++)
        EXPECT(assay_draft_add_output(draft, i));
    struct assay_graph *finished = finish(draft);
    assay_draft_free(draft);
    if (!finished)
        return;
    const struct assay_tensor *t = finished->subgraphs[0].tensors;
    EXPECT(finished->subgraph_count == 1 && finished->subgraphs[0].tensor_count == 4);
    EXPECT(t[0].quantization.count == 2 && t[0].quantization.scale[1] == 0.25f && memcmp(t[0].data, bytes, 6) == 0);
    EXPECT(t[2].data && t[2].bytes == 0);
    EXPECT(t[3].sparsity && t[3].sparsity->dimensions[1].indices[0] == 2 &&
           t[3].sparsity->dimensions[1].indices != indexes);
    assay_graph_free(finished);
}

static void test_refused(void)
{
    struct assay_draft *draft = make(&graph);
    assay_draft_operator_inputs(draft, 0)[0] = OUT; /* which is made of what this one makes */
    refused(draft, "operator 0 (RELU) reads tensor 3 before anything has made it");
    assay_draft_free(draft);

    draft = make(&graph);
    assay_draft_remove(draft, 1);
    refused(draft, "output 0 is tensor 2, which nothing makes"); /* by its number once CONSTANT is gone */
    assay_draft_free(draft);

    draft = make(&graph);
    draft->tensors[CONSTANT].shape.dims[0] = 5;
    refused(draft, "has 16 bytes of data; its shape and type make 20");
    assay_draft_free(draft);

    draft = make(&graph);
    assay_draft_operator_outputs(draft, 1)[0] = MIDDLE;
    refused(draft, "made already");
    assay_draft_free(draft);

    draft = make(&graph);
    assay_draft_operator_inputs(draft, 1)[1] = -1;
    refused(draft, "lacks its input 1");
    assay_draft_free(draft);

    draft = make(&graph);
    draft->input_count = 0;
    refused(draft, "reads tensor");
    assay_draft_free(draft);
}

static void test_memory(void)
{
    struct assay_model_error error = {{0}};
    struct assay_draft *draft = make(&graph);
    size_t limit = 0;
    struct assay_graph *finished = NULL;
    for (; !finished && limit < LIMIT; limit += 64) {
        finished = assay_draft_finish(draft, limit, &error);
        EXPECT(finished || strstr(error.text, "more memory than the limit"));
    }
    EXPECT(finished && limit > 640);
    assay_graph_free(finished);
    const struct assay_shape large = {1, {LIMIT}}, larger = {8, {INT32_MAX, INT32_MAX, INT32_MAX, 9, 9, 9, 9, 9}};
    EXPECT(assay_draft_add_constant(draft, "", ASSAY_TENSOR_I8, &large, numbers) == -1);
    EXPECT(assay_draft_add_constant(draft, "", ASSAY_TENSOR_I8, &larger, numbers) == -1);
    EXPECT(draft->tensor_count == TENSORS);
    assay_draft_free(draft);
    EXPECT(!assay_draft_make(&graph, 64, &error) && strstr(error.text, "no memory"));
}

int main(void)
{
    make_graph();
    test_unchanged();
    test_shared_data();
    test_edits();
    test_from_nothing();
    test_refused();
    test_memory();
    printf("%d failures\n", failures);
    return failures != 0;
}
