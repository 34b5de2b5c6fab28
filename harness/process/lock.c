#include "harness/process/lock.h"

#include "harness/base/say.h"
#include "harness/process/interrupt.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

int assay_lock(const char *path, const char *name, const char *remedy)
{
    const int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    int result = fd < 0 ? -1 : flock(fd, LOCK_EX | LOCK_NB);
    if (fd >= 0 && result != 0 && errno == EWOULDBLOCK) {
        assay_progress(false, "waiting for another program that builds %s", name);
        do {
            result = flock(fd, LOCK_EX);
        } while (result != 0 && errno == EINTR && !assay_interrupted());
    }
    if (result == 0)
        return fd;
    if (!assay_interrupted())
        assay_say("cannot lock %s: %s; %s", path, strerror(errno), remedy);
    if (fd >= 0)
        close(fd);
    return -1;
}
