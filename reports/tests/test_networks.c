/* reports/: networks and their layers: which belong together, in which order, and what is printed of them. */
#include "reports/render/grid.h"
#include "reports/render/render.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static int failures;

#define CHECK(condition, ...)                                               \
    do {                                                                    \
        if (!(condition)) {                                                 \
            failures++;                                                     \
            fprintf(stderr, "%s:%d: %s: ", __FILE__, __LINE__, #condition); \
            fprintf(stderr, __VA_ARGS__);                                   \
            fputc('\n', stderr);                                            \
        }                                                                   \
    } while (0)

/* What a record of the test may differ in. layer -1: the whole. */
struct made {
    const char *mode, *role, *op, *run;
    int layer;
    double value, speedup;
    const char *kernel;
};

/* A valid record of the network "net" on a native target. Samples of three processes, about `value`. */
static json_t *record(struct made m)
{
    char name[64], id[160];
    if (m.layer < 0)
        snprintf(name, sizeof(name), "net");
    else
        snprintf(name, sizeof(name), "net/%03d_%s", m.layer, m.op);
    snprintf(id, sizeof(id), "here/%s/%s/%s/dense@0/%s", name, m.op, m.mode, m.role);
    json_t *json =
        json_pack("{si ss ss ss ss ss sf ss ss ss? ss ss sf sf sn ss sb}", "schema_version", ASSAY_RECORD_SCHEMA,
                  "series_id", id, "target", "here", "op", m.op, "mode", m.mode, "structure", "dense", "sparsity", 0.0,
                  "case", name, "role", m.role, "kernel", m.kernel, "origin", "assay", "metric", "ns", "value", m.value,
                  "speedup", m.speedup, "error", "outcome", "pass", "emulated", 0);
    json_object_set_new(json, "identity",
                        json_pack("{ss ss ss si sn sn}", "run_id", m.run, "suite", "networks", "started",
                                  "2026-01-01T00:00:00Z", "seed", 1, "commit", "dirty"));
    json_object_set_new(json, "code",
                        json_pack("{si si si si}", "model_bytes", 5000, "activation_bytes", 300, "packed_bytes", 20,
                                  "scratch_bytes", 1));
    json_object_set_new(json, "machine", json_object());
    json_object_set_new(json, "shape", json_object());
    json_object_set_new(json, "accuracy", json_object());
    json_object_set_new(json, "performance",
                        json_pack("{s[fff] s[iii] si sf}", "samples", m.value, m.value * 1.001, m.value * 1.002,
                                  "processes", 0, 1, 2, "iterations", 4, "clock_ns", 20.0));
    json_object_set_new(
        json, "network",
        json_pack("{ss so}", "name", "net", "layer", m.layer < 0 ? json_null() : json_integer(m.layer)));
    return json;
}

static void add(struct assay_record_list *list, json_t *json)
{
    struct assay_record view;
    char message[ASSAY_RECORD_MESSAGE] = "";
    CHECK(assay_record_view(json, &view, message) && assay_record_append(list, view), "%s", message);
    json_decref(json);
}

static json_t *theirs(json_t *json)
{
    json_object_set_new(json, "origin", json_string("them"));
    return json;
}

/* Layers in a mixed order, a thousand and more among them, so that the order of their names is not theirs; and one of
 * an older run, whose file had another layer. */
static void fill(struct assay_record_list *list)
{
    add(list, record((struct made){"fp32", "best", "conv", "old", 7, 55, 1, "conv_f32_old"}));
    add(list, record((struct made){"fp32", "best", "model", "new", -1, 2000, 1, NULL}));
    add(list, record((struct made){"fp32", "best", "softmax", "new", 1000, 500, 1, NULL}));
    add(list, record((struct made){"fp32", "best", "conv", "new", 2, 1500, 1, "conv_f32_x"}));
    add(list, record((struct made){"fp32", "ref", "model", "new", -1, 8000, 0.25, NULL}));
    add(list, record((struct made){"fp32", "ref", "conv", "new", 2, 6000, 0.25, "conv_f32_ref"}));
    add(list, record((struct made){"int8", "best", "model", "new", -1, 1000, 2, NULL}));
    add(list, record((struct made){"int8", "best", "conv", "new", 2, 750, 2, "conv_i8_x"}));
    add(list, theirs(record((struct made){"int8", "peer", "model", "new", -1, 1500, 1.33, NULL})));
    add(list, theirs(record((struct made){"int8", "peer", "conv", "new", 2, 900, 1.67, "conv_i8_them"})));
}

static void test_grouping(const struct assay_record_list *list)
{
    struct grid grid;
    CHECK(grid_make(list, &grid), "out of memory");
    CHECK(grid.row_count == 0, "%zu rows of layers of suites", grid.row_count);
    CHECK(grid.networks.count == 4, "%zu networks", grid.networks.count);
    const struct network *fp32 = &grid.networks.items[0], *ref = &grid.networks.items[1];
    CHECK(strcmp(fp32->whole->mode, "fp32") == 0 && fp32->shown && !ref->shown, "other networks, or another order");
    CHECK(fp32->layer_count == 2 && fp32->layers[0]->layer == 2 && fp32->layers[1]->layer == 1000,
          "layers out of order, or of another run");
    CHECK(network_sum(fp32) == 2000, "%g", network_sum(fp32));
    CHECK(network_versus(&grid.networks, fp32, fp32->whole, "ref") == 4, "the whole against its references");
    CHECK(network_versus(&grid.networks, fp32, fp32->layers[0], "ref") == 4, "a layer against its reference");
    CHECK(isnan(network_versus(&grid.networks, fp32, fp32->layers[1], "ref")), "a layer against none");
    CHECK(isnan(network_versus(&grid.networks, fp32, fp32->whole, "auto")), "against nothing");
    grid_free(&grid);
}

static char *rendered(const struct assay_record_list *list, enum assay_format format)
{
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    CHECK(assay_render_records(format, list, 0, out), "%s failed", assay_format_name(format));
    fclose(out);
    return text;
}

static void test_table(const struct assay_record_list *list)
{
    static const char expected[] =
        "\nhere: measured: ratios of time\n"
        "network  mode       layer               time    share  vs fp32  vs auto  vs ref  vs peer  kernel\n"
        "net      fp32       whole            2.00 us        –     1.00        –    4.00        –  –\n"
        "                    sum of layers    2.00 us  100.0 %        –        –       –        –  –\n"
        "                    002 conv         1.50 us   75.0 %     1.00        –    4.00        –  conv_f32_x\n"
        "                    1000 softmax   500.00 ns   25.0 %     1.00        –       –        –  –\n"
        "net      int8       whole            1.00 us        –     2.00        –       –     1.50  –\n"
        "                    sum of layers  750.00 ns   75.0 %        –        –       –        –  –\n"
        "                    002 conv       750.00 ns   75.0 %     2.00        –       –     1.20  conv_i8_x\n"
        "net      int8 them  whole            1.50 us        –     1.33        –       –        –  –\n"
        "net fp32: bytes: model 5000, activations 300, packed weights 20, scratch 1\n"
        "net int8: bytes: model 5000, activations 300, packed weights 20, scratch 1\n"
        "net int8 them: bytes: model 5000, activations 300, packed weights 20, scratch 1\n";
    char *text = rendered(list, ASSAY_FORMAT_TABLE);
    CHECK(strncmp(text, expected, strlen(expected)) == 0, "the table is\n%s", text);
    free(text);
}

static void test_formats(const struct assay_record_list *list)
{
    static const char *const expected[ASSAY_FORMAT_COUNT] = {
        [ASSAY_FORMAT_TABLE] = "1000 softmax",
        [ASSAY_FORMAT_JSON] = "\"sum_of_layers\": 2000.0",
        [ASSAY_FORMAT_CSV] = "here/net/002_conv/conv/int8/dense@0/best,here,false,net/002_conv,conv,int8,",
        [ASSAY_FORMAT_MARKDOWN] = "| net | fp32 | 002 conv | 1.50 us | 75.0 % | 1.00 | – | 4.00 | – | conv_f32_x |",
        [ASSAY_FORMAT_HTML] = "{\"name\":\"net\",\"layer\":1000}", /* what it shows of it: reports.page */
        [ASSAY_FORMAT_GBENCH] = "here/net/model/int8/dense@0/best",
        [ASSAY_FORMAT_JUNIT] = "classname=\"here.net/1000_softmax\"",
        [ASSAY_FORMAT_SARIF] = "\"results\": []", /* of what failed alone, as GitHub's */
        [ASSAY_FORMAT_GITHUB] = "",
        [ASSAY_FORMAT_LNT] = "\"name\": \"here/net/1000_softmax/softmax/fp32/dense@0/best\"",
        [ASSAY_FORMAT_BASELINE] = "\"series_id\":\"here/net/model/int8/dense@0/best\"",
    };
    for (int f = 0; f < ASSAY_FORMAT_COUNT; f++) {
        char *text = rendered(list, (enum assay_format)f);
        CHECK(strstr(text, expected[f]), "%s lacks '%s':\n%s", assay_format_name((enum assay_format)f), expected[f],
              text);
        free(text);
    }
}

static json_t *with(json_t *json, const char *key, json_t *value)
{
    json_object_set_new(json, key, value);
    return json;
}

/* What did not run says why; a name that HTML would take for its own is escaped. */
static void test_failed(void)
{
    const struct made m = {"fp32", "best", "model", "new", -1, 2000, 1, NULL};
    struct assay_record_list list = {0};
    json_t *json = with(record(m), "outcome", json_string("error"));
    with(with(json, "message", json_string("no <such> file")), "value", json_null());
    add(&list, with(json, "network", json_pack("{ss sn}", "name", "<net>", "layer")));
    char *table = rendered(&list, ASSAY_FORMAT_TABLE), *page = rendered(&list, ASSAY_FORMAT_HTML);
    CHECK(strstr(table, "ERROR") && strstr(table, "no <such> file"), "%s", table);
    CHECK(strstr(page, "\\u003cnet>") && strstr(page, "no \\u003csuch> file") && !strstr(page, "<net>"), "%s", page);
    free(table);
    free(page);
    assay_record_list_free(&list);
}

/* A layer of a few looks at the clock is not known well enough for a verdict; a large one is. */
static void test_resolution(void)
{
    static const struct {
        double before, after;
        enum assay_verdict verdict;
    } cases[] = {{80, 100, ASSAY_INCONCLUSIVE}, {80000, 100000, ASSAY_REGRESSED}, {80000, 80100, ASSAY_UNCHANGED}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct assay_record_list base = {0}, now = {0};
        struct assay_comparison_list result;
        add(&base, record((struct made){"int8", "best", "conv", "a", 0, cases[i].before, 1, "k"}));
        add(&now, record((struct made){"int8", "best", "conv", "b", 0, cases[i].after, 1, "k"}));
        CHECK(assay_compare(&base, &now, assay_compare_defaults(), &result), "out of memory");
        CHECK(result.count == 1 && result.items[0].verdict == cases[i].verdict, "%g to %g: %s", cases[i].before,
              cases[i].after, result.items[0].reason);
        assay_comparison_list_free(&result);
        assay_record_list_free(&base);
        assay_record_list_free(&now);
    }
}

/* The schema knows the member: what is no name, or no place, is refused. */
static void test_schema(void)
{
    struct assay_record view;
    char message[ASSAY_RECORD_MESSAGE];
    json_t *const wrong[] = {json_string("net"), json_pack("{sn}", "layer"), json_pack("{ss}", "name", "net"),
                             json_pack("{ss ss}", "name", "net", "layer", "first")};
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        json_t *json = with(record((struct made){"fp32", "best", "model", "r", -1, 1, 1, NULL}), "network", wrong[i]);
        CHECK(!assay_record_view(json, &view, message) && strstr(message, "network"), "case %zu was accepted", i);
        json_decref(json);
    }
}

int main(void)
{
    struct assay_record_list list = {0};
    fill(&list);
    test_grouping(&list);
    test_table(&list);
    test_formats(&list);
    assay_record_list_free(&list);
    test_failed();
    test_resolution();
    test_schema();
    return failures > 0;
}
