#include "harness/selftest/faults.h"

#include "harness/base/memory.h"
#include "reports/gate/gate.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* One measurement of the layers that faults are planted in. */
static bool measure(struct assay_planting *planting, const char *planted, const char *name,
                    struct assay_record_list *records)
{
    const struct assay_planted_run run = {
        .suite = "quick",
        .filter = "[cf][co]*", /* fully connected layers and convolutions */
        .roles = 1u << ASSAY_ROLE_BEST,
        .planted = planted,
        .run_id = name,
        .processes = 1,
    };
    return assay_planted_measure(planting, &run, records);
}

static void count(const struct assay_comparison *c, bool by_count, struct assay_fault_result *result)
{
    const char *before = c->base ? c->base->kernel : NULL, *after = c->now ? c->now->kernel : NULL;
    const bool said = c->verdict == ASSAY_REGRESSED || c->verdict == ASSAY_ERROR || c->verdict == ASSAY_IMPROVED;
    /* A kernel that was given more to do keeps its name, and differs in its count. */
    const bool planted =
        by_count ? c->base && c->now && c->base->value != c->now->value : before && after && strcmp(before, after) != 0;
    result->planted += planted;
    result->detected += planted && c->verdict == ASSAY_REGRESSED;
    result->others += !planted && said;
    if (by_count && planted)
        result->effect = fmin(result->effect, c->now->value / c->base->value - 1);
}

/* Plants, measures, and asks the gate. Times are not its question here. */
static bool try_fault(struct assay_planting *planting, const char *planted, const char *name, bool by_count,
                      const struct assay_record_list *base, struct assay_faults *faults)
{
    const struct assay_gate_policy policy = assay_gate_defaults();
    const struct assay_gate gate = {.policy = &policy, .baseline = true};
    struct assay_record_list now = {0};
    struct assay_comparison_list list = {0};
    const char *id = assay_format("%s %s", planting->stand->label, name);
    const bool good = measure(planting, planted, id, &now) && assay_gate_judge(&gate, base, &now, &list);
    if (good && faults->count < ASSAY_MOST_FAULTS) {
        struct assay_fault_result *result = &faults->items[faults->count++];
        *result = (struct assay_fault_result){
            .name = name, .target = planting->stand->label, .effect = by_count ? INFINITY : NAN};
        for (size_t i = 0; i < list.count; i++)
            count(&list.items[i], by_count, result);
    }
    assay_comparison_list_free(&list);
    assay_record_list_free(&now);
    return good;
}

bool assay_prove_accuracy(struct assay_planting *planting, struct assay_faults *faults)
{
    static const char *const names[] = {"twin",          "rounding", "rounding_once", "saturation",   "zero_point",
                                        "channel_scale", "padding",  "tail",          "accumulation", "row_scale"};
    struct assay_record_list base = {0};
    bool good = measure(planting, "wrong=twin", assay_format("%s twins", planting->stand->label), &base);
    for (size_t i = 0; good && i < sizeof(names) / sizeof(names[0]); i++)
        good = try_fault(planting, assay_format("wrong=%s", names[i]), names[i], false, &base, faults);
    assay_record_list_free(&base);
    return good;
}

/* KERNEL:N of all series, N turns of two instructions being at least the share of each count: a kernel that computes
 * several layers gets what the largest of them needs. */
static const char *more_of(const struct assay_record_list *base, double share)
{
    const char *text = "";
    for (size_t i = 0; i < base->count; i++) {
        const struct assay_record *record = &base->items[i];
        double most = record->value;
        bool first = record->kernel && record->value > 0;
        for (size_t j = 0; first && j < base->count; j++) {
            if (!base->items[j].kernel || strcmp(base->items[j].kernel, record->kernel) != 0)
                continue;
            first = j >= i;
            most = fmax(most, base->items[j].value);
        }
        if (first)
            text = assay_format("%s%s%s:%.0f", text, *text ? "," : "", record->kernel, ceil(share * most / 2));
    }
    return text;
}

bool assay_prove_counts(struct assay_planting *planting, struct assay_faults *faults)
{
    static const struct {
        const char *name;
        double share;
    } shares[] = {{"0.1 % more", 0.00101}, {"0.5 % more", 0.005}, {"1 % more", 0.01}};
    struct assay_record_list base = {0};
    bool good = measure(planting, NULL, assay_format("%s base", planting->stand->label), &base) &&
                try_fault(planting, NULL, "nothing", true, &base, faults);
    for (size_t i = 0; good && i < sizeof(shares) / sizeof(shares[0]); i++)
        good = try_fault(planting, assay_format("more=%s", more_of(&base, shares[i].share)), shares[i].name, true,
                         &base, faults);
    assay_record_list_free(&base);
    return good;
}
