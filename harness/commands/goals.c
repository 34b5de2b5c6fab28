#include "harness/commands/goals.h"

#include "reports/choices/choices.h"

bool assay_show_goals(const struct assay_suite *suite, const struct assay_record_list *records,
                      enum assay_format format, enum assay_goal_detail detail, size_t *missed, FILE *out)
{
    struct assay_goal_verdicts verdicts;
    if (!assay_goals_judge(&suite->goals, records, &verdicts))
        return false;
    *missed = assay_goals_missed(&verdicts);
    bool good;
    if (format == ASSAY_FORMAT_JSON)
        good = assay_goals_json(&verdicts, out);
    else if (format == ASSAY_FORMAT_MARKDOWN)
        good = assay_goals_markdown(&verdicts, detail, out);
    else
        good = assay_goals_table(&verdicts, detail, out);
    assay_goals_free(&verdicts);
    return good;
}

bool assay_show_choices(const struct assay_record_list *records, enum assay_format format, bool all, FILE *out)
{
    struct assay_choices choices;
    if (!assay_choices_judge(records, &choices))
        return false;
    bool good;
    if (format == ASSAY_FORMAT_JSON)
        good = assay_choices_json(&choices, out);
    else if (format == ASSAY_FORMAT_MARKDOWN)
        good = assay_choices_markdown(&choices, all, out);
    else
        good = assay_choices_table(&choices, all, out);
    assay_choices_free(&choices);
    return good;
}
