#include "harness/evaluate/variant.h"

#include "harness/base/memory.h"
#include "harness/base/printable.h"
#include "harness/base/suggest.h"
#include "models/optimize/optimize.h"

#include <string.h>

/* A mode, and how it is made. fp16 is what fp16w computes in: no file can say it. */
static const char *const modes[] = {"fp32", "fp16w", "fp16", "hybrid", "int8", "int16x8"};
enum { MODE_COUNT = sizeof(modes) / sizeof(modes[0]) };

static bool is_mode(const char *text)
{
    for (size_t i = 0; i < MODE_COUNT; i++)
        if (strcmp(text, modes[i]) == 0)
            return true;
    return false;
}

static bool parse_file(const char *text, const char *equals, struct assay_variant *v, struct assay_model_error *error)
{
    v->label = assay_keep_bytes(text, (size_t)(equals - text));
    v->file = assay_keep_string(equals + 1);
    v->given = true;
    if (!*v->label || strpbrk(v->label, "/,") || strcmp(v->label, assay_printable(v->label)) != 0)
        return assay_model_fail(error, "'%.200s': the NAME of NAME=FILE must be a word without '/' and ','", text);
    return *v->file || assay_model_fail(error, "'%.200s': the FILE of NAME=FILE is missing", text);
}

bool assay_variant_parse(const char *text, struct assay_variant *v, struct assay_model_error *error)
{
    *v = (struct assay_variant){.label = assay_keep_string(text)};
    const char *equals = strchr(text, '='), *comma = strchr(text, ',');
    if (equals)
        return parse_file(text, equals, v, error);
    const char *mode = assay_keep_bytes(text, comma ? (size_t)(comma - text) : strlen(text));
    if (!is_mode(mode))
        return assay_model_fail(error, "unknown '%.100s'; %s; or NAME=FILE.tflite", mode,
                                assay_suggestion(mode, modes, MODE_COUNT));
    v->half = strcmp(mode, "fp16") == 0;
    /* A choice for all layers, in the grammar of --layers. */
    struct assay_layer_rule rule;
    if (!assay_layer_rule_parse(assay_format("*=%s%s", v->half ? "fp16w" : mode, comma ? comma : ""), &rule, error))
        return assay_model_fail(error, "'%.100s' is none of MODE and MODE,SPARSITY:STRUCTURE (int8,0.8:1x16; fp32,2:4)",
                                text);
    v->choice = rule.choice;
    return true;
}

bool assay_variant_look(struct assay_variant *v, const char **why)
{
    if (!assay_network_read(v->file, &v->traits, why))
        return false;
    if (v->half && strcmp(v->traits.mode, "fp16w") == 0)
        v->traits.mode = "fp16";
    if (assay_file_look(v->file, &v->size))
        return true;
    *why = assay_format("%s: cannot be read", v->file);
    return false;
}

const char *assay_variant_path(const struct assay_variant *v, const char *folder, const char *name)
{
    char *label = assay_keep_string(v->label);
    for (char *c = label; *c; c++)
        if (strchr(",:", *c))
            *c = '-';
    return assay_format("%s/%s.%s.tflite", folder, name, label);
}

/* Whether the label is all there is to say of mode and structure. */
static bool is_plain(const struct assay_variant *v)
{
    const struct assay_network_traits *t = &v->traits;
    const char *comma = strchr(v->label, ',');
    if (v->given || strncmp(v->label, t->mode, strlen(t->mode)) != 0)
        return false;
    if (!comma)
        return strcmp(v->label, t->mode) == 0 && strcmp(t->structure, "dense") == 0;
    const char *structure = strchr(comma, ':');
    return comma == v->label + strlen(t->mode) && structure && strcmp(structure + 1, t->structure) == 0;
}

const char *assay_variant_case(const struct assay_variant *v, const char *name)
{
    return is_plain(v) ? name : assay_format("%s+%s", name, v->label);
}
