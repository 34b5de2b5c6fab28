/* The subcommands of assay-probe. Each gets its own argv, argv[0] being "assay-probe <name>", and returns the exit
 * status. */
#ifndef ASSAY_SUITES_PROBE_PROBE_H
#define ASSAY_SUITES_PROBE_PROBE_H

#include <jansson.h>
#include <stdint.h>

enum { PROBE_FINE = 0, PROBE_FAILED = 1, PROBE_BAD_INPUT = 2 };

int probe_list(int argc, char **argv);
int probe_check(int argc, char **argv);
int probe_bench(int argc, char **argv);
int probe_explain(int argc, char **argv);
int probe_env(int argc, char **argv);
int probe_infer(int argc, char **argv);
int probe_eval(int argc, char **argv);

/* ["avx2", …] */
json_t *probe_feature_names(uint64_t features);

#endif
