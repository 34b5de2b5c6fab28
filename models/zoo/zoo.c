#include "models/zoo/zoo.h"
#include "models/data/dataset.h"
#include "models/data/generate.h"
#include "models/tflite/writer.h"
#include "models/zoo/export.h"
#include "models/zoo/shapes_plan.h"
#include "models/zoo/train.h"
#include "models/zoo/untrained.h"

#include <stdlib.h>

enum { CALIBRATION_SAMPLES = 200, NOISE_SAMPLES = 8, TEST_SAMPLES = 1000, IMAGES_PER_EPOCH = 2000, BATCH = 16 };

static const struct zoo_architecture *const architectures[] = {&zoo_mobilenet_v1, &zoo_mobilenet_v2, &zoo_ds_cnn,
                                                               &zoo_resnet8, &zoo_autoencoder};
enum { ARCHITECTURES = sizeof(architectures) / sizeof(architectures[0]) };

const struct assay_zoo_entry *assay_zoo_entry(size_t i)
{
    static struct assay_zoo_entry entries[1 + ARCHITECTURES] = {
        {"shapes", "24x24x3 images in ten classes, five told by outline and five by texture", 24, 0},
    };
    for (size_t a = 0; a < ARCHITECTURES; a++)
        entries[1 + a] = (struct assay_zoo_entry){architectures[a]->name, architectures[a]->summary, 0,
                                                  architectures[a]->resolution};
    return i < 1 + ARCHITECTURES ? &entries[i] : NULL;
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

static bool make_paths(const char *directory, const char *name, bool tested, struct assay_zoo_result *result,
                       struct assay_model_error *error)
{
    return make_path(result->model, sizeof(result->model), directory, name, "tflite", error) &&
           make_path(result->calibration, sizeof(result->calibration), directory, name, "calibration.assay", error) &&
           (!tested || make_path(result->test, sizeof(result->test), directory, name, "test.assay", error));
}

static bool make_trained(const struct assay_zoo_entry *entry, const struct assay_zoo_options *options,
                         const char *directory, struct assay_zoo_result *result, struct assay_model_error *error)
{
    *result = (struct assay_zoo_result){.calibration_samples = CALIBRATION_SAMPLES, .test_samples = TEST_SAMPLES};
    if (!make_paths(directory, entry->name, true, result, error))
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

static bool write_noise(const struct assay_graph *graph, uint64_t seed, const char *path,
                        struct assay_model_error *error)
{
    const struct assay_generate_options noise = {.samples = NOISE_SAMPLES, .seed = seed, .kind = ASSAY_GENERATE_MIXED};
    struct assay_dataset *dataset = assay_dataset_generate(graph->subgraphs, noise, error);
    const bool fine = dataset && assay_dataset_write(dataset, path, error);
    assay_generated_free(dataset);
    return fine;
}

static bool make_untrained(const struct zoo_architecture *architecture, const struct assay_zoo_options *options,
                           const char *directory, struct assay_zoo_result *result, struct assay_model_error *error)
{
    const struct zoo_scale scale = {.width = options->width > 0 ? options->width : 1,
                                    .resolution = options->resolution ? options->resolution : architecture->resolution};
    const bool scaled = options->width > 0 || options->resolution > 0;
    char name[128];
    *result = (struct assay_zoo_result){.calibration_samples = NOISE_SAMPLES};
    snprintf(name, sizeof(name), scaled ? "%s_%g_%zu" : "%s", architecture->name, scale.width, scale.resolution);
    if (!make_paths(directory, name, false, result, error))
        return false;
    struct assay_graph *graph = zoo_untrained(architecture, scale, options->seed, error);
    const bool fine = graph && write_noise(graph, options->seed, result->calibration, error) &&
                      assay_tflite_write_file(graph, result->model, error);
    assay_graph_free(graph);
    return fine;
}

bool assay_zoo_make(const struct assay_zoo_entry *entry, const struct assay_zoo_options *options, const char *directory,
                    struct assay_zoo_result *result, struct assay_model_error *error)
{
    if (entry->resolution == 0 && (options->width > 0 || options->resolution > 0))
        return assay_model_fail(error, "%s: neither its width nor its resolution can be chosen", entry->name);
    for (size_t a = 0; a < ARCHITECTURES; a++)
        if (architectures[a]->name == entry->name)
            return make_untrained(architectures[a], options, directory, result, error);
    return make_trained(entry, options, directory, result, error);
}
