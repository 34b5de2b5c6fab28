#include "models/data/dataset.h"

#include "models/data/parts.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

struct own {
    void *map;
    size_t size;
    json_t *json; /* holds the names */
    struct assay_dataset dataset;
    struct assay_data_array arrays[ASSAY_DATASET_MOST_INPUTS + 1];
};

static void free_own(struct own *own)
{
    if (own->map)
        munmap(own->map, own->size);
    json_decref(own->json);
    free(own);
}

static bool map_file(int fd, struct own *own, struct assay_model_error *error)
{
    struct stat status;
    if (fd < 0 || fstat(fd, &status) != 0)
        return assay_model_fail(error, "cannot be opened: %s", strerror(errno));
    if (!S_ISREG(status.st_mode))
        return assay_model_fail(error, "is not a regular file");
    own->size = (size_t)status.st_size;
    if (own->size < ASSAY_DATASET_FRONT)
        return assay_model_fail(error, "is no dataset: it has only %zu bytes", own->size);
    void *map = mmap(NULL, own->size, PROT_READ, MAP_PRIVATE, fd, 0);
    if (map == MAP_FAILED)
        return assay_model_fail(error, "cannot be mapped: %s", strerror(errno));
    own->map = map;
    return true;
}

static bool read_mapped(struct own *own, struct assay_model_error *error)
{
    const char *bytes = own->map;
    uint64_t length;
    if (memcmp(bytes, ASSAY_DATASET_MAGIC, sizeof(ASSAY_DATASET_MAGIC) - 1) != 0)
        return assay_model_fail(error, "is no dataset: it does not begin with %s", ASSAY_DATASET_MAGIC);
    memcpy(&length, bytes + sizeof(ASSAY_DATASET_MAGIC) - 1, sizeof(length));
    if (length > ASSAY_DATASET_MOST_HEADER || length > own->size - ASSAY_DATASET_FRONT ||
        assay_dataset_padding(ASSAY_DATASET_FRONT + length) != 0)
        return assay_model_fail(error,
                                "its header of %llu bytes is longer than the file or %d bytes, or does not end at a "
                                "multiple of %d",
                                (unsigned long long)length, ASSAY_DATASET_MOST_HEADER, ASSAY_DATASET_ALIGN);
    const size_t front = ASSAY_DATASET_FRONT + (size_t)length;
    return assay_dataset_read_header(bytes + ASSAY_DATASET_FRONT, (size_t)length, bytes + front, own->size - front,
                                     &own->dataset, own->arrays, &own->json, error) &&
           assay_dataset_check(&own->dataset, error);
}

struct assay_dataset *assay_dataset_open(const char *path, struct assay_model_error *error)
{
    struct assay_model_error why = {"no memory"};
    struct own *own = calloc(1, sizeof(*own));
    /* Not blocking: a named pipe without a writer would otherwise be waited for. */
    const int fd = own ? open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK) : -1;
    const bool fine = own && map_file(fd, own, &why) && read_mapped(own, &why);
    if (fd >= 0)
        close(fd);
    if (fine) {
        own->dataset.own = own;
        return &own->dataset;
    }
    if (own)
        free_own(own);
    assay_model_fail(error, "%s: %s", path, why.text);
    return NULL;
}

void assay_dataset_close(struct assay_dataset *dataset)
{
    if (dataset)
        free_own(dataset->own);
}
