/* The public reference networks with 1, 2, 3 and 7 threads, own ones and those that all networks share: every tensor of
 * every operator has the same bytes, whatever the number. It reads them from $ASSAY_REFERENCE_MODELS or the folder that
 * is its argument. Exit status 77: they are not there. */
#include "models/run/executor.h"
#include "models/tflite/reader.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *const networks[] = {"resnet8_fp32", "resnet8_int8", "kws_int8", "kws_hybrid"};

struct hashes {
    uint64_t hash;
    size_t operators;
};

static void add_outputs(void *context, const struct assay_node *node, size_t index)
{
    struct hashes *h = context;
    (void)index;
    h->operators++;
    for (size_t k = 0; k < node->op->output_count; k++) {
        const struct assay_value *value = node->out[k];
        size_t count = 0;
        if (!value->data || !assay_shape_count(&value->shape, &count))
            continue;
        const unsigned char *bytes = value->data;
        for (size_t i = 0; i < count * assay_tensor_type_size(value->tensor->type); i++)
            h->hash = (h->hash ^ bytes[i]) * UINT64_C(0x100000001B3);
    }
}

static size_t entered;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static void enter(void *context, size_t thread)
{
    pthread_mutex_lock(&lock);
    entered += thread >= 1 && context == (void *)&entered;
    pthread_mutex_unlock(&lock);
}

static struct hashes run(const struct assay_graph *graph, const char *kernel, size_t batch, size_t threads,
                         struct assay_threads *shared)
{
    struct hashes h = {.hash = UINT64_C(0xCBF29CE484222325)};
    struct assay_model_error error = {{0}};
    const struct assay_executor_options options = {.features = assay_cpu_features(),
                                                   .kernel = kernel,
                                                   .memory_limit = 1 << 28,
                                                   .batch = batch,
                                                   .threads = threads,
                                                   .enter = enter,
                                                   .enter_context = &entered,
                                                   .shared = shared};
    entered = 0;
    struct assay_executor *executor = assay_executor_make(graph, options, &error);
    if (!executor || entered != (threads > 1 && !shared ? threads - 1 : 0)) {
        fprintf(stderr, "%zu of %zu threads entered: %s\n", entered, threads, error.text);
        exit(1);
    }
    assay_executor_watch(executor, add_outputs, &h);
    for (int repeat = 0; repeat < 3; repeat++) {
        struct assay_value *in = assay_executor_input(executor, 0);
        size_t count = 0;
        assay_shape_count(&in->shape, &count);
        for (size_t i = 0; i < count; i++) {
            const unsigned value = (unsigned)(i * 2654435761u + (unsigned)repeat * 977u) >> 24;
            if (in->tensor->type == ASSAY_TENSOR_F32)
                ((float *)in->data)[i] = (float)value;
            else
                ((int8_t *)in->data)[i] = (int8_t)(value ^ 0x80);
        }
        assay_executor_run(executor);
    }
    assay_executor_free(executor);
    return h;
}

static int check(const struct assay_graph *graph, const char *name, const char *kernel, size_t batch,
                 struct assay_threads *two)
{
    static const size_t threads[] = {2, 2, 3, 7};
    int wrong = 0;
    const struct hashes one = run(graph, kernel, batch, 1, NULL);
    for (size_t t = 0; t < sizeof(threads) / sizeof(threads[0]); t++) {
        const struct hashes other = run(graph, kernel, batch, threads[t], t == 0 ? two : NULL);
        if (other.hash == one.hash && other.operators == one.operators && one.operators > 0)
            continue;
        fprintf(stderr, "%s, batch %zu, kernels %s: %zu threads give another result than one\n", name, batch,
                kernel ? kernel : "best", threads[t]);
        wrong++;
    }
    return wrong;
}

int main(int argc, char **argv)
{
    const char *folder = getenv("ASSAY_REFERENCE_MODELS");
    char path[4096];
    int wrong = 0;
    if (!folder)
        folder = argc == 2 ? argv[1] : ".";
    struct assay_threads *two;
    if (!assay_threads_make(2, NULL, NULL, &two))
        return 1;
    for (size_t i = 0; i < sizeof(networks) / sizeof(networks[0]); i++) {
        struct assay_model_error error = {{0}};
        snprintf(path, sizeof(path), "%s/%s/model.tflite", folder, networks[i]);
        if (i == 0 && access(path, R_OK) != 0) {
            printf("skipped: there is no %s (ASSAY_REFERENCE_MODELS names another folder)\n", path);
            return 77;
        }
        struct assay_graph *graph = assay_tflite_read_file(path, 1 << 28, &error);
        if (!graph) {
            fprintf(stderr, "%s\n", error.text);
            return 1;
        }
        for (size_t batch = 1; batch <= 5; batch += 2)
            wrong += check(graph, networks[i], NULL, batch, two);
        wrong += check(graph, networks[i], "ref", 1, two);
        assay_graph_free(graph);
    }
    assay_threads_free(two);
    return wrong > 0;
}
