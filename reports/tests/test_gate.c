/* The gate: its tests against every split written out, verdicts on times, accuracy and presence under a policy. */
#include "reports/gate/gate.h"
#include "reports/stats/swaps.h"
#include "reports/stats/tests.h"
#include "reports/tests/check.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* U of the elements of `mask`: pairs in which theirs is larger, half for ties. */
static double u_of(const double *values, unsigned count, unsigned mask)
{
    double u = 0;
    for (unsigned i = 0; i < count; i++)
        for (unsigned j = 0; j < count; j++)
            if (mask >> i & 1 && !(mask >> j & 1))
                u += values[i] > values[j] ? 1 : values[i] == values[j] ? 0.5 : 0;
    return u;
}

/* By its definition: every split of the numbers, one by one. */
static double all_splits(const double *values, unsigned count, unsigned first)
{
    const double mean = first * (count - first) / 2.0, away = fabs(u_of(values, count, (1u << first) - 1) - mean);
    unsigned all = 0, extreme = 0;
    for (unsigned mask = 0; mask < 1u << count; mask++) {
        if ((unsigned)__builtin_popcount(mask) != first)
            continue;
        all++;
        extreme += fabs(u_of(values, count, mask) - mean) >= away;
    }
    return (double)extreme / all;
}

static void test_mann_whitney(void)
{
    unsigned state = 1;
    for (unsigned trial = 0; trial < 200; trial++) {
        double values[9];
        const unsigned first = 1 + trial % 5, count = first + 1 + trial % 4;
        for (unsigned i = 0; i < count; i++) {
            state = state * 1664525 + 1013904223;
            values[i] = (state >> 24) % (2 + trial % 20); /* few values: ties */
        }
        const double expected = all_splits(values, count, first);
        const double p = assay_mann_whitney(values, first, values + first, count - first);
        CHECK(fabs(p - expected) < 1e-12, "%g, not %g, for %u of %u", p, expected, first, count);
    }
    double apart[200];
    for (int i = 0; i < 200; i++)
        apart[i] = i;
    CHECK(fabs(assay_mann_whitney(apart, 8, apart + 8, 8) - 2.0 / 12870) < 1e-15, "8 and 8 apart");
    CHECK(assay_mann_whitney(apart, 100, apart + 100, 100) < 1e-30, "100 and 100 apart");
    CHECK(assay_mann_whitney(apart, 100, apart, 100) > 0.99, "100 and the same 100");
    /* At the change from exact to approximate both say about the same. */
    const double exact = assay_mann_whitney(apart, 30, apart + 10, 30),
                 near = assay_mann_whitney(apart, 31, apart + 10, 31);
    CHECK(near < exact * 3 && near > exact / 10, "%g and %g", exact, near);
    CHECK(isnan(assay_mann_whitney(apart, 0, apart, 3)), "an empty set has a p");
    const double none[] = {NAN};
    CHECK(isnan(assay_mann_whitney(none, 1, apart, 3)), "no number has a p");
}

static void test_mcnemar_and_holm(void)
{
    CHECK(assay_mcnemar(0, 0) == 1 && assay_mcnemar(3, 3) == 1, "an even split is no change");
    CHECK(fabs(assay_mcnemar(10, 0) - 2.0 / 1024) < 1e-15, "%g", assay_mcnemar(10, 0));
    CHECK(fabs(assay_mcnemar(1, 5) - 2 * (1 + 6) / 64.0) < 1e-12, "%g", assay_mcnemar(1, 5));
    double p[] = {0.04, NAN, 0.01, 0.03, 0.5};
    CHECK(assay_holm(p, 5), "no memory");
    const double expected[] = {0.09, NAN, 0.04, 0.09, 0.5};
    for (int i = 0; i < 5; i++)
        CHECK(i == 1 ? isnan(p[i]) : fabs(p[i] - expected[i]) < 1e-12, "%d: %g", i, p[i]);
    CHECK(assay_holm(p, 0), "no memory");
}

/* By counting all exchanges of base and now. */
static double counted_swaps(const struct assay_pairs *groups, size_t count, int direction)
{
    size_t pairs = 0, reached = 0;
    for (size_t g = 0; g < count; g++)
        pairs += groups[g].count;
    double observed = 0;
    for (size_t swapped = 0; swapped < (size_t)1 << pairs; swapped++) {
        double sum = 0;
        size_t bit = 0;
        for (size_t g = 0; g < count; g++) {
            double base = INFINITY, now = INFINITY;
            for (size_t i = 0; i < groups[g].count; i++, bit++) {
                const bool swap = swapped >> bit & 1;
                base = fmin(base, swap ? groups[g].now[i] : groups[g].base[i]);
                now = fmin(now, swap ? groups[g].base[i] : groups[g].now[i]);
            }
            sum += direction * log(now / base);
        }
        observed = swapped == 0 ? sum : observed;
        reached += sum >= observed - 1e-12;
    }
    return (double)reached / (double)((size_t)1 << pairs);
}

static void test_swaps(void)
{
    double a[] = {10, 11, 12, 13}, b[] = {20, 21, 22, 23}, mixed[] = {10.5, 9, 30, 12.5}, equal[] = {10, 10, 10, 10};
    const struct assay_pairs apart[] = {{a, b, 4}, {a, b, 3}}, near[] = {{a, mixed, 4}, {mixed, b, 2}, {b, a, 4}},
                             same[] = {{equal, equal, 4}, {a, a, 4}};
    CHECK(fabs(assay_swap_test(apart, 2, 1) - pow(2, -7)) < 1e-15, "%g", assay_swap_test(apart, 2, 1));
    CHECK(assay_swap_test(apart, 2, -1) == 1, "%g", assay_swap_test(apart, 2, -1));
    CHECK(assay_swap_test(same, 2, 1) == counted_swaps(same, 2, 1), "%g", assay_swap_test(same, 2, 1));
    for (size_t count = 1; count <= 3; count++)
        for (int direction = -1; direction <= 1; direction += 2)
            CHECK(fabs(assay_swap_test(near, count, direction) - counted_swaps(near, count, direction)) < 1e-12,
                  "%zu groups, %d: %g, not %g", count, direction, assay_swap_test(near, count, direction),
                  counted_swaps(near, count, direction));
    const struct assay_pairs none[] = {{a, b, 4}, {a, b, 0}};
    double wrong[] = {1, NAN};
    const struct assay_pairs bad = {wrong, a, 2};
    CHECK(isnan(assay_swap_test(none, 2, 1)) && isnan(assay_swap_test(&bad, 1, 1)) &&
              isnan(assay_swap_test(NULL, 0, 1)),
          "a p of nothing");
}

/* A record of a series whose processes' least times are around `value`. */
static json_t *timed_by(const char *id, double value, int process_count)
{
    json_t *samples = json_array(), *processes = json_array();
    for (int i = 0; i < 4 * process_count; i++) {
        json_array_append_new(samples, json_real(value * (1 + 0.001 * (i * 7 % 5))));
        json_array_append_new(processes, json_integer(i / 4));
    }
    return json_pack("{s:i, s:s, s:s, s:s, s:s, s:s, s:f, s:s, s:s, s:s, s:s, s:s, s:f, s:n, s:n, s:s, s:b, "
                     "s:{s:s, s:s, s:s, s:i, s:n, s:n}, s:{}, s:{}, s:{}, s:{s:o, s:o}, s:{s:f}}",
                     "schema_version", ASSAY_RECORD_SCHEMA, "series_id", id, "target", "here", "op", "gemm", "mode",
                     "int8", "structure", "dense", "sparsity", 0.0, "case", "case", "role", "best", "kernel",
                     "gemm_x_ref", "origin", "assay", "metric", "ns", "value", value, "speedup", "error", "outcome",
                     "pass", "emulated", 0, "identity", "run_id", "r", "suite", "s", "started", "2026-01-01T00:00:00Z",
                     "seed", 1, "commit", "dirty", "code", "machine", "shape", "performance", "samples", samples,
                     "processes", processes, "accuracy", "rel_rms", 0.001);
}

static json_t *timed(const char *id, double value)
{
    return timed_by(id, value, 3);
}

static json_t *counted(const char *id, double value)
{
    json_t *json = timed(id, value);
    json_object_set_new(json, "metric", json_string("instructions"));
    json_object_set_new(json, "performance", json_object());
    return json;
}

static json_t *of_network(json_t *json, const char *metric, double value, const char *answers, const char *dataset)
{
    json_object_set_new(json, "accuracy",
                        json_pack("{s:s, s:s, s:f, s:i, s:s?, s:s}", "task", "classification", "task_metric", metric,
                                  "task_value", value, "samples", 40, "answers", answers, "dataset_sha256", dataset));
    return json;
}

static json_t *with(json_t *json, const char *object, const char *key, const char *value)
{
    json_object_set_new(json_object_get(json, object), key, json_string(value));
    return json;
}

static void add(struct assay_record_list *list, json_t *json)
{
    struct assay_record view;
    char message[ASSAY_RECORD_MESSAGE] = "";
    CHECK(assay_record_view(json, &view, message) && assay_record_append(list, view), "%s", message);
    json_decref(json);
}

/* What a re-measurement would say. */
struct stage {
    double factor; /* now / base; 0: it cannot be measured */
    double noise;  /* of so much: a spell that leaves one side as it comes to the other */
    size_t lucky;  /* so many processes of base were 4 % faster than its others, in each look */
    size_t asked;
};

static bool remeasure(void *context, size_t look, const struct assay_comparison *const *candidates, size_t count,
                      struct assay_pairs *pairs)
{
    struct stage *stage = context;
    (void)candidates;
    CHECK(look < ASSAY_GATE_LOOKS, "look %zu", look);
    stage->asked += count;
    for (size_t i = 0; i < count && stage->factor > 0; i++) {
        pairs[i] = (struct assay_pairs){malloc(8 * sizeof(double)), malloc(8 * sizeof(double)), 8};
        for (size_t j = 0; j < 8; j++) {
            pairs[i].base[j] = 100 * (1 + stage->noise * (double)j);
            pairs[i].base[j] *= j < stage->lucky ? 0.96 : 1;
            pairs[i].now[j] = 100 * (1 + stage->noise * (double)(7 - j)) * stage->factor;
        }
    }
    return true;
}

/* The verdict on the one series; *reason, if not NULL, gets its reason's first bytes. */
static enum assay_verdict judge(struct assay_gate gate, json_t *before, json_t *after, struct assay_comparison *first)
{
    const struct assay_gate_policy defaults = assay_gate_defaults();
    struct assay_record_list base = {0}, now = {0};
    struct assay_comparison_list result;
    if (before)
        add(&base, before);
    if (after)
        add(&now, after);
    gate.policy = gate.policy ? gate.policy : &defaults;
    CHECK(assay_gate_judge(&gate, &base, &now, &result), "no memory");
    const bool one = result.count == 1;
    const enum assay_verdict verdict = one ? result.items[0].verdict : ASSAY_VERDICT_COUNT;
    if (first && one)
        *first = result.items[0];
    CHECK(!one || result.verdicts[verdict] == 1, "verdicts are not counted");
    assay_comparison_list_free(&result);
    assay_record_list_free(&base);
    assay_record_list_free(&now);
    return verdict;
}

#define EXPECT(expected, ...)                                                                        \
    do {                                                                                             \
        const enum assay_verdict verdict_is = judge(__VA_ARGS__);                                    \
        CHECK(verdict_is == (expected), "%s",                                                        \
              verdict_is < ASSAY_VERDICT_COUNT ? assay_verdict_name(verdict_is) : "not one series"); \
    } while (0)

static void test_times(void)
{
    const struct assay_gate alone = {0};
    /* Three processes against three: chance alone does that once in ten. */
    EXPECT(ASSAY_INCONCLUSIVE, alone, timed("a", 100), timed("a", 120), NULL);
    EXPECT(ASSAY_UNCHANGED, alone, timed("a", 100), timed("a", 100), NULL);

    struct stage stage = {.factor = 1.03, .noise = 0.001};
    const struct assay_gate gate = {.remeasure = remeasure, .context = &stage};
    struct assay_comparison c;
    EXPECT(ASSAY_UNCHANGED, gate, timed("a", 100), timed("a", 100.1), NULL);
    CHECK(stage.asked == 0, "what did not change was measured again");
    EXPECT(ASSAY_REGRESSED, gate, timed("a", 100), timed("a", 103), &c);
    CHECK(stage.asked == ASSAY_GATE_LOOKS && c.remeasured && fabs(c.ratio.estimate - 1.03) < 1e-9 && c.p < 0.001,
          "%g %g", c.ratio.estimate, c.p);
    EXPECT(ASSAY_INCONCLUSIVE, gate, timed("a", 103), timed("a", 100), NULL); /* the second look says the contrary */
    stage.factor = 1 / 1.05;
    EXPECT(ASSAY_IMPROVED, gate, timed("a", 103), timed("a", 100), NULL);
    stage.factor = 1.001;
    EXPECT(ASSAY_UNCHANGED, gate, timed("a", 100), timed("a", 130), NULL);
    stage.noise = 0.2;
    stage.factor = 1.05;
    EXPECT(ASSAY_INCONCLUSIVE, gate, timed("a", 100), timed("a", 105), &c);
    CHECK(strstr(c.reason, "may be chance"), "%s", c.reason);
    stage = (struct stage){.factor = 1, .noise = 0.001, .lucky = 1};
    EXPECT(ASSAY_INCONCLUSIVE, gate, timed("a", 100), timed("a", 105), &c);
    CHECK(strstr(c.reason, "may be chance"), "%s", c.reason);
    stage.lucky = 3; /* in each look: no chance; but most processes got faster */
    stage.factor = 0.985;
    EXPECT(ASSAY_INCONCLUSIVE, gate, timed("a", 100), timed("a", 105), &c);
    CHECK(strstr(c.reason, "not clear"), "%s", c.reason);
    stage.factor = 0;
    EXPECT(ASSAY_INCONCLUSIVE, gate, timed("a", 100), timed("a", 105), &c);
    CHECK(strstr(c.reason, "could not be measured again"), "%s", c.reason);
    /* Eight processes against eight are enough for a series that is alone. */
    EXPECT(ASSAY_REGRESSED, gate, timed_by("a", 100, 8), timed_by("a", 120, 8), &c);
    CHECK(strstr(c.reason, "could not be measured again"), "%s", c.reason);
}

static void test_machine_code(void)
{
    const struct assay_gate gate = {0};
    EXPECT(ASSAY_UNCHANGED, gate, with(timed("a", 100), "code", "hash", "1"),
           with(timed("a", 200), "code", "hash", "1"), NULL);
    EXPECT(ASSAY_UNCHANGED, gate, with(counted("a", 100), "code", "hash", "1"),
           with(counted("a", 200), "code", "hash", "1"), NULL);
    EXPECT(ASSAY_REGRESSED, gate, with(counted("a", 100), "code", "hash", "1"),
           with(counted("a", 200), "code", "hash", "2"), NULL);
    /* The same code, and wrong: numbers it works on may have changed. */
    json_t *wrong = with(timed("a", 50), "code", "hash", "1");
    json_object_set_new(wrong, "outcome", json_string("fail"));
    EXPECT(ASSAY_REGRESSED, gate, with(timed("a", 100), "code", "hash", "1"), wrong, NULL);
}

static json_t *erring(double error)
{
    json_t *json = timed("a", 100);
    json_object_set_new(json_object_get(json, "accuracy"), "rel_rms", json_real(error));
    return json;
}

static void test_accuracy(void)
{
    const struct assay_gate gate = {0};
    EXPECT(ASSAY_REGRESSED, gate, erring(1e-3), erring(1.02e-3), NULL);
    EXPECT(ASSAY_UNCHANGED, gate, erring(1e-3), erring(1.005e-3), NULL);
    EXPECT(ASSAY_UNCHANGED, gate, erring(1.0e-7), erring(1.3e-7), NULL); /* another order of the sum */
    EXPECT(ASSAY_REGRESSED, gate, erring(1.0e-7), erring(3.0e-7), NULL);
}

static void test_counts(void)
{
    const struct assay_gate gate = {0}, baseline = {.baseline = true};
    EXPECT(ASSAY_UNCHANGED, gate, counted("a", 100000), counted("a", 100099), NULL);
    EXPECT(ASSAY_REGRESSED, gate, counted("a", 100000), counted("a", 100101), NULL);
    EXPECT(ASSAY_IMPROVED, gate, counted("a", 100101), counted("a", 100000), NULL);
    EXPECT(ASSAY_REGRESSED, baseline, with(counted("a", 1000), "machine", "compiler", "x 1"),
           with(counted("a", 1010), "machine", "compiler", "x 1"), NULL);
    EXPECT(ASSAY_INCONCLUSIVE, baseline, with(counted("a", 1000), "machine", "compiler", "x 1"),
           with(counted("a", 1010), "machine", "compiler", "x 2"), NULL);
    EXPECT(ASSAY_UNCHANGED, baseline, timed("a", 100), timed("a", 300), NULL);
}

static void test_networks(void)
{
    const struct assay_gate gate = {0};
    char before[41], after[41];
    memset(before, '1', 40);
    before[40] = '\0';
    memcpy(after, before, 41);
    memset(after, '0', 12);
    json_t *(*const of)(json_t *, const char *, double, const char *, const char *) = of_network;
    EXPECT(ASSAY_REGRESSED, gate, of(counted("a", 1), "top1", 1, before, "d"),
           of(counted("a", 1), "top1", 0.7, after, "d"), NULL);
    EXPECT(ASSAY_IMPROVED, gate, of(counted("a", 1), "top1", 0.7, after, "d"),
           of(counted("a", 1), "top1", 1, before, "d"), NULL);
    EXPECT(ASSAY_INCONCLUSIVE, gate, of(counted("a", 1), "top1", 1, before, "d"),
           of(counted("a", 1), "top1", 0.7, after, "e"), NULL);
    EXPECT(ASSAY_UNCHANGED, gate, of(counted("a", 1), "top1", 1, before, "d"),
           of(counted("a", 1), "top1", 1, before, "d"), NULL);
    memset(after, '1', 38); /* two of forty: five points, that chance brings, too */
    memset(after + 38, '0', 2);
    EXPECT(ASSAY_INCONCLUSIVE, gate, of(counted("a", 1), "top1", 1, before, "d"),
           of(counted("a", 1), "top1", 0.95, after, "d"), NULL);
    EXPECT(ASSAY_REGRESSED, gate, of(counted("a", 1), "mse", 1, NULL, "d"), of(counted("a", 1), "mse", 1.02, NULL, "d"),
           NULL);
    EXPECT(ASSAY_REGRESSED, gate, of(counted("a", 1), "auc", 0.9, NULL, "d"),
           of(counted("a", 1), "auc", 0.89, NULL, "d"), NULL);
}

static void test_policy(void)
{
    struct assay_gate_rule rules[] = {
        {.series = "a/*", .effects = {NAN, 0.5, NAN, NAN, NAN}, .line = 3},
        {.series = "*/noisy", .effects = {NAN, NAN, NAN, NAN, NAN}, .ignore = true, .line = 4},
        {.series = "a/needed*", .effects = {NAN, NAN, NAN, NAN, NAN}, .required = true, .line = 5},
    };
    struct assay_gate_policy policy = assay_gate_defaults();
    policy.rules = rules;
    policy.count = 2;
    const struct assay_gate gate = {.policy = &policy};
    EXPECT(ASSAY_UNCHANGED, gate, counted("a/b/c", 100), counted("a/b/c", 140), NULL);
    EXPECT(ASSAY_REGRESSED, gate, counted("a/b/c", 100), counted("a/b/c", 160), NULL);
    EXPECT(ASSAY_REGRESSED, gate, counted("b", 100), counted("b", 140), NULL);
    EXPECT(ASSAY_VERDICT_COUNT, gate, counted("a/noisy", 100), counted("a/noisy", 1000), NULL);
    EXPECT(ASSAY_GONE, gate, counted("a/needed1", 100), NULL, NULL);
    policy.count = 3;
    EXPECT(ASSAY_ERROR, gate, counted("a/needed1", 100), NULL, NULL);
    struct assay_comparison c = {.series_id = ""};
    EXPECT(ASSAY_ERROR, gate, NULL, NULL, &c);
    CHECK(strcmp(c.series_id, "a/needed*") == 0 && strstr(c.reason, "line 5"), "%s", c.reason);
}

static void test_merge(void)
{
    const struct assay_gate_policy policy = assay_gate_defaults();
    const struct assay_gate gate = {.policy = &policy}, baseline = {.policy = &policy, .baseline = true};
    struct assay_record_list base = {0}, reviewed = {0}, now = {0};
    struct assay_comparison_list result, more;
    add(&base, counted("a", 102)); /* the creep of a hundred nights is seen in the reviewed file alone */
    add(&base, counted("b", 100));
    add(&reviewed, with(counted("a", 100), "machine", "compiler", "x 1"));
    add(&now, with(counted("a", 102), "machine", "compiler", "x 1"));
    add(&now, counted("b", 100));
    CHECK(assay_gate_judge(&gate, &base, &now, &result) && assay_gate_judge(&baseline, &reviewed, &now, &more),
          "no memory");
    CHECK(!assay_gate_fails(&result), "an alarm too soon");
    CHECK(assay_gate_merge(&result, &more) && result.count == 2, "%zu", result.count);
    CHECK(assay_gate_fails(&result) && strcmp(result.items[0].series_id, "a") == 0, "%s", result.items[0].series_id);
    assay_comparison_list_free(&result);
    assay_record_list_free(&base);
    assay_record_list_free(&reviewed);
    assay_record_list_free(&now);
}

int main(void)
{
    test_mann_whitney();
    test_mcnemar_and_holm();
    test_swaps();
    test_times();
    test_machine_code();
    test_accuracy();
    test_counts();
    test_networks();
    test_policy();
    test_merge();
    return finish_checks();
}
