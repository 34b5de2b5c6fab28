/* A target: a machine, or an emulator, that the probe is built for and run on. Read from harness/targets.yaml and files
 * of the user's (docs/adding-a-target.md). */
#ifndef ASSAY_HARNESS_TARGET_TARGET_H
#define ASSAY_HARNESS_TARGET_TARGET_H

#include "harness/base/say.h"

#include <stdbool.h>
#include <stddef.h>

enum assay_reach {
    ASSAY_REACH_NATIVE, /* run here */
    ASSAY_REACH_QEMU,   /* run here under user emulation: counted, never timed */
    ASSAY_REACH_SSH,    /* copied to a board and run there */
};
extern const char *const assay_reach_names[3];

struct assay_strings {
    const char *const *items;
    size_t count;
};

struct assay_lane {
    const char *name, *note;
    const char *cpu;              /* qemu: what -cpu gets */
    struct assay_strings without; /* features that the probe pretends not to have */
    struct assay_strings emulate; /* features whose instructions the probe executes in software: nothing is measured */
};

struct assay_target {
    const char *name;
    struct assay_place place;
    enum assay_reach reach;
    const char *probe;              /* a probe that is built already; NULL: of the preset */
    const char *preset;             /* CMake preset that builds its probe */
    const char *sysroot;            /* architecture for toolchains/sysroot.sh; NULL: this system's own libraries */
    const char *loader;             /* native: the sysroot's dynamic loader; NULL: this system's */
    struct assay_strings libraries; /* folders of shared libraries, as the target sees them */
    const char *program;            /* qemu: the emulator. ssh: the ssh program */
    const char *host, *folder;      /* ssh: where to, and the folder there that holds the probe */
    const char *copier;             /* ssh: the scp program */
    const struct assay_lane *lanes; /* the first is the one that `run` takes by default */
    size_t lane_count;
};

struct assay_target_list {
    struct assay_target *items;
    size_t count;
};

/* The shipped targets and those of `files`. A name may be defined once. */
bool assay_targets_read(const char *const *files, size_t file_count, struct assay_target_list *list);

/* One lane of a target: what is checked and measured. */
struct assay_stand {
    const struct assay_target *target;
    const struct assay_lane *lane;
    const char *label; /* "aarch64" for the first lane, "aarch64@cortex-a53" for others: `target` in records */
};

/* Finds "target" (its first lane) or "target@lane"; false with a suggestion if there is none. */
bool assay_stand_find(const struct assay_target_list *list, const char *name, struct assay_stand *stand);
struct assay_stand assay_stand_of(const struct assay_target *target, size_t lane);

static inline bool assay_target_emulated(const struct assay_target *target)
{
    return target->reach == ASSAY_REACH_QEMU;
}

#endif
