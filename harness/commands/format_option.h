/* The option --format. */
#ifndef ASSAY_HARNESS_COMMANDS_FORMAT_OPTION_H
#define ASSAY_HARNESS_COMMANDS_FORMAT_OPTION_H

#include "reports/render/render.h"

#include <argp.h>

/* The format of this name, of verdicts or of records; ends the program with a suggestion if there is none. */
enum assay_format assay_parse_format(struct argp_state *state, const char *name, bool of_verdicts);

/* Whether these records can be written in it: LNT's files are of one target. False, with a message. */
bool assay_format_takes(enum assay_format format, const struct assay_record_list *records);

#endif
