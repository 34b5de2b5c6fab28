#include "harness/suite/suite.h"

#include "harness/base/memory.h"
#include "harness/base/names.h"
#include "harness/suite/find.h"
#include "harness/suite/goals.h"
#include "harness/suite/include.h"
#include "harness/suite/shape.h"
#include "harness/yaml/document.h"

#include <stdlib.h>
#include <string.h>

const char *const assay_role_names[ASSAY_ROLE_COUNT + 1] = {"best", "auto", "ref", "peers", "every"};

enum {
    LONGEST_NAME = 64,
    MOST_CASES = 10000,
    MOST_INCLUDED = 100,
    MOST_SPARSITIES = 32,
};

#define ALL_SPARSE ((1u << ASSAY_STRUCTURE_COUNT) - 2)
/* The modes that sparse weights have kernels for. */
#define SPARSE_MODES (1u << ASSAY_MODE_FP32 | 1u << ASSAY_MODE_HYBRID | 1u << ASSAY_MODE_INT8)
#define ADD_MODES (1u << ASSAY_MODE_FP32 | 1u << ASSAY_MODE_INT8 | 1u << ASSAY_MODE_INT16X8)

/* Names go into series ids, globs and file names. */
static bool read_name(const struct assay_yaml *node, const char *what, const char **name)
{
    if (!assay_yaml_string(node, what, name))
        return false;
    const size_t length = strlen(*name);
    const size_t good = strspn(*name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-");
    return (good == length && length <= LONGEST_NAME) ||
           assay_say_at(node->place, "%s '%.80s' may hold letters, digits, '_', '.' and '-', at most %d of them", what,
                        *name, LONGEST_NAME);
}

/* What both a suite and a case may say: the suite's answer is each case's default. */
static bool read_choices(const struct assay_yaml *map, struct assay_case *c)
{
    const struct assay_yaml *modes = assay_yaml_get(map, "modes"), *roles = assay_yaml_get(map, "kernels");
    const struct assay_yaml *structures = assay_yaml_get(map, "structures");
    const struct assay_yaml *sparsities = assay_yaml_get(map, "sparsities");
    const struct assay_names mode_names = assay_mode_names(), structure_names = assay_structure_names();
    if ((modes && !assay_yaml_choices(modes, "modes", mode_names.names, mode_names.count, &c->modes)) ||
        (roles && !assay_yaml_choices(roles, "kernels", assay_role_names, ASSAY_ROLE_COUNT, &c->roles)))
        return false;
    if (structures) {
        unsigned bits;
        /* All but dense, which every case is measured in anyway. */
        if (!assay_yaml_choices(structures, "structures", structure_names.names + 1, structure_names.count - 1, &bits))
            return false;
        c->structures = bits << 1;
    }
    if (!sparsities)
        return true;
    if (!assay_yaml_is(sparsities, ASSAY_YAML_LIST, "sparsities"))
        return false;
    if (sparsities->count == 0 || sparsities->count > MOST_SPARSITIES)
        return assay_say_at(sparsities->place, "sparsities must be a list of 1 to %d numbers", MOST_SPARSITIES);
    double *values = assay_keep(sparsities->count * sizeof(*values));
    for (size_t i = 0; i < sparsities->count; i++) {
        if (!assay_yaml_real(sparsities->values[i], "a sparsity", 0, 0.99, &values[i]))
            return false;
        if (i > 0 && values[i] <= values[i - 1])
            return assay_say_at(sparsities->values[i]->place, "sparsities must ascend; put them in order");
    }
    c->sparsities = values;
    c->sparsity_count = sparsities->count;
    return true;
}

/* A quantize case has the one mode of its conversion, and add three; dense layers have no structures. */
static bool settle_case(const struct assay_yaml *map, struct assay_case *c)
{
    if (c->problem.op != ASSAY_OP_SPMM) {
        c->structures = 0;
        c->sparsity_count = 0;
    }
    if (c->problem.op == ASSAY_OP_QUANTIZE) {
        c->modes = 1u << c->problem.mode;
        return true;
    }
    if (c->problem.op == ASSAY_OP_ADD)
        c->modes &= ADD_MODES;
    if (c->modes == 0)
        return assay_say_at(map->place, "none of its modes is one of add (fp32, int8, int16x8); give the case its own "
                                        "'modes'");
    if (c->problem.op != ASSAY_OP_SPMM)
        return true;
    if (!assay_yaml_get(map, "modes"))
        c->modes &= SPARSE_MODES;
    if (c->modes == 0)
        return assay_say_at(map->place, "none of the suite's modes (fp32, hybrid, int8) has sparse weights; give the "
                                        "case its own 'modes'");
    return c->sparsity_count > 0 ||
           assay_say_at(map->place, "the case has no 'sparsities', nor has the suite; add them, as [0.5, 0.8]");
}

static bool read_case(const struct assay_yaml *map, const struct assay_case *defaults, struct assay_case *c)
{
    static const char *const common[] = {"name", "op", "modes", "kernels"};
    static const char *const sparse[] = {"structures", "sparsities"};
    if (!assay_yaml_is(map, ASSAY_YAML_MAP, "a case"))
        return false;
    *c = *defaults;
    c->place = map->place;
    const struct assay_yaml *name = assay_yaml_need(map, "the case", "name");
    const struct assay_yaml *op = name ? assay_yaml_need(map, "the case", "op") : NULL;
    const struct assay_names op_names = assay_op_names();
    size_t op_index;
    if (!op || !read_name(name, "the name", &c->name) ||
        !assay_yaml_choice(op, "op", op_names.names, op_names.count, &op_index))
        return false;
    c->problem.op = (enum assay_op)op_index;

    const char *keys[16];
    size_t shape_count, count = 0;
    const char *const *shape_keys = assay_shape_keys(c->problem.op, &shape_count);
    for (size_t i = 0; i < sizeof(common) / sizeof(common[0]); i++)
        keys[count++] = common[i];
    for (size_t i = 0; i < shape_count; i++)
        keys[count++] = shape_keys[i];
    for (size_t i = 0; c->problem.op == ASSAY_OP_SPMM && i < 2; i++)
        keys[count++] = sparse[i];
    const char *what = assay_format("a case of op %s", op_names.names[op_index]);
    return assay_yaml_only(map, what, keys, count) && read_choices(map, c) && assay_shape_read(map, &c->problem) &&
           settle_case(map, c);
}

/* Sorted by name, equal names are neighbours. */
static int by_name(const void *left, const void *right)
{
    const struct assay_case *const *a = left, *const *b = right;
    const int order = strcmp((*a)->name, (*b)->name);
    return order != 0 ? order : (*a > *b) - (*a < *b);
}

static bool names_differ(const struct assay_case *cases, size_t count)
{
    const struct assay_case **sorted = assay_keep(count * sizeof(*sorted));
    for (size_t i = 0; i < count; i++)
        sorted[i] = &cases[i];
    qsort(sorted, count, sizeof(*sorted), by_name);
    for (size_t i = 1; i < count; i++)
        if (strcmp(sorted[i - 1]->name, sorted[i]->name) == 0)
            return assay_say_at(sorted[i]->place, "two cases are named '%s' (first in line %zu); rename one",
                                sorted[i]->name, sorted[i - 1]->place.line);
    return true;
}

/* Cases on their way into a suite. */
struct gathering {
    struct assay_case *cases;
    size_t count, capacity;
};

static bool read_cases(const struct assay_yaml *list, const struct assay_case *defaults, struct gathering *all)
{
    if (!assay_yaml_is(list, ASSAY_YAML_LIST, "cases"))
        return false;
    if (list->count == 0 || list->count > MOST_CASES)
        return assay_say_at(list->place, "cases must be a list of 1 to %d cases", MOST_CASES);
    for (size_t i = 0; i < list->count; i++) {
        assay_grow(&all->cases, &all->capacity, all->count, sizeof(*all->cases));
        if (!read_case(list->values[i], defaults, &all->cases[all->count++]))
            return false;
    }
    return true;
}

static const struct assay_suite *read_file(const char *path, bool included);

/* A file beside the including one, or a shipped suite. */
static const char *included_path(const char *name, const char *from)
{
    const char *path = assay_suite_path(name), *slash = strrchr(from, '/');
    return path == name && name[0] != '/' && slash ? assay_format("%.*s%s", (int)(slash + 1 - from), from, name) : path;
}

/* An entry is a suite's name, or a map that says which of its cases, and what of them. */
static bool read_include(const struct assay_yaml *entry, const char *file, const struct assay_case *defaults,
                         const char **path, struct gathering *all)
{
    static const char *const keys[] = {"suite", "cases", "modes", "kernels", "structures", "sparsities"};
    const bool map = entry->kind == ASSAY_YAML_MAP;
    struct assay_case kept = *defaults;
    kept.sparsity_count = 0;
    struct assay_narrowing n = {0};
    const char *name = NULL;
    if (map && !assay_yaml_only(entry, "what is included", keys, sizeof(keys) / sizeof(keys[0])))
        return false;
    const struct assay_yaml *suite = map ? assay_yaml_need(entry, "what is included", "suite") : entry;
    const struct assay_yaml *cases = map ? assay_yaml_get(entry, "cases") : NULL;
    if (!suite || !assay_yaml_string(suite, "the included suite", &name) ||
        (cases && !assay_yaml_string(cases, "cases", &n.cases)) || (map && !read_choices(entry, &kept)))
        return false;
    *path = included_path(name, file);
    const struct assay_suite *from = *path ? read_file(*path, true) : NULL;
    if (!from)
        return false;
    n.modes = kept.modes & defaults->modes;
    n.roles = kept.roles & defaults->roles;
    n.structures = kept.structures & defaults->structures;
    n.sparsities = kept.sparsities;
    n.sparsity_count = kept.sparsity_count;
    return assay_include(from, &n, entry->place, &all->cases, &all->capacity, &all->count);
}

static bool read_includes(const struct assay_yaml *list, const struct assay_case *defaults, struct assay_suite *suite,
                          struct gathering *all)
{
    if (!assay_yaml_is(list, ASSAY_YAML_LIST, "include"))
        return false;
    if (list->count == 0 || list->count > MOST_INCLUDED)
        return assay_say_at(list->place, "include must be a list of 1 to %d suites", MOST_INCLUDED);
    const char **paths = assay_keep(list->count * sizeof(*paths));
    for (size_t i = 0; i < list->count; i++)
        if (!read_include(list->values[i], suite->file, defaults, &paths[i], all))
            return false;
    suite->included = paths;
    suite->included_count = list->count;
    return all->count <= MOST_CASES || assay_say_at(list->place, "more than %d cases", MOST_CASES);
}

static bool may_count(const struct assay_yaml *map, const char *key, size_t least, size_t most, size_t *value)
{
    const struct assay_yaml *node = assay_yaml_get(map, key);
    return !node || assay_yaml_count(node, key, least, most, value);
}

static bool read_all_cases(const struct assay_yaml *root, const struct assay_case *defaults, bool included,
                           struct assay_suite *suite)
{
    const struct assay_yaml *includes = assay_yaml_get(root, "include");
    const struct assay_yaml *own =
        includes ? assay_yaml_get(root, "cases") : assay_yaml_need(root, "the suite", "cases");
    struct gathering all = {0};
    if (includes && included)
        return assay_say_at(includes->place, "a suite that is included by another may not include more");
    bool good = (includes || own) && (!includes || read_includes(includes, defaults, suite, &all)) &&
                (!own || read_cases(own, defaults, &all)) && names_differ(all.cases, all.count);
    if (good) {
        struct assay_case *kept = assay_keep(all.count * sizeof(*kept));
        memcpy(kept, all.cases, all.count * sizeof(*kept));
        suite->cases = kept;
        suite->case_count = all.count;
    }
    free(all.cases);
    return good;
}

static bool read_suite(const struct assay_yaml *root, bool included, struct assay_suite *suite)
{
    static const char *const keys[] = {"suite",  "description", "modes", "kernels", "structures", "sparsities",
                                       "rounds", "round_us",    "cases", "include", "goals"};
    struct assay_case defaults = {
        .modes = (1u << ASSAY_MODE_COUNT) - 1, .roles = (1u << ASSAY_ROLE_COUNT) - 1, .structures = ALL_SPARSE};
    if (!assay_yaml_only(root, "a suite", keys, sizeof(keys) / sizeof(keys[0])))
        return false;
    const struct assay_yaml *name = assay_yaml_need(root, "the suite", "suite");
    const struct assay_yaml *description = assay_yaml_get(root, "description"), *goals = assay_yaml_get(root, "goals");
    return name && read_name(name, "the suite's name", &suite->name) &&
           (!description || assay_yaml_string(description, "the description", &suite->description)) &&
           may_count(root, "rounds", 1, 1000, &suite->rounds) &&
           may_count(root, "round_us", 10, 1000000, &suite->round_us) && read_choices(root, &defaults) &&
           read_all_cases(root, &defaults, included, suite) && (!goals || assay_goals_read(goals, &suite->goals));
}

static const struct assay_suite *read_root(const char *path, const struct assay_yaml *root, bool included)
{
    struct assay_suite *suite = assay_keep(sizeof(*suite));
    *suite = (struct assay_suite){.description = "", .file = assay_keep_string(path), .rounds = 12, .round_us = 1000};
    return root && read_suite(root, included, suite) ? suite : NULL;
}

static const struct assay_suite *read_file(const char *path, bool included)
{
    return read_root(path, assay_yaml_read(path), included);
}

const struct assay_suite *assay_suite_read(const char *path)
{
    return read_file(path, false);
}

const struct assay_suite *assay_suite_of_case(const char *text)
{
    static const char name[] = "the case";
    const char *file = assay_format("suite: given\nsparsities: [0.5, 0.8]\ncases:\n  - {name: case, %s\n", text + 1);
    return read_root(name, assay_yaml_parse(file, name), false);
}
