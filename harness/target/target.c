#include "harness/target/target.h"

#include "harness/base/memory.h"
#include "harness/base/paths.h"
#include "harness/base/suggest.h"
#include "harness/yaml/document.h"

#include <string.h>

const char *const assay_reach_names[3] = {"native", "qemu", "ssh"};

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

static bool may_string(const struct assay_yaml *map, const char *key, const char **value)
{
    const struct assay_yaml *node = assay_yaml_get(map, key);
    return !node || assay_yaml_string(node, key, value);
}

static bool may_strings(const struct assay_yaml *map, const char *key, struct assay_strings *strings)
{
    const struct assay_yaml *node = assay_yaml_get(map, key);
    if (!node)
        return true;
    if (!assay_yaml_is(node, ASSAY_YAML_LIST, key))
        return false;
    const char **items = assay_keep(node->count * sizeof(*items));
    for (size_t i = 0; i < node->count; i++)
        if (!assay_yaml_string(node->values[i], key, &items[i]))
            return false;
    *strings = (struct assay_strings){items, node->count};
    return true;
}

/* Names stand in records, in file names and before '@'. */
static bool need_name(const struct assay_yaml *map, const char *what, const char **name)
{
    const struct assay_yaml *node = assay_yaml_need(map, what, "name");
    if (!node || !assay_yaml_string(node, "the name", name))
        return false;
    const size_t good = strspn(*name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-");
    return ((*name)[good] == '\0' && good <= 64) ||
           assay_say_at(node->place, "the name '%.80s' may hold letters, digits, '_' and '-', at most 64 of them",
                        *name);
}

/* Names of presets become folders, and those of ssh become words of a remote command line: no character in them may
 * mean anything to a shell. */
static bool is_plain(const struct assay_yaml *map, const char *key)
{
    const struct assay_yaml *node = assay_yaml_get(map, key);
    if (!node)
        return true;
    for (size_t i = 0; i < (node->kind == ASSAY_YAML_LIST ? node->count : 1); i++) {
        const struct assay_yaml *word = node->kind == ASSAY_YAML_LIST ? node->values[i] : node;
        const size_t good =
            strspn(word->text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-./@:[]%+");
        if (word->text[good] != '\0' || word->text[0] == '-' || strstr(word->text, "../"))
            return assay_say_at(word->place,
                                "'%s' may hold letters, digits and _-./@:[]%%+, no ../, and not begin with '-'", key);
    }
    return true;
}

static bool read_lane(const struct assay_yaml *map, const struct assay_target *target, struct assay_lane *lane)
{
    static const char *const keys[] = {"name", "note", "cpu", "without", "emulate"};
    if (!assay_yaml_only(map, "a lane", keys, COUNT_OF(keys)) || !need_name(map, "the lane", &lane->name) ||
        !may_string(map, "note", &lane->note) || !may_string(map, "cpu", &lane->cpu) ||
        !may_strings(map, "without", &lane->without) || !may_strings(map, "emulate", &lane->emulate))
        return false;
    const bool emulated = assay_target_emulated(target);
    if (emulated && !lane->cpu)
        return assay_say_at(map->place, "the lane has no 'cpu'; add the one that QEMU is to emulate");
    if (!is_plain(map, "without") || !is_plain(map, "emulate"))
        return false;
    return emulated || !lane->cpu || assay_say_at(map->place, "'cpu' is for targets reached by qemu; take it out");
}

static bool read_lanes(const struct assay_yaml *map, struct assay_target *target)
{
    const struct assay_yaml *list = assay_yaml_need(map, "the target", "lanes");
    if (!list || !assay_yaml_is(list, ASSAY_YAML_LIST, "lanes"))
        return false;
    if (list->count == 0)
        return assay_say_at(list->place, "a target needs at least one lane; add {name: native}");
    struct assay_lane *lanes = assay_keep(list->count * sizeof(*lanes));
    for (size_t i = 0; i < list->count; i++) {
        lanes[i].note = "";
        if (!read_lane(list->values[i], target, &lanes[i]))
            return false;
        for (size_t j = 0; j < i; j++)
            if (strcmp(lanes[i].name, lanes[j].name) == 0)
                return assay_say_at(list->values[i]->place, "two lanes are named '%s'; rename one", lanes[i].name);
    }
    target->lanes = lanes;
    target->lane_count = list->count;
    return true;
}

/* What each way of reaching needs, and what would be ignored. */
static bool check_reach(const struct assay_yaml *map, const struct assay_target *target)
{
    static const struct {
        const char *key;
        bool needed[3], allowed[3]; /* by enum assay_reach */
    } rules[] = {
        {"program", {false, true, false}, {false, true, true}},
        {"sysroot", {false, true, false}, {true, true, true}},
        {"loader", {false, false, false}, {true, false, false}},
        {"host", {false, false, true}, {false, false, true}},
        {"folder", {false, false, false}, {false, false, true}},
        {"copier", {false, false, false}, {false, false, true}},
    };
    for (size_t i = 0; i < COUNT_OF(rules); i++) {
        const struct assay_yaml *node = assay_yaml_get(map, rules[i].key);
        if (!node && rules[i].needed[target->reach])
            return assay_say_at(map->place, "a target reached by %s needs '%s'; add it",
                                assay_reach_names[target->reach], rules[i].key);
        if (node && !rules[i].allowed[target->reach])
            return assay_say_at(node->place, "a target reached by %s has no '%s'; take it out",
                                assay_reach_names[target->reach], rules[i].key);
    }
    if (target->loader && !target->sysroot)
        return assay_say_at(map->place, "'loader' is a file of the sysroot; add 'sysroot' or take it out");
    return is_plain(map, "preset") && is_plain(map, "host") && is_plain(map, "folder") && is_plain(map, "libraries");
}

static bool read_target(const struct assay_yaml *map, struct assay_target *target)
{
    static const char *const keys[] = {"name",      "reach",   "preset", "probe",  "sysroot", "loader",
                                       "libraries", "program", "host",   "folder", "copier",  "lanes"};
    const struct assay_yaml *reach;
    size_t index;
    if (!assay_yaml_only(map, "a target", keys, COUNT_OF(keys)) || !need_name(map, "the target", &target->name) ||
        !(reach = assay_yaml_need(map, "the target", "reach")) ||
        !assay_yaml_choice(reach, "reach", assay_reach_names, COUNT_OF(assay_reach_names), &index))
        return false;
    target->place = map->place;
    target->reach = (enum assay_reach)index;
    if (!may_string(map, "probe", &target->probe) || !may_string(map, "preset", &target->preset))
        return false;
    if (!target->probe == !target->preset)
        return assay_say_at(map->place,
                            "a target needs either 'preset' (which builds its probe) or 'probe' (a program)");
    /* Without a slash it would be looked for in PATH. */
    if (target->probe && !strchr(target->probe, '/'))
        return assay_say_at(map->place, "'probe' must be a path, as ./%.100s", target->probe);
    return may_string(map, "sysroot", &target->sysroot) && may_string(map, "loader", &target->loader) &&
           may_strings(map, "libraries", &target->libraries) && may_string(map, "program", &target->program) &&
           may_string(map, "host", &target->host) && may_string(map, "folder", &target->folder) &&
           may_string(map, "copier", &target->copier) && check_reach(map, target) && read_lanes(map, target);
}

static bool read_file(const char *path, struct assay_target_list *list)
{
    static const char *const keys[] = {"targets"};
    const struct assay_yaml *root = assay_yaml_read(path), *targets = NULL;
    if (!root || !assay_yaml_only(root, "a file of targets", keys, COUNT_OF(keys)) ||
        !(targets = assay_yaml_need(root, "the file", "targets")) ||
        !assay_yaml_is(targets, ASSAY_YAML_LIST, "targets"))
        return false;
    struct assay_target *items = assay_keep((list->count + targets->count) * sizeof(*items));
    if (list->count > 0)
        memcpy(items, list->items, list->count * sizeof(*items));
    list->items = items;
    for (size_t i = 0; i < targets->count; i++) {
        struct assay_target *target = &items[list->count];
        if (!read_target(targets->values[i], target))
            return false;
        for (size_t j = 0; j < list->count; j++)
            if (strcmp(items[j].name, target->name) == 0)
                return assay_say_at(target->place, "the target '%s' is defined in %s:%zu already; rename this one",
                                    target->name, items[j].place.file, items[j].place.line);
        list->count++;
    }
    return true;
}

bool assay_targets_read(const char *const *files, size_t file_count, struct assay_target_list *list)
{
    *list = (struct assay_target_list){0};
    const char *shipped = assay_in_root("harness/targets.yaml");
    if (!shipped || !read_file(shipped, list))
        return false;
    for (size_t i = 0; i < file_count; i++)
        if (!read_file(files[i], list))
            return false;
    return true;
}

struct assay_stand assay_stand_of(const struct assay_target *target, size_t lane)
{
    const struct assay_lane *l = &target->lanes[lane];
    return (struct assay_stand){target, l, lane == 0 ? target->name : assay_format("%s@%s", target->name, l->name)};
}

bool assay_stand_find(const struct assay_target_list *list, const char *name, struct assay_stand *stand)
{
    const size_t length = strcspn(name, "@");
    const char *target_name = assay_keep_bytes(name, length),
               *lane_name = name[length] == '@' ? name + length + 1 : NULL;
    const char **names = assay_keep(list->count * sizeof(*names));
    const struct assay_target *target = NULL;
    for (size_t i = 0; i < list->count; i++) {
        names[i] = list->items[i].name;
        if (strcmp(names[i], target_name) == 0)
            target = &list->items[i];
    }
    if (!target) {
        assay_say("unknown target '%s'; %s", target_name, assay_suggestion(target_name, names, list->count));
        return false;
    }
    size_t lane = 0;
    while (lane_name && lane < target->lane_count && strcmp(target->lanes[lane].name, lane_name) != 0)
        lane++;
    if (lane == target->lane_count) {
        const char **lanes = assay_keep(target->lane_count * sizeof(*lanes));
        for (size_t i = 0; i < target->lane_count; i++)
            lanes[i] = target->lanes[i].name;
        assay_say("target %s has no lane '%s'; %s", target->name, lane_name,
                  assay_suggestion(lane_name, lanes, target->lane_count));
        return false;
    }
    *stand = assay_stand_of(target, lane);
    return true;
}
