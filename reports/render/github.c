/* Workflow commands of GitHub Actions, which become annotations. A step may have ten of each level, and further ones
 * are dropped without a word: so the tenth says how many there are. */
#include "reports/render/alarms.h"

#include <string.h>

enum { MOST_OF_A_LEVEL = 10 };

/* A command's message ends at a line end, and '%' begins an escape; ':' and ',' end a property. */
static void escaped(const char *text, bool of_property, FILE *out)
{
    for (; *text; text++) {
        if (strchr("%\r\n", *text) || (of_property && strchr(":,", *text)))
            fprintf(out, "%%%02X", (unsigned char)*text);
        else
            fputc(*text, out);
    }
}

static void annotate(const char *level, const struct finding *finding, FILE *out)
{
    char source[FINDING_SOURCE];
    finding_source(finding, source);
    fprintf(out, "::%s ", level);
    if (strstr(source, ".c")) {
        fputs("file=", out);
        escaped(source, true, out);
        fputs(",line=1,", out);
    }
    fprintf(out, "title=%s%%3A ", finding->word);
    escaped(finding->series, true, out);
    fputs("::", out);
    escaped(finding->text, false, out);
    fputc('\n', out);
}

/* The findings of a level, which are those whose kind is a bit of `kinds`; `room` annotations at most. */
static void of_level(const char *level, unsigned kinds, size_t room, const struct finding_list *list, FILE *out)
{
    size_t total = 0, shown = 0;
    for (int k = 0; k < FINDING_KINDS; k++)
        total += kinds >> k & 1 ? list->kinds[k] : 0;
    const size_t most = total > room ? room - 1 : total;
    for (size_t i = 0; i < list->count && shown < most; i++) {
        if (!(kinds >> list->items[i].kind & 1))
            continue;
        annotate(level, &list->items[i], out);
        shown++;
    }
    if (shown < total)
        fprintf(out, "::%s title=assay::%zu more, which are in the report\n", level, total - shown);
}

bool alarms_github(struct finding_list *list, FILE *out)
{
    const bool verdicts = list->count > 0 && list->items[0].comparison;
    of_level("error", 1u << FINDING_FAILURE | 1u << FINDING_ERROR, MOST_OF_A_LEVEL, list, out);
    /* Which kernels a target lacks is no news. */
    if (verdicts)
        of_level("warning", 1u << FINDING_OPEN, MOST_OF_A_LEVEL, list, out);
    of_level("notice", 1u << FINDING_BETTER, MOST_OF_A_LEVEL - 1, list, out);
    fprintf(out, "::notice title=assay::%zu series: %zu %s, %zu errors, %zu %s", list->count,
            list->kinds[FINDING_FAILURE], verdicts ? "regressed" : "failed", list->kinds[FINDING_ERROR],
            list->kinds[FINDING_OPEN], verdicts ? "inconclusive or gone" : "unsupported");
    if (verdicts)
        fprintf(out, ", %zu improved", list->kinds[FINDING_BETTER]);
    fputc('\n', out);
    return true;
}
