/* SARIF 2.1.0 (OASIS), with what GitHub's code scanning asks for beyond it: a place for each result, and the
 * fingerprint named primaryLocationLineHash. */
#include "reports/render/alarms.h"

#include <inttypes.h>
#include <stdint.h>

static const struct {
    const char *id, *summary, *help;
} rules[ASSAY_ASPECTS] = {
    [ASSAY_ASPECT_PRESENCE] = {"assay.presence", "A series appeared or is gone",
                               "The series is in one of the two runs alone."},
    [ASSAY_ASPECT_ANSWER] = {"assay.answer", "A kernel gives wrong answers, or none",
                             "Its answers are outside of their error bound against the oracle, it crashed, or it can't "
                             "be measured. Reproduce with: assay check --filter KERNEL"},
    [ASSAY_ASPECT_TIME] = {"assay.time", "A layer or network got slower",
                           "The whole confidence interval of the ratio of times lies beyond the smallest relevant "
                           "effect. Find the commit with: assay bisect --series SERIES"},
    [ASSAY_ASPECT_COUNT] = {"assay.count", "A layer executes more instructions",
                            "Counts repeat exactly, so any change is one of the code. Find the commit with: assay "
                            "bisect --series SERIES"},
    [ASSAY_ASPECT_ACCURACY] = {"assay.accuracy", "A mode lost accuracy",
                               "The mode's own error against unquantized reals grew by more than the smallest relevant "
                               "effect. No speed makes up for that."},
    [ASSAY_ASPECT_TASK] = {"assay.task", "A network answers worse on labelled samples",
                           "Its answers on the same samples are worse than before."},
};

static json_t *described_rules(void)
{
    json_t *array = json_array();
    for (int i = 0; i < ASSAY_ASPECTS; i++)
        json_array_append_new(array, json_pack("{s:s, s:{s:s}, s:{s:s}, s:{s:s}, s:{s:s}}", "id", rules[i].id,
                                               "shortDescription", "text", rules[i].summary, "fullDescription", "text",
                                               rules[i].help, "help", "text", rules[i].help, "defaultConfiguration",
                                               "level", "error"));
    return array;
}

/* FNV-1a, 64 bits: the same in every run, for the same series and rule. */
static void fingerprint(const char *series, const char *rule, char *text, size_t size)
{
    const char *const parts[] = {series, "#", rule};
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
        for (const char *c = parts[i]; *c; c++)
            hash = (hash ^ (unsigned char)*c) * UINT64_C(0x100000001b3);
    snprintf(text, size, "%016" PRIx64 ":1", hash);
}

static json_t *result(const struct finding *finding)
{
    char source[FINDING_SOURCE], print[32];
    const char *rule = rules[finding->aspect].id;
    finding_source(finding, source);
    fingerprint(finding->series_id, rule, print, sizeof(print));
    json_t *text = json_sprintf("%s: %s: %s", finding->series, finding->word, finding->text);
    json_t *place =
        json_pack("{s:{s:{s:s}, s:{s:i}}, s:[{s:s}]}", "physicalLocation", "artifactLocation", "uri", source, "region",
                  "startLine", 1, "logicalLocations", "fullyQualifiedName", finding->series);
    return json_pack("{s:s, s:i, s:s, s:s, s:{s:o}, s:[o], s:{s:s, s:s}, s:o}", "ruleId", rule, "ruleIndex",
                     (int)finding->aspect, "kind", "fail", "level", "error", "message", "text", text, "locations",
                     place, "partialFingerprints", "primaryLocationLineHash", print, "assaySeries/v1", finding->series,
                     "properties", finding_figures(finding));
}

bool alarms_sarif(struct finding_list *list, FILE *out)
{
    json_t *results = json_array();
    bool ok = results;
    for (size_t i = 0; ok && i < list->count; i++)
        if (list->items[i].kind == FINDING_FAILURE || list->items[i].kind == FINDING_ERROR)
            ok = json_array_append_new(results, result(&list->items[i])) == 0;
    json_t *document =
        json_pack("{s:s, s:s, s:[{s:{s:{s:s, s:o}}, s:[{s:b}], s:o, s:{s:I, s:I}}]}", "$schema",
                  "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
                  "version", "2.1.0", "runs", "tool", "driver", "name", "assay", "rules", described_rules(),
                  "invocations", "executionSuccessful", 1, "results", results, "properties", "series",
                  (json_int_t)list->count, "open", (json_int_t)list->kinds[FINDING_OPEN]);
    ok = ok && document && json_dumpf(document, out, JSON_INDENT(1) | JSON_REAL_PRECISION(9)) == 0;
    fputc('\n', out);
    json_decref(document);
    return ok;
}
