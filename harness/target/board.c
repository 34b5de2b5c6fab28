#include "harness/target/board.h"

#include "harness/base/memory.h"
#include "harness/base/paths.h"
#include "harness/process/pool.h"
#include "harness/target/build.h"

#include <stdlib.h>
#include <string.h>

/* No password is asked for: nobody may be there to answer. "--" ends ssh's options before the host. */
void assay_board_command(const struct assay_target *target, struct assay_arguments *a)
{
    assay_arguments_add(a, target->program ? target->program : "ssh");
    assay_arguments_add(a, "-oBatchMode=yes");
    assay_arguments_add(a, "--");
    assay_arguments_add(a, target->host);
}

void assay_board_copier(const struct assay_target *target, struct assay_arguments *a)
{
    assay_arguments_add(a, target->copier ? target->copier : "scp");
    assay_arguments_add(a, "-oBatchMode=yes");
    assay_arguments_add(a, "-rpq");
    assay_arguments_add(a, "--");
}

const char *assay_board_folder(const struct assay_target *target)
{
    return target->folder ? target->folder : "assay-probe.d";
}

bool assay_board_run(const struct assay_target *target, struct assay_arguments *a, const char *doing, char **output)
{
    const char *said = "";
    int status = 0;
    const bool ran = assay_run_program(a->items, NULL, output, &said, &status);
    free(a->items);
    if (ran && status != 0)
        assay_say("%s: %s on %s failed (%s): %s", target->name, doing, target->host, assay_status_text(status),
                  *said ? said : "it said nothing");
    if (ran && status != 0 && output)
        free(*output);
    return ran && status == 0;
}

bool assay_board_copy(struct assay_link *link)
{
    const struct assay_target *target = link->stand.target;
    const char *folder = assay_board_folder(target), *copier = target->copier ? target->copier : "scp";
    const char *program = target->program ? target->program : "ssh";
    for (int i = 0; i < 2; i++) {
        const char *name = i == 0 ? program : copier;
        if (assay_find_program(name))
            continue;
        assay_say("%s: %s is not in PATH: apt-get install openssh-client", target->name, name);
        return false;
    }
    struct assay_arguments make = {0}, copy = {0};
    assay_board_command(target, &make);
    assay_arguments_add(&make, "mkdir");
    assay_arguments_add(&make, "-p");
    assay_arguments_add(&make, assay_format("%s/lib", folder));
    if (!assay_board_run(target, &make, "making the folder", NULL))
        return false;
    assay_progress(true, "copying the probe to %s", target->host);
    assay_board_copier(target, &copy);
    assay_arguments_add(&copy, link->probe);
    if (link->peers)
        assay_arguments_add(&copy, link->peers);
    assay_arguments_add(&copy, assay_format("%s:%s/", target->host, folder));
    if (!assay_board_run(target, &copy, "copying the probe", NULL))
        return false;
    link->probe = assay_format("%s/assay-probe", folder);
    link->peers = link->peers ? assay_format("%s/peers", folder) : NULL;
    return true;
}

void assay_board_arguments(const struct assay_link *link, struct assay_arguments *arguments)
{
    assay_board_command(link->stand.target, arguments);
    if (link->stand.target->libraries.count > 0) {
        assay_arguments_add(arguments, "env");
        const char *path = "LD_LIBRARY_PATH=";
        for (size_t i = 0; i < link->stand.target->libraries.count; i++)
            path = assay_format("%s%s%s", path, i > 0 ? ":" : "", link->stand.target->libraries.items[i]);
        assay_arguments_add(arguments, path);
    }
}
