#include "harness/base/memory.h"

#include <stdalign.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* All blocks hang on one list, so that a leak checker sees them in use. */
struct block {
    struct block *next;
    alignas(max_align_t) unsigned char bytes[];
};
static struct block *blocks;

static _Noreturn void out_of_memory(void)
{
    fputs("assay: out of memory\n", stderr);
    exit(2);
}

void *assay_keep(size_t bytes)
{
    struct block *block = bytes > SIZE_MAX - sizeof(*block) ? NULL : calloc(1, sizeof(*block) + bytes);
    if (!block)
        out_of_memory();
    block->next = blocks;
    blocks = block;
    return block->bytes;
}

char *assay_keep_bytes(const char *text, size_t length)
{
    char *copy = assay_keep(length + 1);
    if (length > 0)
        memcpy(copy, text, length);
    return copy;
}

char *assay_keep_string(const char *text)
{
    return assay_keep_bytes(text, strlen(text));
}

char *assay_format(const char *format, ...)
{
    va_list arguments, again;
    va_start(arguments, format);
    va_copy(again, arguments);
    const int length = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    char *text = assay_keep(length < 0 ? 1 : (size_t)length + 1);
    if (length > 0)
        vsnprintf(text, (size_t)length + 1, format, again);
    va_end(again);
    return text;
}

void assay_grow(void *items, size_t *capacity, size_t count, size_t size)
{
    if (count < *capacity)
        return;
    const size_t wanted = *capacity < 8 ? 8 : *capacity * 2;
    void *old, *grown;
    memcpy(&old, items, sizeof(old));
    grown = wanted > SIZE_MAX / size ? NULL : realloc(old, wanted * size);
    if (!grown)
        out_of_memory();
    memcpy(items, &grown, sizeof(grown));
    *capacity = wanted;
}
