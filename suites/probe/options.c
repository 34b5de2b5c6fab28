#include "suites/probe/options.h"

#include "suites/probe/emulate.h"
#include "suites/probe/env.h"
#include "suites/probe/plugins.h"
#include "suites/probe/probe.h"

#include <errno.h>
#include <limits.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { KEY_PLUGIN = 0x100, KEY_PEERS, KEY_NO_PEERS, KEY_WITHOUT, KEY_EMULATE, KEY_CPU };

static const char **plugin_files;
static size_t plugin_file_count;
static const char *peers_folder;
static bool no_peers;
static uint64_t without, emulated;
static int cpu = -1;

static const struct argp_option option_list[] = {
    {"plugin", KEY_PLUGIN, "FILE", 0, "Load the kernels of a shared object (kernels/core/kernel.h); repeatable", 10},
    {"peers", KEY_PEERS, "DIR", 0, "Load all shared objects of a folder (default: peers/ beside the program)", 10},
    {"no-peers", KEY_NO_PEERS, NULL, 0, "Load no folder of peers", 10},
    {"without", KEY_WITHOUT, "FEATURE", 0, "Pretend that the CPU lacks a feature; repeatable", 10},
    {"emulate", KEY_EMULATE, "FEATURE", 0,
     "Execute a feature's instructions in software, to check its kernels (avxvnni, on a CPU with avx2); repeatable",
     10},
    {"cpu", KEY_CPU, "N", 0, "Pin to core N", 10},
    {0},
};

static uint64_t feature_of(const char *name)
{
    for (unsigned bit = 0; bit < 64; bit++) {
        const char *known = assay_feature_name(bit);
        if (known && strcmp(known, name) == 0)
            return UINT64_C(1) << bit;
    }
    return 0;
}

static void add_plugin(const char *file, struct argp_state *state)
{
    const char **grown = realloc(plugin_files, (plugin_file_count + 1) * sizeof(*grown));
    if (!grown)
        argp_failure(state, 2, ENOMEM, "--plugin %s", file);
    plugin_files = grown;
    plugin_files[plugin_file_count++] = file;
}

static error_t parse(int key, char *text, struct argp_state *state)
{
    char *end;
    switch (key) {
    case KEY_PLUGIN:
        add_plugin(text, state);
        return 0;
    case KEY_PEERS:
        peers_folder = text;
        return 0;
    case KEY_NO_PEERS:
        no_peers = true;
        return 0;
    case KEY_WITHOUT:
        if (feature_of(text) == 0)
            argp_error(state, "--without: '%s' is no feature (see \"features\" of assay-probe list)", text);
        without |= feature_of(text);
        return 0;
    case KEY_EMULATE:
        if (!(feature_of(text) & emulate_available()))
            argp_error(state, "--emulate: '%s' can't be emulated here", text);
        emulated |= feature_of(text);
        return 0;
    case KEY_CPU: {
        errno = 0;
        const long number = strtol(text, &end, 10);
        if (errno || end == text || *end || number < 0 || number >= CPU_SETSIZE)
            argp_error(state, "--cpu: '%s' is not the number of a core", text);
        cpu = (int)number;
        return 0;
    }
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

const struct argp options_argp = {.options = option_list, .parser = parse};

static bool load_default_peers(void)
{
    char path[PATH_MAX];
    const ssize_t length = readlink("/proc/self/exe", path, sizeof(path) - sizeof("/peers"));
    if (length <= 0)
        return true;
    path[length] = '\0';
    char *slash = strrchr(path, '/');
    strcpy(slash ? slash : path, "/peers");
    return plugins_load_folder(path, false);
}

bool options_start(void)
{
    if (cpu >= 0 && !env_pin(cpu))
        return false;
    env_set_caches();
    if (emulated && !emulate_start()) {
        fputs("assay-probe: --emulate: this system gives a signal's handler no vectors\n", stderr);
        return false;
    }
    if (!plugins_start((assay_cpu_features() & ~without) | emulated)) {
        fputs("assay-probe: no memory for the list of kernels\n", stderr);
        return false;
    }
    for (size_t i = 0; i < plugin_file_count; i++)
        if (!plugins_load(plugin_files[i]))
            return false;
    if (no_peers)
        return true;
    return peers_folder ? plugins_load_folder(peers_folder, true) : load_default_peers();
}

size_t options_number(const char *text, size_t least, size_t most, const char *option, const struct argp_state *state)
{
    char *end;
    errno = 0;
    const unsigned long value = strtoul(text, &end, 10);
    if (errno || *text < '0' || *text > '9' || *end || value < least || value > most)
        argp_failure(state, PROBE_BAD_INPUT, 0, "%s: '%s' is no number from %zu to %zu", option, text, least, most);
    return value;
}

bool options_emulate(void)
{
    return emulated != 0;
}

int options_cpu(void)
{
    return cpu;
}
