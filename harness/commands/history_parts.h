/* The words that may follow `assay history`. Each parses its own arguments, argv[0] being "assay history WORD", and
 * returns an enum assay_exit. */
#ifndef ASSAY_HARNESS_COMMANDS_HISTORY_PARTS_H
#define ASSAY_HARNESS_COMMANDS_HISTORY_PARTS_H

#include "reports/store/history.h"

#include <argp.h>

int assay_history_word_add(int argc, char **argv);
int assay_history_word_list(int argc, char **argv);
int assay_history_word_show(int argc, char **argv);
int assay_history_word_trend(int argc, char **argv);
int assay_history_word_prune(int argc, char **argv);
int assay_history_word_check(int argc, char **argv);

/* --db, for argp's children. Its input is a const char *, which is set where the option is given. */
extern const struct argp assay_history_argp;

/* Opens `path`, or where it is NULL $ASSAY_HISTORY, or out/history.db. NULL, with a message. */
struct assay_history *assay_history_of(const char *path, enum assay_history_access access);
const char *assay_history_path(const char *path);

/* The beginning of a commit as people write it, with a + where files had been changed; "-" for none. */
const char *assay_history_commit(const char *commit, bool dirty);

#endif
