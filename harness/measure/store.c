#include "harness/measure/store.h"

#include "harness/base/memory.h"
#include "harness/base/paths.h"
#include "harness/base/say.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

/* The length of the file without an unfinished last line; -1 on a read error. */
static off_t whole_lines(int fd, off_t length)
{
    char bytes[4096];
    while (length > 0) {
        const size_t part = length < (off_t)sizeof(bytes) ? (size_t)length : sizeof(bytes);
        if (pread(fd, bytes, part, length - (off_t)part) != (ssize_t)part)
            return -1;
        for (size_t i = part; i > 0; i--)
            if (bytes[i - 1] == '\n')
                return length - (off_t)(part - i);
        length -= (off_t)part;
    }
    return 0;
}

static bool cut_unfinished(struct assay_store *store)
{
    struct stat status;
    const off_t length = fstat(store->fd, &status) == 0 ? status.st_size : -1;
    const off_t whole = length < 0 ? -1 : whole_lines(store->fd, length);
    if (whole < 0 || (whole < length && ftruncate(store->fd, whole) != 0)) {
        assay_say("%s: cannot be read: %s", store->path, strerror(errno));
        return false;
    }
    if (whole < length)
        assay_say("%s: the last line was unfinished (%lld bytes of a killed run) and is cut off", store->path,
                  (long long)(length - whole));
    return true;
}

bool assay_store_open(const char *folder, struct assay_store *store)
{
    *store = (struct assay_store){.folder = folder, .path = assay_format("%s/records.jsonl", folder), .fd = -1};
    if (!assay_make_folder(folder))
        return false;
    store->fd = open(store->path, O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC, 0666);
    if (store->fd < 0) {
        assay_say("%s: cannot be written: %s; choose another folder with --out", store->path, strerror(errno));
        return false;
    }
    if (flock(store->fd, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) {
        assay_say("%s: another run is writing to it; wait for it, or choose another folder with --out", store->path);
        assay_store_close(store);
        return false;
    }
    if (cut_unfinished(store))
        return true;
    assay_store_close(store);
    return false;
}

void assay_store_close(struct assay_store *store)
{
    if (store->fd >= 0)
        close(store->fd);
    store->fd = -1;
}

/* All of the line, or nothing of it. */
static bool append_line(struct assay_store *store, const char *line)
{
    struct stat before;
    if (fstat(store->fd, &before) != 0)
        return false;
    const size_t length = strlen(line);
    ssize_t written;
    do {
        written = write(store->fd, line, length);
    } while (written < 0 && errno == EINTR);
    if (written == (ssize_t)length)
        return true;
    const int error = written < 0 ? errno : ENOSPC;
    if (written > 0 && ftruncate(store->fd, before.st_size) != 0)
        assay_say("%s: its last line is unfinished; the next run cuts it off", store->path);
    errno = error;
    return false;
}

bool assay_store_append(struct assay_store *store, const json_t *records)
{
    bool good = true;
    size_t i;
    const json_t *record;
    json_array_foreach(records, i, record)
    {
        char *line = assay_record_line(record);
        if (!line) {
            assay_say("a record cannot be written as JSON: out of memory, or a number that is not finite");
            return false;
        }
        good = append_line(store, line);
        free(line);
        if (!good)
            break;
    }
    if (good && fsync(store->fd) != 0 && errno != EINVAL && errno != EROFS)
        good = false;
    if (!good)
        assay_say("%s: cannot be written: %s; what was measured before is kept, make room and go on with "
                  "assay run --resume %s",
                  store->path, strerror(errno), store->folder);
    return good;
}

bool assay_store_read(const struct assay_store *store, const char *run_id, struct assay_record_list *list)
{
    struct stat status;
    *list = (struct assay_record_list){0};
    if (fstat(store->fd, &status) == 0 && status.st_size == 0)
        return true;
    char message[ASSAY_RECORD_MESSAGE];
    struct assay_record_list all = {0};
    if (!assay_record_read(store->path, &all, NULL, message)) {
        assay_say("%s", message);
        assay_record_list_free(&all);
        return false;
    }
    bool good = true;
    for (size_t i = 0; good && i < all.count; i++) {
        const json_t *identity = json_object_get(all.items[i].json, "identity");
        const char *id = json_string_value(json_object_get(identity, "run_id"));
        if (!id || strcmp(id, run_id) != 0)
            continue;
        json_incref(all.items[i].json);
        good = assay_record_append(list, all.items[i]);
    }
    assay_record_list_free(&all);
    if (!good)
        assay_say("out of memory");
    return good;
}

static bool fill_and_close(FILE *out, bool (*fill)(void *context, FILE *out), void *context)
{
    if (!out)
        return false;
    /* What is no file on a disk (EINVAL) has nothing to wait for. */
    const bool good =
        fill(context, out) && fflush(out) == 0 && (fsync(fileno(out)) == 0 || errno == EINVAL || errno == EROFS);
    const int error = errno;
    if (fclose(out) == 0 && good)
        return true;
    errno = good ? errno : error;
    return false;
}

bool assay_store_replace(const char *path, bool (*fill)(void *context, FILE *out), void *context)
{
    struct stat status;
    const bool there = stat(path, &status) == 0;
    if (there && S_ISDIR(status.st_mode)) {
        assay_say("%s: is a folder; give the name of a file in it", path);
        return false;
    }
    bool good;
    if (there && !S_ISREG(status.st_mode)) { /* a device or a pipe must not be replaced by a file */
        good = fill_and_close(fopen(path, "we"), fill, context);
    } else {
        /* The file that a link leads to is replaced, not the link. */
        char *real = realpath(path, NULL);
        const char *partial = assay_format("%s.part", real ? real : path);
        good = fill_and_close(fopen(partial, "we"), fill, context) && rename(partial, real ? real : path) == 0;
        const int error = errno;
        if (!good)
            unlink(partial);
        free(real);
        errno = error;
    }
    if (!good)
        assay_say("%s: cannot be written: %s; make room or choose another place", path, strerror(errno));
    return good;
}
