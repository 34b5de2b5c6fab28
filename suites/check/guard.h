/* Memory between two pages that nobody may touch. What stands at the end of it can't be read beyond; what stands at its
 * beginning not before. Regions are kept from case to case, as mapping is dear under emulation. */
#ifndef ASSAY_SUITES_CHECK_GUARD_H
#define ASSAY_SUITES_CHECK_GUARD_H

#include <stdbool.h>
#include <stddef.h>

enum guard_place {
    GUARD_END,   /* the last byte is the last before the forbidden page, but for what alignment takes */
    GUARD_BEGIN, /* the first byte is the first after it */
    GUARD_ODD,   /* in the middle, one alignment off a multiple of 128: no vector load is aligned */
};
enum guard_access { GUARD_NONE, GUARD_READ, GUARD_WRITE };

struct guard {
    char *base; /* between the forbidden pages */
    size_t size;
    char *data; /* the buffer in it */
    size_t bytes;
    unsigned char poison;
};

/* Places a buffer (0 bytes as well: then every access is wrong), writable and filled, with the bytes around it, with
 * `poison`. False: no memory. */
bool guard_place(struct guard *guard, size_t bytes, size_t alignment, enum guard_place place, unsigned char poison);
void guard_protect(const struct guard *guard, enum guard_access access);
/* The bytes around the buffer are as they were. */
bool guard_intact(const struct guard *guard);
void guard_release(struct guard *guard);

#endif
