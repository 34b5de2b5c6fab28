/* lines METRIC: reads the output of `assay-probe bench` and checks that each line is what docs/probe-protocol.md says.
 * Prints "outcome key" for each measurement, for the script that calls it. */
#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int failures;

static void require(bool condition, size_t number, const char *what)
{
    if (condition)
        return;
    fprintf(stderr, "line %zu: %s\n", number, what);
    failures++;
}

static bool is(const json_t *line, const char *member, const char *value)
{
    const char *text = json_string_value(json_object_get(line, member));
    return text && strcmp(text, value) == 0;
}

/* A bound is the larger of its parts, and made of a peak and of bytes. */
static void check_bound(const json_t *bound, size_t number)
{
    const double ns = json_number_value(json_object_get(bound, "ns"));
    const double arithmetic = json_number_value(json_object_get(bound, "arithmetic_ns"));
    const double memory = json_number_value(json_object_get(bound, "memory_ns"));
    require(json_is_real(json_object_get(bound, "ns")) && ns > 0, number, "a bound is no time");
    require(ns == (is(bound, "by", "memory") ? memory : arithmetic) && ns >= arithmetic && ns >= memory, number,
            "a bound is not the larger of its parts");
    require(json_number_value(json_object_get(bound, "macs_per_ns")) > 0, number, "a bound has no peak");
    require(json_is_string(json_object_get(bound, "arithmetic")), number, "a bound is of no arithmetic");
    require(json_integer_value(json_object_get(bound, "read_bytes")) > 0, number, "a bound reads nothing");
    require(json_integer_value(json_object_get(bound, "written_bytes")) > 0, number, "a bound writes nothing");
    require(json_is_integer(json_object_get(bound, "level")), number, "a bound has no level");
}

static void check_samples(const json_t *line, size_t number)
{
    const json_t *samples = json_object_get(line, "samples"), *sample;
    require(json_array_size(samples) > 0, number, "a timed series has no samples");
    size_t i;
    json_array_foreach(samples, i, sample)
        require(json_is_real(sample) && json_real_value(sample) >= 0, number, "a sample is no time");
    require(json_integer_value(json_object_get(line, "iterations")) >= 1, number, "iterations is missing");
    require(json_is_real(json_object_get(line, "pack_ns")), number, "pack_ns is missing");
}

/* The layers that are told are in the network's order, and their multiply-accumulates are the network's. */
static void check_layers(const json_t *line, bool timed, size_t number)
{
    const json_t *layers = json_object_get(line, "layers"), *layer;
    const size_t samples = json_array_size(json_object_get(line, "samples"));
    json_int_t last = -1, macs = 0;
    size_t i;
    require(json_array_size(layers) > 0, number, "a network has no layers");
    json_array_foreach(layers, i, layer)
    {
        const json_t *bound = json_object_get(layer, "bound");
        const bool alone = timed && json_integer_value(json_object_get(line, "threads")) == 1;
        require(!bound || alone, number, "a layer has a bound that should have none");
        if (bound)
            check_bound(bound, number);
        require(bound || !alone || !json_integer_value(json_object_get(layer, "macs")) ||
                    json_is_null(json_object_get(layer, "kernel")),
                number, "a layer with multiply-accumulates has no bound");
        const json_t *kernel = json_object_get(layer, "kernel");
        const json_int_t index = json_integer_value(json_object_get(layer, "index"));
        require(json_is_integer(json_object_get(layer, "index")) && index > last, number, "layers are out of order");
        require(json_is_string(json_object_get(layer, "op")), number, "a layer has no op");
        require(json_is_string(json_object_get(layer, "tensor")), number, "a layer has no tensor");
        require(json_is_string(kernel) || json_is_null(kernel), number, "a layer has no kernel");
        require(timed ? json_array_size(json_object_get(layer, "samples")) == samples
                      : json_is_integer(json_object_get(layer, "region")),
                number, "a layer was not measured");
        require(timed != json_is_integer(json_object_get(layer, "region")), number, "a timed layer has a region");
        last = index;
        macs += json_integer_value(json_object_get(layer, "macs"));
    }
    require(macs == json_integer_value(json_object_get(line, "macs")), number, "the layers' macs are not the whole's");
}

static void check_network(const json_t *line, bool timed, size_t number)
{
    static const char *const sizes[] = {"batch",        "model_bytes",      "macs",
                                        "weight_bytes", "activation_bytes", "lower_bound",
                                        "packed_bytes", "scratch_bytes"};
    for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++)
        require(json_is_integer(json_object_get(line, sizes[i])), number, sizes[i]);
    require(timed == json_is_real(json_object_get(line, "input_ns")), number, "input_ns");
    require(timed == json_is_real(json_object_get(line, "clock_ns")), number, "clock_ns");
    check_layers(line, timed, number);
}

static void check_measurement(const json_t *line, const char *metric, size_t number)
{
    static const char *const texts[] = {"key", "origin", "outcome", "metric"};
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
        require(json_is_string(json_object_get(line, texts[i])), number, texts[i]);
    require(json_is_integer(json_object_get(line, "seed")), number, "seed is missing");
    require(is(line, "metric", metric), number, "it has another metric than was asked for");
    printf("%s %s\n", json_string_value(json_object_get(line, "outcome")),
           json_string_value(json_object_get(line, "key")));
    if (!is(line, "outcome", "pass")) {
        require(json_is_string(json_object_get(line, "message")), number, "a series that did not pass has no message");
        require(!json_object_get(line, "samples"), number, "a series that did not pass has samples");
        return;
    }
    const bool timed = strcmp(metric, "ns") == 0;
    if (timed)
        check_samples(line, number);
    else
        require(!json_object_get(line, "samples") && !json_object_get(line, "pack_ns"), number,
                "a counted series tells time");
    require(timed != json_is_integer(json_object_get(line, "region")), number, "region is missing, or should be");
    if (json_object_get(line, "threads")) {
        check_network(line, timed, number);
        return;
    }
    const json_t *bound = json_object_get(line, "bound");
    const bool shared = json_is_integer(json_object_get(line, "parts")); /* by threads */
    require((timed && !shared) == json_is_object(bound), number, "bound is missing, or should be");
    if (bound)
        check_bound(bound, number);
    const json_t *error = json_object_get(line, "error");
    require(json_is_string(json_object_get(error, "metric")), number, "error has no metric");
    const json_t *accuracy = json_object_get(json_object_get(line, "accuracy"), "rel_rms");
    require(json_is_real(accuracy) || json_is_null(accuracy), number, "accuracy.rel_rms is missing");
    require(json_is_string(json_object_get(line, "kernel")), number, "kernel is missing");
    require(json_is_string(json_object_get(line, "why")), number, "why is missing");
    require(json_is_integer(json_object_get(line, "macs")), number, "macs is missing");
    require(json_integer_value(json_object_get(line, "nonzero_macs")) <=
                json_integer_value(json_object_get(line, "macs")),
            number, "there are more non-zero macs than macs");
}

int main(int argc, char **argv)
{
    if (argc != 2)
        return 2;
    char *text = NULL;
    size_t size = 0, number = 0, open = 0;
    while (getline(&text, &size, stdin) > 0) {
        number++;
        json_t *line = json_loads(text, 0, NULL);
        require(json_is_object(line), number, "it is no JSON object");
        require(json_is_integer(json_object_get(line, "id")), number, "id is missing");
        if (is(line, "type", "measurement")) {
            check_measurement(line, argv[1], number);
            open++;
        } else {
            require(is(line, "type", "done"), number, "it is neither a measurement nor done");
            require(open > 0, number, "a job is done that measured nothing");
            open = 0;
        }
        json_decref(line);
    }
    free(text);
    require(number > 0 && open == 0, number, "the last job is not done");
    return failures ? EXIT_FAILURE : EXIT_SUCCESS;
}
