/* The measure of post-training int8: the network that this tool makes of the float image network agrees with
 * its float original at least as often as the published int8 network does: top-1, on 500 generated images that were not
 * calibrated on. It reads resnet8_fp32 and resnet8_int8 of the public reference networks, in $ASSAY_REFERENCE_MODELS or
 * the folder that is its argument; exit status 77: they are not there.
 *
 * The published network takes int8 of the same reals (scale 1, zero point -128: pixels are whole numbers from 0 to
 * 255). Ours takes floats, and int8 in a second run; it goes through the writer and the reader on its way. */
#include "models/data/dataset.h"
#include "models/optimize/optimize.h"
#include "models/run/executor.h"
#include "models/tflite/reader.h"
#include "models/tflite/writer.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { SIDE = 32, PIXELS = SIDE * SIDE * 3, CALIBRATED = 200, TESTED = 500 };
static const size_t limit = (size_t)1 << 28;

static uint64_t next(uint64_t *state)
{
    uint64_t z = *state += UINT64_C(0x9E3779B97F4A7C15);
    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return z ^ (z >> 31);
}

static double uniform(uint64_t *state, double low, double high)
{
    return low + (high - low) * (double)(next(state) >> 11) * 0x1p-53;
}

/* Something like a picture: a ground with shades (waves of low frequency), things in front of it (discs and boxes of
 * one colour), and noise, from none to a lot. */
static void make_image(uint64_t seed, float *image)
{
    enum { WAVES = 3, THINGS = 4 };
    uint64_t state = seed;
    double ground[3], wave[WAVES][6], thing[THINGS][8];
    for (int c = 0; c < 3; c++)
        ground[c] = uniform(&state, 20, 235);
    for (int w = 0; w < WAVES; w++) {
        for (int i = 0; i < 2; i++)
            wave[w][i] = uniform(&state, -0.5, 0.5);
        wave[w][2] = uniform(&state, 0, 6.3);
        for (int c = 0; c < 3; c++)
            wave[w][3 + c] = uniform(&state, -50, 50);
    }
    const int things = (int)uniform(&state, 0, THINGS + 1);
    for (int t = 0; t < things; t++) {
        thing[t][0] = uniform(&state, 0, SIDE);
        thing[t][1] = uniform(&state, 0, SIDE);
        thing[t][2] = uniform(&state, 2, 12);
        thing[t][3] = uniform(&state, 2, 12);
        for (int c = 0; c < 4; c++)
            thing[t][4 + c] = uniform(&state, 0, 255);
    }
    const double noise = uniform(&state, -20, 60);
    for (int i = 0; i < PIXELS; i++) {
        const int c = i % 3, x = i / 3 % SIDE, y = i / 3 / SIDE;
        double value = ground[c];
        for (int w = 0; w < WAVES; w++)
            value += wave[w][3 + c] * cos(wave[w][0] * x + wave[w][1] * y + wave[w][2]);
        for (int t = 0; t < things; t++) {
            const double dx = fabs(x - thing[t][0]) / thing[t][2], dy = fabs(y - thing[t][1]) / thing[t][3];
            if (thing[t][7] < 128 ? dx * dx + dy * dy < 1 : fmax(dx, dy) < 1)
                value = thing[t][4 + c];
        }
        if (noise > 0)
            value += uniform(&state, -noise, noise);
        image[i] = (float)round(fmin(fmax(value, 0), 255));
    }
}

static _Noreturn void give_up(const char *what, const struct assay_model_error *error)
{
    fprintf(stderr, "%s: %s\n", what, error->text);
    exit(1);
}

static struct assay_graph *convert(const struct assay_graph *graph, const struct assay_dataset *samples,
                                   enum assay_calibration method, bool integer_io)
{
    struct assay_model_error error = {{0}};
    const struct assay_optimize_options options = {
        .all.mode = ASSAY_MODE_INT8,
        .integer_io = integer_io,
        .samples = samples,
        .calibration = {.method = method, .features = assay_cpu_features()},
        .memory_limit = limit,
    };
    struct assay_graph *made = assay_optimize(graph, &options, &error);
    if (!made)
        give_up("conversion", &error);
    size_t size;
    void *bytes = assay_tflite_write(made, &size, &error);
    assay_graph_free(made);
    if (!bytes)
        give_up("writing", &error);
    made = assay_tflite_read(bytes, size, limit, &error);
    free(bytes);
    if (!made)
        give_up("reading back", &error);
    return made;
}

/* No operator but those at the borders, and no tensor, is float. */
static int count_floats(const struct assay_graph *graph)
{
    int floats = 0;
    for (size_t t = 0; t < graph->subgraphs[0].tensor_count; t++)
        floats += graph->subgraphs[0].tensors[t].type == ASSAY_TENSOR_F32;
    return floats;
}

static struct assay_executor *runner(const struct assay_graph *graph)
{
    struct assay_model_error error = {{0}};
    const struct assay_executor_options options = {.features = assay_cpu_features(), .memory_limit = limit};
    struct assay_executor *executor = assay_executor_make(graph, options, &error);
    if (!executor)
        give_up("making ready", &error);
    return executor;
}

static size_t answer(struct assay_executor *executor, const struct assay_dataset *images, size_t i)
{
    struct assay_value *in = assay_executor_input(executor, 0);
    assay_dataset_load(images, 0, i, 1, in->tensor, in->data);
    assay_executor_run(executor);
    const struct assay_value *out = assay_executor_output(executor, 0);
    const float *reals = out->data;
    const int8_t *integers = out->data;
    const bool real = out->tensor->type == ASSAY_TENSOR_F32;
    size_t best = 0;
    for (size_t k = 1; k < 10; k++)
        if (real ? reals[k] > reals[best] : integers[k] > integers[best])
            best = k;
    return best;
}

/* How many of the images get the float network's answer. */
static int agreement(const struct assay_graph *graph, const struct assay_dataset *images, const size_t *answers)
{
    struct assay_executor *executor = runner(graph);
    int agreed = 0;
    for (size_t i = 0; i < images->samples; i++)
        agreed += answer(executor, images, i) == answers[i];
    assay_executor_free(executor);
    return agreed;
}

static struct assay_graph *read_model(const char *folder, const char *name)
{
    char path[4096];
    struct assay_model_error error = {{0}};
    snprintf(path, sizeof(path), "%s/%s/model.tflite", folder, name);
    if (access(path, R_OK) != 0) {
        printf("skipped: no %s (ASSAY_REFERENCE_MODELS names another folder)\n", path);
        exit(77);
    }
    struct assay_graph *graph = assay_tflite_read_file(path, limit, &error);
    if (!graph)
        give_up(path, &error);
    return graph;
}

static float pixels[CALIBRATED + TESTED][PIXELS];

int main(int argc, char **argv)
{
    const char *folder = getenv("ASSAY_REFERENCE_MODELS");
    if (!folder)
        folder = argc > 1 ? argv[1] : "";
    struct assay_graph *real = read_model(folder, "resnet8_fp32"), *published = read_model(folder, "resnet8_int8");
    for (size_t i = 0; i < CALIBRATED + TESTED; i++)
        make_image(i + 1, pixels[i]);
    struct assay_data_array arrays[2] = {
        {"image", ASSAY_TENSOR_F32, {4, {CALIBRATED, SIDE, SIDE, 3}}, pixels, CALIBRATED * sizeof(pixels[0])},
        {"image", ASSAY_TENSOR_F32, {4, {TESTED, SIDE, SIDE, 3}}, pixels[CALIBRATED], TESTED * sizeof(pixels[0])},
    };
    const struct assay_dataset samples = {.name = "", .samples = CALIBRATED, .input_count = 1, .inputs = &arrays[0]};
    const struct assay_dataset images = {.name = "", .samples = TESTED, .input_count = 1, .inputs = &arrays[1]};

    size_t answers[TESTED], classes[10] = {0}, seen = 0;
    struct assay_executor *executor = runner(real);
    for (size_t i = 0; i < TESTED; i++)
        seen += classes[answers[i] = answer(executor, &images, i)]++ == 0;
    assay_executor_free(executor);

    const int theirs = agreement(published, &images, answers);
    printf("top-1 as the float network, of %d images (%zu classes among its answers):\n", (int)TESTED, seen);
    printf("  published int8   %d\n", theirs);
    int status = seen < 5; /* of images that look all the same to the network, agreement says nothing */
    for (int method = 0; method < ASSAY_CALIBRATION_COUNT; method++) {
        struct assay_graph *ours = convert(real, &samples, (enum assay_calibration)method, false);
        const int agreed = agreement(ours, &images, answers);
        printf("  ours, %-15s %d\n", assay_calibration_name((enum assay_calibration)method), agreed);
        if (method == ASSAY_CALIBRATE_DEFAULT && agreed < theirs)
            status = 1;
        assay_graph_free(ours);
    }
    struct assay_graph *whole = convert(real, &samples, ASSAY_CALIBRATE_DEFAULT, true);
    const int agreed = agreement(whole, &images, answers);
    printf("  ours, int8 in and out   %d\n", agreed);
    if (agreed < theirs || count_floats(whole) != 0)
        status = 1;
    assay_graph_free(whole);
    assay_graph_free(real);
    assay_graph_free(published);
    return status;
}
