/* --target and --targets, which most subcommands have: an argp child. */
#ifndef ASSAY_HARNESS_COMMANDS_SELECTION_H
#define ASSAY_HARNESS_COMMANDS_SELECTION_H

#include "harness/target/target.h"

#include <argp.h>

enum { ASSAY_MOST_TARGETS = 64 };

/* The child's input. */
struct assay_selection {
    const char *names[ASSAY_MOST_TARGETS], *files[ASSAY_MOST_TARGETS];
    size_t name_count, file_count;
};
extern const struct argp assay_selection_argp;

/* What a subcommand takes when no --target is given. */
enum assay_default_lanes {
    ASSAY_FIRST_LANES,  /* the first lane of each cross-built target */
    ASSAY_THIS_MACHINE, /* the first lane of the first target that runs here without emulation */
    ASSAY_EVERY_LANE,   /* all lanes of each; also for a target named without a lane */
};

/* The first lane of the first target that runs here without emulation. False, with a message: there is none. */
bool assay_stand_here(const struct assay_target_list *targets, struct assay_stand *stand);

/* The stands that were selected, none twice. False: a file or a name is wrong, which was said. */
bool assay_selection_resolve(const struct assay_selection *selection, enum assay_default_lanes lanes,
                             struct assay_target_list *targets, struct assay_stand **stands, size_t *count);

#endif
