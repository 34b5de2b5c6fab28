/* The words that may follow `assay data`. Each parses its own arguments, argv[0] being "assay data WORD", and returns
 * an enum assay_exit. */
#ifndef ASSAY_HARNESS_COMMANDS_DATA_PARTS_H
#define ASSAY_HARNESS_COMMANDS_DATA_PARTS_H

#include <argp.h>
#include <stddef.h>
#include <stdint.h>

int assay_data_import(int argc, char **argv);
int assay_data_export(int argc, char **argv);
int assay_data_show(int argc, char **argv);
int assay_data_generate(int argc, char **argv);

/* A whole number from `least` to `most`; anything else ends the program with status 2. */
uint64_t assay_data_number(const char *text, uint64_t least, uint64_t most, const char *option,
                           struct argp_state *state);

#endif
