/* What git knows of the tree: commits by name, and the way from one to another. Nothing here changes the repository. */
#ifndef ASSAY_HARNESS_REVISION_HISTORY_H
#define ASSAY_HARNESS_REVISION_HISTORY_H

#include <stdbool.h>
#include <stddef.h>

/* The commit that `name` stands for, in full. NULL, with a message: there is no git, no repository, or no such commit.
 */
const char *assay_commit_find(const char *name);

/* The commit's short name and the first line of its message. */
const char *assay_commit_title(const char *commit);

/* The commits after `good` up to and with `bad`, the oldest first, following first parents alone: what was merged
 * counts as one. *commits lives as long as the process. False, with a message: git failed, or `good` is not before
 * `bad`. */
bool assay_commits_between(const char *good, const char *bad, const char *const **commits, size_t *count);

#endif
