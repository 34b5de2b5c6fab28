/* assay-probe list: a line a kernel. */
#include "suites/probe/options.h"
#include "suites/probe/output.h"
#include "suites/probe/plugins.h"
#include "suites/probe/probe.h"

#include <stdio.h>
#include <string.h>

static const char *accumulator_name(enum assay_accumulator accumulator)
{
    static const char *const names[] = {"f32", "f16", "i32", "i64"};
    return names[accumulator];
}

json_t *probe_feature_names(uint64_t features)
{
    json_t *names = json_array();
    for (unsigned bit = 0; bit < 64; bit++)
        if (features >> bit & 1 && assay_feature_name(bit))
            json_array_append_new(names, json_string(assay_feature_name(bit)));
    return names;
}

/* The name's part that toolchains/isa.cmake knows, or "" for a peer's kernel, which follows no grammar. It stands
 * behind the signature and the layout, the first part that is not of these. */
static void isa_of(const struct assay_kernel *kernel, char *isa, size_t size)
{
    isa[0] = '\0';
    if (strcmp(kernel->origin, "assay") != 0)
        return;
    const char *part = strchr(kernel->name, '_'); /* after op */
    part = part ? strchr(part + 1, '_') : NULL;   /* after signature */
    if (part && kernel->op == ASSAY_OP_SPMM && (strncmp(part, "_csr", 4) == 0 || strncmp(part, "_bsr", 4) == 0))
        part = strchr(part + 1, '_');
    if (!part)
        return;
    const size_t length = strcspn(part + 1, "_");
    if (length < size) {
        memcpy(isa, part + 1, length);
        isa[length] = '\0';
    }
}

static json_t *missing_features(uint64_t missing)
{
    json_t *names = probe_feature_names(missing), *name;
    char text[256] = "this CPU lacks";
    size_t i;
    json_array_foreach(names, i, name)
    {
        const size_t length = strlen(text);
        snprintf(text + length, sizeof(text) - length, "%s %s", i > 0 ? "," : "", json_string_value(name));
    }
    json_decref(names);
    return json_string(text);
}

static json_t *describe(const struct assay_kernel *kernel, uint64_t features)
{
    const struct assay_tile tile =
        (kernel->features & features) == kernel->features ? assay_kernel_tile(kernel) : kernel->tile;
    const uint64_t missing = kernel->features & ~features;
    char isa[32];
    isa_of(kernel, isa, sizeof(isa));
    json_t *line =
        json_pack("{ss ss ss ss ss ss ss ss si s[III] so sb}", "type", "kernel", "name", kernel->name, "origin",
                  kernel->origin, "op", assay_op_name(kernel->op), "mode", assay_mode_name(kernel->mode), "structure",
                  assay_structure_name(kernel->structure), "accumulator", accumulator_name(kernel->accumulator), "isa",
                  isa, "rank", kernel->rank, "tile", (json_int_t)tile.m, (json_int_t)tile.n, (json_int_t)tile.k,
                  "features", probe_feature_names(kernel->features), "runnable", missing == 0);
    if (missing)
        json_object_set_new(line, "why", missing_features(missing));
    return line;
}

int probe_list(int argc, char **argv)
{
    const struct argp_child children[] = {{&options_argp, 0, NULL, 0}, {0}};
    const struct argp argp = {.children = children, .doc = "List all kernels, one JSON object a line."};
    argp_parse(&argp, argc, argv, 0, NULL, NULL);
    if (!options_start())
        return PROBE_BAD_INPUT;
    size_t count;
    const struct assay_kernel *const *kernels = plugins_kernels(&count);
    for (size_t i = 0; i < count; i++)
        if (!output_line(describe(kernels[i], plugins_features())))
            return PROBE_FAILED;
    return count > 0 ? PROBE_FINE : PROBE_FAILED;
}
