#include "models/data/npz.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <zip.h>

enum {
    MOST_MEMBERS = 4096,
    /* Deflate makes at most 1032 bytes of one: who claims more does not tell the truth. */
    MOST_RATIO = 1032,
};

struct assay_npz {
    const char *path;
    zip_t *zip;
    size_t left; /* of the memory limit */
    struct member {
        void *bytes;
        struct member *next;
    } *members;
    char *names;
};

static char *list_names(zip_t *zip)
{
    char *names = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&names, &size);
    if (!out)
        return NULL;
    for (zip_int64_t i = 0; i < zip_get_num_entries(zip, 0); i++) {
        const char *name = zip_get_name(zip, (zip_uint64_t)i, 0);
        const size_t length = name ? strlen(name) : 0;
        const bool is_npy = length > 4 && strcmp(name + length - 4, ".npy") == 0;
        fprintf(out, "%s%.*s", i ? ", " : "", (int)(is_npy ? length - 4 : length), name ? name : "");
    }
    if (fclose(out) == 0)
        return names;
    free(names);
    return NULL;
}

/* libzip opens whatever the path is, and would wait for a named pipe. */
static bool is_regular(const char *path, struct assay_model_error *error)
{
    struct stat status;
    if (stat(path, &status) != 0)
        return assay_model_fail(error, "%s: cannot be opened: %s", path, strerror(errno));
    return S_ISREG(status.st_mode) || assay_model_fail(error, "%s: is not a regular file", path);
}

static bool fail_to_open(const char *path, const char *what, int code, struct assay_model_error *error)
{
    zip_error_t why;
    zip_error_init_with_code(&why, code);
    assay_model_fail(error, "%s: %s: %s", path, what, zip_error_strerror(&why));
    zip_error_fini(&why);
    return false;
}

struct assay_npz *assay_npz_open(const char *path, size_t memory_limit, struct assay_model_error *error)
{
    int code;
    if (!is_regular(path, error))
        return NULL;
    zip_t *zip = zip_open(path, ZIP_RDONLY | ZIP_CHECKCONS, &code);
    if (!zip) {
        fail_to_open(path, "is no sound .npz archive", code, error);
        return NULL;
    }
    struct assay_npz *npz = calloc(1, sizeof(*npz));
    if (npz && zip_get_num_entries(zip, 0) <= MOST_MEMBERS && (npz->names = list_names(zip))) {
        npz->path = path;
        npz->zip = zip;
        npz->left = memory_limit;
        return npz;
    }
    assay_model_fail(error, "%s: it has more than %d members, or there is no memory", path, MOST_MEMBERS);
    zip_discard(zip);
    free(npz);
    return NULL;
}

void assay_npz_close(struct assay_npz *npz)
{
    if (!npz)
        return;
    zip_discard(npz->zip);
    for (struct member *m = npz->members, *next; m; m = next) {
        next = m->next;
        free(m->bytes);
        free(m);
    }
    free(npz->names);
    free(npz);
}

const char *assay_npz_names(const struct assay_npz *npz)
{
    return npz->names;
}

/* -1: it is not there. */
static zip_int64_t locate(const struct assay_npz *npz, const char *name)
{
    char *full;
    if (asprintf(&full, "%s.npy", name) < 0)
        return -1;
    const zip_int64_t index = zip_name_locate(npz->zip, full, 0);
    free(full);
    return index;
}

bool assay_npz_has(const struct assay_npz *npz, const char *name)
{
    return locate(npz, name) >= 0;
}

static bool check_member(const struct assay_npz *npz, const zip_stat_t *stat, struct assay_model_error *error)
{
    if (stat->encryption_method != ZIP_EM_NONE)
        return assay_model_fail(error, "it is encrypted");
    if (stat->comp_method != ZIP_CM_STORE && stat->comp_method != ZIP_CM_DEFLATE)
        return assay_model_fail(error, "it is neither stored nor deflated");
    if (stat->size > npz->left)
        return assay_model_fail(error, "it unpacks to %llu bytes, above the limit", (unsigned long long)stat->size);
    if (stat->size / MOST_RATIO > stat->comp_size)
        return assay_model_fail(error, "%llu packed bytes cannot be the %llu it claims",
                                (unsigned long long)stat->comp_size, (unsigned long long)stat->size);
    return true;
}

/* Reads to the end, where libzip compares the checksum. */
static bool unpack(zip_file_t *file, void *bytes, size_t size, struct assay_model_error *error)
{
    size_t have = 0;
    char more;
    while (have < size) {
        const zip_int64_t got = zip_fread(file, (char *)bytes + have, size - have);
        if (got <= 0)
            return assay_model_fail(error, "cannot be unpacked: %s",
                                    got < 0 ? zip_file_strerror(file) : "it is shorter than it claims");
        have += (size_t)got;
    }
    const zip_int64_t got = zip_fread(file, &more, 1);
    return got == 0 || assay_model_fail(error, "cannot be unpacked: %s",
                                        got < 0 ? zip_file_strerror(file) : "it is longer than it claims");
}

static bool read_member(struct assay_npz *npz, const char *name, struct assay_npy *npy, struct assay_model_error *error)
{
    zip_stat_t stat;
    const zip_int64_t index = locate(npz, name);
    if (index < 0 || zip_stat_index(npz->zip, (zip_uint64_t)index, 0, &stat) != 0)
        return assay_model_fail(error, "is not there; there are: %s", npz->names);
    const zip_uint64_t needed = ZIP_STAT_SIZE | ZIP_STAT_COMP_SIZE | ZIP_STAT_COMP_METHOD | ZIP_STAT_ENCRYPTION_METHOD;
    if ((stat.valid & needed) != needed || !check_member(npz, &stat, error))
        return (stat.valid & needed) == needed ? false : assay_model_fail(error, "has no size");
    struct member *member = calloc(1, sizeof(*member));
    zip_file_t *file = zip_fopen_index(npz->zip, (zip_uint64_t)index, 0);
    if (member)
        member->bytes = malloc((size_t)stat.size + 1);
    bool good = file && member && member->bytes;
    if (!good)
        assay_model_fail(error, "cannot be unpacked: %s", file ? "no memory" : zip_strerror(npz->zip));
    good = good && unpack(file, member->bytes, (size_t)stat.size, error) &&
           assay_npy_read(member->bytes, (size_t)stat.size, npy, error);
    if (file)
        zip_fclose(file);
    if (member) { /* kept, so that it is freed with the rest */
        member->next = npz->members;
        npz->members = member;
    }
    npz->left -= good ? (size_t)stat.size : 0;
    return good;
}

bool assay_npz_read(struct assay_npz *npz, const char *name, struct assay_npy *npy, struct assay_model_error *error)
{
    struct assay_model_error why = {{0}};
    return read_member(npz, name, npy, &why) || assay_model_fail(error, "%s: %s: %.400s", npz->path, name, why.text);
}

/* Reproducible: no time of day, no owner. The header and the array must be there until the archive is closed. */
static bool add_member(zip_t *zip, const char *name, const struct assay_data_array *array,
                       char header[ASSAY_NPY_HEADER])
{
    char *full;
    if (asprintf(&full, "%s.npy", name) < 0)
        return false;
    const zip_buffer_fragment_t parts[] = {{(zip_uint8_t *)header, assay_npy_header(array, header)},
                                           {(zip_uint8_t *)array->data, array->bytes}};
    zip_source_t *source = zip_source_buffer_fragment(zip, parts, 2, 0);
    const zip_int64_t index = source ? zip_file_add(zip, full, source, ZIP_FL_ENC_UTF_8) : -1;
    if (source && index < 0)
        zip_source_free(source);
    free(full);
    const zip_uint16_t first_of_1980 = 1 << 5 | 1;
    return index >= 0 && zip_file_set_dostime(zip, (zip_uint64_t)index, 0, first_of_1980, 0) == 0;
}

bool assay_npz_write(const char *path, const char *const *names, const struct assay_data_array *const *arrays,
                     size_t count, struct assay_model_error *error)
{
    struct stat status;
    int code;
    if (stat(path, &status) == 0 && !S_ISREG(status.st_mode))
        return assay_model_fail(error, "%s: is not a regular file, and is left alone", path);
    zip_t *zip = zip_open(path, ZIP_CREATE | ZIP_TRUNCATE, &code);
    if (!zip)
        return fail_to_open(path, "cannot be written", code, error);
    char(*headers)[ASSAY_NPY_HEADER] = calloc(count + 1, sizeof(*headers));
    bool good = headers;
    for (size_t i = 0; good && i < count; i++)
        good = add_member(zip, names[i], arrays[i], headers[i]);
    /* Until it is closed nothing is written; then libzip makes a temporary file and renames it. */
    good = good && zip_close(zip) == 0;
    if (!good) {
        assay_model_fail(error, "%s: cannot be written: %s", path, zip_strerror(zip));
        zip_discard(zip);
    }
    free(headers);
    return good;
}
