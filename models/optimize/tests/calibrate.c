/* Calibration against plain formulas over all values of all samples: extremes, moving averages, sorted quantiles, and
 * the best range that a fine search over the values themselves finds. */
#include "models/optimize/tests/small.h"

enum { WIDTH = 37, COUNT = SMALL_SAMPLES * WIDTH, X = 0, Y = 1, C = 2, Z = 3 };

/* x -> relu -> y; y + c -> z. The samples have long tails: most values are small, few are large. */
struct bench {
    struct assay_graph *graph;
    struct small_samples *samples;
    float *x;
};

static struct bench make(void)
{
    struct assay_draft *draft = small_make();
    const int32_t x = small_input(draft, "x", SHAPE(2, WIDTH)), y = small_tensor(draft, "the_y", SHAPE(2, WIDTH)),
                  c = small_reals(draft, "c", SHAPE(1), 1, 1), z = small_tensor(draft, "z", SHAPE(2, WIDTH));
    small_add(draft, (struct assay_operator){.code = ASSAY_OPERATOR_RELU}, LIST(x), LIST(y));
    small_add(draft, (struct assay_operator){.code = ASSAY_OPERATOR_ADD}, LIST(y, c), LIST(z));
    assay_draft_add_output(draft, z);
    struct bench bench = {.graph = small_finish(draft)};
    assay_draft_free(draft);
    bench.samples = small_sample(bench.graph, -1, 1);
    bench.samples->set.samples = SMALL_SAMPLES; /* of the 48 there are, half */
    bench.samples->arrays[0].shape.dims[0] = SMALL_SAMPLES;
    bench.samples->arrays[0].bytes /= 2;
    bench.x = (float *)bench.samples->arrays[0].data;
    for (size_t i = 0; i < COUNT; i++)
        bench.x[i] = 3 * powf(bench.x[i], 9) + 0.1f * bench.x[i];
    return bench;
}

static void leave(struct bench *bench)
{
    small_samples_free(bench->samples);
    assay_graph_free(bench->graph);
}

static struct assay_ranges calibrate(const struct bench *bench, struct assay_calibration_options options)
{
    struct assay_model_error error = {{0}};
    struct assay_ranges ranges;
    options.features = assay_cpu_features();
    if (!assay_calibrate(bench->graph, &bench->samples->set, &options, &ranges, &error))
        small_stop(&error);
    EXPECT(ranges.count == 4 && ranges.low[C] > ranges.high[C]); /* a constant has no range */
    return ranges;
}

static float least_of(const float *x, size_t count)
{
    float least = 0;
    for (size_t i = 0; i < count; i++)
        least = fminf(least, x[i]);
    return least;
}

static float most_of(const float *x, size_t count)
{
    float most = 0;
    for (size_t i = 0; i < count; i++)
        most = fmaxf(most, x[i]);
    return most;
}

static bool same(float a, float b)
{
    return fabsf(a - b) <= 1e-6f * fabsf(b);
}

static void check_extremes(const struct bench *bench)
{
    at_work = "extremes";
    for (size_t samples = 0; samples <= SMALL_SAMPLES; samples += 7) {
        const size_t count = (samples ? samples : SMALL_SAMPLES) * WIDTH;
        struct assay_ranges r = calibrate(bench, (struct assay_calibration_options){.samples = samples});
        EXPECT(same(r.low[X], least_of(bench->x, count)) && same(r.high[X], most_of(bench->x, count)));
        EXPECT(same(r.low[Y], 0) && same(r.high[Y], most_of(bench->x, count)));
        EXPECT(same(r.low[Z], 0) && same(r.high[Z], most_of(bench->x, count) + 1)); /* 0 is in it, though never seen */
        for (size_t t = 0; t < r.count; t++)
            EXPECT(r.low[t] == r.least[t] && r.high[t] == r.most[t]);
        assay_ranges_free(&r);
    }
}

static void check_average(const struct bench *bench)
{
    at_work = "moving average";
    for (int i = 0; i < 2; i++) {
        const double momentum = i ? 0.6 : 0; /* 0: what it is without one, 0.9 */
        double low = 0, high = 0;
        for (size_t s = 0; s < SMALL_SAMPLES; s++) {
            const double share = s == 0 ? 0 : i ? 0.6 : 0.9;
            low = share * low + (1 - share) * (double)least_of(bench->x + s * WIDTH, WIDTH);
            high = share * high + (1 - share) * (double)most_of(bench->x + s * WIDTH, WIDTH);
        }
        struct assay_ranges r = calibrate(
            bench, (struct assay_calibration_options){.method = ASSAY_CALIBRATE_MOVING_AVERAGE, .momentum = momentum});
        EXPECT(same(r.low[X], (float)low) && same(r.high[X], (float)high));
        EXPECT(same(r.least[X], least_of(bench->x, COUNT)) && same(r.most[X], most_of(bench->x, COUNT)));
        assay_ranges_free(&r);
    }
}

static int ascending(const void *a, const void *b)
{
    const float x = *(const float *)a, y = *(const float *)b;
    return (x > y) - (x < y);
}

/* To a bin, and to the distance of the neighbours in the sorted list. */
static bool near_rank(float got, const float *sorted, double rank, float bin)
{
    const double low = fmax(floor(rank) - 1, 0), high = fmin(ceil(rank) + 1, COUNT - 1);
    return got >= sorted[(size_t)low] - bin && got <= sorted[(size_t)high] + bin;
}

static void check_percentile(const struct bench *bench)
{
    at_work = "percentile";
    static const double percentiles[] = {60, 90, 97, 99.5, 100};
    float sorted[COUNT];
    memcpy(sorted, bench->x, sizeof(sorted));
    qsort(sorted, COUNT, sizeof(*sorted), ascending);
    const float bin = (sorted[COUNT - 1] - sorted[0]) / 2048;
    for (size_t i = 0; i < sizeof(percentiles) / sizeof(*percentiles); i++) {
        const double beyond = (100 - percentiles[i]) / 200 * COUNT;
        struct assay_ranges r =
            calibrate(bench, (struct assay_calibration_options){.method = ASSAY_CALIBRATE_PERCENTILE,
                                                                .percentile = percentiles[i]});
        EXPECT(near_rank(r.low[X], sorted, beyond, bin) && near_rank(r.high[X], sorted, COUNT - 1 - beyond, bin));
        EXPECT(same(r.least[X], sorted[0]) && same(r.most[X], sorted[COUNT - 1]));
        assay_ranges_free(&r);
    }
}

static double error_of(const float *x, double low, double high)
{
    const double scale = (high - low) / 255, zero = round(-low / scale);
    double sum = 0;
    for (size_t i = 0; i < COUNT; i++) {
        const double q = fmin(fmax(round((double)x[i] / scale) + zero, 0), 255),
                     off = scale * (q - zero) - (double)x[i];
        sum += off * off;
    }
    return sum;
}

/* Values of a sample have many small and few large ones, so that the best range is not the widest; of even values it
 * is. */
static void check_mse(struct bench *bench)
{
    for (int even = 0; even < 2; even++) {
        at_work = even ? "least squares, even" : "least squares, long tails";
        for (size_t i = 0; even && i < COUNT; i++)
            bench->x[i] = (float)small_random(-1, 2);
        const double least = (double)least_of(bench->x, COUNT), most = (double)most_of(bench->x, COUNT);
        double best = INFINITY;
        for (int i = 1; i <= 100; i++)
            for (int k = 1; k <= 100; k++)
                best = fmin(best, error_of(bench->x, least * i / 100, most * k / 100));
        struct assay_ranges r = calibrate(bench, (struct assay_calibration_options){.method = ASSAY_CALIBRATE_MSE});
        const double found = error_of(bench->x, (double)r.low[X], (double)r.high[X]);
        EXPECT(found <= best * 1.02); /* the histogram sees values to a bin only */
        EXPECT(found <= error_of(bench->x, least, most) * 1.05);
        if (even)
            EXPECT((double)r.low[X] < least * 0.97 && (double)r.high[X] > most * 0.97);
        assay_ranges_free(&r);
    }
}

static void refuse(const struct bench *bench, struct assay_calibration_options options, const char *words)
{
    struct assay_model_error error = {{0}};
    struct assay_ranges ranges;
    EXPECT(!assay_calibrate(bench->graph, &bench->samples->set, &options, &ranges, &error));
    EXPECT(!ranges.low && ranges.count == 0);
    if (!strstr(error.text, words)) {
        fprintf(stderr, "%s: '%s' says nothing of '%s'\n", at_work, error.text, words);
        failures++;
    }
}

static void count_progress(void *context, size_t done, size_t all)
{
    size_t *last = context;
    EXPECT(done == *last + 1 && done <= all);
    *last = done;
}

static void check_errors(struct bench *bench)
{
    at_work = "errors";
    const struct assay_calibration_options plain = {.features = assay_cpu_features()};
    struct assay_calibration_options wrong = plain;
    wrong.momentum = 1;
    refuse(bench, wrong, "momentum");
    wrong = plain;
    wrong.percentile = 50;
    refuse(bench, wrong, "percentile");
    wrong = plain;
    wrong.method = ASSAY_CALIBRATION_COUNT;
    refuse(bench, wrong, "method");
    bench->samples->set.samples = 0;
    refuse(bench, plain, "samples");
    bench->samples->set.samples = SMALL_SAMPLES;
    bench->samples->arrays[0].shape.dims[1] = WIDTH - 1;
    refuse(bench, plain, "elements");
    bench->samples->arrays[0].shape.dims[1] = WIDTH;

    size_t last = 0;
    struct assay_calibration_options told = {
        .method = ASSAY_CALIBRATE_PERCENTILE, .progress = count_progress, .context = &last};
    struct assay_ranges r = calibrate(bench, told);
    EXPECT(last == 2 * (size_t)SMALL_SAMPLES); /* two passes */
    assay_ranges_free(&r);

    bench->x[5 * WIDTH + 3] = NAN;
    refuse(bench, plain, "sample 5");
    bench->x[5 * WIDTH + 3] = 3e38f;
    ((float *)bench->graph->subgraphs[0].tensors[C].data)[0] = 3e38f;
    refuse(bench, plain, "(z)");
}

int main(void)
{
    struct bench bench = make();
    check_extremes(&bench);
    check_average(&bench);
    check_percentile(&bench);
    check_mse(&bench);
    check_errors(&bench);
    leave(&bench);
    return failures != 0;
}
