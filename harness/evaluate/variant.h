/* The networks that `assay eval` puts side by side: a float network in several modes, and files that someone else
 * converted. */
#ifndef ASSAY_HARNESS_EVALUATE_VARIANT_H
#define ASSAY_HARNESS_EVALUATE_VARIANT_H

#include "harness/evaluate/file.h"
#include "harness/measure/network.h"
#include "models/optimize/choice.h"

struct assay_variant {
    const char *label;                /* as it was asked for: "int8", "int8,0.8:1x16", the NAME of NAME=FILE; unique */
    const char *file;                 /* where the network is, or will be; NULL: not known yet */
    bool given;                       /* it is a file that was there before */
    struct assay_layer_choice choice; /* how it is converted, unless it was given */
    bool half;                        /* its layers of f16 weights compute with f16 activations */
    const char *failure;              /* why there is no such network; NULL: there is */
    struct assay_network_traits traits;
    struct assay_file_facts size;
};

/* "MODE", "MODE,SPARSITY:STRUCTURE", "NAME=FILE". False: the error says what is wrong with it. The text lives as long
 * as the variant. */
bool assay_variant_parse(const char *text, struct assay_variant *variant, struct assay_model_error *error);

/* Reads what its file is. False, with *why: one line that names the file. */
bool assay_variant_look(struct assay_variant *variant, const char **why);

/* Where the conversion of network `name` goes in `folder`; lives as long as the process. */
const char *assay_variant_path(const struct assay_variant *variant, const char *folder, const char *name);

/* What records call it: the network's name where its label says what it is, else that and the label. Networks of one
 * name differ in mode, structure or sparsity. Lives as long as the process. */
const char *assay_variant_case(const struct assay_variant *variant, const char *name);

#endif
