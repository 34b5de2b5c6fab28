/* A gate's policy from a YAML file (docs/gates.md). What is read lives as long as the process. */
#ifndef ASSAY_HARNESS_GATE_POLICY_H
#define ASSAY_HARNESS_GATE_POLICY_H

#include "reports/gate/policy.h"

/* `policy` holds the defaults, and keeps what the file does not say. False: it was said what is wrong, with the line.
 */
bool assay_policy_read(const char *path, struct assay_gate_policy *policy);

#endif
