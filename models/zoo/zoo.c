#include "models/zoo/zoo.h"
#include "models/data/dataset.h"
#include "models/tflite/writer.h"
#include "models/zoo/export.h"
#include "models/zoo/shapes_plan.h"
#include "models/zoo/train.h"

#include <stdlib.h>

enum { CALIBRATION_SAMPLES = 200, TEST_SAMPLES = 1000, IMAGES_PER_EPOCH = 2000, BATCH = 16 };

static const struct assay_zoo_entry entries[] = {
    {"shapes", "24x24x3 images in ten classes, five told by outline and five by texture", 24},
};

const struct assay_zoo_entry *assay_zoo_entry(size_t i)
{
    return i < sizeof(entries) / sizeof(entries[0]) ? &entries[i] : NULL;
}

static bool write_samples(const char *path, const char *name, uint64_t seed, enum assay_shapes_set set, size_t count,
                          struct assay_model_error *error)
{
    float *images = calloc(count, ASSAY_SHAPES_FLOATS * sizeof(*images));
    int32_t *labels = calloc(count, sizeof(*labels));
    bool fine = images && labels;
    if (!fine)
        assay_model_fail(error, "%s: no memory for %zu images", path, count);
    for (size_t i = 0; fine && i < count; i++) {
        assay_shapes_draw(seed, set, i, images + i * ASSAY_SHAPES_FLOATS);
        labels[i] = assay_shapes_label(i);
    }
    const struct assay_shape shape = {4, {(int32_t)count, ASSAY_SHAPES_SIZE, ASSAY_SHAPES_SIZE, ASSAY_SHAPES_CHANNELS}};
    const struct assay_data_array input = {"images", ASSAY_TENSOR_F32, shape, images,
                                           count * ASSAY_SHAPES_FLOATS * sizeof(*images)};
    const struct assay_data_array label = {
        "labels", ASSAY_TENSOR_I32, {1, {(int32_t)count}}, labels, count * sizeof(*labels)};
    const struct assay_dataset dataset = {.name = name,
                                          .task = ASSAY_TASK_CLASSIFICATION,
                                          .samples = count,
                                          .classes = ASSAY_SHAPES_CLASSES,
                                          .input_count = 1,
                                          .inputs = &input,
                                          .labels = &label};
    fine = fine && assay_dataset_write(&dataset, path, error);
    free(images);
    free(labels);
    return fine;
}

struct listener {
    const struct assay_zoo_options *options;
    const char *name;
    bool stopped;
};

static bool tell(void *context, const struct zoo_epoch *epoch)
{
    struct listener *listener = context;
    const struct assay_zoo_progress progress = {listener->name, epoch->done, epoch->all, epoch->loss, epoch->top1};
    if (listener->options->progress)
        listener->stopped = !listener->options->progress(listener->options->context, &progress);
    return !listener->stopped;
}

static bool train(struct zoo_network *network, const struct assay_zoo_entry *entry,
                  const struct assay_zoo_options *options, struct assay_model_error *error)
{
    struct listener listener = {.options = options, .name = entry->name};
    const struct zoo_training training = {.seed = options->seed,
                                          .epochs = options->epochs ? options->epochs : entry->epochs,
                                          .images = IMAGES_PER_EPOCH,
                                          .batch = BATCH,
                                          .rate = 0.08f,
                                          .momentum = 0.9f,
                                          .decay = 1e-3f,
                                          .progress = tell,
                                          .context = &listener};
    return zoo_train(network, &training) ||
           assay_model_fail(error,
                            listener.stopped ? "%s: stopped in training; its samples are written, the network is not"
                                             : "%s: no memory to train it",
                            entry->name);
}

static bool write_network(const struct zoo_network *network, const char *path, struct assay_model_error *error)
{
    struct assay_graph *graph = zoo_export(network, error);
    const bool written = graph && assay_tflite_write_file(graph, path, error);
    assay_graph_free(graph);
    return written;
}

static bool make_path(char *path, size_t room, const char *directory, const char *name, const char *ending,
                      struct assay_model_error *error)
{
    const int length = snprintf(path, room, "%s/%s.%s", directory, name, ending);
    return (length >= 0 && (size_t)length < room) ||
           assay_model_fail(error, "%.200s…: the path is too long", directory);
}

bool assay_zoo_make(const struct assay_zoo_entry *entry, const struct assay_zoo_options *options, const char *directory,
                    struct assay_zoo_result *result, struct assay_model_error *error)
{
    *result = (struct assay_zoo_result){.calibration_samples = CALIBRATION_SAMPLES, .test_samples = TEST_SAMPLES};
    if (!make_path(result->model, sizeof(result->model), directory, entry->name, "tflite", error) ||
        !make_path(result->calibration, sizeof(result->calibration), directory, entry->name, "calibration.assay",
                   error) ||
        !make_path(result->test, sizeof(result->test), directory, entry->name, "test.assay", error))
        return false;
    struct zoo_network *network = zoo_network_make(&zoo_shapes_plan, BATCH, options->seed);
    if (!network)
        return assay_model_fail(error, "%s: no memory for the network", entry->name);
    /* The samples first: that a folder cannot be written is better said before the training. */
    const bool fine =
        write_samples(result->calibration, "shapes calibration", options->seed, ASSAY_SHAPES_CALIBRATION,
                      CALIBRATION_SAMPLES, error) &&
        write_samples(result->test, "shapes test", options->seed, ASSAY_SHAPES_TEST, TEST_SAMPLES, error) &&
        train(network, entry, options, error) && write_network(network, result->model, error);
    if (fine)
        result->right = zoo_count_right(network, options->seed, ASSAY_SHAPES_TEST, TEST_SAMPLES);
    zoo_network_free(network);
    return fine;
}
