#include "models/data/exchange.h"
#include "models/data/npz.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

struct imported {
    struct assay_dataset dataset;
    struct assay_data_array inputs[ASSAY_IMPORT_MOST_INPUTS], labels;
    char *names[ASSAY_IMPORT_MOST_INPUTS];
};

static bool ends_in(const char *path, const char *end)
{
    const size_t length = strlen(path), wanted = strlen(end);
    return length > wanted && strcmp(path + length - wanted, end) == 0;
}

static bool map(int fd, size_t limit, void **bytes, size_t *size, struct assay_model_error *error)
{
    struct stat status;
    if (fd < 0 || fstat(fd, &status) != 0)
        return assay_model_fail(error, "cannot be opened: %s", strerror(errno));
    if (!S_ISREG(status.st_mode) || status.st_size == 0)
        return assay_model_fail(error, "is no .npy file");
    *size = (size_t)status.st_size;
    if (*size > limit)
        return assay_model_fail(error, "has %zu bytes, above the limit of %zu", *size, limit);
    *bytes = mmap(NULL, *size, PROT_READ, MAP_PRIVATE, fd, 0);
    return *bytes != MAP_FAILED || assay_model_fail(error, "cannot be mapped: %s", strerror(errno));
}

static bool take(const struct assay_npy *npy, enum assay_tensor_type type, struct assay_data_array *array,
                 struct assay_model_error *error)
{
    array->type = type;
    array->shape = npy->shape;
    array->bytes = npy->count * assay_tensor_type_size(array->type);
    array->data = assay_npy_convert(npy, array->type, error);
    return array->data;
}

/* What labels are stored as: reals for regression, else classes. */
static enum assay_tensor_type label_type(const struct assay_npy *npy, const struct assay_import_options *options,
                                         struct assay_dataset *dataset)
{
    dataset->task = options->has_task  ? options->task
                    : npy->kind == 'f' ? ASSAY_TASK_REGRESSION
                                       : ASSAY_TASK_CLASSIFICATION;
    return dataset->task == ASSAY_TASK_REGRESSION ? ASSAY_TENSOR_F32 : ASSAY_TENSOR_I32;
}

static bool take_labels(struct imported *imported, const struct assay_npy *npy,
                        const struct assay_import_options *options, struct assay_model_error *error)
{
    imported->labels.name = "y";
    imported->dataset.labels = &imported->labels;
    return take(npy, label_type(npy, options, &imported->dataset), &imported->labels, error);
}

static bool take_input(struct imported *imported, const struct assay_npy *npy, const char *name,
                       const struct assay_import_options *options, struct assay_model_error *error)
{
    const size_t i = imported->dataset.input_count++;
    imported->names[i] = strdup(name);
    imported->inputs[i].name = imported->names[i];
    if (!imported->names[i])
        return assay_model_fail(error, "no memory");
    return take(npy, options->has_type ? options->type : assay_npy_type(npy), &imported->inputs[i], error);
}

/* A .npy file as the next input, or as the labels. */
static bool import_npy(struct imported *imported, const char *path, bool is_label,
                       const struct assay_import_options *options, struct assay_model_error *error)
{
    struct assay_model_error why = {{0}};
    struct assay_npy npy;
    void *bytes = MAP_FAILED;
    size_t size = 0;
    const int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    const bool good =
        map(fd, options->memory_limit, &bytes, &size, &why) && assay_npy_read(bytes, size, &npy, &why) &&
        (is_label ? take_labels(imported, &npy, options, &why) : take_input(imported, &npy, "x", options, &why));
    if (bytes != MAP_FAILED)
        munmap(bytes, size);
    if (fd >= 0)
        close(fd);
    return good || assay_model_fail(error, "%s: %s", path, why.text);
}

static bool import_member(struct imported *imported, struct assay_npz *npz, const char *path, const char *name,
                          bool is_label, const struct assay_import_options *options, struct assay_model_error *error)
{
    struct assay_model_error why = {{0}};
    struct assay_npy npy;
    if (!assay_npz_read(npz, name, &npy, error))
        return false;
    return (is_label ? take_labels(imported, &npy, options, &why) : take_input(imported, &npy, name, options, &why)) ||
           assay_model_fail(error, "%s: %s: %s", path, name, why.text);
}

/* "x0", "x1" … as far as they go. */
static bool import_numbered(struct imported *imported, struct assay_npz *npz, const char *path,
                            const struct assay_import_options *options, struct assay_model_error *error)
{
    char name[16];
    for (size_t i = 0; i < ASSAY_IMPORT_MOST_INPUTS; i++) {
        snprintf(name, sizeof(name), "x%zu", i);
        if (!assay_npz_has(npz, name))
            break;
        if (!import_member(imported, npz, path, name, false, options, error))
            return false;
    }
    return true;
}

static bool import_inputs(struct imported *imported, struct assay_npz *npz, const char *path,
                          const struct assay_import_options *options, struct assay_model_error *error)
{
    const char *const only = assay_npz_names(npz);
    const char *const usual[] = {"x", "images", only}; /* where there are several, `only` is no name of a member */
    for (size_t i = 0; i < options->input_count; i++)
        if (!import_member(imported, npz, path, options->input_names[i], false, options, error))
            return false;
    if (options->input_count > 0)
        return true;
    if (assay_npz_has(npz, "x0"))
        return import_numbered(imported, npz, path, options, error);
    for (size_t i = 0; i < sizeof(usual) / sizeof(usual[0]); i++)
        if (assay_npz_has(npz, usual[i]))
            return import_member(imported, npz, path, usual[i], false, options, error);
    return assay_model_fail(error, "%s: it has neither x nor images; name one of: %s", path, assay_npz_names(npz));
}

static bool import_npz(struct imported *imported, const char *path, const struct assay_import_options *options,
                       struct assay_model_error *error)
{
    struct assay_npz *npz = assay_npz_open(path, options->memory_limit, error);
    if (!npz)
        return false;
    const char *label = options->label_name ? options->label_name : assay_npz_has(npz, "y") ? "y" : "labels";
    const bool labelled = !options->labels && (options->label_name || assay_npz_has(npz, label)) &&
                          !(options->has_task && options->task == ASSAY_TASK_NONE);
    const bool good = import_inputs(imported, npz, path, options, error) &&
                      (!labelled || import_member(imported, npz, path, label, true, options, error));
    assay_npz_close(npz);
    return good;
}

static void count_classes(struct imported *imported, size_t classes)
{
    struct assay_dataset *dataset = &imported->dataset;
    dataset->classes = classes;
    if (classes > 0 || dataset->task != ASSAY_TASK_CLASSIFICATION || !dataset->labels)
        return;
    const int32_t *labels = imported->labels.data;
    dataset->classes = 2;
    for (size_t i = 0; i < imported->labels.bytes / sizeof(*labels); i++)
        if (labels[i] >= 0 && (size_t)labels[i] >= dataset->classes)
            dataset->classes = (size_t)labels[i] + 1;
}

static bool import(struct imported *imported, const char *path, const struct assay_import_options *options,
                   struct assay_model_error *error)
{
    const bool archive = ends_in(path, ".npz");
    if (!archive && !ends_in(path, ".npy"))
        return assay_model_fail(error, "%s: ends in neither .npy nor .npz", path);
    if (!archive && (options->input_count > 0 || options->label_name))
        return assay_model_fail(error, "%s: members are named of an .npz archive alone", path);
    if (archive ? !import_npz(imported, path, options, error) : !import_npy(imported, path, false, options, error))
        return false;
    if (options->labels && !import_npy(imported, options->labels, true, options, error))
        return false;
    struct assay_dataset *dataset = &imported->dataset;
    if (!dataset->labels)
        dataset->task = options->has_task ? options->task : ASSAY_TASK_NONE;
    dataset->samples = dataset->inputs[0].shape.rank > 0 ? (size_t)dataset->inputs[0].shape.dims[0] : 0;
    count_classes(imported, options->classes);
    return true;
}

struct assay_dataset *assay_dataset_import(const char *path, const struct assay_import_options *options,
                                           struct assay_model_error *error)
{
    struct imported *imported = calloc(1, sizeof(*imported));
    if (!imported) {
        assay_model_fail(error, "no memory");
        return NULL;
    }
    imported->dataset =
        (struct assay_dataset){.name = options->name ? options->name : "", .inputs = imported->inputs, .own = imported};
    if (import(imported, path, options, error))
        return &imported->dataset;
    assay_imported_free(&imported->dataset);
    return NULL;
}

void assay_imported_free(struct assay_dataset *dataset)
{
    struct imported *imported = (struct imported *)dataset; /* its first member */
    if (!imported)
        return;
    for (size_t i = 0; i < ASSAY_IMPORT_MOST_INPUTS; i++) {
        free((void *)imported->inputs[i].data);
        free(imported->names[i]);
    }
    free((void *)imported->labels.data);
    free(imported);
}
