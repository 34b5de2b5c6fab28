#include "suites/probe/env.h"

#include "suites/probe/options.h"
#include "suites/probe/output.h"
#include "suites/probe/plugins.h"
#include "suites/probe/probe.h"

#include <argp.h>
#include <gnu/libc-version.h>
#include <hwloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

static hwloc_topology_t topology;
static int pinned = -1;

/* The cores that the program was started with: taskset and containers narrow them. What it is pinned to afterwards does
 * not. NULL: not known. */
static hwloc_bitmap_t started_with;

static void note_start(void)
{
    started_with = hwloc_bitmap_alloc();
    if (started_with && hwloc_get_cpubind(topology, started_with, HWLOC_CPUBIND_THREAD) == 0)
        return;
    hwloc_bitmap_free(started_with);
    started_with = NULL;
}

/* The topology of this machine, read once; NULL, after a word, if hwloc cannot. */
static hwloc_topology_t topology_of_machine(void)
{
    static bool tried;
    if (tried)
        return topology;
    tried = true;
    if (hwloc_topology_init(&topology) == 0 && hwloc_topology_load(topology) == 0) {
        note_start();
        return topology;
    }
    fputs("assay-probe: hwloc cannot read the machine's topology\n", stderr);
    topology = NULL;
    return NULL;
}

/* The cores that the program may use; fastest: of the fastest kind alone. NULL: no memory. The caller frees it. */
static hwloc_bitmap_t usable_cores(bool fastest)
{
    hwloc_bitmap_t candidates = hwloc_bitmap_dup(hwloc_topology_get_allowed_cpuset(topology));
    if (!candidates)
        return NULL;
    if (started_with)
        hwloc_bitmap_and(candidates, candidates, started_with);
    /* Kinds are numbered from the slowest to the fastest, where hwloc can tell. */
    hwloc_bitmap_t kind = hwloc_bitmap_alloc();
    for (int i = hwloc_cpukinds_get_nr(topology, 0) - 1; fastest && kind && i >= 0; i--) {
        if (hwloc_cpukinds_get_info(topology, (unsigned)i, kind, NULL, NULL, NULL, 0) != 0)
            continue;
        hwloc_bitmap_and(kind, kind, candidates);
        if (!hwloc_bitmap_iszero(kind)) {
            hwloc_bitmap_copy(candidates, kind);
            break;
        }
    }
    hwloc_bitmap_free(kind);
    return candidates;
}

/* -1 if there is none. */
static int default_core(void)
{
    hwloc_bitmap_t candidates = usable_cores(true);
    const int last = candidates ? hwloc_bitmap_last(candidates) : -1;
    hwloc_bitmap_free(candidates);
    return last;
}

static bool bind_to(int core)
{
    hwloc_bitmap_t set = hwloc_bitmap_alloc();
    const bool done = core >= 0 && set && hwloc_bitmap_only(set, (unsigned)core) == 0 &&
                      hwloc_set_cpubind(topology, set, HWLOC_CPUBIND_THREAD | HWLOC_CPUBIND_STRICT) == 0;
    hwloc_bitmap_free(set);
    return done;
}

bool env_pin(int core)
{
    if (!topology_of_machine())
        return false;
    const int wanted = core < 0 ? default_core() : core;
    const bool done = bind_to(wanted);
    if (done)
        pinned = wanted;
    else
        fprintf(stderr, "assay-probe: cannot pin to core %d: it does not exist, or is not allowed here\n", wanted);
    return done;
}

struct env_cores {
    size_t count;
    int core[];
};

struct env_cores *env_cores_of_threads(size_t threads)
{
    if (!topology_of_machine())
        return NULL;
    hwloc_bitmap_t set = usable_cores(true);
    if (set && (size_t)hwloc_bitmap_weight(set) < threads) {
        hwloc_bitmap_free(set);
        set = usable_cores(false);
    }
    const size_t most = set ? (size_t)hwloc_bitmap_weight(set) : 0;
    struct env_cores *cores = most > 0 ? malloc(sizeof(*cores) + most * sizeof(cores->core[0])) : NULL;
    for (size_t i = 0; cores && i < most; i++) {
        cores->core[i] = hwloc_bitmap_last(set);
        hwloc_bitmap_clr(set, (unsigned)cores->core[i]);
    }
    if (cores)
        cores->count = most;
    hwloc_bitmap_free(set);
    return cores;
}

void env_pin_thread(void *cores, size_t thread)
{
    const struct env_cores *of = cores;
    if (of)
        bind_to(of->core[thread % of->count]);
}

int env_core(void)
{
    return pinned;
}

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

/* The data and unified caches above the pinned core, or above the first one. */
static json_t *caches(void)
{
    json_t *list = json_array();
    hwloc_obj_t object = hwloc_get_pu_obj_by_os_index(topology, pinned < 0 ? 0 : (unsigned)pinned);
    for (; object; object = object->parent)
        if (hwloc_obj_type_is_dcache(object->type))
            json_array_append_new(list, json_pack("{sI sI sI}", "level", (json_int_t)object->attr->cache.depth, "bytes",
                                                  (json_int_t)object->attr->cache.size, "line",
                                                  (json_int_t)object->attr->cache.linesize));
    return list;
}

static json_t *governor(void)
{
    char path[96];
    snprintf(path, sizeof(path), "/sys/devices/system/cpu/cpu%d/cpufreq/scaling_governor", pinned < 0 ? 0 : pinned);
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
        "{ss ss so so sI so so so sI ss ss so ss ss ss sb so s{ss ss ss}}", "type", "env", "arch", ASSAY_ARCH, "cpu",
        cpu_model(), "features", probe_feature_names(features), "vector_bytes",
        (json_int_t)assay_vector_bytes(features), "cores",
        emulated ? json_null() : json_integer(hwloc_bitmap_weight(hwloc_topology_get_allowed_cpuset(topology))), "core",
        emulated || pinned < 0 ? json_null() : json_integer(pinned), "caches", emulated ? json_array() : caches(),
        "memory_bytes", (json_int_t)pages * page, "os", system.sysname, "os_release", system.release, "governor",
        emulated ? json_null() : governor(), "compiler", ASSAY_COMPILER, "build_flags", ASSAY_BUILD_FLAGS, "libc",
        gnu_get_libc_version(), "emulated", emulated, "plugins", loaded_plugins(), "libraries", "hwloc",
        ASSAY_HWLOC_VERSION, "benchmark", ASSAY_BENCHMARK_VERSION, "jansson", jansson_version_str());
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
    /* The core that `bench` would choose, and its caches and governor. */
    if (!topology_of_machine() || (!emulated_option && options_cpu() < 0 && !env_pin(-1)))
        return PROBE_FAILED;
    return output_line(describe(emulated_option)) ? PROBE_FINE : PROBE_FAILED;
}
