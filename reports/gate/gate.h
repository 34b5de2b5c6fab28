/* The nightly verdict: a comparison (reports/stats/compare.h) by a policy, in which a change of a time is said only
 * after both were measured again (docs/gates.md). */
#ifndef ASSAY_REPORTS_GATE_GATE_H
#define ASSAY_REPORTS_GATE_GATE_H

#include "reports/gate/policy.h"
#include "reports/stats/compare.h"
#include "reports/stats/pairs.h"

/* How often a change is measured again before it is said, each time afresh. */
enum { ASSAY_GATE_LOOKS = 3 };

/* Measures candidates again, base and now in turn, process by process, for the `look`th time (from 0): fresh samples
 * for pairs[i] of candidates[i], whose arrays the gate frees; count 0 where it could not. False: nothing could be
 * measured; it has said why. */
typedef bool assay_remeasure_fn(void *context, size_t look, const struct assay_comparison *const *candidates,
                                size_t count, struct assay_pairs *pairs);

struct assay_gate {
    const struct assay_gate_policy *policy;
    bool baseline;                 /* as in struct assay_compare_options */
    assay_remeasure_fn *remeasure; /* NULL: verdicts on time are of the two runs alone */
    void *context;
};

/* False: out of memory, or nothing could be measured again. */
bool assay_gate_judge(const struct assay_gate *gate, const struct assay_record_list *base,
                      const struct assay_record_list *now, struct assay_comparison_list *result);

/* Of two judgements of the same run, against two bases, the worse verdict of each series; `more` is empty afterwards.
 * False: out of memory. */
bool assay_gate_merge(struct assay_comparison_list *result, struct assay_comparison_list *more);

/* Whether the report raises an alarm: something regressed, or runs no longer. */
bool assay_gate_fails(const struct assay_comparison_list *result);

#endif
