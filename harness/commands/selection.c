#include "harness/commands/selection.h"

#include "harness/base/memory.h"

#include <string.h>

enum { KEY_TARGETS = 0x100 };

static const struct argp_option options[] = {
    {"target", 't', "NAME[@LANE]", 0, "Take this target (repeatable; default: all that are cross-built)", 1},
    {"targets", KEY_TARGETS, "FILE", 0, "Read more targets from a YAML file (repeatable)", 1},
    {0},
};

static error_t parse(int key, char *argument, struct argp_state *state)
{
    struct assay_selection *selection = state->input;
    size_t *count;
    switch (key) {
    case 't':
        count = &selection->name_count;
        break;
    case KEY_TARGETS:
        count = &selection->file_count;
        break;
    default:
        return ARGP_ERR_UNKNOWN;
    }
    if (*count == ASSAY_MOST_TARGETS)
        argp_error(state, "more than %d targets", ASSAY_MOST_TARGETS);
    else
        (key == 't' ? selection->names : selection->files)[(*count)++] = argument;
    return 0;
}

const struct argp assay_selection_argp = {options, parse, NULL, NULL, NULL, NULL, NULL};

static void add(struct assay_stand *stands, size_t *count, struct assay_stand stand)
{
    for (size_t i = 0; i < *count; i++)
        if (strcmp(stands[i].label, stand.label) == 0)
            return;
    stands[(*count)++] = stand;
}

bool assay_stand_here(const struct assay_target_list *targets, struct assay_stand *stand)
{
    for (size_t i = 0; i < targets->count; i++)
        if (targets->items[i].reach == ASSAY_REACH_NATIVE) {
            *stand = assay_stand_of(&targets->items[i], 0);
            return true;
        }
    assay_say("no target runs on this machine itself: name one by --target");
    return false;
}

bool assay_selection_resolve(const struct assay_selection *selection, enum assay_default_lanes lanes,
                             struct assay_target_list *targets, struct assay_stand **stands, size_t *count)
{
    if (!assay_targets_read(selection->files, selection->file_count, targets))
        return false;
    size_t most = 0;
    for (size_t i = 0; i < targets->count; i++)
        most += targets->items[i].lane_count;
    *stands = assay_keep(most * sizeof(**stands));
    *count = 0;
    for (size_t i = 0; i < selection->name_count; i++) {
        const char *name = selection->names[i];
        struct assay_stand stand;
        if (!assay_stand_find(targets, name, &stand))
            return false;
        if (lanes == ASSAY_EVERY_LANE && !strchr(name, '@'))
            for (size_t lane = 0; lane < stand.target->lane_count; lane++)
                add(*stands, count, assay_stand_of(stand.target, lane));
        else
            add(*stands, count, stand);
    }
    if (selection->name_count == 0 && lanes == ASSAY_THIS_MACHINE) {
        *count = 1;
        return assay_stand_here(targets, *stands);
    }
    for (size_t i = 0; selection->name_count == 0 && i < targets->count; i++) {
        const struct assay_target *target = &targets->items[i];
        /* Those without a sysroot and boards are taken only by name: they may not be there. */
        if (!target->sysroot || target->reach == ASSAY_REACH_SSH)
            continue;
        for (size_t lane = 0; lane < (lanes == ASSAY_EVERY_LANE ? target->lane_count : 1); lane++)
            add(*stands, count, assay_stand_of(target, lane));
    }
    return true;
}
