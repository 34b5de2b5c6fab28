#include "harness/base/memory.h"
#include "harness/yaml/document.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

enum {
    MOST_BYTES = 4 << 20,
    READ_BYTES = 1 << 16,
    MOST_DEPTH = 16,
};

struct loader {
    yaml_parser_t parser;
    const char *path;
    const unsigned char *bytes;
    size_t length;
};

static struct assay_place place_of(const struct loader *loader, yaml_mark_t mark)
{
    return (struct assay_place){loader->path, mark.line + 1, mark.column + 1};
}

static bool syntax_error(const struct loader *loader)
{
    const yaml_parser_t *p = &loader->parser;
    if (p->error == YAML_READER_ERROR) {
        /* A byte that is no text has an offset but no mark. */
        struct assay_place place = {loader->path, 1, 1};
        for (size_t i = 0; i < p->problem_offset && i < loader->length; i++) {
            place.column = loader->bytes[i] == '\n' ? 1 : place.column + 1;
            place.line += loader->bytes[i] == '\n';
        }
        return assay_say_at(place, "not text: %s; write the file in UTF-8", p->problem);
    }
    return assay_say_at(place_of(loader, p->problem_mark), "not YAML: %s%s%s; see docs/suites.md",
                        p->problem ? p->problem : "unreadable", p->context ? " " : "", p->context ? p->context : "");
}

static bool refuse(const struct loader *loader, yaml_event_t *event, const char *what)
{
    assay_say_at(place_of(loader, event->start_mark), "%s", what);
    yaml_event_delete(event);
    return false;
}

/* The next event that is neither an alias nor carries an anchor or a tag. On false there is nothing to delete. */
static bool next_event(struct loader *loader, yaml_event_t *event)
{
    if (!yaml_parser_parse(&loader->parser, event))
        return syntax_error(loader);
    const yaml_char_t *anchor = NULL, *tag = NULL;
    switch (event->type) {
    case YAML_ALIAS_EVENT:
        return refuse(loader, event, "aliases (*name) are not read here; write the value out");
    case YAML_SCALAR_EVENT:
        anchor = event->data.scalar.anchor;
        tag = event->data.scalar.tag;
        if (strlen((const char *)event->data.scalar.value) != event->data.scalar.length)
            return refuse(loader, event, "a zero byte in a text; take it out");
        break;
    case YAML_SEQUENCE_START_EVENT:
        anchor = event->data.sequence_start.anchor;
        tag = event->data.sequence_start.tag;
        break;
    case YAML_MAPPING_START_EVENT:
        anchor = event->data.mapping_start.anchor;
        tag = event->data.mapping_start.tag;
        break;
    default:
        break;
    }
    if (anchor)
        return refuse(loader, event, "anchors (&name) are not read here; write the value out where it is needed");
    if (tag)
        return refuse(loader, event, "tags (!name) are not read here; take it out");
    return true;
}

static const struct assay_yaml *build(struct loader *loader, yaml_event_t *event, size_t depth);

/* A list or a map, up to its end event. */
static const struct assay_yaml *build_collection(struct loader *loader, struct assay_yaml *node, size_t depth)
{
    const bool map = node->kind == ASSAY_YAML_MAP;
    const yaml_event_type_t end = map ? YAML_MAPPING_END_EVENT : YAML_SEQUENCE_END_EVENT;
    const struct assay_yaml **items = NULL; /* a map's keys and values in turn */
    size_t count = 0, capacity = 0;
    bool good = true;
    while (good) {
        yaml_event_t event;
        if (!next_event(loader, &event)) {
            good = false;
        } else if (event.type == end) {
            yaml_event_delete(&event);
            break;
        } else {
            const struct assay_yaml *item = build(loader, &event, depth + 1);
            good = item && (!map || count % 2 == 1 || assay_yaml_is(item, ASSAY_YAML_SCALAR, "a key"));
            for (size_t i = 0; good && map && count % 2 == 0 && i < count; i += 2)
                if (strcmp(items[i]->text, item->text) == 0)
                    good = assay_say_at(item->place, "the key '%s' is here twice (first in line %zu); keep one",
                                        item->text, items[i]->place.line);
            assay_grow(&items, &capacity, count, sizeof(*items));
            items[count++] = item;
        }
    }
    if (good) {
        node->count = map ? count / 2 : count;
        node->values = assay_keep(node->count * sizeof(*node->values));
        node->keys = map ? assay_keep(node->count * sizeof(*node->keys)) : NULL;
        for (size_t i = 0; i < node->count; i++) {
            if (map)
                node->keys[i] = items[2 * i];
            node->values[i] = items[map ? 2 * i + 1 : i];
        }
    }
    free(items);
    return good ? node : NULL;
}

/* Deletes the event, which begins a node. */
static const struct assay_yaml *build(struct loader *loader, yaml_event_t *event, size_t depth)
{
    struct assay_yaml *node = assay_keep(sizeof(*node));
    node->place = place_of(loader, event->start_mark);
    if (event->type == YAML_SCALAR_EVENT) {
        node->kind = ASSAY_YAML_SCALAR;
        node->text = assay_keep_bytes((const char *)event->data.scalar.value, event->data.scalar.length);
        node->quoted = event->data.scalar.style != YAML_PLAIN_SCALAR_STYLE;
        yaml_event_delete(event);
        return node;
    }
    node->kind = event->type == YAML_MAPPING_START_EVENT ? ASSAY_YAML_MAP : ASSAY_YAML_LIST;
    yaml_event_delete(event);
    if (depth >= MOST_DEPTH) {
        assay_say_at(node->place, "nested deeper than %d levels; no file of assay needs that", MOST_DEPTH);
        return NULL;
    }
    return build_collection(loader, node, depth);
}

/* stream-start, document-start, the root, document-end, stream-end */
static const struct assay_yaml *build_document(struct loader *loader)
{
    yaml_event_t event;
    const struct assay_yaml *root = NULL;
    for (;;) {
        if (!next_event(loader, &event))
            return NULL;
        switch (event.type) {
        case YAML_DOCUMENT_START_EVENT:
            if (root) {
                refuse(loader, &event, "a second document begins here; one file holds one");
                return NULL;
            }
            yaml_event_delete(&event);
            break;
        case YAML_STREAM_END_EVENT:
            yaml_event_delete(&event);
            if (!root)
                assay_say_at((struct assay_place){loader->path, 1, 1}, "nothing in the file; see docs/suites.md");
            return root;
        case YAML_STREAM_START_EVENT:
        case YAML_DOCUMENT_END_EVENT:
            yaml_event_delete(&event);
            break;
        default:
            root = build(loader, &event, 0);
            if (!root)
                return NULL;
        }
    }
}

/* The whole file, so that its size is bounded before a byte is parsed, whatever kind of file it is. The caller frees.
 */
static unsigned char *read_file(const char *path, size_t *length)
{
    const struct assay_place whole = {path, 0, 0};
    FILE *file = fopen(path, "rb");
    if (!file) {
        assay_say_at(whole, "cannot be read: %s; check the name and its permissions", strerror(errno));
        return NULL;
    }
    unsigned char *bytes = NULL;
    size_t capacity = 0;
    *length = 0;
    do {
        while (capacity < *length + READ_BYTES)
            assay_grow(&bytes, &capacity, capacity, 1);
        const size_t read = fread(bytes + *length, 1, READ_BYTES, file);
        *length += read;
    } while (!feof(file) && !ferror(file) && *length <= MOST_BYTES);
    bool good = true;
    if (ferror(file))
        good = assay_say_at(whole, "cannot be read: %s; give a text file", strerror(errno));
    else if (*length > MOST_BYTES)
        good = assay_say_at(whole, "is larger than %d MiB; no file of assay needs that", MOST_BYTES >> 20);
    fclose(file);
    if (good)
        return bytes;
    free(bytes);
    return NULL;
}

static const struct assay_yaml *parse(struct loader *loader, const unsigned char *bytes)
{
    const struct assay_yaml *root = NULL;
    loader->bytes = bytes;
    if (!yaml_parser_initialize(&loader->parser)) {
        assay_say("out of memory");
        return NULL;
    }
    yaml_parser_set_input_string(&loader->parser, bytes, loader->length);
    root = build_document(loader);
    yaml_parser_delete(&loader->parser);
    return root;
}

const struct assay_yaml *assay_yaml_read(const char *path)
{
    struct loader loader = {.path = assay_keep_string(path)};
    unsigned char *bytes = read_file(path, &loader.length);
    const struct assay_yaml *root = bytes ? parse(&loader, bytes) : NULL;
    free(bytes);
    return root;
}

const struct assay_yaml *assay_yaml_parse(const char *text, const char *name)
{
    struct loader loader = {.path = name, .length = strlen(text)};
    return parse(&loader, (const unsigned char *)text);
}
