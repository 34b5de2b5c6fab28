/* Reads public networks that nobody here wrote, then the same files cut short and damaged. They are not in the tree:
 * ASSAY_REFERENCE_MODELS names their folder, with NAME/model.tflite below it; the default is the argument. */
#include "models/tflite/reader.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { SKIPPED = 77, LIMIT = 64 << 20, CUT_STEP = 997, FLIPPED_FILES = 300, FLIPS = 4 };

static const struct {
    const char *name;
    size_t operators;
} models[] = {{"kws_int8", 13}, {"kws_hybrid", 13}, {"resnet8_int8", 16}, {"resnet8_fp32", 16}};

static uint32_t next(uint32_t *state)
{
    return *state = *state * 1664525 + 1013904223; /* Numerical Recipes' constants */
}

static bool try_bytes(const void *bytes, size_t size)
{
    struct assay_model_error error = {{0}};
    struct assay_graph *graph = assay_tflite_read(bytes, size, LIMIT, &error);
    const bool fine = graph || error.text[0];
    assay_graph_free(graph);
    return fine;
}

static bool damage(const char *path)
{
    struct stat status;
    FILE *file = fopen(path, "rb");
    if (!file)
        return false;
    if (fstat(fileno(file), &status) != 0) {
        fclose(file);
        return false;
    }
    const size_t size = (size_t)status.st_size;
    unsigned char *bytes = malloc(size);
    bool fine = bytes && fread(bytes, 1, size, file) == size;
    fclose(file);
    for (size_t cut = 0; fine && cut < size; cut += CUT_STEP)
        fine = try_bytes(bytes, cut);
    uint32_t state = 1;
    for (int i = 0; fine && i < FLIPPED_FILES; i++) {
        /* Half of them where the tables are, which is the file's end. */
        const size_t span = i % 2 ? size : size / 16, first = size - span;
        size_t places[FLIPS];
        unsigned char before[FLIPS];
        for (int j = 0; j < FLIPS; j++) {
            places[j] = first + next(&state) % span;
            before[j] = bytes[places[j]];
            bytes[places[j]] ^= (unsigned char)(1u << (next(&state) >> 29));
        }
        fine = try_bytes(bytes, size);
        for (int j = FLIPS; j-- > 0;)
            bytes[places[j]] = before[j];
    }
    free(bytes);
    return fine;
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
    for (size_t i = 0; i < sizeof(models) / sizeof(models[0]); i++) {
        char path[4096];
        snprintf(path, sizeof(path), "%s/%s/model.tflite", folder, models[i].name);
        struct assay_model_error error;
        struct assay_graph *graph = assay_tflite_read_file(path, LIMIT, &error);
        if (!graph) {
            puts(error.text);
            failures++;
            continue;
        }
        if (graph->subgraphs[0].operator_count != models[i].operators) {
            printf("%s: %zu operators in place of %zu\n", path, graph->subgraphs[0].operator_count,
                   models[i].operators);
            failures++;
        }
        assay_graph_free(graph);
        if (!damage(path)) {
            printf("%s: damaged, it is refused without a reason\n", path);
            failures++;
        }
    }
    return failures != 0;
}
