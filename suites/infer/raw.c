#include "suites/infer/raw.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

bool raw_read(const char *path, void *data, size_t bytes)
{
    FILE *file = fopen(path, "rb");
    if (!file) {
        fprintf(stderr, "assay-probe: %s: %s\n", path, strerror(errno));
        return false;
    }
    const size_t got = fread(data, 1, bytes, file);
    const bool exact = got == bytes && fgetc(file) == EOF && !ferror(file);
    fclose(file);
    if (!exact)
        fprintf(stderr, "assay-probe: %s: %s than the %zu bytes of the input tensor\n", path,
                got < bytes ? "it holds less" : "it holds more", bytes);
    return exact;
}

bool raw_write(const char *path, const void *data, size_t bytes)
{
    FILE *file = fopen(path, "wb");
    bool good = file && fwrite(data, 1, bytes, file) == bytes;
    if (file)
        good = fclose(file) == 0 && good;
    if (!good)
        fprintf(stderr, "assay-probe: %s: %s\n", path, strerror(errno));
    return good;
}

bool raw_folder(const char *path)
{
    if (mkdir(path, 0777) == 0 || errno == EEXIST)
        return true;
    fprintf(stderr, "assay-probe: %s: %s\n", path, strerror(errno));
    return false;
}
