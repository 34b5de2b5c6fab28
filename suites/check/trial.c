#include "suites/check/trial.h"

#include "suites/check/call.h"
#include "suites/check/guard.h"
#include "suites/peers/peer.h"
#include "suites/probe/fault.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum region {
    VALUES,
    BIAS,
    SCALE,
    MULTIPLIER,
    SHIFT,
    WEIGHT_REGIONS,
    PACKED = WEIGHT_REGIONS,
    SCRATCH,
    IN,
    ADDEND,
    OUT,
    ROWS,
    GROUPS,
    REGIONS
};
static const char *const region_names[REGIONS] = {
    "the weights", "the bias",  "the scales", "the multipliers", "the shifts",         "the packed weights",
    "the scratch", "the input", "the addend", "the output",      "the row parameters", "the group parameters"};
static struct guard regions[REGIONS];

struct trial {
    const struct assay_kernel *kernel;
    const struct layer *layer;
    unsigned seconds;
    struct trial_result *result;
    struct assay_weights weights;
    struct assay_io io;
    size_t packed_bytes, scratch_bytes;
    const char *pass; /* what is being tried, for messages */
    unsigned variant;
    int readable; /* regions before this one are out of reach by now */
    bool done;    /* what the called function returned */
    char convention[160];
};

__attribute__((format(printf, 3, 4))) static bool give_up(struct trial *t, enum trial_outcome outcome,
                                                          const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(t->result->message, sizeof(t->result->message), format, arguments);
    va_end(arguments);
    t->result->outcome = outcome;
    return false;
}

static bool no_memory(struct trial *t)
{
    return give_up(t, TRIAL_ERROR, "no memory for guarded buffers");
}

/* Which buffer an address that faulted belongs to, or borders on. */
static void tell_fault(struct trial *t, const char *step, const struct fault *fault)
{
    char where[96] = "";
    const char *address = (const char *)fault->address;
    for (int i = 0; i < REGIONS && fault->address; i++) {
        const struct guard *g = &regions[i];
        if (!g->base || address < g->base - 4096 || address >= g->base + g->size + 4096)
            continue;
        if (address < g->data)
            snprintf(where, sizeof(where), ": %td bytes before the start of %s", g->data - address, region_names[i]);
        else if (address >= g->data + g->bytes)
            snprintf(where, sizeof(where), ": %td bytes past the end of %s", address - (g->data + g->bytes),
                     region_names[i]);
        else
            snprintf(where, sizeof(where), ": byte %td of %s, forbidden here", address - g->data, region_names[i]);
    }
    give_up(t, TRIAL_ERROR, "%s (%s): %s%s", step, t->pass, fault->message, where);
}

static bool intact(struct trial *t)
{
    for (int i = t->readable; i < REGIONS; i++)
        if (regions[i].data && !guard_intact(&regions[i]))
            return give_up(t, TRIAL_FAIL, "%s: it writes outside of %s", t->pass, region_names[i]);
    return true;
}

static void do_pack(void *argument)
{
    struct trial *t = argument;
    const struct assay_problem *p = &t->layer->problem;
    t->done = t->kernel->pack(t->kernel, p, &t->weights, regions[PACKED].data);
}

static void do_prepare(void *argument)
{
    struct trial *t = argument;
    const struct assay_problem *p = &t->layer->problem;
    t->done = t->kernel->prepare(t->kernel, p, regions[PACKED].data, &t->io, regions[SCRATCH].data);
}

static void do_run(void *argument)
{
    struct trial *t = argument;
    t->done = call_kernel(t->kernel, &t->layer->problem, regions[PACKED].data, &t->io, regions[SCRATCH].data,
                          t->variant, t->convention, sizeof(t->convention));
}

static void do_sizes(void *argument)
{
    struct trial *t = argument;
    const struct assay_problem *p = &t->layer->problem;
    t->packed_bytes = t->kernel->packed_size(t->kernel, p);
    t->scratch_bytes = t->kernel->scratch_size ? t->kernel->scratch_size(t->kernel, p) : 0;
}

static bool try(struct trial *t, const char *step, void (*function)(void *))
{
    struct fault fault;
    t->done = true;
    if (fault_run(function, t, t->seconds, &fault))
        return true;
    tell_fault(t, step, &fault);
    return false;
}

/* A copy of one weight tensor that ends at a forbidden page. NULL stays NULL. */
static bool place_weights(enum region region, const void *source, size_t bytes, size_t alignment, const void **placed)
{
    *placed = NULL;
    if (!source)
        return true;
    if (!guard_place(&regions[region], bytes, alignment, GUARD_END, 0x55))
        return false;
    memcpy(regions[region].data, source, bytes);
    guard_protect(&regions[region], GUARD_READ);
    *placed = regions[region].data;
    return true;
}

static bool place_all_weights(struct trial *t)
{
    const struct assay_problem *p = &t->layer->problem;
    const struct assay_weights *w = &t->layer->weights;
    const size_t channels = assay_problem_channels(p), bias_size = assay_type_size(assay_mode_bias(p->mode));
    const size_t factors = assay_problem_factors(p);
    const void *scale, *multiplier, *shift;
    if (!place_weights(VALUES, w->values, assay_problem_weight_bytes(p), assay_type_size(assay_mode_weight(p->mode)),
                       &t->weights.values) ||
        !place_weights(BIAS, w->bias, channels * bias_size, bias_size, &t->weights.bias) ||
        !place_weights(SCALE, w->scale, channels * sizeof(float), sizeof(float), &scale) ||
        !place_weights(MULTIPLIER, w->multiplier, factors * sizeof(int32_t), sizeof(int32_t), &multiplier) ||
        !place_weights(SHIFT, w->shift, factors * sizeof(int32_t), sizeof(int32_t), &shift))
        return false;
    t->weights.scale = scale;
    t->weights.multiplier = multiplier;
    t->weights.shift = shift;
    return true;
}

static bool pack(struct trial *t)
{
    t->pass = "packing";
    if (!try(t, "its sizes", do_sizes))
        return false;
    if (t->packed_bytes > (size_t)1 << 32 || t->scratch_bytes > (size_t)1 << 32)
        return give_up(t, TRIAL_FAIL, "it asks for %zu bytes of packed weights and %zu of scratch", t->packed_bytes,
                       t->scratch_bytes);
    if (!place_all_weights(t) || !guard_place(&regions[PACKED], t->packed_bytes, ASSAY_PACK_ALIGN, GUARD_END, 0xFF))
        return no_memory(t);
    if (!try(t, "pack", do_pack))
        return false;
    if (!t->done)
        return give_up(t, TRIAL_ERROR, "pack: it reports a failure");
    if (!intact(t))
        return false;
    guard_protect(&regions[PACKED], GUARD_READ);
    for (int i = 0; i < WEIGHT_REGIONS; i++) /* they may go once packed */
        guard_protect(&regions[i], GUARD_NONE);
    t->readable = PACKED;
    return true;
}

/* Rows are copied one by one: the gaps between them stay poison. */
static bool place_io(struct trial *t, enum guard_place place, unsigned char poison)
{
    const struct assay_rows rows = assay_problem_in_rows(&t->layer->problem);
    const size_t in_size = assay_type_size(rows.type), stride = rows.stride * in_size;
    const size_t out_size = assay_type_size(assay_problem_out_rows(&t->layer->problem).type);
    const size_t parameters = t->layer->row_parameter_count * sizeof(struct assay_row_quantization);
    /* Peers' libraries state that they may read a little beyond; ours may not. */
    const size_t beyond = t->result->judged ? 0 : ASSAY_PEER_OVERREAD;
    const size_t addend = t->layer->io.addend ? t->layer->in_bytes : 0;
    if (!guard_place(&regions[IN], t->layer->in_bytes + beyond, in_size, place, poison) ||
        !guard_place(&regions[ADDEND], addend + beyond, in_size, place, poison) ||
        !guard_place(&regions[OUT], t->layer->out_bytes, out_size, place, poison) ||
        !guard_place(&regions[ROWS], parameters, sizeof(int32_t), place, poison))
        return no_memory(t);
    for (size_t r = 0; r < rows.rows; r++)
        memcpy(regions[IN].data + r * stride, (const char *)t->layer->io.in + r * stride, rows.columns * in_size);
    if (addend)
        memcpy(regions[ADDEND].data, t->layer->io.addend, addend);
    guard_protect(&regions[IN], GUARD_READ);
    guard_protect(&regions[ADDEND], GUARD_READ);
    t->io.in = regions[IN].data;
    t->io.addend = t->layer->io.addend ? regions[ADDEND].data : NULL;
    t->io.out = regions[OUT].data;
    t->io.row_parameters = parameters ? (struct assay_row_quantization *)(void *)regions[ROWS].data : NULL;
    return true;
}

static bool prepare(struct trial *t)
{
    if (!t->kernel->prepare)
        return true;
    if (t->result->judged) { /* contents are not read, and nothing is written yet */
        guard_protect(&regions[IN], GUARD_NONE);
        guard_protect(&regions[ADDEND], GUARD_NONE);
        guard_protect(&regions[OUT], GUARD_NONE);
    }
    const bool returned = try(t, "prepare", do_prepare);
    guard_protect(&regions[IN], GUARD_READ);
    guard_protect(&regions[ADDEND], GUARD_READ);
    guard_protect(&regions[OUT], GUARD_WRITE);
    if (returned && !t->done)
        return give_up(t, TRIAL_ERROR, "prepare (%s): it reports a failure", t->pass);
    return returned;
}

static bool gaps_intact(const struct trial *t)
{
    const struct assay_rows rows = assay_problem_out_rows(&t->layer->problem);
    const size_t size = assay_type_size(rows.type), gap = (rows.stride - rows.columns) * size;
    for (size_t r = 0; r + 1 < rows.rows; r++) {
        const char *from = regions[OUT].data + (r * rows.stride + rows.columns) * size;
        for (size_t i = 0; i < gap; i++)
            if ((unsigned char)from[i] != regions[OUT].poison)
                return false;
    }
    return true;
}

static bool run(struct trial *t, unsigned variant)
{
    t->variant = variant;
    if (!try(t, "run", do_run))
        return false;
    if (!t->done)
        return give_up(t, TRIAL_FAIL, "%s: %s", t->pass, t->convention);
    if (!intact(t))
        return false;
    return gaps_intact(t) ? true
                          : give_up(t, TRIAL_FAIL, "%s: it writes into the gaps between rows of the output", t->pass);
}

static bool judge(struct trial *t)
{
    const bool right =
        oracle_judge(t->layer, t->kernel->accumulator, t->io.out, t->io.row_parameters, 0, &t->result->verdict);
    return right || !t->result->judged ? true : give_up(t, TRIAL_FAIL, "%s", t->result->verdict.message);
}

/* The output as it was the first time, without its gaps. */
static bool same_output(struct trial *t, const char *kept_out, const char *kept_rows)
{
    if (!t->result->judged)
        return true;
    const struct assay_rows rows = assay_problem_out_rows(&t->layer->problem);
    const size_t size = assay_type_size(rows.type);
    for (size_t r = 0; r < rows.rows; r++) {
        const size_t offset = r * rows.stride * size;
        if (memcmp(regions[OUT].data + offset, kept_out + offset, rows.columns * size) != 0)
            return give_up(t, TRIAL_FAIL, "%s: row %zu of the output is not what it was the first time", t->pass, r);
    }
    if (memcmp(regions[ROWS].data, kept_rows, regions[ROWS].bytes) != 0)
        return give_up(t, TRIAL_FAIL, "%s: the row parameters are not what they were the first time", t->pass);
    return true;
}

static bool repeat(struct trial *t, const char *kept_out, const char *kept_rows)
{
    t->pass = "run again";
    if (!guard_place(&regions[OUT], regions[OUT].bytes, 1, GUARD_END, 0x5A))
        return no_memory(t);
    if (!run(t, 1) || !same_output(t, kept_out, kept_rows))
        return false;

    t->pass = "other garbage, buffers after a forbidden page";
    if (!place_io(t, GUARD_BEGIN, 0x7B) ||
        !guard_place(&regions[SCRATCH], t->scratch_bytes, ASSAY_PACK_ALIGN, GUARD_BEGIN, 0x7B))
        return no_memory(t);
    if (!prepare(t) || !run(t, 1) || !same_output(t, kept_out, kept_rows))
        return false;

    t->pass = "odd addresses, used scratch";
    if (!place_io(t, GUARD_ODD, 0x99))
        return no_memory(t);
    return prepare(t) && run(t, 0) && same_output(t, kept_out, kept_rows);
}

/* The parameters of ranges that are `factor` times as wide as those of the input, which are found in pieces. */
struct ranges {
    struct trial *trial;
    struct assay_row_quantization *parameters;
    float factor;
};

static void do_fold(void *argument)
{
    struct ranges *ranges = argument;
    const struct assay_kernel *kernel = ranges->trial->kernel;
    const struct assay_rows in = assay_problem_in_rows(&ranges->trial->layer->problem);
    const struct assay_groups groups = assay_problem_groups(&ranges->trial->layer->problem);
    for (size_t g = 0; g < groups.count; g++) {
        float min[2] = {0}, max[2] = {0}; /* of every third row, and of the others */
        for (size_t r = g * groups.rows; r < assay_min((g + 1) * groups.rows, in.rows); r++)
            kernel->fold_range(kernel, (const float *)ranges->trial->io.in + r * in.stride, in.columns, &min[r % 3 > 0],
                               &max[r % 3 > 0]);
        kernel->fold_range(kernel, &min[1], 1, &min[0], &max[0]);
        kernel->fold_range(kernel, &max[1], 1, &min[0], &max[0]);
        ranges->parameters[g] = assay_row_quantization_of(ranges->factor * min[0], ranges->factor * max[0]);
    }
}

static bool run_given(struct trial *t, struct layer *layer, float factor)
{
    const size_t bytes = assay_problem_groups(&layer->problem).count * sizeof(struct assay_row_quantization);
    if (!guard_place(&regions[GROUPS], bytes, sizeof(int32_t), GUARD_END, 0xFF))
        return no_memory(t);
    struct ranges ranges = {t, (struct assay_row_quantization *)(void *)regions[GROUPS].data, factor};
    struct fault fault;
    if (!fault_run(do_fold, &ranges, t->seconds, &fault)) {
        tell_fault(t, "fold_range", &fault);
        return false;
    }
    guard_protect(&regions[GROUPS], GUARD_READ);
    t->io.group_parameters = layer->io.group_parameters = ranges.parameters;
    return prepare(t) && run(t, 1);
}

/* The input's own ranges give the same as before; others what the oracle makes of them. */
static bool repeat_given(struct trial *t, const char *kept_out, const char *kept_rows)
{
    struct layer given = *t->layer;
    if (!t->kernel->fold_range || given.problem.mode != ASSAY_MODE_HYBRID || given.problem.op == ASSAY_OP_GEMM)
        return true;
    t->pass = "given the input's own ranges";
    if (!run_given(t, &given, 1.0f) ||
        (given.options.values != VALUES_NAN && !same_output(t, kept_out, kept_rows))) /* what a NaN makes is open */
        return false;
    t->pass = "given wider ranges";
    const struct layer *own = t->layer;
    if (!run_given(t, &given, 1.5f))
        return false;
    t->layer = &given;
    const bool right = judge(t);
    t->layer = own;
    return right;
}

static void try_all(struct trial *t)
{
    if (!pack(t))
        return;
    t->pass = "buffers before a forbidden page";
    if (!place_io(t, GUARD_END, 0xFF) ||
        !guard_place(&regions[SCRATCH], t->scratch_bytes, ASSAY_PACK_ALIGN, GUARD_END, 0xFF)) {
        no_memory(t);
        return;
    }
    if (!prepare(t) || !run(t, 0) || !judge(t))
        return;
    char *kept_out = malloc(regions[OUT].bytes + 1), *kept_rows = malloc(regions[ROWS].bytes + 1);
    if (kept_out && kept_rows) {
        memcpy(kept_out, regions[OUT].data, regions[OUT].bytes);
        memcpy(kept_rows, regions[ROWS].data, regions[ROWS].bytes);
        if (repeat(t, kept_out, kept_rows) && repeat_given(t, kept_out, kept_rows))
            t->result->outcome = TRIAL_PASS;
    } else {
        no_memory(t);
    }
    free(kept_out);
    free(kept_rows);
}

static void do_release(void *argument)
{
    struct trial *t = argument;
    t->kernel->release(t->kernel, regions[PACKED].data, regions[SCRATCH].data);
}

void trial_run(const struct assay_kernel *kernel, const struct layer *layer, unsigned seconds,
               struct trial_result *result)
{
    struct trial t = {.kernel = kernel, .layer = layer, .seconds = seconds, .result = result};
    memset(result, 0, sizeof(*result));
    result->outcome = TRIAL_ERROR;
    result->judged = strcmp(kernel->origin, "assay") == 0;
    for (int i = 0; i < REGIONS; i++)
        regions[i].data = NULL; /* nothing stands in it yet */
    try_all(&t);
    if (!kernel->release || !regions[PACKED].data)
        return;
    guard_protect(&regions[PACKED], GUARD_WRITE);
    struct fault fault;
    t.pass = "after all";
    if (!fault_run(do_release, &t, seconds, &fault) && result->outcome == TRIAL_PASS)
        tell_fault(&t, "release", &fault);
}

void trial_release(void)
{
    for (int i = 0; i < REGIONS; i++)
        guard_release(&regions[i]);
}
