#include "harness/commands/bisect_print.h"

#include "harness/base/printable.h"

#include <string.h>

static const char *text(const json_t *object, const char *key, const char *otherwise)
{
    const char *value = json_string_value(json_object_get(object, key));
    return value ? assay_printable(value) : otherwise;
}

static void print_interval(const json_t *object, FILE *out)
{
    const json_t *ratio = json_object_get(object, "ratio");
    const json_int_t pairs = json_integer_value(json_object_get(object, "pairs"));
    if (!ratio)
        return;
    const double low = json_number_value(json_object_get(object, "low")),
                 high = json_number_value(json_object_get(object, "high"));
    fprintf(out, " %.4f", json_number_value(ratio));
    if (low < high)
        fprintf(out, " (%.4f to %.4f, %d pairs)", low, high, (int)pairs);
}

void assay_bisect_print_step(const json_t *step, FILE *out)
{
    const char *what = text(step, "step", ""), *why = text(step, "why", NULL), *like = text(step, "same_code_as", NULL);
    const bool is_end = strcmp(what, "candidate") != 0;
    fprintf(out, "%-8s %s%s", is_end ? what : text(step, "judgement", ""), text(step, "title", ""),
            json_is_true(json_object_get(step, "cached")) ? " [built before]" : "");
    if (like)
        fprintf(out, ": the same machine code as %s", like);
    else if (json_object_get(step, "ratio")) {
        fputs(": good x", out);
        print_interval(step, out);
    }
    if (why)
        fprintf(out, ": %s", why);
    putc('\n', out);
    fflush(out);
}

static void print_change(const char *what, const json_t *pair, FILE *out)
{
    const char *before = text(pair, "before", "none"), *after = text(pair, "after", "none");
    if (json_is_null(json_object_get(pair, "before")) && json_is_null(json_object_get(pair, "after")))
        return; /* a whole network, or a layer that is none of kernels/ */
    if (strcmp(before, after) == 0)
        fprintf(out, "  %s: %s\n", what, after);
    else
        fprintf(out, "  %s: %s before, %s after\n", what, before, after);
}

static void print_layers(const json_t *layers, FILE *out)
{
    size_t i;
    const json_t *layer;
    json_array_foreach(layers, i, layer)
    {
        const json_t *same = json_object_get(layer, "same_code");
        fprintf(out, "  layer %s: %.6g, then %.6g%s\n", text(layer, "series_id", ""),
                json_number_value(json_object_get(layer, "before")), json_number_value(json_object_get(layer, "after")),
                json_is_true(same) ? " (the same machine code)" : "");
        print_change("  kernel", json_object_get(layer, "kernel"), out);
    }
}

static void print_found(const json_t *found, FILE *out)
{
    const json_t *hash = json_object_get(found, "hash");
    const char *before = text(hash, "before", NULL), *after = text(hash, "after", NULL);
    fprintf(out, "\n%s\n  against the commit before it: x", text(found, "title", ""));
    print_interval(found, out);
    fprintf(out, "\n  %s\n", text(found, "commit", ""));
    print_change("kernel", json_object_get(found, "kernel"), out);
    if (before && after)
        fprintf(out, "  machine code: %s\n", strcmp(before, after) == 0 ? "the same" : "changed");
    print_layers(json_object_get(found, "layers"), out);
}

static void print_candidates(const json_t *list, FILE *out)
{
    size_t i;
    const json_t *item;
    fputs("\none of these, which could not be told apart:\n", out);
    json_array_foreach(list, i, item) fprintf(out, "  %s\n", text(item, "title", ""));
}

void assay_bisect_print(const json_t *answer, enum assay_bisect_outcome outcome, FILE *out)
{
    const json_t *ends = json_object_get(answer, "ends");
    if (outcome == ASSAY_BISECT_NO_CHANGE) {
        fprintf(out, "\nnot reproducible: %s", text(answer, "why", ""));
        if (ends) {
            fputs("; bad is good x", out);
            print_interval(ends, out);
        }
        putc('\n', out);
    } else if (outcome == ASSAY_BISECT_NARROWED) {
        print_candidates(json_object_get(answer, "candidates"), out);
    } else {
        print_found(json_object_get(answer, "found"), out);
    }
    fprintf(out, "%lld builds, %lld taken from before, %lld commits\n",
            (long long)json_integer_value(json_object_get(answer, "builds")),
            (long long)json_integer_value(json_object_get(answer, "cached")),
            (long long)json_integer_value(json_object_get(answer, "commits")));
}
