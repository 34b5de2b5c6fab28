/* The memory that a network takes, as the probe's lines tell it. */
#ifndef ASSAY_SUITES_INFER_MEMORY_H
#define ASSAY_SUITES_INFER_MEMORY_H

#include "models/run/executor.h"

#include <jansson.h>

/* {activation_bytes, lower_bound, packed_bytes, scratch_bytes} (docs/probe-protocol.md); NULL: no memory. */
json_t *infer_memory(struct assay_executor_memory memory);

#endif
