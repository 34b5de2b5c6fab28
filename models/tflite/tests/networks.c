/* Rewrites public networks that nobody here wrote: through a draft and through a file, nothing may be lost.
 *   networks FOLDER [OUT]
 * FOLDER has NAME/model.tflite in it, ASSAY_REFERENCE_MODELS names another one; OUT gets NAME.tflite, for a script that
 * runs them. */
#include "models/tflite/reader.h"
#include "models/tflite/tests/round_trip.h"
#include "models/tflite/writer.h"

#include <stdlib.h>
#include <sys/stat.h>

enum { SKIPPED = 77, LIMIT = 64 << 20 };

static const char *const names[] = {"kws_int8", "kws_hybrid", "resnet8_int8", "resnet8_fp32"};

static bool rewrite(const struct assay_graph *graph, const char *name, const char *out, struct assay_model_error *error)
{
    char path[4096];
    if (!out)
        return true;
    snprintf(path, sizeof(path), "%s/%s.tflite", out, name);
    struct assay_graph *finished = through_draft(graph, error);
    const bool good = finished && assay_tflite_write_file(finished, path, error);
    assay_graph_free(finished);
    return good;
}

static bool test(const char *folder, const char *name, const char *out)
{
    char path[4096];
    struct assay_model_error error;
    snprintf(path, sizeof(path), "%s/%s/model.tflite", folder, name);
    struct assay_graph *graph = assay_tflite_read_file(path, LIMIT, &error);
    const bool good = graph && round_trip(graph, &error) && rewrite(graph, name, out, &error);
    if (!good)
        printf("FAILED: %s: %s\n", name, error.text);
    assay_graph_free(graph);
    return good;
}

int main(int argc, char **argv)
{
    const char *folder = getenv("ASSAY_REFERENCE_MODELS");
    struct stat status;
    if (!folder)
        folder = argc > 1 ? argv[1] : "";
    if (stat(folder, &status) != 0) {
        printf("skipped: there is no folder '%s'; set ASSAY_REFERENCE_MODELS to that of the reference networks\n",
               folder);
        return SKIPPED;
    }
    int failures = 0;
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        failures += !test(folder, names[i], argc > 2 ? argv[2] : NULL);
    return failures != 0;
}
