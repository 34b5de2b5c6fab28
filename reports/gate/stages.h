/* The two stages of a verdict on times. */
#ifndef ASSAY_REPORTS_GATE_STAGES_H
#define ASSAY_REPORTS_GATE_STAGES_H

#include "reports/gate/gate.h"

/* Stage 1: true for a series that looks changed; else it gets its verdict. */
bool assay_gate_looks_changed(struct assay_comparison *c, const struct assay_gate_effects *effects);

/* Stage 2, of all candidates. False: out of memory, or nothing could be measured. */
bool assay_gate_confirm(const struct assay_gate *gate, struct assay_comparison **candidates, size_t count);

#endif
