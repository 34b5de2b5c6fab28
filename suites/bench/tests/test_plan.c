/* Plans that must be refused, each with the word that must stand in the answer; and what a good one is read as. */
#include "suites/bench/plan.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define HEAD "{\"type\":\"job\",\"id\":1,"
#define GEMM "\"case\":{\"op\":\"gemm\",\"m\":4,\"n\":4,\"k\":4}"
#define SERIES "\"series\":[{\"key\":\"a\",\"mode\":\"fp32\"}]}"
#define CONV(members) \
    HEAD "\"case\":{\"op\":\"conv\",\"in_h\":8,\"in_w\":8,\"in_c\":4,\"out_h\":8,\"out_w\":8," members "}," SERIES

#define MODEL "{\"type\":\"model\",\"id\":1,"
#define NETWORK(members) MODEL "\"series\":[{\"key\":\"a\",\"file\":\"x.tflite\"," members "}]}"

static const struct {
    const char *line, *says;
} bad[] = {
    {"", "column"},
    {"nonsense", "column"},
    {"{\"type\":\"job\"", "column"},
    {"[]", "object"},
    {"3", "column"},
    {"{}", "type: is missing"},
    {"{\"type\":7}", "type: must be a string"},
    {"{\"type\":\"job\"}", "id: is missing"},
    {HEAD "\"id\":2}", "duplicate"},
    {HEAD "\"roundz\":2," GEMM "," SERIES, "roundz: there is no such member"},
    {HEAD "\"rounds\":0," GEMM "," SERIES, "rounds: must be within 1"},
    {HEAD "\"rounds\":2.5," GEMM "," SERIES, "rounds: must be a whole number"},
    {HEAD "\"round_ns\":-1," GEMM "," SERIES, "round_ns"},
    {HEAD "\"metric\":\"seconds\"," GEMM "," SERIES, "metric: 'seconds'"},
    {HEAD "\"metric\":null," GEMM "," SERIES, "metric: must be a string"},
    {HEAD "\"seed\":-1," GEMM "," SERIES, "seed"},
    {HEAD GEMM "}", "series"},
    {HEAD GEMM ",\"series\":[]}", "series"},
    {HEAD GEMM ",\"series\":{}}", "series"},
    {HEAD GEMM ",\"series\":[0]}", "series[0]: must be an object"},
    {HEAD GEMM ",\"series\":[{\"mode\":\"fp32\"}]}", "series[0].key: is missing"},
    {HEAD GEMM ",\"series\":[{\"key\":\"a\\u0000b\",\"mode\":\"fp32\"}]}", "column"},
    {HEAD GEMM ",\"series\":[{\"key\":\"a\"}]}", "series[0].mode: is missing"},
    {HEAD GEMM ",\"series\":[{\"key\":\"a\",\"mode\":\"fp33\"}]}", "series[0].mode: 'fp33'"},
    {HEAD GEMM ",\"series\":[{\"key\":\"a\",\"mode\":\"fp32\"},{\"key\":\"b\",\"mode\":\"int9\"}]}", "series[1].mode"},
    {HEAD GEMM ",\"series\":[{\"key\":\"a\",\"mode\":\"fp32\",\"structure\":\"blocky\"}]}", "series[0].structure"},
    {HEAD GEMM ",\"series\":[{\"key\":\"a\",\"mode\":\"fp32\",\"structure\":\"random\"}]}", "only spmm"},
    {HEAD GEMM ",\"series\":[{\"key\":\"a\",\"mode\":\"fp32\",\"sparsity\":1.5}]}", "series[0].sparsity"},
    {HEAD GEMM ",\"series\":[{\"key\":\"a\",\"mode\":\"fp32\",\"sparsity\":\"0\"}]}", "series[0].sparsity"},
    {HEAD GEMM ",\"series\":[{\"key\":\"a\",\"mode\":\"fp32\",\"op\":\"conv\"}]}", "series[0].op"},
    {HEAD SERIES, "case: is missing"},
    {HEAD "\"case\":[]," SERIES, "case: must be an object"},
    {HEAD "\"case\":{}," SERIES, "case.op: is missing"},
    {HEAD "\"case\":{\"op\":\"gem\"}," SERIES, "case.op: 'gem'"},
    {HEAD "\"case\":{\"op\":\"gemm\",\"m\":4,\"n\":4}," SERIES, "case.k: is missing"},
    {HEAD "\"case\":{\"op\":\"gemm\",\"m\":4,\"n\":4,\"k\":\"4\"}," SERIES, "case.k: must be a whole number"},
    {HEAD "\"case\":{\"op\":\"gemm\",\"m\":4,\"n\":4,\"k\":-4}," SERIES, "case.k: must be within"},
    {HEAD "\"case\":{\"op\":\"gemm\",\"m\":4,\"n\":4,\"k\":4,\"in_c\":4}," SERIES, "case.in_c: there is no such"},
    {HEAD "\"case\":{\"op\":\"gemm\",\"m\":4,\"n\":4,\"k\":4,\"in_stride\":3}," SERIES, "a stride is shorter"},
    {HEAD "\"case\":{\"op\":\"gemm\",\"m\":4,\"n\":4,\"k\":4,\"activation\":\"tanh\"}," SERIES,
     "case.activation: 'tanh'"},
    {HEAD "\"case\":{\"op\":\"gemm\",\"m\":1073741824,\"n\":1073741824,\"k\":1073741824}," SERIES, "MiB"},
    {HEAD "\"case\":{\"op\":\"gemm\",\"m\":100000,\"n\":100000,\"k\":1}," SERIES, "MiB"},
    {CONV("\"kernel_h\":3,\"kernel_w\":3"), "case.out_c: is missing"},
    {CONV("\"out_c\":4,\"kernel_h\":0,\"kernel_w\":3"), "case.kernel_h"},
    {CONV("\"out_c\":4,\"kernel_h\":3,\"kernel_w\":3,\"stride_h\":0"), "case.stride_h"},
    {CONV("\"out_c\":4,\"kernel_h\":3,\"kernel_w\":3,\"multiplier\":1"), "case.multiplier: there is no such"},
    {CONV("\"out_c\":4,\"kernel_h\":1073741824,\"kernel_w\":1073741824"), "MiB"},
    {CONV("\"out_c\":4,\"kernel_h\":3,\"kernel_w\":3,\"batch\":1073741824,\"in_stride\":1073741824"), "MiB"},
    {HEAD "\"case\":{\"op\":\"dwconv\",\"in_h\":8,\"in_w\":8,\"in_c\":1073741824,\"multiplier\":1073741824,\"out_h\":8,"
          "\"out_w\":8,\"kernel_h\":3,\"kernel_w\":3}," SERIES,
     "MiB"},
    {HEAD "\"case\":{\"op\":\"quantize\",\"conversion\":\"f32i9\",\"rows\":1,\"columns\":1}," SERIES,
     "case.conversion"},
    {HEAD "\"threads\":0," GEMM "," SERIES, "threads: must be within 1"},
    {HEAD "\"threads\":2,\"metric\":\"instructions\"," GEMM "," SERIES, "counted of one"},
    {MODEL "\"rounds\":2}", "series: must be an array"},
    {MODEL "\"series\":[]}", "series: must be an array"},
    {MODEL "\"series\":[7]}", "series[0]: must be an object"},
    {MODEL GEMM "," SERIES, "case: there is no such member"},
    {MODEL "\"name\":7,\"series\":[{\"key\":\"a\",\"file\":\"x\"}]}", "name: must be a string"},
    {MODEL "\"series\":[{\"key\":\"a\"}]}", "series[0].file: is missing"},
    {MODEL "\"series\":[{\"file\":\"x\"}]}", "series[0].key: is missing"},
    {MODEL "\"metric\":\"hours\",\"series\":[{\"key\":\"a\",\"file\":\"x\"}]}", "metric: 'hours'"},
    {NETWORK("\"mode\":\"int8\""), "series[0].mode: there is no such member"},
    {NETWORK("\"threads\":0"), "series[0].threads: must be within 1"},
    {NETWORK("\"threads\":257"), "series[0].threads: must be within 1"},
    {NETWORK("\"batch\":0"), "series[0].batch: must be within 1"},
    {NETWORK("\"batch\":1.5"), "series[0].batch: must be a whole number"},
    {NETWORK("\"half\":1"), "series[0].half: must be true or false"},
    {NETWORK("\"kernel\":null"), "series[0].kernel: must be a string"},
    {HEAD "\"case\":{\"op\":\"quantize\",\"conversion\":\"f32i8\",\"rows\":1,\"columns\":1}," SERIES, "another mode"},
};

static int check_bad(struct plan_job *job)
{
    int failures = 0;
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        char why[256] = "";
        const enum plan_answer answer = plan_parse(bad[i].line, strlen(bad[i].line), job, why, sizeof(why));
        if (answer == PLAN_BAD && strstr(why, bad[i].says))
            continue;
        fprintf(stderr, "%s\n  gave %d '%s' instead of '%s'\n", bad[i].line, (int)answer, why, bad[i].says);
        failures++;
    }
    return failures;
}

/* Every beginning of a good line is bad, and does no harm. */
static int check_cut(const char *line, struct plan_job *job)
{
    char why[256];
    for (size_t length = 0; length < strlen(line); length++)
        if (plan_parse(line, length, job, why, sizeof(why)) != PLAN_BAD) {
            fprintf(stderr, "the first %zu bytes of a plan were accepted\n", length);
            return 1;
        }
    return plan_parse(line, strlen(line), job, why, sizeof(why)) != PLAN_JOB;
}

static int check_good(struct plan_job *job)
{
    static const char line[] =
        HEAD "\"metric\":\"instructions\",\"rounds\":3,\"round_ns\":5,\"seed\":9,"
             "\"case\":{\"op\":\"dwconv\",\"activation\":\"relu6\",\"in_h\":8,\"in_w\":9,\"in_c\":4,\"multiplier\":2,"
             "\"kernel_h\":3,\"kernel_w\":5,\"stride_w\":2,\"pad_top\":1,\"out_h\":8,\"out_w\":3},"
             "\"series\":[{\"key\":\"a\",\"mode\":\"int8\",\"kernel\":\"ref\",\"origin\":\"x\"}]}";
    if (check_cut(line, job) != 0)
        return 1;
    const struct plan_series *s = &job->series[0];
    const struct assay_dwconv_shape *d = &s->layer_case.dwconv;
    const bool right = job->kind == PLAN_LAYERS && job->id == 1 && job->metric == METRIC_INSTRUCTIONS &&
                       job->rounds == 3 && job->round_ns == 5 && job->seed == 9 && job->count == 1 &&
                       s->layer_case.op == ASSAY_OP_DWCONV && s->layer_case.activation == ASSAY_ACT_RELU6 &&
                       s->mode == ASSAY_MODE_INT8 && strcmp(s->kernel, "ref") == 0 && strcmp(s->origin, "x") == 0 &&
                       d->batch == 1 && d->in_h == 8 && d->in_w == 9 && d->in_c == 4 && d->multiplier == 2 &&
                       d->kernel_h == 3 && d->kernel_w == 5 && d->stride_h == 1 && d->stride_w == 2 &&
                       d->dilation_h == 1 && d->pad_top == 1 && d->pad_left == 0 && d->out_h == 8 && d->out_w == 3 &&
                       d->in_stride == 4 && d->out_stride == 8;
    if (!right)
        fputs("a good plan was read as something else\n", stderr);
    return !right;
}

static int check_networks(struct plan_job *job)
{
    static const char line[] =
        MODEL "\"metric\":\"instructions\",\"rounds\":3,\"seed\":9,\"name\":\"n\",\"series\":["
              "{\"key\":\"a\",\"file\":\"one.tflite\"},"
              "{\"key\":\"b\",\"file\":\"/two\",\"kernel\":\"*_sse2_*\",\"threads\":4,\"batch\":7,\"half\":true}]}";
    if (check_cut(line, job) != 0)
        return 1;
    const struct plan_network *a = &job->networks[0], *b = &job->networks[1];
    const bool right = job->kind == PLAN_NETWORKS && job->metric == METRIC_INSTRUCTIONS && job->rounds == 3 &&
                       job->seed == 9 && job->count == 2 && strcmp(a->key, "a") == 0 &&
                       strcmp(a->file, "one.tflite") == 0 && strcmp(a->kernel, "best") == 0 && a->threads == 1 &&
                       a->batch == 0 && !a->half && b->half && strcmp(b->key, "b") == 0 &&
                       strcmp(b->file, "/two") == 0 && strcmp(b->kernel, "*_sse2_*") == 0 && b->threads == 4 &&
                       b->batch == 7;
    if (!right)
        fputs("a good plan of networks was read as something else\n", stderr);
    return !right;
}

int main(void)
{
    static struct plan_job job;
    char why[256];
    int failures = check_bad(&job) + check_good(&job) + check_networks(&job);
    if (plan_parse("{\"type\":\"note\",\"x\":1}", 21, &job, why, sizeof(why)) != PLAN_OTHER) {
        fputs("an object of another type was not passed over\n", stderr);
        failures++;
    }
    return failures ? EXIT_FAILURE : EXIT_SUCCESS;
}
