#include "harness/gate/policy.h"

#include "harness/base/memory.h"
#include "harness/yaml/document.h"

#include <math.h>
#include <string.h>

enum { MOST_RULES = 10000 };

static const char *const effect_keys[] = {"time", "count", "accuracy", "task", "noise"};
enum { EFFECTS = sizeof(effect_keys) / sizeof(effect_keys[0]) };

/* A share, or a percentage with its sign: 0.03, 3 %, "3%". */
static bool read_share(const struct assay_yaml *node, const char *what, double *value)
{
    const char *text;
    if (!assay_yaml_string(node, what, &text))
        return false;
    const size_t length = strlen(text);
    if (text[length - 1] != '%')
        return assay_yaml_real(node, what, 0, 10, value);
    size_t digits = length - 1;
    while (digits > 0 && text[digits - 1] == ' ')
        digits--;
    struct assay_yaml number = *node;
    number.text = assay_keep_bytes(text, digits);
    number.quoted = false;
    if (!assay_yaml_real(&number, what, 0, 1000, value))
        return false;
    *value /= 100;
    return true;
}

static bool read_effects(const struct assay_yaml *map, struct assay_gate_effects *effects)
{
    double *const values[EFFECTS] = {&effects->time, &effects->count, &effects->accuracy, &effects->task,
                                     &effects->noise};
    for (size_t i = 0; i < EFFECTS; i++) {
        const struct assay_yaml *node = assay_yaml_get(map, effect_keys[i]);
        if (node && !read_share(node, effect_keys[i], values[i]))
            return false;
    }
    return true;
}

static bool read_flag(const struct assay_yaml *map, const char *key, bool *value)
{
    static const char *const words[] = {"false", "true"};
    const struct assay_yaml *node = assay_yaml_get(map, key);
    size_t index = *value;
    if (node && !assay_yaml_choice(node, key, words, 2, &index))
        return false;
    *value = index == 1;
    return true;
}

static bool read_rule(const struct assay_yaml *map, struct assay_gate_rule *rule)
{
    static const char *const keys[] = {"series", "ignore", "required", "time", "count", "accuracy", "task", "noise"};
    *rule = (struct assay_gate_rule){.effects = {NAN, NAN, NAN, NAN, NAN}, .line = map->place.line};
    if (!assay_yaml_only(map, "a rule", keys, sizeof(keys) / sizeof(keys[0])))
        return false;
    const struct assay_yaml *series = assay_yaml_need(map, "the rule", "series");
    if (!series || !assay_yaml_string(series, "series", &rule->series) || !read_flag(map, "ignore", &rule->ignore) ||
        !read_flag(map, "required", &rule->required) || !read_effects(map, &rule->effects))
        return false;
    return !(rule->ignore && rule->required) ||
           assay_say_at(map->place, "a rule cannot both ignore and require series; keep one");
}

static bool read_rules(const struct assay_yaml *list, struct assay_gate_policy *policy)
{
    if (!assay_yaml_is(list, ASSAY_YAML_LIST, "rules"))
        return false;
    if (list->count > MOST_RULES)
        return assay_say_at(list->place, "%zu rules; a policy has %d at most", list->count, MOST_RULES);
    policy->rules = assay_keep((list->count + 1) * sizeof(*policy->rules));
    policy->count = list->count;
    for (size_t i = 0; i < list->count; i++)
        if (!read_rule(list->values[i], &policy->rules[i]))
            return false;
    return true;
}

bool assay_policy_read(const char *path, struct assay_gate_policy *policy)
{
    static const char *const keys[] = {"alpha", "rules", "time", "count", "accuracy", "task", "noise"};
    const struct assay_yaml *root = assay_yaml_read(path);
    if (!root || !assay_yaml_only(root, "the policy", keys, sizeof(keys) / sizeof(keys[0])) ||
        !read_effects(root, &policy->effects))
        return false;
    const struct assay_yaml *alpha = assay_yaml_get(root, "alpha"), *rules = assay_yaml_get(root, "rules");
    return (!alpha || assay_yaml_real(alpha, "alpha", 1e-9, 0.5, &policy->alpha)) &&
           (!rules || read_rules(rules, policy));
}
