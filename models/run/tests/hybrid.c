/* The dynamic-range network against itself with its int8 weights expanded to floats: the same layers but for the
 * quantization of activations. It reads kws_hybrid of the public reference networks, in $ASSAY_REFERENCE_MODELS or the
 * folder that is its argument, and the inputs of kws_int8, dequantized. Exit status 0: on every input the largest
 * output is the same element, and the worst difference before softmax is within 5 % of the largest magnitude there: 8
 * bits in each of 5 layers leave about 2 %. 77: the networks are not there. */
#include "models/run/executor.h"
#include "models/tflite/reader.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { LIMIT = 1 << 28 };

/* Expands the int8 constants of the graph in place, into the graph's own arena. */
static size_t expand(struct assay_graph *graph)
{
    size_t expanded = 0;
    struct assay_tensor *tensors = (struct assay_tensor *)graph->subgraphs[0].tensors;
    for (size_t t = 0; t < graph->subgraphs[0].tensor_count; t++) {
        const struct assay_tensor_quantization q = tensors[t].quantization;
        if (tensors[t].type != ASSAY_TENSOR_I8 || !tensors[t].data || q.count == 0)
            continue;
        const int8_t *in = tensors[t].data;
        const size_t count = tensors[t].bytes;
        float *out = assay_arena_take(&graph->arena, count, sizeof(*out));
        size_t inner = 1;
        for (size_t d = q.axis + 1; d < tensors[t].shape.rank; d++)
            inner *= (size_t)tensors[t].shape.dims[d];
        for (size_t i = 0; out && i < count; i++)
            out[i] = q.scale[q.count == 1 ? 0 : i / inner % q.count] * (float)in[i];
        if (!out)
            exit(2);
        tensors[t].type = ASSAY_TENSOR_F32;
        tensors[t].data = out;
        tensors[t].bytes = count * sizeof(*out);
        tensors[t].quantization = (struct assay_tensor_quantization){0};
        expanded++;
    }
    return expanded;
}

struct logits {
    float values[64];
    size_t count;
};

static void keep_logits(void *context, const struct assay_node *node, size_t index)
{
    struct logits *logits = context;
    (void)index;
    if (node->op->code != ASSAY_OPERATOR_FULLY_CONNECTED)
        return;
    assay_shape_count(&node->out[0]->shape, &logits->count);
    for (size_t i = 0; i < logits->count && i < 64; i++)
        logits->values[i] = ((const float *)node->out[0]->data)[i];
}

static void fill(struct assay_executor *executor, const int8_t *q, size_t count, float scale, int64_t zero)
{
    float *in = assay_executor_input(executor, 0)->data;
    for (size_t i = 0; i < count; i++)
        in[i] = scale * (float)(q[i] - zero);
}

static struct logits run(struct assay_executor *executor)
{
    struct logits logits = {.count = 0};
    assay_executor_watch(executor, keep_logits, &logits);
    assay_executor_run(executor);
    return logits;
}

static bool agree(const struct logits *a, const struct logits *b, const char *path)
{
    size_t winner_a = 0, winner_b = 0;
    float worst = 0, largest = 0;
    for (size_t i = 0; i < b->count; i++) {
        winner_a = a->values[i] > a->values[winner_a] ? i : winner_a;
        winner_b = b->values[i] > b->values[winner_b] ? i : winner_b;
        worst = fmaxf(worst, fabsf(a->values[i] - b->values[i]));
        largest = fmaxf(largest, fabsf(b->values[i]));
    }
    printf("%s: hybrid %zu, float %zu, worst difference %.4f of %.3f\n", path, winner_a, winner_b, (double)worst,
           (double)largest);
    return a->count == b->count && b->count > 0 && winner_a == winner_b && worst <= 0.05f * largest;
}

static struct assay_graph *read_network(const char *folder, const char *network)
{
    char path[4096];
    struct assay_model_error error = {{0}};
    snprintf(path, sizeof(path), "%s/%s/model.tflite", folder, network);
    struct assay_graph *graph = assay_tflite_read_file(path, LIMIT, &error);
    if (!graph) {
        fprintf(stderr, "%s\n", error.text);
        exit(1);
    }
    return graph;
}

static struct assay_executor *make(const struct assay_graph *graph)
{
    struct assay_model_error error = {{0}};
    const struct assay_executor_options options = {.features = assay_cpu_features(), .memory_limit = LIMIT};
    struct assay_executor *executor = assay_executor_make(graph, options, &error);
    if (!executor) {
        fprintf(stderr, "%s\n", error.text);
        exit(1);
    }
    return executor;
}

int main(int argc, char **argv)
{
    const char *folder = getenv("ASSAY_REFERENCE_MODELS");
    char path[4096];
    if (!folder && argc == 2)
        folder = argv[1];
    snprintf(path, sizeof(path), "%s/kws_hybrid/model.tflite", folder ? folder : ".");
    if (access(path, R_OK) != 0) {
        printf("skipped: there is no %s (ASSAY_REFERENCE_MODELS names another folder)\n", path);
        return 77;
    }
    struct assay_graph *integer = read_network(folder, "kws_int8"), *hybrid = read_network(folder, "kws_hybrid"),
                       *real = read_network(folder, "kws_hybrid");
    bool good = expand(real) > 0;
    struct assay_executor *a = make(hybrid), *b = make(real);
    const struct assay_tensor *sibling = &integer->subgraphs[0].tensors[integer->subgraphs[0].inputs[0]];
    int8_t q[490];
    for (int i = 0; i < 5; i++) {
        snprintf(path, sizeof(path), "%s/kws_int8/in%d.bin", folder, i);
        FILE *file = fopen(path, "rb");
        const bool complete = file && fread(q, 1, sizeof(q), file) == sizeof(q);
        if (!complete)
            perror(path);
        if (file)
            fclose(file);
        if (!complete)
            return 1;
        fill(a, q, sizeof(q), sibling->quantization.scale[0], sibling->quantization.zero[0]);
        fill(b, q, sizeof(q), sibling->quantization.scale[0], sibling->quantization.zero[0]);
        const struct logits left = run(a), right = run(b);
        good = agree(&left, &right, path) && good;
    }
    assay_executor_free(a);
    assay_executor_free(b);
    assay_graph_free(integer);
    assay_graph_free(hybrid);
    assay_graph_free(real);
    return !good;
}
