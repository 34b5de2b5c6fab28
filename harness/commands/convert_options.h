/* How a network is converted, as `assay optimize` and `assay eval` are told: an argp child. */
#ifndef ASSAY_HARNESS_COMMANDS_CONVERT_OPTIONS_H
#define ASSAY_HARNESS_COMMANDS_CONVERT_OPTIONS_H

#include "models/optimize/optimize.h"

#include <argp.h>

/* The child's input; zeroed but for calibration.method. */
struct assay_convert_options {
    struct assay_layer_rule *rules; /* the caller frees them */
    size_t rule_count, rule_room;
    const char *data; /* to calibrate on; NULL: none */
    const char *io;   /* float, int8, int16; NULL: not said */
    struct assay_calibration_options calibration;
};
extern const struct argp assay_convert_argp;

/* "--option: 'text' is no number from … to …" ends the program otherwise. */
double assay_parse_number(const char *text, double least, double most, const char *option, struct argp_state *state);

/* Whether the network becomes `mode`, or some of its layers do. */
bool assay_convert_uses(const struct assay_convert_options *options, enum assay_mode all, enum assay_mode mode);
/* Whether inputs and outputs become integer, too. */
bool assay_convert_integer_io(const struct assay_convert_options *options, enum assay_mode all);

/* An integer mode without a dataset to calibrate on. False, with a message. */
bool assay_convert_check_data(const struct assay_convert_options *options, enum assay_mode all);
/* A rule that matches no layer of `model`. False, with a message. */
bool assay_convert_check_rules(const struct assay_convert_options *options, const char *model,
                               const struct assay_graph *graph);

#endif
