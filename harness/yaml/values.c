#include "harness/base/suggest.h"
#include "harness/yaml/document.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

static const char *kind_name(enum assay_yaml_kind kind)
{
    return kind == ASSAY_YAML_SCALAR ? "a plain value" : kind == ASSAY_YAML_LIST ? "a list" : "a map of keys";
}

const struct assay_yaml *assay_yaml_get(const struct assay_yaml *map, const char *key)
{
    for (size_t i = 0; i < map->count; i++)
        if (strcmp(map->keys[i]->text, key) == 0)
            return map->values[i];
    return NULL;
}

bool assay_yaml_is(const struct assay_yaml *node, enum assay_yaml_kind kind, const char *what)
{
    return node->kind == kind ||
           assay_say_at(node->place, "%s must be %s, not %s", what, kind_name(kind), kind_name(node->kind));
}

bool assay_yaml_only(const struct assay_yaml *map, const char *what, const char *const *keys, size_t count)
{
    if (!assay_yaml_is(map, ASSAY_YAML_MAP, what))
        return false;
    for (size_t i = 0; i < map->count; i++) {
        size_t known = 0;
        while (known < count && strcmp(keys[known], map->keys[i]->text) != 0)
            known++;
        if (known == count)
            return assay_say_at(map->keys[i]->place, "unknown key '%s' in %s; %s", map->keys[i]->text, what,
                                assay_suggestion(map->keys[i]->text, keys, count));
    }
    return true;
}

const struct assay_yaml *assay_yaml_need(const struct assay_yaml *map, const char *what, const char *key)
{
    const struct assay_yaml *value = assay_yaml_get(map, key);
    if (!value)
        assay_say_at(map->place, "%s has no '%s'; add it", what, key);
    return value;
}

bool assay_yaml_string(const struct assay_yaml *node, const char *what, const char **value)
{
    if (!assay_yaml_is(node, ASSAY_YAML_SCALAR, what))
        return false;
    if (node->text[0] == '\0')
        return assay_say_at(node->place, "%s is empty; give it a value", what);
    *value = node->text;
    return true;
}

bool assay_yaml_count(const struct assay_yaml *node, const char *what, size_t least, size_t most, size_t *value)
{
    if (!assay_yaml_is(node, ASSAY_YAML_SCALAR, what))
        return false;
    const char *text = node->text;
    bool digits = !node->quoted && text[0] != '\0';
    for (const char *c = text; *c; c++)
        digits = digits && isdigit((unsigned char)*c);
    /* A leading zero would be octal to some readers of YAML. */
    if (!digits || (text[0] == '0' && text[1] != '\0'))
        return assay_say_at(node->place, "%s must be a whole number from %zu to %zu, not '%.40s'", what, least, most,
                            text);
    errno = 0;
    const unsigned long long number = strtoull(text, NULL, 10);
    if (errno == ERANGE || number < least || number > most)
        return assay_say_at(node->place, "%s must be from %zu to %zu, not %.40s", what, least, most, text);
    *value = (size_t)number;
    return true;
}

bool assay_yaml_real(const struct assay_yaml *node, const char *what, double least, double most, double *value)
{
    if (!assay_yaml_is(node, ASSAY_YAML_SCALAR, what))
        return false;
    /* Decimal only: strtod alone would also take hexadecimal, "nan" and "inf". */
    char *end = node->text[0] != '\0' && strspn(node->text, "0123456789.eE+-") == strlen(node->text) && !node->quoted
                    ? (char *)node->text
                    : NULL;
    const double number = end ? strtod(node->text, &end) : 0;
    if (!end || *end != '\0' || !(number >= least && number <= most))
        return assay_say_at(node->place, "%s must be a number from %g to %g, not '%.40s'", what, least, most,
                            node->text);
    *value = number;
    return true;
}

bool assay_yaml_choice(const struct assay_yaml *node, const char *what, const char *const *names, size_t count,
                       size_t *index)
{
    const char *name = "";
    if (!assay_yaml_string(node, what, &name))
        return false;
    size_t i = 0;
    while (i < count && strcmp(names[i], name) != 0)
        i++;
    if (i == count)
        return assay_say_at(node->place, "%s cannot be '%.40s'; %s", what, name, assay_suggestion(name, names, count));
    *index = i;
    return true;
}

bool assay_yaml_choices(const struct assay_yaml *node, const char *what, const char *const *names, size_t count,
                        unsigned *bits)
{
    const bool list = node->kind == ASSAY_YAML_LIST;
    const size_t given = list ? node->count : 1;
    if (given == 0)
        return assay_say_at(node->place, "%s is an empty list; name at least one, or leave the key out", what);
    *bits = 0;
    for (size_t i = 0; i < given; i++) {
        const struct assay_yaml *item = list ? node->values[i] : node;
        size_t index = 0;
        if (!assay_yaml_choice(item, what, names, count, &index))
            return false;
        if (*bits & 1u << index)
            return assay_say_at(item->place, "%s names '%s' twice; keep one", what, names[index]);
        *bits |= 1u << index;
    }
    return true;
}
