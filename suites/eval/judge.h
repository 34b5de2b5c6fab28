/* What a network's answers over a dataset are worth, by the dataset's task (models/data/dataset.h). */
#ifndef ASSAY_SUITES_EVAL_JUDGE_H
#define ASSAY_SUITES_EVAL_JUDGE_H

#include "suites/eval/reals.h"

#include <jansson.h>

struct judge {
    const struct assay_dataset *dataset;
    size_t first, samples; /* of the dataset: those that are judged */
    size_t seen;
    size_t elements; /* of the first output, for one sample */
    bool is_class;   /* answers are the index of the largest element; else scores, errors or the only element */
    double *answers; /* one for each sample */
    double *row;     /* of a sample's output, and as many beside it */
    double squared;  /* of the samples' mean squared errors, their sum */
};

/* `elements`: of the first output for one sample; `input`: the network's first. False: the error says why the task and
 * the network do not go together. */
bool judge_make(struct judge *judge, const struct assay_dataset *dataset, size_t first, size_t samples, size_t elements,
                const struct assay_tensor *input, struct assay_model_error *error);
void judge_free(struct judge *judge);

/* The first output for the next sample, which begins at element `at`. */
void judge_sample(struct judge *judge, const struct reals *output, size_t at, const struct assay_tensor *input);

/* {"metric": …} when all have been seen; null without a task. NULL: no memory. */
json_t *judge_verdict(const struct judge *judge);
json_t *judge_answers(const struct judge *judge);

/* Samples to which both gave the same class. */
size_t judge_agreed(const struct judge *a, const struct judge *b);

#endif
