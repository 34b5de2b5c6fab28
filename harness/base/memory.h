/* Memory that lives as long as the process. The tool reads its input once, works and exits, so what it reads is never
 * freed; what grows with the work (samples, lines) is, by its owner. Running out of memory ends the program with
 * status 2. */
#ifndef ASSAY_HARNESS_BASE_MEMORY_H
#define ASSAY_HARNESS_BASE_MEMORY_H

#include <stddef.h>

/* Zeroed, aligned for any type. */
void *assay_keep(size_t bytes);

/* Copies that live as long as the process. */
char *assay_keep_string(const char *text);
char *assay_keep_bytes(const char *text, size_t length);
char *assay_format(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* For growing arrays: items of `size` bytes, `count` in use. Makes room for one more; the caller frees *items. */
void assay_grow(void *items, size_t *capacity, size_t count, size_t size);

#endif
