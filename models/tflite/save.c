#include "models/tflite/writer.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool write_all(int fd, const char *bytes, size_t size)
{
    for (size_t done = 0; done < size;) {
        const ssize_t wrote = write(fd, bytes + done, size - done);
        if (wrote < 0 && errno != EINTR)
            return false;
        done += wrote > 0 ? (size_t)wrote : 0;
    }
    return true;
}

static bool write_and_close(int fd, const void *bytes, size_t size, bool sync)
{
    if (fd < 0)
        return false;
    const bool good = write_all(fd, bytes, size) && (!sync || fsync(fd) == 0);
    const int error = errno;
    const bool closed = close(fd) == 0;
    if (!good)
        errno = error;
    return good && closed;
}

/* With the process's number: two that write the same file do not write into each other's. */
static bool replace(const char *path, const void *bytes, size_t size)
{
    char *partial;
    if (asprintf(&partial, "%s.%ld.part", path, (long)getpid()) < 0)
        return false;
    const int fd = open(partial, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0666);
    const bool good = write_and_close(fd, bytes, size, true) && rename(partial, path) == 0;
    const int error = errno;
    if (!good && fd >= 0)
        unlink(partial);
    free(partial);
    errno = error;
    return good;
}

static bool save(const char *path, const void *bytes, size_t size)
{
    struct stat status;
    /* A device or a pipe must not be replaced by a file. */
    if (stat(path, &status) == 0 && !S_ISREG(status.st_mode))
        return write_and_close(open(path, O_WRONLY | O_CLOEXEC), bytes, size, false);
    /* The file that a link leads to is replaced, not the link. */
    char *real = realpath(path, NULL);
    const bool good = replace(real ? real : path, bytes, size);
    const int error = errno;
    free(real);
    errno = error;
    return good;
}

bool assay_tflite_write_file(const struct assay_graph *graph, const char *path, struct assay_model_error *error)
{
    struct assay_model_error why;
    size_t size;
    void *bytes = assay_tflite_write(graph, &size, &why);
    if (!bytes)
        return assay_model_fail(error, "%s: %s", path, why.text);
    const bool good = save(path, bytes, size);
    if (!good)
        assay_model_fail(error, "%s: cannot be written: %s; make room or choose another place", path, strerror(errno));
    free(bytes);
    return good;
}
