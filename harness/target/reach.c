#include "harness/target/reach.h"

#include "harness/base/memory.h"
#include "harness/base/paths.h"
#include "harness/process/interrupt.h"
#include "harness/process/pool.h"
#include "harness/target/board.h"
#include "harness/target/build.h"

#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* One line that a script of toolchains/ prints. */
static const char *ask_script(const char *const *arguments)
{
    char *output;
    const char *said;
    int status;
    if (!assay_run_program(arguments, NULL, &output, &said, &status))
        return NULL;
    const char *line = status == 0 ? assay_keep_bytes(output, strcspn(output, "\n")) : NULL;
    free(output);
    if (!line || !*line) {
        assay_say("%s: %s", arguments[0], *said ? said : assay_status_text(status));
        return NULL;
    }
    return line;
}

static bool find_sysroot(struct assay_link *link)
{
    const struct assay_target *target = link->stand.target;
    if (!target->sysroot)
        return true;
    /* The same answer as toolchains/target.cmake finds. */
    link->sysroot = getenv(assay_format("ASSAY_SYSROOT_%s", target->sysroot));
    if (!link->sysroot || !*link->sysroot)
        link->sysroot =
            ask_script((const char *const[]){assay_in_root("toolchains/sysroot.sh"), "--print", target->sysroot, NULL});
    if (link->sysroot && access(assay_format("%s/usr", link->sysroot), R_OK) != 0) {
        assay_say("%s: there is no sysroot in %s: run scripts/setup, or toolchains/sysroot.sh %s", target->name,
                  link->sysroot, target->sysroot);
        return false;
    }
    return link->sysroot != NULL;
}

static bool find_emulator(struct assay_link *link)
{
    const struct assay_target *target = link->stand.target;
    if (target->reach != ASSAY_REACH_QEMU)
        return true;
    link->emulator = assay_find_program(target->program);
    if (!link->emulator) {
        assay_say("%s: the emulator %s is not in PATH: run scripts/setup, or apt-get install qemu-user", target->name,
                  target->program);
        return false;
    }
    link->prefix = ask_script((const char *const[]){assay_in_root("toolchains/qemu/prefix.sh"), link->sysroot,
                                                    target->sysroot, link->stand.lane->cpu, NULL});
    const char *plugin = assay_in_root("build/host/toolchains/qemu/libassay_count.so");
    if (access(plugin, R_OK) == 0)
        link->plugin = plugin;
    return link->prefix != NULL;
}

bool assay_link_open(const struct assay_stand *stand, struct assay_link *link)
{
    *link = (struct assay_link){.stand = *stand};
    if (!assay_root() || !find_sysroot(link) || !find_emulator(link))
        return false;
    link->probe = assay_probe_path(stand->target);
    const char *peers = assay_format("%.*s/peers", (int)(strrchr(link->probe, '/') - link->probe), link->probe);
    link->peers = access(peers, X_OK) == 0 ? peers : NULL;
    if (access(link->probe, X_OK) != 0) {
        assay_say("%s: there is no program %s; build it (assay build), or correct the target", stand->target->name,
                  link->probe);
        return false;
    }
    return stand->target->reach != ASSAY_REACH_SSH || assay_board_copy(link);
}

/* The target's library folders joined by ':', each after `before`. */
static const char *library_path(const struct assay_target *target, const char *before)
{
    const char *path = "";
    for (size_t i = 0; i < target->libraries.count; i++)
        path = assay_format("%s%s%s%s", path, i > 0 ? ":" : "", before, target->libraries.items[i]);
    return path;
}

static void add_each(struct assay_arguments *a, const char *option, const struct assay_strings *values)
{
    for (size_t i = 0; i < values->count; i++) {
        assay_arguments_add(a, option);
        assay_arguments_add(a, values->items[i]);
    }
}

struct assay_arguments assay_link_arguments(const struct assay_link *link, const char *subcommand, const char *counts)
{
    const struct assay_target *target = link->stand.target;
    struct assay_arguments a = {0};
    if (target->reach == ASSAY_REACH_QEMU) {
        assay_arguments_add(&a, link->emulator);
        assay_arguments_add(&a, "-L");
        assay_arguments_add(&a, link->prefix);
        assay_arguments_add(&a, "-cpu");
        assay_arguments_add(&a, link->stand.lane->cpu);
        assay_arguments_add(&a, "-E");
        assay_arguments_add(&a, assay_format("LD_LIBRARY_PATH=%s", library_path(target, "")));
        assay_arguments_add(&a, "-E");
        assay_arguments_add(&a, "ASSAY_EMULATED=1");
        if (counts) {
            assay_arguments_add(&a, "-plugin");
            assay_arguments_add(&a, assay_format("%s,out=%s,mem=on", link->plugin, counts));
        }
    } else if (target->reach == ASSAY_REACH_NATIVE && target->loader) {
        assay_arguments_add(&a, assay_format("%s%s", link->sysroot, target->loader));
        assay_arguments_add(&a, "--library-path");
        assay_arguments_add(&a, library_path(target, link->sysroot));
    } else if (target->reach == ASSAY_REACH_SSH) {
        assay_board_arguments(link, &a);
    }
    assay_arguments_add(&a, link->probe);
    assay_arguments_add(&a, subcommand);
    if (link->peers) {
        assay_arguments_add(&a, "--peers");
        assay_arguments_add(&a, link->peers);
    }
    add_each(&a, "--without", &link->stand.lane->without);
    add_each(&a, "--emulate", &link->stand.lane->emulate);
    return a;
}

static json_t *parse_lines(const struct assay_link *link, const char *output)
{
    json_t *lines = json_array();
    while (*output) {
        const size_t length = strcspn(output, "\n");
        json_error_t error;
        json_t *line = length > 0 ? json_loadb(output, length, JSON_REJECT_DUPLICATES, &error) : NULL;
        if (length > 0 && !line) {
            assay_say("%s: the probe printed what is no JSON: %.100s; build it anew", link->stand.label, output);
            json_decref(lines);
            return NULL;
        }
        if (line)
            json_array_append_new(lines, line);
        output += length + (output[length] == '\n');
    }
    return lines;
}

json_t *assay_link_ask(const struct assay_link *link, const char *subcommand)
{
    return assay_link_ask_about(link, subcommand, NULL);
}

json_t *assay_link_ask_about(const struct assay_link *link, const char *subcommand, const char *input)
{
    struct assay_arguments arguments = assay_link_arguments(link, subcommand, NULL);
    if (assay_target_emulated(link->stand.target) && strcmp(subcommand, "env") == 0)
        assay_arguments_add(&arguments, "--emulated");
    char *output = NULL;
    const char *said;
    int status = 0;
    json_t *lines = NULL;
    if (input ? assay_run_filter(arguments.items, input, &output, &said, &status)
              : assay_run_program(arguments.items, NULL, &output, &said, &status)) {
        if (status != 0)
            assay_say("%s: the probe's '%s' failed (%s): %s", link->stand.label, subcommand, assay_status_text(status),
                      *said ? said : "it said nothing");
        else
            lines = parse_lines(link, output);
        free(output);
    }
    free(arguments.items);
    return lines;
}
