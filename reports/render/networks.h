/* Whole networks of a report, each with its layers in network order. */
#ifndef ASSAY_REPORTS_RENDER_NETWORKS_H
#define ASSAY_REPORTS_RENDER_NETWORKS_H

#include "reports/record/record.h"

/* One measured network: a target, a mode, and the kernels it ran with. */
struct network {
    const struct assay_record *whole;
    const struct assay_record **layers; /* of the same run, by their place in the network */
    size_t layer_count;
    bool shown; /* with its layers: not one of the baselines (auto, ref), which others are told against */
};

struct network_list {
    struct network *items; /* in the order in which they first appear */
    size_t count;
};

/* From all records, and the newest of each series (reports/record/index.h). False: out of memory. Free with
 * networks_free(). */
bool networks_make(const struct assay_record_list *records, const struct assay_record *const *newest, size_t count,
                   struct network_list *list);
void networks_free(struct network_list *list);

/* What the layers make together; NaN without any. */
double network_sum(const struct network *network);

/* value of the same layer (the whole: layer < 0) with the kernels of another role, the least if there are several of
 * that role, / this one's: above 1, this one is faster. NaN where either is missing. */
double network_versus(const struct network_list *list, const struct network *network, const struct assay_record *record,
                      const char *role);

enum { NETWORK_TEXT = 96 };

/* A line of the report, the same in every format for people. */
struct network_text {
    char layer[NETWORK_TEXT]; /* "whole", "sum of layers", "003 add" */
    char value[NETWORK_TEXT], share[NETWORK_TEXT], speedup[NETWORK_TEXT], over_auto[NETWORK_TEXT],
        over_ref[NETWORK_TEXT], over_peer[NETWORK_TEXT], bound[NETWORK_TEXT];
    char kernel[NETWORK_TEXT];
};

/* Line 0 is the whole, line 1 the sum of its layers, the others are layers; by a peer's kernels line 0 alone. False:
 * there is no such line. */
bool network_line(const struct network_list *list, const struct network *network, size_t line,
                  struct network_text *text);

/* "int8", "int8 1x4 80%", "int8 *_avx2_*", "int8 xnnpack". */
void network_mode_label(const struct network *network, char *text, size_t size);
/* Its sizes: "model 98496 bytes, activations 49152, …"; the message where it did not run. */
void network_caption(const struct network *network, char *text, size_t size);

#endif
