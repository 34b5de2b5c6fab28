/* reports/goals: verdicts on fixed records, worked out by hand. */
#include "reports/goals/goal.h"
#include "reports/tests/check.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* What makes a record of these tests; the rest follows. */
struct made {
    const char *name, *op, *mode, *structure, *role, *origin;
    double sparsity, value;
};

static void add(struct assay_record_list *list, struct made m)
{
    char id[256], message[ASSAY_RECORD_MESSAGE] = "";
    struct assay_record view;
    snprintf(id, sizeof(id), "t/%s/%s/%s/%s@%g/%s/%s", m.name, m.op, m.mode, m.structure, m.sparsity, m.role, m.origin);
    const bool pass = m.value > 0;
    json_t *json =
        json_pack("{s:i, s:s, s:s, s:s, s:s, s:s, s:f, s:s, s:s, s:o, s:s, s:s, s:o, s:n, s:n, s:s, s:b, "
                  "s:{s:s, s:s, s:s, s:i, s:n, s:n}, s:{}, s:{}, s:{}, s:{s:i}, s:{s:f, s:s, s:f, s:f}, s:{}}",
                  "schema_version", ASSAY_RECORD_SCHEMA, "series_id", id, "target", "t", "op", m.op, "mode", m.mode,
                  "structure", m.structure, "sparsity", m.sparsity, "case", m.name, "role", m.role, "kernel",
                  pass ? json_string("some_kernel") : json_null(), "origin", m.origin, "metric", "ns", "value",
                  pass ? json_real(m.value) : json_null(), "speedup", "error", "outcome", pass ? "pass" : "unsupported",
                  "emulated", 0, "identity", "run_id", "r", "suite", "s", "started", "2026-01-01T00:00:00Z", "seed", 1,
                  "commit", "dirty", "code", "machine", "shape", "performance", "macs", 1000, "bound", "ns", 1.0, "by",
                  "arithmetic", "share", 0.5, "macs_per_ns", 40.0, "accuracy");
    if (strcmp(m.mode, "int8") == 0) /* in the other modes none was told */
        json_object_set_new(json_object_get(json, "bound"), "stream_ns", json_real(75));
    CHECK(assay_record_view(json, &view, message) && assay_record_append(list, view), "%s", message);
    json_decref(json);
}

static void add_dense(struct assay_record_list *list, const char *name, const char *mode, double ours, double first,
                      double second)
{
    add(list, (struct made){name, "gemm", mode, "dense", "best", "assay", 0, ours});
    add(list, (struct made){name, "gemm", mode, "dense", "peer", "first", 0, first});
    add(list, (struct made){name, "gemm", mode, "dense", "peer", "second", 0, second});
}

/* A whole network, or one of its layers. */
static void add_network(struct assay_record_list *list, const char *name, int layer, const char *role,
                        const char *origin, double value)
{
    char message[ASSAY_RECORD_MESSAGE] = "";
    struct assay_record view;
    add(list, (struct made){name, layer < 0 ? "model" : "conv", "int8", "dense", role, origin, layer + 1, value});
    json_t *json = json_incref(list->items[list->count - 1].json);
    json_object_set_new(json, "network",
                        json_pack("{s:s, s:o}", "name", name, "layer", layer < 0 ? json_null() : json_integer(layer)));
    if (layer < 0)
        json_object_set_new(json, "kernel", json_null());
    CHECK(assay_record_view(json, &view, message), "%s", message);
    json_decref(list->items[list->count - 1].json);
    list->items[list->count - 1] = view;
    json_decref(json);
}

static bool near(double a, double b)
{
    return fabs(a - b) < 1e-9;
}

static struct assay_goal goal_of(const char *mode, enum assay_against against)
{
    static const char *words[4];
    static size_t used;
    const char **word = &words[used++ % 4];
    *word = mode;
    return (struct assay_goal){.name = mode,
                               .description = "",
                               .modes = {word, 1},
                               .against = against,
                               .mean = NAN,
                               .least = NAN,
                               .breakeven = NAN};
}

static struct assay_goal_verdicts judge(const struct assay_goal *goal, const struct assay_record_list *list)
{
    struct assay_goal_verdicts verdicts;
    const struct assay_goal_list goals = {goal, 1};
    CHECK(assay_goals_judge(&goals, list, &verdicts), "memory");
    return verdicts;
}

/* Two suites: in a the best peer takes 2 and 8 times as long as ours, in b half as long. */
static void test_peers(void)
{
    struct assay_record_list list = {0};
    add_dense(&list, "a.one", "fp32", 100, 200, 300);
    add_dense(&list, "a.two", "fp32", 100, 900, 800);
    add_dense(&list, "b.one", "fp32", 100, 50, 100);
    add(&list, (struct made){"b.alone", "gemm", "fp32", "dense", "best", "assay", 0, 100});
    struct assay_goal goal = goal_of("fp32", ASSAY_AGAINST_PEERS);
    goal.mean = 1.9;
    struct assay_goal_verdicts v = judge(&goal, &list);
    const struct assay_goal_verdict *row = &v.items[0];
    CHECK(v.count == 1 && v.peer_count == 2, "%zu %zu", v.count, v.peer_count);
    CHECK(row->count == 3 && row->alone == 1, "%zu %zu", row->count, row->alone);
    CHECK(near(row->mean, 2), "%g", row->mean);
    CHECK(near(row->rate, 20), "%g", row->rate);
    CHECK(near(row->bound, 0.5), "%g", row->bound);
    CHECK(near(row->versus[0], cbrt(2 * 9 * 0.5)) && near(row->versus[1], cbrt(3.0 * 8 * 1)), "%g %g", row->versus[0],
          row->versus[1]);
    CHECK(row->weakest_length == 1 && row->weakest_suite[0] == 'b' && near(row->weakest, 0.5), "%g", row->weakest);
    CHECK(row->worst && strcmp(row->worst->ours->case_name, "b.one") == 0, "worst");
    CHECK(row->outcome == ASSAY_GOAL_MISSED, "each suite's mean counts, not that of all");
    CHECK(assay_goals_missed(&v) == 1, "missed");
    assay_goals_free(&v);

    goal.mean = 0.5;
    v = judge(&goal, &list);
    CHECK(v.items[0].outcome == ASSAY_GOAL_MET, "met");
    assay_goals_free(&v);
    goal.least = 0.6;
    v = judge(&goal, &list);
    CHECK(v.items[0].outcome == ASSAY_GOAL_MISSED, "a case falls short");
    assay_goals_free(&v);
    goal.except = (struct assay_words){(const char *const[]){"b.*"}, 1};
    v = judge(&goal, &list);
    CHECK(v.items[0].outcome == ASSAY_GOAL_MET && v.items[0].count == 2, "%zu", v.items[0].count);
    assay_goals_free(&v);
    goal.cases = (struct assay_words){(const char *const[]){"none"}, 1};
    v = judge(&goal, &list);
    CHECK(v.items[0].outcome == ASSAY_GOAL_OPEN && assay_goals_missed(&v) == 0, "open");
    assay_goals_free(&v);

    /* One peer alone, and a kernel of ours that gave no answer. */
    goal = goal_of("fp32", ASSAY_AGAINST_PEERS);
    goal.origins = (struct assay_words){(const char *const[]){"second"}, 1};
    goal.least = 0.01;
    v = judge(&goal, &list);
    CHECK(near(v.items[0].mean, cbrt(24)), "%g", v.items[0].mean);
    assay_goals_free(&v);
    add_dense(&list, "a.none", "fp32", 0, 10, 10);
    v = judge(&goal, &list);
    CHECK(v.items[0].outcome == ASSAY_GOAL_MISSED && v.items[0].worst->ratio == 0, "no answer is a miss");
    assay_goals_free(&v);
    assay_record_list_free(&list);
}

/* Of another mode: its dense kernels, and its peers. */
static void test_modes(void)
{
    struct assay_record_list list = {0};
    add_dense(&list, "a", "int8", 100, 300, 0);
    add(&list, (struct made){"a", "gemm", "int16x8", "dense", "best", "assay", 0, 160});
    struct assay_goal goal = goal_of("int16x8", ASSAY_AGAINST_DENSE);
    goal.of_mode = "int8";
    goal.mean = 0.5;
    struct assay_goal_verdicts v = judge(&goal, &list);
    CHECK(v.items[0].count == 1 && near(v.items[0].mean, 100.0 / 160), "%g", v.items[0].mean);
    CHECK(v.items[0].outcome == ASSAY_GOAL_MET && v.items[0].weakest_length == 1, "met");
    assay_goals_free(&v);
    goal.against = ASSAY_AGAINST_PEERS;
    v = judge(&goal, &list);
    CHECK(near(v.items[0].mean, 300.0 / 160), "%g", v.items[0].mean);
    assay_goals_free(&v);
    goal = goal_of("int8", ASSAY_AGAINST_BOUND);
    goal.least = 0.5;
    v = judge(&goal, &list);
    CHECK(near(v.items[0].mean, 0.5) && v.items[0].outcome == ASSAY_GOAL_MET, "%g", v.items[0].mean);
    assay_goals_free(&v);

    goal = goal_of("int8", ASSAY_AGAINST_STREAM);
    goal.least = 0.7;
    v = judge(&goal, &list);
    CHECK(near(v.items[0].mean, 0.75) && v.items[0].outcome == ASSAY_GOAL_MET, "%g", v.items[0].mean);
    assay_goals_free(&v);
    goal.modes = (struct assay_words){(const char *[]){"int16x8"}, 1}; /* tells none */
    v = judge(&goal, &list);
    CHECK(v.items[0].outcome == ASSAY_GOAL_OPEN && v.items[0].count == 0, "%zu", v.items[0].count);
    assay_goals_free(&v);

    /* 10 multiply-accumulates a nanosecond of 40 are a quarter of the peak here; there it was an eighth. */
    goal = goal_of("int8", ASSAY_AGAINST_PUBLISHED);
    goal.published = &(const struct assay_published){"a", 0, 0.125};
    goal.published_count = 1;
    goal.mean = 2;
    v = judge(&goal, &list);
    CHECK(near(v.items[0].mean, 2) && v.items[0].outcome == ASSAY_GOAL_MET, "%g", v.items[0].mean);
    assay_goals_free(&v);
    assay_record_list_free(&list);
}

/* Ours of another case: by name, and by what a `*` stands for; in the same mode, structure and sparsity. */
static void test_pairs(void)
{
    struct assay_record_list list = {0};
    static const struct assay_pair pairs[] = {{"k255", "k256"}, {"*+threads2", "*"}, {"a*b", "c*d"}};
    add_dense(&list, "k255", "int8", 200, 1, 1);
    add_dense(&list, "k256", "int8", 100, 1, 1);
    add_dense(&list, "k256", "fp32", 10, 1, 1);
    add(&list, (struct made){"k255", "spmm", "int8", "random", "best", "assay", 0.8, 400});
    add(&list, (struct made){"k256", "spmm", "int8", "random", "best", "assay", 0.8, 100});
    add(&list, (struct made){"k256", "spmm", "int8", "random", "best", "assay", 0.9, 10});
    add_dense(&list, "k256+threads2", "int8", 50, 1, 1);
    add_dense(&list, "axxb", "int8", 100, 1, 1);
    add_dense(&list, "cxxd", "int8", 300, 1, 1);
    add_dense(&list, "cxd", "int8", 1, 1, 1);
    add_dense(&list, "ab+threads2", "int8", 1, 1, 1);
    struct assay_goal goal = goal_of("int8", ASSAY_AGAINST_CASE);
    goal.pairs = pairs;
    goal.pair_count = sizeof(pairs) / sizeof(pairs[0]);
    goal.least = 0.5;
    struct assay_goal_verdicts v = judge(&goal, &list);
    const struct assay_goal_verdict *row = &v.items[0];
    CHECK(row->count == 4 && row->alone == 1, "%zu %zu", row->count, row->alone);
    CHECK(row->count == 4 && near(row->items[0].ratio, 0.25) && near(row->items[1].ratio, 0.5) &&
              near(row->items[2].ratio, 2) && near(row->items[3].ratio, 3),
          "%g", row->mean);
    CHECK(row->outcome == ASSAY_GOAL_MISSED, "the sparse one falls short");
    assay_goals_free(&v);
    goal.structures = (struct assay_words){(const char *const[]){"dense"}, 1};
    v = judge(&goal, &list);
    CHECK(v.items[0].outcome == ASSAY_GOAL_MET, "met");
    assay_goals_free(&v);
    add_dense(&list, "k255", "int8", 0, 1, 1);
    v = judge(&goal, &list);
    CHECK(v.items[0].outcome == ASSAY_GOAL_MISSED && v.items[0].worst->ratio == 0, "no answer is a miss");
    assay_goals_free(&v);
    assay_record_list_free(&list);
}

/* Against dense's 100: at 50 % 200, at 60 % 100 * sqrt 2, at 70 % 100 / sqrt 2: even in the middle of the last two. */
static void test_breakeven(void)
{
    struct assay_record_list list = {0};
    add(&list, (struct made){"a", "gemm", "fp32", "dense", "best", "assay", 0, 100});
    add(&list, (struct made){"a", "spmm", "fp32", "random", "best", "assay", 0.5, 200});
    add(&list, (struct made){"a", "spmm", "fp32", "random", "best", "assay", 0.6, 100 * sqrt(2)});
    add(&list, (struct made){"a", "spmm", "fp32", "random", "best", "assay", 0.7, 100 / sqrt(2)});
    struct assay_goal goal = goal_of("fp32", ASSAY_AGAINST_DENSE);
    goal.structures = (struct assay_words){(const char *const[]){"random"}, 1};
    goal.breakeven = 0.66;
    struct assay_goal_verdicts v = judge(&goal, &list);
    CHECK(near(v.items[0].breakeven, 0.65), "%g", v.items[0].breakeven);
    CHECK(v.items[0].outcome == ASSAY_GOAL_MET, "met");
    assay_goals_free(&v);
    goal.breakeven = 0.64;
    v = judge(&goal, &list);
    CHECK(v.items[0].outcome == ASSAY_GOAL_MISSED, "missed");
    assay_goals_free(&v);

    /* A case that never gets there, and as many that are there from the start: the mean of 70 % is 1 / (2 sqrt 2) … */
    add(&list, (struct made){"b", "gemm", "fp32", "dense", "best", "assay", 0, 100});
    for (int s = 5; s <= 7; s++)
        add(&list, (struct made){"b", "spmm", "fp32", "random", "best", "assay", s / 10.0, 1600});
    v = judge(&goal, &list);
    CHECK(isinf(v.items[0].breakeven) && isinf(v.items[0].worst_breakeven), "%g", v.items[0].breakeven);
    CHECK(strcmp(v.items[0].worst->ours->case_name, "b") == 0, "worst");
    CHECK(v.items[0].outcome == ASSAY_GOAL_MISSED, "never even");
    assay_goals_free(&v);
    assay_record_list_free(&list);
}

/* Of networks the whole counts, and only where it is asked for; a layer that the peer left to us is no peer's. */
static void test_networks(void)
{
    struct assay_record_list list = {0};
    add_network(&list, "net", -1, "best", "assay", 100);
    add_network(&list, "net", -1, "peer", "rival", 150);
    add_network(&list, "net", 0, "best", "assay", 100);
    add_network(&list, "net", 0, "peer", "assay", 10);
    struct assay_goal goal = goal_of("int8", ASSAY_AGAINST_PEERS);
    goal.least = 1.4;
    struct assay_goal_verdicts v = judge(&goal, &list);
    CHECK(v.items[0].count == 0 && v.peer_count == 1, "%zu %zu", v.items[0].count, v.peer_count);
    assay_goals_free(&v);
    goal.ops = (struct assay_words){(const char *const[]){"model"}, 1};
    v = judge(&goal, &list);
    CHECK(v.items[0].count == 1 && near(v.items[0].mean, 1.5) && v.items[0].outcome == ASSAY_GOAL_MET, "%zu, %g",
          v.items[0].count, v.items[0].mean);
    assay_goals_free(&v);
    assay_record_list_free(&list);
}

static void test_show(void)
{
    struct assay_record_list list = {0};
    add_dense(&list, "a.|x", "fp32", 100, 50, 300);
    struct assay_goal goal = goal_of("fp32", ASSAY_AGAINST_PEERS);
    goal.least = 0.9;
    struct assay_goal_verdicts v = judge(&goal, &list);
    for (int format = 0; format < 3; format++) {
        char *text = NULL;
        size_t size;
        FILE *out = open_memstream(&text, &size);
        CHECK(format == 0   ? assay_goals_table(&v, ASSAY_GOAL_SHORT, out)
              : format == 1 ? assay_goals_markdown(&v, ASSAY_GOAL_ALL, out)
                            : assay_goals_json(&v, out),
              "format %d", format);
        fclose(out);
        CHECK(strstr(text, format == 2 ? "\"missed\"" : "NO"), "format %d: %s", format, text);
        CHECK(format != 1 || strstr(text, "a.\\|x"), "escaped: %s", text);
        json_t *json = format == 2 ? json_loads(text, JSON_REJECT_DUPLICATES, NULL) : NULL;
        CHECK(format != 2 || json_array_size(json_object_get(json, "goals")) == 1, "JSON: %s", text);
        json_decref(json);
        free(text);
    }
    assay_goals_free(&v);
    assay_record_list_free(&list);
}

int main(void)
{
    test_peers();
    test_modes();
    test_pairs();
    test_breakeven();
    test_networks();
    test_show();
    return finish_checks();
}
