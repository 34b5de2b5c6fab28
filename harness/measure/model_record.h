/* From what was measured of a network to records (docs/records.md). */
#ifndef ASSAY_HARNESS_MEASURE_MODEL_RECORD_H
#define ASSAY_HARNESS_MEASURE_MODEL_RECORD_H

#include "harness/code/code.h"
#include "harness/measure/model.h"
#include "harness/measure/network.h"
#include "harness/measure/record.h"

/* One series of whole networks. */
struct assay_model_case {
    const char *name; /* `case` of the record: the network's name, with batch and threads where they were asked for */
    const char *file;
    struct assay_network_traits traits;
    const char *role;      /* best, auto, ref, peer, named */
    const char *kernel;    /* for the executor */
    const char *named;     /* role named: the pattern; else NULL */
    const char *origin;    /* role peer: whose kernels; else NULL */
    size_t threads, batch; /* 0: one thread; the batch that is in the file */
    bool half;             /* mode fp16: f16 activations as well */
};

/* The id of its whole-network series on a target; lives as long as the process. */
const char *assay_model_series_id(const struct assay_model_case *c, const char *target);

/* Whether both are the same network, as far as figures tell: as many multiply-accumulates, or, where there are none,
 * the same layers. */
bool assay_model_comparable(const struct assay_model_result *a, const struct assay_model_result *b);

/* The records of one series: of the whole, then of each layer. `baseline`: what speed-ups are told against, or NULL. A
 * layer is told against the baseline's in the same place, where both have the same layers (but for conversions). The
 * caller releases the array. */
json_t *assay_model_records(const struct assay_run_identity *run, const struct assay_stand *stand, json_t *machine,
                            const struct assay_model_case *c, const struct assay_model_result *result,
                            const struct assay_model_result *baseline);

/* Their code.hash: of a layer's kernel, and of the whole network's all (harness/code/code.h). */
void assay_model_records_set_hashes(json_t *records, const struct assay_code *code,
                                    const struct assay_model_result *result);

#endif
