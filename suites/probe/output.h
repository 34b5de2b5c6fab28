/* The probe's output: one JSON object a line on standard output, each written whole and at once, so that a line is
 * there or is not, whatever becomes of the program afterwards. JSON is jansson's. */
#ifndef ASSAY_SUITES_PROBE_OUTPUT_H
#define ASSAY_SUITES_PROBE_OUTPUT_H

#include <jansson.h>
#include <stdbool.h>

/* A number, or null where it is none: JSON knows neither NaN nor infinity. */
json_t *output_number(double value);

/* Writes `line`, whose reference it takes, as one line. False, after a word on standard error, if it can't be written
 * (a full disk, a closed pipe): the program should end. */
bool output_line(json_t *line);

#endif
