#include "suites/probe/env_parts.h"

#include "suites/peaks/peaks.h"
#include "suites/probe/options.h"
#include "suites/probe/output.h"
#include "suites/probe/plugins.h"
#include "suites/probe/probe.h"

#include <argp.h>
#include <gnu/libc-version.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

/* The first line of a file, without its end, or NULL. The caller frees it. */
static char *first_line(const char *path)
{
    FILE *file = fopen(path, "re");
    if (!file)
        return NULL;
    char *line = NULL;
    size_t size = 0;
    const ssize_t length = getline(&line, &size, file);
    fclose(file);
    if (length <= 0) {
        free(line);
        return NULL;
    }
    line[strcspn(line, "\n")] = '\0';
    return line;
}

/* The value of a "key : value" line of /proc/cpuinfo, or NULL. The caller frees it. */
static char *cpuinfo(const char *key)
{
    FILE *file = fopen("/proc/cpuinfo", "re");
    if (!file)
        return NULL;
    char *line = NULL, *value = NULL;
    size_t size = 0;
    const size_t length = strlen(key);
    while (!value && getline(&line, &size, file) > 0) {
        const char *colon = strchr(line, ':');
        if (strncmp(line, key, length) != 0 || !colon ||
            strspn(line + length, " \t") != (size_t)(colon - line) - length)
            continue;
        const char *start = colon + 1 + strspn(colon + 1, " \t");
        value = strndup(start, strcspn(start, "\n"));
    }
    free(line);
    fclose(file);
    return value;
}

/* x86 gives a name, AArch64 two numbers, RISC-V the name of the microarchitecture or three numbers. */
static json_t *cpu_model(void)
{
    static const char *const names[] = {"model name", "uarch"};
    static const char *const numbers[][2] = {{"CPU implementer", "CPU part"}, {"mvendorid", "marchid"}};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        char *value = cpuinfo(names[i]);
        json_t *model = value ? json_string(value) : NULL;
        free(value);
        if (model)
            return model;
    }
    for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
        char *vendor = cpuinfo(numbers[i][0]), *part = cpuinfo(numbers[i][1]);
        json_t *model =
            vendor && part ? json_sprintf("%s %s, %s %s", numbers[i][0], vendor, numbers[i][1], part) : NULL;
        free(vendor);
        free(part);
        if (model)
            return model;
    }
    return json_null();
}

/* The data and unified caches above the core. */
static json_t *caches(void)
{
    json_t *list = json_array();
    for (hwloc_obj_t object = env_core_object(); object; object = object->parent)
        if (hwloc_obj_type_is_dcache(object->type))
            json_array_append_new(list, json_pack("{sI sI sI}", "level", (json_int_t)object->attr->cache.depth, "bytes",
                                                  (json_int_t)object->attr->cache.size, "line",
                                                  (json_int_t)object->attr->cache.linesize));
    return list;
}

static json_t *governor(void)
{
    char path[96];
    snprintf(path, sizeof(path), "/sys/devices/system/cpu/cpu%d/cpufreq/scaling_governor",
             env_core() < 0 ? 0 : env_core());
    char *text = first_line(path);
    json_t *name = text ? json_string(text) : json_null();
    free(text);
    return name ? name : json_null();
}

static json_t *loaded_plugins(void)
{
    json_t *list = json_array();
    size_t count;
    const struct plugin *plugins = plugins_loaded(&count);
    for (size_t i = 0; i < count; i++)
        json_array_append_new(list, json_pack("{ss ss ss sI}", "name", plugins[i].info->name, "release",
                                              plugins[i].info->release, "file", plugins[i].file, "kernels",
                                              (json_int_t)plugins[i].info->count));
    return list;
}

/* What belongs to the machine below an emulator says nothing about the emulated one, and is left out. */
static json_t *describe(bool emulated)
{
    struct utsname system;
    if (uname(&system) != 0)
        memset(&system, 0, sizeof(system));
    const uint64_t features = plugins_features();
    const long pages = sysconf(_SC_PHYS_PAGES), page = sysconf(_SC_PAGESIZE);
    return json_pack(
        "{ss ss so so sI so so so sI ss ss so ss ss ss sb so s{ss ss ss} so}", "type", "env", "arch", ASSAY_ARCH, "cpu",
        cpu_model(), "features", probe_feature_names(features), "vector_bytes",
        (json_int_t)assay_vector_bytes(features), "cores",
        emulated ? json_null() : json_integer(hwloc_bitmap_weight(hwloc_topology_get_allowed_cpuset(env_topology()))),
        "core", emulated || env_core() < 0 ? json_null() : json_integer(env_core()), "caches",
        emulated ? json_array() : caches(), "memory_bytes", (json_int_t)pages * page, "os", system.sysname,
        "os_release", system.release, "governor", emulated ? json_null() : governor(), "compiler", ASSAY_COMPILER,
        "build_flags", ASSAY_BUILD_FLAGS, "libc", gnu_get_libc_version(), "emulated", emulated, "plugins",
        loaded_plugins(), "libraries", "hwloc", ASSAY_HWLOC_VERSION, "benchmark", ASSAY_BENCHMARK_VERSION, "jansson",
        jansson_version_str(), "peaks", emulated ? json_null() : peaks_json());
}

static bool emulated_option;

static error_t parse(int key, char *text, struct argp_state *state)
{
    (void)text, (void)state;
    if (key != 'e')
        return ARGP_ERR_UNKNOWN;
    emulated_option = true;
    return 0;
}

int probe_env(int argc, char **argv)
{
    const struct argp_option options[] = {
        {"emulated", 'e', NULL, 0, "Say that an emulator runs this program: it cannot know", 0}, {0}};
    const struct argp_child children[] = {{&options_argp, 0, NULL, 0}, {0}};
    const struct argp argp = {
        .options = options, .parser = parse, .children = children, .doc = "Describe the machine, as one JSON object."};
    argp_parse(&argp, argc, argv, 0, NULL, NULL);
    if (!options_start())
        return PROBE_BAD_INPUT;
    emulated_option = emulated_option || env_emulated();
    /* The core that `bench` would choose, and its caches and governor. */
    if (!env_topology() || (!emulated_option && options_cpu() < 0 && !env_pin(-1)))
        return PROBE_FAILED;
    return output_line(describe(emulated_option)) ? PROBE_FINE : PROBE_FAILED;
}
