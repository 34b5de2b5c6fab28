#include "harness/revision/history.h"

#include "harness/base/memory.h"
#include "harness/base/paths.h"
#include "harness/base/say.h"
#include "harness/process/pool.h"

#include <stdlib.h>
#include <string.h>

/* Runs git in the tree: its output, which the caller frees, or NULL. *said is the last line of its complaint. */
static char *ask_git(const char *const *words, size_t count, const char **said, int *status)
{
    const char *arguments[16] = {"git", "-C", assay_root()};
    char *output = NULL;
    *said = "";
    if (!arguments[2])
        return NULL;
    if (!assay_find_program("git")) {
        assay_say("git is missing, and knows the revisions: apt-get install git");
        return NULL;
    }
    for (size_t i = 0; i < count; i++)
        arguments[3 + i] = words[i];
    return assay_run_program(arguments, NULL, &output, said, status) ? output : NULL;
}

#define ASK_GIT(said, status, ...)                                                                                 \
    ask_git((const char *const[]){__VA_ARGS__}, sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *), said, \
            status)

const char *assay_commit_find(const char *name)
{
    const char *said;
    int status = 0;
    char *output = ASK_GIT(&said, &status, "rev-parse", "--verify", "--quiet", "--end-of-options",
                           assay_format("%s^{commit}", name));
    const char *commit = output && status == 0 ? assay_keep_bytes(output, strcspn(output, "\n")) : NULL;
    if (output && !commit)
        assay_say(
            "git knows no revision '%s' in %s%s%s: see git log, and fetch what is missing (a shallow clone has few)",
            name, assay_root(), *said ? ": " : "", said);
    free(output);
    return commit;
}

const char *assay_commit_title(const char *commit)
{
    const char *said;
    int status = 0;
    char *output = ASK_GIT(&said, &status, "log", "-1", "--format=%h %s", commit);
    const char *title =
        output && status == 0 ? assay_keep_bytes(output, strcspn(output, "\n")) : assay_keep_bytes(commit, 12);
    free(output);
    return title;
}

static bool is_before(const char *good, const char *bad)
{
    const char *said;
    int status = 0;
    char *output = ASK_GIT(&said, &status, "merge-base", "--is-ancestor", good, bad);
    const bool good_answer = output && status == 0 && strcmp(good, bad) != 0;
    if (output && !good_answer)
        assay_say("%.12s is not before %.12s%s%s: --good names the older revision, and --bad one that followed it",
                  good, bad, *said ? ": " : "", said);
    free(output);
    return good_answer;
}

bool assay_commits_between(const char *good, const char *bad, const char *const **commits, size_t *count)
{
    const char *said, **list = NULL;
    int status = 0;
    if (!is_before(good, bad))
        return false;
    char *output =
        ASK_GIT(&said, &status, "rev-list", "--first-parent", "--reverse", assay_format("%s..%s", good, bad));
    if (!output || status != 0) {
        if (output)
            assay_say("git cannot list the revisions from %.12s to %.12s: %s", good, bad, said);
        free(output);
        return false;
    }
    size_t lines = 0;
    for (const char *c = output; *c; c++)
        lines += *c == '\n';
    list = assay_keep((lines + 1) * sizeof(*list));
    *count = 0;
    for (char *line = strtok(output, "\n"); line; line = strtok(NULL, "\n"))
        list[(*count)++] = assay_keep_string(line);
    *commits = list;
    free(output);
    return *count > 0;
}
