#include "harness/target/ship.h"

#include "harness/base/memory.h"
#include "harness/base/say.h"
#include "harness/process/process.h"
#include "harness/target/board.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"

bool assay_ship_open(const struct assay_link *link, struct assay_shipment *shipment)
{
    *shipment = (struct assay_shipment){.link = link};
    const struct assay_target *target = link->stand.target;
    if (target->reach != ASSAY_REACH_SSH)
        return true;
    const char *start = assay_format("%s/files.", assay_board_folder(target));
    struct assay_arguments make = {0};
    char *output = NULL;
    assay_board_command(target, &make);
    assay_arguments_add(&make, "mktemp");
    assay_arguments_add(&make, "-d");
    assay_arguments_add(&make, assay_format("%sXXXXXX", start));
    if (!assay_board_run(target, &make, "making a folder for files", &output))
        return false;
    /* It becomes words of further commands, the one that removes it among them. */
    const size_t known = strlen(start), length = strcspn(output, "\n");
    if (strncmp(output, start, known) == 0 && length > known && strspn(output + known, LETTERS) == length - known)
        shipment->folder = assay_keep_bytes(output, length);
    else
        assay_say("%s: mktemp on %s made no folder %sXXXXXX, but '%.100s'", target->name, target->host, start, output);
    free(output);
    return shipment->folder != NULL;
}

/* Not by the pool, which starts nothing after an interruption. */
void assay_ship_close(struct assay_shipment *shipment)
{
    free(shipment->files);
    if (!shipment->folder)
        return;
    const struct assay_target *target = shipment->link->stand.target;
    struct assay_arguments remove = {0};
    struct assay_process process;
    int status = -1;
    assay_board_command(target, &remove);
    assay_arguments_add(&remove, "rm");
    assay_arguments_add(&remove, "-rf");
    assay_arguments_add(&remove, shipment->folder);
    if (assay_process_start(remove.items, NULL, NULL, 0, &process)) {
        while (waitpid(process.pid, &status, 0) < 0 && errno == EINTR)
            ;
        close(process.out);
        close(process.err);
    }
    if (status != 0)
        assay_say("%s: the folder %s on %s could not be removed", target->name, shipment->folder, target->host);
    free(remove.items);
}

/* scp takes what is before a ':' for a host, unless a '/' comes first. */
static const char *local(const char *path)
{
    return path[0] == '/' ? path : assay_format("./%s", path);
}

static const char *remote(const struct assay_shipment *shipment, const char *path)
{
    return assay_format("%s:%s", shipment->link->stand.target->host, path);
}

static bool copy(const struct assay_shipment *shipment, const char *from, const char *to, const char *doing)
{
    const struct assay_target *target = shipment->link->stand.target;
    struct assay_arguments a = {0};
    assay_board_copier(target, &a);
    assay_arguments_add(&a, from);
    assay_arguments_add(&a, to);
    return assay_board_run(target, &a, doing, NULL);
}

static const char *add(struct assay_shipment *shipment, struct assay_shipped_file file)
{
    assay_grow(&shipment->files, &shipment->capacity, shipment->count, sizeof(*shipment->files));
    shipment->files[shipment->count++] = file;
    return file.there;
}

static const char *path_there(const struct assay_shipment *shipment, const char *name)
{
    return assay_format("%s/%s", shipment->folder, name);
}

static bool is_folder(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0 && S_ISDIR(status.st_mode);
}

static bool refuse(const char *path, const char *why)
{
    assay_say("%s: %s", path, why);
    return false;
}

const char *assay_ship_send(struct assay_shipment *shipment, const char *here, const char *name)
{
    if (!shipment->folder)
        return here;
    if (is_folder(here) ? !refuse(here, "is a folder; name a file")
                        : access(here, R_OK) != 0 && !refuse(here, strerror(errno)))
        return NULL;
    const char *there = path_there(shipment, name);
    if (!copy(shipment, local(here), remote(shipment, there), assay_format("copying %s", here)))
        return NULL;
    return add(shipment, (struct assay_shipped_file){here, there, ASSAY_SHIP_SENT});
}

const char *assay_ship_expect(struct assay_shipment *shipment, const char *here, const char *name)
{
    if (!shipment->folder)
        return here;
    if (is_folder(here)) { /* scp would put the file into it */
        refuse(here, "is a folder; name a file in it");
        return NULL;
    }
    return add(shipment, (struct assay_shipped_file){here, path_there(shipment, name), ASSAY_SHIP_FILE_BACK});
}

const char *assay_ship_expect_folder(struct assay_shipment *shipment, const char *here, const char *name)
{
    if (!shipment->folder)
        return here;
    if (mkdir(here, 0777) != 0 && !is_folder(here)) {
        refuse(here, strerror(errno));
        return NULL;
    }
    return add(shipment, (struct assay_shipped_file){here, path_there(shipment, name), ASSAY_SHIP_FOLDER_BACK});
}

bool assay_ship_fetch(const struct assay_shipment *shipment)
{
    for (size_t i = 0; i < shipment->count; i++) {
        const struct assay_shipped_file *file = &shipment->files[i];
        const char *doing = assay_format("fetching %s", file->here);
        if (file->what == ASSAY_SHIP_FILE_BACK &&
            !copy(shipment, remote(shipment, file->there), local(file->here), doing))
            return false;
        if (file->what == ASSAY_SHIP_FOLDER_BACK && !copy(shipment, remote(shipment, assay_format("%s/*", file->there)),
                                                          assay_format("%s/", local(file->here)), doing))
            return false;
    }
    return true;
}

/* In single quotes, where a shell leaves everything as it is but their own end. */
const char *assay_ship_word(const struct assay_shipment *shipment, const char *word)
{
    if (!shipment->folder || (*word && word[strspn(word, LETTERS "_-./")] == '\0'))
        return word;
    const char *quoted = "'";
    for (const char *quote; (quote = strchr(word, '\'')); word = quote + 1)
        quoted = assay_format("%s%.*s'\\''", quoted, (int)(quote - word), word);
    return assay_format("%s%s'", quoted, word);
}

const char *assay_ship_explain(const struct assay_shipment *shipment, const char *text)
{
    for (size_t i = 0; i < shipment->count; i++) {
        const struct assay_shipped_file *file = &shipment->files[i];
        const char *found = strstr(text, file->there);
        if (found)
            text = assay_format("%.*s%s%s", (int)(found - text), text, file->here, found + strlen(file->there));
    }
    return text;
}
