/* Reading the members of a plan's line: each is checked, and the first that is wrong is what is told. */
#ifndef ASSAY_SUITES_BENCH_READER_H
#define ASSAY_SUITES_BENCH_READER_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

enum { READER_WORD_MAX = 128 };

/* Where reading is, and what went wrong first. */
struct reader {
    const char *path; /* of the object being read, with its dot */
    char *why;
    size_t why_size;
    bool bad;
};

/* Only the first complaint is kept. */
__attribute__((format(printf, 2, 3))) void complain(struct reader *reader, const char *format, ...);

/* Refuses members that are not in the list, which ends with NULL: one misspelt would otherwise not be noticed. */
void allow_only(struct reader *reader, json_t *object, const char *const *names);

/* A whole number within [low, high]. `fallback` < 0: the member must be there. */
json_int_t read_integer(struct reader *reader, json_t *object, const char *name, json_int_t low, json_int_t high,
                        json_int_t fallback);
/* The same of at most 2^30. */
size_t read_size(struct reader *reader, json_t *object, const char *name, json_int_t low, json_int_t fallback);

/* A string of less than `size` bytes. `fallback` NULL: the member must be there. */
const char *read_text(struct reader *reader, json_t *object, const char *name, const char *fallback, size_t size);

json_t *read_object(struct reader *reader, json_t *object, const char *name);

/* READ_NAME(reader, object, "mode", NULL, assay_mode_parse, &mode): a word that one of the parse functions knows. */
#define READ_NAME(reader, object, name, fallback, parse, value)                         \
    do {                                                                                \
        const char *text_ = read_text(reader, object, name, fallback, READER_WORD_MAX); \
        if (!(reader)->bad && !parse(text_, value))                                     \
            complain(reader, "%s%s: '%s' is none", (reader)->path, name, text_);        \
    } while (0)

#endif
