#include "harness/suite/goals.h"

#include "harness/base/memory.h"
#include "harness/base/names.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_GOALS = 100, MOST_WORDS = 100, MOST_PUBLISHED = 1000, MOST_PAIRS = 1000 };

static const char *const against_names[ASSAY_AGAINST_COUNT] = {"peers", "dense",  "case",
                                                               "bound", "stream", "published"};

/* A list of words, or one word; of `known` ones where there are any. */
static bool may_words(const struct assay_yaml *map, const char *key, const struct assay_names *known,
                      struct assay_words *words)
{
    const struct assay_yaml *node = assay_yaml_get(map, key);
    if (!node)
        return true;
    const bool list = node->kind == ASSAY_YAML_LIST;
    const size_t count = list ? node->count : 1;
    if (count == 0 || count > MOST_WORDS)
        return assay_say_at(node->place, "%s must be a list of 1 to %d words", key, MOST_WORDS);
    const char **items = assay_keep(count * sizeof(*items));
    for (size_t i = 0; i < count; i++) {
        const struct assay_yaml *item = list ? node->values[i] : node;
        size_t index;
        if (!assay_yaml_string(item, key, &items[i]) ||
            (known && !assay_yaml_choice(item, key, known->names, known->count, &index)))
            return false;
    }
    *words = (struct assay_words){items, count};
    return true;
}

static bool may_sparsities(const struct assay_yaml *map, struct assay_goal *goal)
{
    const struct assay_yaml *node = assay_yaml_get(map, "sparsities");
    if (!node)
        return true;
    if (!assay_yaml_is(node, ASSAY_YAML_LIST, "sparsities"))
        return false;
    if (node->count == 0 || node->count > MOST_WORDS)
        return assay_say_at(node->place, "sparsities must be a list of 1 to %d numbers", MOST_WORDS);
    double *values = assay_keep(node->count * sizeof(*values));
    for (size_t i = 0; i < node->count; i++)
        if (!assay_yaml_real(node->values[i], "a sparsity", 0, 0.99, &values[i]))
            return false;
    goal->sparsities = values;
    goal->sparsity_count = node->count;
    return true;
}

static bool need_real(const struct assay_yaml *map, const char *key, double most, double *value)
{
    const struct assay_yaml *node = assay_yaml_need(map, "a published rate", key);
    return node && assay_yaml_real(node, key, 0, most, value);
}

static bool read_published(const struct assay_yaml *map, struct assay_published *p)
{
    static const char *const keys[] = {"cases", "sparsity", "share"};
    if (!assay_yaml_only(map, "a published rate", keys, sizeof(keys) / sizeof(keys[0])))
        return false;
    const struct assay_yaml *cases = assay_yaml_need(map, "a published rate", "cases");
    if (!cases || !assay_yaml_string(cases, "cases", &p->cases) || !need_real(map, "sparsity", 0.99, &p->sparsity) ||
        !need_real(map, "share", 1000, &p->share))
        return false;
    return p->share > 0 || assay_say_at(map->place, "share must be above 0");
}

static bool may_published(const struct assay_yaml *map, struct assay_goal *goal)
{
    const struct assay_yaml *node = assay_yaml_get(map, "published");
    if (!node)
        return true;
    if (!assay_yaml_is(node, ASSAY_YAML_LIST, "published"))
        return false;
    if (node->count == 0 || node->count > MOST_PUBLISHED)
        return assay_say_at(node->place, "published must be a list of 1 to %d rates", MOST_PUBLISHED);
    struct assay_published *rates = assay_keep(node->count * sizeof(*rates));
    for (size_t i = 0; i < node->count; i++)
        if (!read_published(node->values[i], &rates[i]))
            return false;
    goal->published = rates;
    goal->published_count = node->count;
    return true;
}

/* A name, or a pattern with one `*`. */
static bool read_pattern(const struct assay_yaml *node, const char *what, const char **pattern)
{
    if (!assay_yaml_string(node, what, pattern))
        return false;
    const char *star = strchr(*pattern, '*');
    return !star || !strchr(star + 1, '*') || assay_say_at(node->place, "%s has more than one '*'", what);
}

static bool may_pairs(const struct assay_yaml *map, struct assay_goal *goal)
{
    const struct assay_yaml *node = assay_yaml_get(map, "pairs");
    if (!node)
        return true;
    if (!assay_yaml_is(node, ASSAY_YAML_MAP, "pairs"))
        return false;
    if (node->count == 0 || node->count > MOST_PAIRS)
        return assay_say_at(node->place, "pairs must be a map of 1 to %d cases", MOST_PAIRS);
    struct assay_pair *pairs = assay_keep(node->count * sizeof(*pairs));
    for (size_t i = 0; i < node->count; i++) {
        if (!read_pattern(node->keys[i], "a case of a pair", &pairs[i].cases) ||
            !read_pattern(node->values[i], "a case of a pair", &pairs[i].other))
            return false;
        if (strchr(pairs[i].other, '*') && !strchr(pairs[i].cases, '*'))
            return assay_say_at(node->values[i]->place, "its '*' stands for nothing: '%s' has none", pairs[i].cases);
    }
    goal->pairs = pairs;
    goal->pair_count = node->count;
    return true;
}

/* NaN where the key is absent. */
static bool may_threshold(const struct assay_yaml *map, const char *key, double most, double *value)
{
    const struct assay_yaml *node = assay_yaml_get(map, key);
    *value = NAN;
    return !node || assay_yaml_real(node, key, 0, most, value);
}

static bool read_against(const struct assay_yaml *map, struct assay_goal *goal)
{
    const struct assay_yaml *against = assay_yaml_need(map, "the goal", "against"), *of = assay_yaml_get(map, "of");
    const struct assay_names modes = assay_mode_names();
    size_t index = 0, mode;
    if (!against || !assay_yaml_choice(against, "against", against_names, ASSAY_AGAINST_COUNT, &index))
        return false;
    goal->against = (enum assay_against)index;
    if (of && !assay_yaml_choice(of, "of", modes.names, modes.count, &mode))
        return false;
    goal->of_mode = of ? modes.names[mode] : NULL;
    if (of && goal->against > ASSAY_AGAINST_DENSE)
        return assay_say_at(of->place, "of is the mode of a kernel: it goes with peers and dense");
    if (!may_pairs(map, goal))
        return false;
    if ((goal->against == ASSAY_AGAINST_CASE) != (goal->pair_count > 0))
        return assay_say_at(against->place, "'pairs' tells the cases of 'against: case', and only of that");
    return may_words(map, "peers", NULL, &goal->origins) && may_published(map, goal) &&
           ((goal->against == ASSAY_AGAINST_PUBLISHED) == (goal->published_count > 0) ||
            assay_say_at(against->place, "'published' lists the rates of 'against: published', and only of that"));
}

static bool read_goal(const struct assay_yaml *map, struct assay_goal *goal)
{
    static const char *const keys[] = {"goal",       "description", "cases", "except",   "ops",       "modes",
                                       "structures", "sparsities",  "of",    "peers",    "published", "pairs",
                                       "against",    "mean",        "least", "breakeven"};
    const struct assay_names modes = assay_mode_names(), structures = assay_structure_names();
    struct assay_names ops = assay_op_names();
    ops.names[ops.count++] = "model"; /* whole networks */
    *goal = (struct assay_goal){.description = ""};
    if (!assay_yaml_only(map, "a goal", keys, sizeof(keys) / sizeof(keys[0])))
        return false;
    const struct assay_yaml *name = assay_yaml_need(map, "the goal", "goal");
    const struct assay_yaml *description = assay_yaml_get(map, "description");
    if (!name || !assay_yaml_string(name, "the goal's name", &goal->name) ||
        (description && !assay_yaml_string(description, "the description", &goal->description)) ||
        !may_words(map, "cases", NULL, &goal->cases) || !may_words(map, "except", NULL, &goal->except) ||
        !may_words(map, "ops", &ops, &goal->ops) || !may_words(map, "modes", &modes, &goal->modes) ||
        !may_words(map, "structures", &structures, &goal->structures) || !may_sparsities(map, goal) ||
        !read_against(map, goal) || !may_threshold(map, "mean", 1000, &goal->mean) ||
        !may_threshold(map, "least", 1000, &goal->least) || !may_threshold(map, "breakeven", 1, &goal->breakeven))
        return false;
    return !isnan(goal->mean) || !isnan(goal->least) || !isnan(goal->breakeven) ||
           assay_say_at(map->place, "the goal asks for nothing: give it 'mean', 'least' or 'breakeven'");
}

bool assay_goals_read(const struct assay_yaml *list, struct assay_goal_list *goals)
{
    if (!assay_yaml_is(list, ASSAY_YAML_LIST, "goals"))
        return false;
    if (list->count == 0 || list->count > MOST_GOALS)
        return assay_say_at(list->place, "goals must be a list of 1 to %d goals", MOST_GOALS);
    struct assay_goal *items = assay_keep(list->count * sizeof(*items));
    for (size_t i = 0; i < list->count; i++) {
        if (!read_goal(list->values[i], &items[i]))
            return false;
        for (size_t j = 0; j < i; j++)
            if (strcmp(items[j].name, items[i].name) == 0)
                return assay_say_at(list->values[i]->place, "two goals are named '%s'; rename one", items[i].name);
    }
    *goals = (struct assay_goal_list){items, list->count};
    return true;
}
