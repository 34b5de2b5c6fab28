/* The subcommands. Each parses its own arguments, argv[0] being "assay NAME", and returns an enum assay_exit. */
#ifndef ASSAY_HARNESS_COMMANDS_COMMANDS_H
#define ASSAY_HARNESS_COMMANDS_COMMANDS_H

#include "reports/record/record.h"

int assay_command_list(int argc, char **argv);
int assay_command_build(int argc, char **argv);
int assay_command_check(int argc, char **argv);
int assay_command_run(int argc, char **argv);
int assay_command_compare(int argc, char **argv);
int assay_command_report(int argc, char **argv);
int assay_command_inspect(int argc, char **argv);
int assay_command_infer(int argc, char **argv);
int assay_command_zoo(int argc, char **argv);
int assay_command_data(int argc, char **argv);
int assay_command_optimize(int argc, char **argv);
int assay_command_eval(int argc, char **argv);
int assay_command_gate(int argc, char **argv);
int assay_command_history(int argc, char **argv);
int assay_command_bisect(int argc, char **argv);
int assay_command_selftest(int argc, char **argv);

/* The records of a file, or of the records.jsonl of a folder. False, with a message. */
bool assay_read_records(const char *path, struct assay_record_list *list);

#endif
