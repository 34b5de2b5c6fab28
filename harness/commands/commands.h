/* The subcommands. Each parses its own arguments, argv[0] being "assay NAME", and returns an enum assay_exit. */
#ifndef ASSAY_HARNESS_COMMANDS_COMMANDS_H
#define ASSAY_HARNESS_COMMANDS_COMMANDS_H

int assay_command_list(int argc, char **argv);
int assay_command_build(int argc, char **argv);
int assay_command_check(int argc, char **argv);
int assay_command_run(int argc, char **argv);
int assay_command_compare(int argc, char **argv);
int assay_command_report(int argc, char **argv);

#endif
