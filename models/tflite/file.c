#include "models/tflite/reader.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Read, not mapped: a file that shrinks while it is mapped kills its reader. */
static void *read_all(int fd, size_t size, struct assay_model_error *error)
{
    char *bytes = malloc(size + 1);
    if (!bytes) {
        assay_model_fail(error, "no memory for its %zu bytes", size);
        return NULL;
    }
    for (size_t have = 0; have < size;) {
        const ssize_t got = read(fd, bytes + have, size - have);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0) {
            assay_model_fail(error, "cannot be read: %s", got < 0 ? strerror(errno) : "it became shorter meanwhile");
            free(bytes);
            return NULL;
        }
        have += (size_t)got;
    }
    return bytes;
}

static struct assay_graph *read_open(int fd, size_t memory_limit, struct assay_model_error *error)
{
    struct stat status;
    if (fd < 0 || fstat(fd, &status) != 0) {
        assay_model_fail(error, "cannot be opened: %s", strerror(errno));
        return NULL;
    }
    if (!S_ISREG(status.st_mode)) {
        assay_model_fail(error, "is not a regular file");
        return NULL;
    }
    if ((uintmax_t)status.st_size > memory_limit) {
        assay_model_fail(error, "has %jd bytes, above the limit of %zu", (intmax_t)status.st_size, memory_limit);
        return NULL;
    }
    const size_t size = (size_t)status.st_size;
    void *bytes = read_all(fd, size, error);
    struct assay_graph *graph = bytes ? assay_tflite_read(bytes, size, memory_limit - size, error) : NULL;
    free(bytes);
    return graph;
}

struct assay_graph *assay_tflite_read_file(const char *path, size_t memory_limit, struct assay_model_error *error)
{
    struct assay_model_error why;
    /* Not blocking: a named pipe without a writer would otherwise be waited for. */
    const int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    struct assay_graph *graph = read_open(fd, memory_limit, &why);
    if (fd >= 0)
        close(fd);
    if (!graph)
        assay_model_fail(error, "%s: %s", path, why.text);
    return graph;
}
