/* A YAML file as a tree whose nodes know where they stand, and the readers of plain values from it.
 *
 * Only what a data file needs: scalars, lists and maps. Anchors and aliases, tags, duplicate keys, more than one
 * document, and depth or size beyond reason are refused. Every reader that returns false has said why, with the place.
 */
#ifndef ASSAY_HARNESS_YAML_DOCUMENT_H
#define ASSAY_HARNESS_YAML_DOCUMENT_H

#include "harness/base/say.h"

#include <stdbool.h>
#include <stddef.h>

enum assay_yaml_kind {
    ASSAY_YAML_SCALAR,
    ASSAY_YAML_LIST,
    ASSAY_YAML_MAP,
};

struct assay_yaml {
    enum assay_yaml_kind kind;
    struct assay_place place;
    const char *text;                 /* scalar */
    bool quoted;                      /* scalar: it is text even if it looks like a number */
    size_t count;                     /* items of a list, pairs of a map */
    const struct assay_yaml **keys;   /* map */
    const struct assay_yaml **values; /* list, map */
};

/* NULL if the file cannot be read or is no such document. */
const struct assay_yaml *assay_yaml_read(const char *path);
/* The same of a text; `name` stands for the file in messages. */
const struct assay_yaml *assay_yaml_parse(const char *text, const char *name);

/* The value of a key; NULL if the map has none. */
const struct assay_yaml *assay_yaml_get(const struct assay_yaml *map, const char *key);

/* `what` names the node in messages: "the suite", "a case". */
bool assay_yaml_is(const struct assay_yaml *node, enum assay_yaml_kind kind, const char *what);
/* It is a map, and has no keys but these. */
bool assay_yaml_only(const struct assay_yaml *map, const char *what, const char *const *keys, size_t count);
/* Like get, but says that the key is missing. */
const struct assay_yaml *assay_yaml_need(const struct assay_yaml *map, const char *what, const char *key);

bool assay_yaml_string(const struct assay_yaml *node, const char *what, const char **value);
bool assay_yaml_count(const struct assay_yaml *node, const char *what, size_t least, size_t most, size_t *value);
bool assay_yaml_real(const struct assay_yaml *node, const char *what, double least, double most, double *value);
/* One of some names: its index. */
bool assay_yaml_choice(const struct assay_yaml *node, const char *what, const char *const *names, size_t count,
                       size_t *index);
/* A list of some names, none twice and at least one: a bit for each. A single name is a list of one. */
bool assay_yaml_choices(const struct assay_yaml *node, const char *what, const char *const *names, size_t count,
                        unsigned *bits);

#endif
