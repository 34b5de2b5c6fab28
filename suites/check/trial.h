/* One kernel on one layer: packed, prepared and run several times in guarded memory, and judged. */
#ifndef ASSAY_SUITES_CHECK_TRIAL_H
#define ASSAY_SUITES_CHECK_TRIAL_H

#include "suites/probe/oracle.h"

enum trial_outcome { TRIAL_PASS, TRIAL_FAIL, TRIAL_UNSUPPORTED, TRIAL_ERROR };

struct trial_result {
    enum trial_outcome outcome;
    bool judged; /* its numbers count: it is one of ours */
    struct oracle_verdict verdict;
    char message[320];
};

/* What a kernel does:
 *   1. pack, from guarded weights which it may not touch again, into exactly what it asked for; read-only from then on;
 *   2. prepare and run, buffers ending at a forbidden page: judged by the oracle;
 *   3. run again without prepare: the same bytes;
 *   4. prepare and run, buffers beginning after a forbidden page, other garbage in scratch, gaps and registers: the
 * same;
 *   5. prepare for odd addresses with the used scratch, run: the same;
 *   6. hybrid kernels with fold_range: run with the groups' parameters given, as that function finds them: the same;
 * and with those of wider ranges, judged by the oracle. Each time the calling convention is checked
 * (suites/check/call.h), the gaps between rows of the output, and the bytes around each buffer; input, gaps and packed
 * weights are read-only. A peer's kernel need not repeat itself to the bit. seconds: of CPU time for each call. */
void trial_run(const struct assay_kernel *kernel, const struct layer *layer, unsigned seconds,
               struct trial_result *result);
void trial_release(void);

#endif
