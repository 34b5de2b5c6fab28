/* The objects of a static library, as far as they tell what machine code is: nothing of paths, dates, debug information
 * or the place where a linker puts them. */
#ifndef ASSAY_HARNESS_CODE_OBJECTS_H
#define ASSAY_HARNESS_CODE_OBJECTS_H

#include <stdbool.h>
#include <stddef.h>

enum { ASSAY_DIGEST = 32 }; /* bytes of a SHA-256 */

struct assay_object {
    /* Of all that is loaded (code and constants), of what the linker is to enter in which places, and of the names that
     * it offers to others. */
    unsigned char digest[ASSAY_DIGEST];
    const char **offered, **needed; /* symbols */
    size_t offered_count, needed_count;
};

struct assay_objects {
    struct assay_object *items;
    size_t count;
};

/* Reads a library, or a single object. All of it lives as long as the process. False, without a message, if there is no
 * such file or it is no ELF: then nothing is known of the code. */
bool assay_objects_read(const char *path, struct assay_objects *objects);

#endif
