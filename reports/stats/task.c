#include "reports/stats/judge.h"
#include "reports/stats/tests.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const json_t *of(const struct assay_record *record, const char *key)
{
    return json_object_get(json_object_get(record->json, "accuracy"), key);
}

static const char *text_of(const struct assay_record *record, const char *key)
{
    return json_string_value(of(record, key));
}

/* Both members are there and equal. */
static bool same(const struct assay_comparison *c, const char *key)
{
    const json_t *base = of(c->base, key), *now = of(c->now, key);
    return base && now && json_equal(base, now);
}

static bool say(struct assay_comparison *c, enum assay_verdict verdict)
{
    c->verdict = verdict;
    c->aspect = ASSAY_ASPECT_TASK;
    return true;
}

/* Sample by sample. False: they have no such answers. */
static bool judge_answers(struct assay_comparison *c, double effect, bool *decided)
{
    const char *before = text_of(c->base, "answers"), *after = text_of(c->now, "answers");
    if (!before || !after || !*before || strlen(before) != strlen(after))
        return false;
    size_t lost = 0, won = 0;
    for (size_t i = 0; before[i]; i++) {
        lost += before[i] == '1' && after[i] == '0';
        won += before[i] == '0' && after[i] == '1';
    }
    const double change = ((double)won - (double)lost) / (double)strlen(before);
    c->p = assay_mcnemar(lost, won);
    *decided = fabs(change) > effect && say(c, change < 0 ? ASSAY_REGRESSED : ASSAY_IMPROVED);
    ASSAY_REASON(c, "of %zu samples %zu are no longer right and %zu now are: %+.2f points", strlen(before), lost, won,
                 100 * change);
    if (!*decided)
        c->p = NAN;
    return true;
}

bool assay_judge_task(struct assay_comparison *c, const struct assay_compare_options *options)
{
    const char *metric = text_of(c->now, "task_metric");
    const json_t *base = of(c->base, "task_value"), *now = of(c->now, "task_value");
    if (!metric || !json_is_number(base) || !json_is_number(now))
        return false;
    const double before = json_number_value(base), after = json_number_value(now);
    if (!same(c, "task_metric") || !same(c, "dataset_sha256") || !same(c, "samples")) {
        ASSAY_REASON(c, "accuracy was judged on other samples: %.4g before, %.4g now", before, after);
        return say(c, ASSAY_INCONCLUSIVE);
    }
    bool decided = false;
    if (judge_answers(c, options->task_effect, &decided))
        return decided;
    const bool error = strcmp(metric, "mse") == 0;
    const double loss = error ? after / before - 1 : before - after;
    if (!(fabs(loss) > (error ? options->error_effect : options->task_effect)))
        return false;
    ASSAY_REASON(c, "%.16s of the same samples is %.5g, was %.5g", metric, after, before);
    return say(c, loss > 0 ? ASSAY_REGRESSED : ASSAY_IMPROVED);
}
