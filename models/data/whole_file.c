#include "models/data/whole_file.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The mode that open() would have given. Reading the mask means setting it; nobody else makes files meanwhile. */
static mode_t usual_mode(void)
{
    const mode_t mask = umask(077);
    umask(mask);
    return 0666 & ~mask;
}

bool assay_whole_file_begin(struct assay_whole_file *whole, const char *path, struct assay_model_error *error)
{
    struct stat status;
    *whole = (struct assay_whole_file){.path = path};
    if (stat(path, &status) == 0 && !S_ISREG(status.st_mode))
        return assay_model_fail(error, "%s: is not a regular file, and is left alone", path);
    if (asprintf(&whole->temporary, "%s.XXXXXX", path) < 0)
        return assay_model_fail(error, "%s: no memory", path);
    const int fd = mkstemp(whole->temporary);
    if (fd >= 0)
        whole->file = fdopen(fd, "wb");
    if (fd >= 0 && whole->file && fchmod(fd, usual_mode()) == 0)
        return true;
    assay_model_fail(error, "%s: cannot be written: %s", path, strerror(errno));
    if (whole->file)
        fclose(whole->file);
    else if (fd >= 0)
        close(fd);
    if (fd >= 0)
        unlink(whole->temporary);
    free(whole->temporary);
    return false;
}

/* Why the last call failed; not all of them say so. */
static int reason(void)
{
    return errno ? errno : EIO;
}

bool assay_whole_file_end(struct assay_whole_file *whole, bool good, struct assay_model_error *error)
{
    errno = 0;
    int failure = 0;
    if (fflush(whole->file) != 0 || ferror(whole->file) || fsync(fileno(whole->file)) != 0)
        failure = reason();
    if (fclose(whole->file) != 0 && failure == 0)
        failure = reason();
    if (good && failure == 0 && rename(whole->temporary, whole->path) != 0)
        failure = reason();
    const bool placed = good && failure == 0;
    if (good && !placed)
        assay_model_fail(error, "%s: cannot be written: %s", whole->path, strerror(failure));
    if (!placed)
        unlink(whole->temporary);
    free(whole->temporary);
    return placed;
}
