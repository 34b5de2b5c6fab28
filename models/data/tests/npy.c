/* NumPy's files: arrays written by hand byte by byte, in every type and version; hostile ones; what is written is read
 * back; archives, and archives that are not what they say. */
#include "models/data/exchange.h"
#include "models/data/npz.h"
#include "models/tests/expect.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zip.h>

static char folder[] = "/tmp/assay-npy-XXXXXX";

/* A .npy file in memory of exactly its size, so that AddressSanitizer sees a step beyond it. */
static unsigned char *make(int version, const char *header, const void *data, size_t bytes, size_t *size)
{
    const size_t length = strlen(header), front = version == 1 ? 10 : 12;
    unsigned char *file = malloc(front + length + bytes);
    memcpy(file, "\x93NUMPY", 6);
    file[6] = (unsigned char)version;
    file[7] = 0;
    for (size_t i = 8; i < front; i++)
        file[i] = (unsigned char)(length >> (8 * (i - 8)));
    memcpy(file + front, header, length);
    memcpy(file + front + length, data, bytes);
    *size = front + length + bytes;
    return file;
}

static char *header_of(const char *type, const char *shape)
{
    static char header[256];
    snprintf(header, sizeof(header), "{'descr': '%s', 'fortran_order': False, 'shape': %s, }   \n", type, shape);
    return header;
}

/* Three elements of a type become these numbers, as `type` or not at all (words of the error). */
static void check_type(const char *descr, const void *data, size_t bytes, enum assay_tensor_type natural,
                       enum assay_tensor_type type, const double *expected, const char *words)
{
    for (int version = 1; version <= 3; version++) {
        struct assay_model_error error = {{0}};
        struct assay_npy npy;
        size_t size;
        unsigned char *file = make(version, header_of(descr, "(3, 1)"), data, bytes, &size);
        EXPECT(assay_npy_read(file, size, &npy, &error), "%s: %s", descr, error.text);
        EXPECT(npy.count == 3 && npy.shape.rank == 2 && npy.shape.dims[0] == 3 && assay_npy_type(&npy) == natural,
               "%s is read wrongly", descr);
        void *to = assay_npy_convert(&npy, type, &error);
        EXPECT(!to == !expected, "%s: %s", descr, to ? "converted" : error.text);
        EXPECT(to || strstr(error.text, words), "%s: not '%s' but '%s'", descr, words, error.text);
        for (int i = 0; to && expected && i < 3; i++) {
            const double value = type == ASSAY_TENSOR_F32   ? (double)((float *)to)[i]
                                 : type == ASSAY_TENSOR_I8  ? ((int8_t *)to)[i]
                                 : type == ASSAY_TENSOR_U8  ? ((uint8_t *)to)[i]
                                 : type == ASSAY_TENSOR_I16 ? ((int16_t *)to)[i]
                                                            : ((int32_t *)to)[i];
            EXPECT(value == expected[i], "%s: element %d is %g, not %g", descr, i, value, expected[i]);
        }
        free(to);
        free(file);
    }
}

#define T(name) ASSAY_TENSOR_##name

static void check_types(void)
{
    const double whole[] = {1, -2, 100}, positive[] = {1, 2, 200}, truth[] = {0, 1, 1}, halves[] = {0.5, -2, 65504};
    const double large[] = {70000, -70000, 2147483647};
    check_type("<f4", (float[]){1, -2, 100}, 12, T(F32), T(F32), whole, NULL);
    check_type("<f4", (float[]){1, -2, 100}, 12, T(F32), T(I8), whole, NULL);
    check_type("<f4", (float[]){1, -2.5f, 100}, 12, T(F32), T(I32), NULL, "element 1 is -2.5, which i32");
    check_type("<f4", (float[]){1, 2, NAN}, 12, T(F32), T(F32), NULL, "element 2");
    check_type("<f4", (float[]){INFINITY, 2, 1}, 12, T(F32), T(I32), NULL, "element 0");
    check_type("<f8", (double[]){1, -2, 100}, 24, T(F32), T(F32), whole, NULL);
    check_type("<f8", (double[]){1, 2, 1e39}, 24, T(F32), T(F32), NULL, "element 2 is 1e+39, which f32");
    check_type("<f2", "\x00\x38\x00\xc0\xff\x7b", 6, T(F32), T(F32), halves, NULL);
    check_type("<f2", "\x00\x38\x00\x7c\xff\x7b", 6, T(F32), T(F32), NULL, "element 1");
    check_type("|i1", (int8_t[]){1, -2, 100}, 3, T(I8), T(I8), whole, NULL);
    check_type("|u1", (uint8_t[]){1, 2, 200}, 3, T(U8), T(U8), positive, NULL);
    check_type("|u1", (uint8_t[]){1, 2, 200}, 3, T(U8), T(I8), NULL, "element 2 is 200, which i8");
    check_type("<i2", (int16_t[]){1, -2, 100}, 6, T(I16), T(I16), whole, NULL);
    check_type("<i4", (int32_t[]){70000, -70000, INT32_MAX}, 12, T(I32), T(I32), large, NULL);
    check_type("<i4", (int32_t[]){70000, 1, 2}, 12, T(I32), T(I16), NULL, "element 0 is 70000, which i16");
    check_type("<i8", (int64_t[]){70000, -70000, INT32_MAX}, 24, T(I32), T(I32), large, NULL);
    check_type("<i8", (int64_t[]){1, INT64_C(1) << 31, 2}, 24, T(I32), T(I32), NULL, "element 1");
    check_type("<i8", (int64_t[]){1, INT64_MIN, 2}, 24, T(I32), T(I32), NULL, "element 1");
    check_type("<u2", (uint16_t[]){1, 2, 200}, 6, T(I32), T(I32), positive, NULL);
    check_type("<u4", (uint32_t[]){1, 2, 200}, 12, T(I32), T(I32), positive, NULL);
    check_type("<u8", (uint64_t[]){1, 2, UINT64_MAX}, 24, T(I32), T(I32), NULL, "element 2");
    check_type("|b1", "\0\1\1", 3, T(U8), T(U8), truth, NULL);
    check_type("|b1", "\0\1\2", 3, T(U8), T(U8), NULL, "a bool");
}

static void refuse(int version, const char *header, size_t bytes, const char *words)
{
    static const char data[64];
    struct assay_model_error error = {{0}};
    struct assay_npy npy;
    size_t size;
    unsigned char *file = make(version, header, data, bytes, &size);
    const bool read = assay_npy_read(file, size, &npy, &error);
    EXPECT(!read, "accepted: %s", header);
    EXPECT(read || strstr(error.text, words), "%s: not '%s' but '%s'", header, words, error.text);
    free(file);
}

#define REST ", 'fortran_order': False, 'shape': (2,), }"

static void check_hostile(void)
{
    refuse(1, "", 0, "dictionary");
    refuse(1, "[]", 0, "dictionary");
    refuse(1, "{}", 0, "lacks");
    refuse(1, "{'descr': '<f4', 'shape': (2,)}", 8, "lacks");
    refuse(1, "{'descr': '<f4', 'descr': '<f4'" REST, 8, "once each");
    refuse(1, "{'descr': '<f4', 'colour': 3" REST, 8, "other keys");
    refuse(1, "{'descr': '<f4'" REST " x", 8, "behind");
    refuse(1, "{'descr': '<f4' 'fortran_order': False, 'shape': (2,)}", 8, "dictionary");
    refuse(1, "{'descr': '<f4', 'fortran_order': Maybe, 'shape': (2,)}", 8, "neither");
    refuse(1, "{'descr': '<f4', 'fortran_order': False, 'shape': (2", 8, "tuple");
    refuse(1, "{'descr': '<f4', 'fortran_order': False, 'shape': 2}", 8, "tuple");
    refuse(1, "{'descr': '<f4', 'fortran_order': False, 'shape': (1 2)}", 8, "tuple");
    refuse(1, "{'descr': '<f4', 'fortran_order': False, 'shape': (-2,)}", 8, "dimension 0");
    refuse(1, "{'descr': '<f4', 'fortran_order': False, 'shape': (2,x)}", 8, "dimension 1");
    refuse(1, "{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999,)}", 8, "dimension 0");
    refuse(1, header_of("<f4", "(1,1,1,1,1,1,1,1,2)"), 8, "8 dimensions");
    refuse(1, header_of("<f4", "(2147483647,2147483647,2147483647)"), 8, "overflows");
    refuse(1, header_of("<f8", "(2147483647,2147483647)"), 8, "overflows");
    refuse(1, header_of(">f4", "(2,)"), 8, "big-endian");
    refuse(1, "{'descr': '<f4', 'fortran_order': True, 'shape': (2, 3)}", 24, "Fortran");
    refuse(1, "{'descr': [('a', '<f4')]" REST, 8, "type");
    refuse(1, "{'descr': '|O'" REST, 8, "type");
    refuse(1, "{'descr': '<U7'" REST, 8, "type");
    refuse(1, "{'descr': '<c8'" REST, 8, "type");
    refuse(1, "{'descr': '<f16'" REST, 8, "type");
    refuse(1, "{'descr': '<f1'" REST, 8, "type");
    refuse(1, "{'descr': '?f4'" REST, 8, "type");
    refuse(1, header_of("<f4", "(2,)"), 7, "makes 8 bytes of data, and there are 7");
    refuse(1, header_of("<f4", "(2,)"), 9, "makes 8 bytes of data, and there are 9");
    refuse(4, header_of("<f4", "(2,)"), 8, "version 4.0");
    /* A plain array, cut at every length: never read beyond its end. */
    size_t size;
    unsigned char *file = make(2, header_of("<f4", "(2,)"), "12345678", 8, &size);
    for (size_t cut = 0; cut < size; cut++) {
        struct assay_model_error error = {{0}};
        struct assay_npy npy;
        unsigned char *part = malloc(cut + (cut == 0));
        memcpy(part, file, cut);
        EXPECT(!assay_npy_read(part, cut, &npy, &error) && error.text[0], "cut at %zu and read", cut);
        free(part);
    }
    free(file);
    /* In one dimension the orders do not differ. */
    struct assay_model_error error = {{0}};
    struct assay_npy npy;
    file = make(1, "{\"shape\":(1L,2,),\"fortran_order\":True,\"descr\":\"<f4\"}", "12345678", 8, &size);
    EXPECT(assay_npy_read(file, size, &npy, &error) && npy.count == 2, "%s", error.text);
    free(file);
}

static const char *at(const char *name)
{
    static char path[128];
    snprintf(path, sizeof(path), "%s/%s", folder, name);
    return path;
}

static struct assay_data_array array_of(enum assay_tensor_type type, struct assay_shape shape, const void *data)
{
    size_t count = 0;
    assay_shape_count(&shape, &count);
    return (struct assay_data_array){"x", type, shape, data, count * assay_tensor_type_size(type)};
}

static bool same(const struct assay_data_array *a, const struct assay_data_array *b)
{
    return a->type == b->type && assay_shape_equal(&a->shape, &b->shape) && a->bytes == b->bytes &&
           memcmp(a->data, b->data, a->bytes) == 0;
}

static void round_trip(const struct assay_dataset *dataset, const char *file)
{
    struct assay_model_error error = {{0}};
    const struct assay_import_options options = {
        .has_task = true, .task = dataset->task, .classes = dataset->classes, .memory_limit = 1 << 20};
    char path[128];
    snprintf(path, sizeof(path), "%s", at(file));
    EXPECT(assay_dataset_export(dataset, path, &error), "%s", error.text);
    struct assay_dataset *back = assay_dataset_import(path, &options, &error);
    EXPECT(back, "%s", error.text);
    if (back) {
        EXPECT(back->input_count == dataset->input_count && back->samples == dataset->samples &&
                   back->classes == dataset->classes && !back->labels == !dataset->labels,
               "%s: another dataset came back", file);
        for (size_t i = 0; i < back->input_count && i < dataset->input_count; i++)
            EXPECT(same(&back->inputs[i], &dataset->inputs[i]), "%s: input %zu differs", file, i);
        EXPECT(!back->labels || !dataset->labels || same(back->labels, dataset->labels), "%s: labels differ", file);
    }
    assay_imported_free(back);
    EXPECT(unlink(path) == 0, "%s was not written", path);
}

static void check_round_trips(void)
{
    static const enum assay_tensor_type types[] = {T(F32), T(I8), T(U8), T(I16), T(I32)};
    static const struct assay_shape shapes[] = {
        {1, {1}}, {1, {6}}, {2, {2, 3}}, {3, {5, 7, 1}}, {8, {3, 1, 1, 2, 1, 1, 1, 2}}};
    static int32_t integers[64];
    static float reals[64];
    static const int32_t classes[] = {0, 1, 1, 0, 1, 0};
    for (int i = 0; i < 64; i++) {
        integers[i] = (int32_t)((uint32_t)i * 0x3456789u);
        reals[i] = (float)i / 3 - 7;
    }
    for (size_t t = 0; t < 5; t++)
        for (size_t s = 0; s < sizeof(shapes) / sizeof(shapes[0]); s++) {
            const struct assay_data_array inputs[] = {
                array_of(types[t], shapes[s], types[t] == T(F32) ? (const void *)reals : integers),
                array_of(T(F32), (struct assay_shape){2, {shapes[s].dims[0], 4}}, reals)};
            struct assay_dataset dataset = {
                .name = "", .samples = (size_t)shapes[s].dims[0], .input_count = 1, .inputs = inputs};
            round_trip(&dataset, "a.npy");
            round_trip(&dataset, "a.npz");
            dataset.input_count = 2;
            round_trip(&dataset, "b.npz");
            const struct assay_data_array label =
                array_of(T(I32), (struct assay_shape){1, {shapes[s].dims[0]}}, classes);
            dataset.task = ASSAY_TASK_CLASSIFICATION;
            dataset.classes = 7;
            dataset.labels = &label;
            round_trip(&dataset, "c.npz");
            dataset.task = ASSAY_TASK_REGRESSION;
            dataset.classes = 0;
            dataset.labels = &inputs[1];
            round_trip(&dataset, "d.npz");
            struct assay_model_error error = {{0}};
            EXPECT(!assay_dataset_export(&dataset, at("e.npy"), &error) && strstr(error.text, "2 inputs"), "%s",
                   error.text);
            EXPECT(!assay_dataset_export(&dataset, at("e.txt"), &error) && strstr(error.text, "neither"), "%s",
                   error.text);
        }
}

/* An archive with one member, packed as told. */
static void put_archive(const char *member, const void *bytes, size_t size, zip_int32_t method)
{
    int code;
    zip_t *zip = zip_open(at("z.npz"), ZIP_CREATE | ZIP_TRUNCATE, &code);
    zip_source_t *source = zip ? zip_source_buffer(zip, bytes, size, 0) : NULL;
    const zip_int64_t index = source ? zip_file_add(zip, member, source, 0) : -1;
    if (index < 0 || zip_set_file_compression(zip, (zip_uint64_t)index, method, 0) != 0 || zip_close(zip) != 0) {
        fprintf(stderr, "no archive was made\n");
        exit(1);
    }
}

static void refuse_archive(size_t limit, const struct assay_import_options *more, const char *words)
{
    struct assay_import_options options = more ? *more : (struct assay_import_options){0};
    struct assay_model_error error = {{0}};
    options.memory_limit = limit;
    struct assay_dataset *dataset = assay_dataset_import(at("z.npz"), &options, &error);
    EXPECT(!dataset, "accepted, but: %s", words);
    EXPECT(dataset || strstr(error.text, words), "not '%s' but '%s'", words, error.text);
    EXPECT(dataset || strstr(error.text, "z.npz"), "no path in '%s'", error.text);
    assay_imported_free(dataset);
}

/* Every byte of an archive changed, one bit at a time, and the archive cut: read, or refused in a line. */
static void damage_archive(void)
{
    char good[4096], bad[4096];
    FILE *file = fopen(at("z.npz"), "rb");
    const size_t size = file ? fread(good, 1, sizeof(good), file) : 0;
    EXPECT(file && size > 100 && size < sizeof(good), "an archive of %zu bytes", size);
    if (file)
        fclose(file);
    size_t refused = 0;
    for (size_t i = 0; i < 9 * size; i++) {
        memcpy(bad, good, size);
        bad[i % size] ^= (char)(i < 8 * size ? 1 << i / size : 0);
        file = fopen(at("z.npz"), "wb");
        const size_t length = i < 8 * size ? size : i % size;
        EXPECT(file && fwrite(bad, 1, length, file) == length, "not written");
        if (file)
            fclose(file);
        struct assay_model_error error = {{0}};
        const struct assay_import_options options = {.memory_limit = 1 << 16};
        struct assay_dataset *dataset = assay_dataset_import(at("z.npz"), &options, &error);
        EXPECT(dataset || error.text[0], "neither read nor refused");
        refused += !dataset;
        assay_imported_free(dataset);
    }
    EXPECT(refused > 2 * size, "only %zu of %zu damaged archives were refused", refused, 9 * size);
}

static void check_archives(void)
{
    static char zeros[1 << 16];
    size_t size;
    unsigned char *file = make(1, header_of("|u1", "(4, 16384)"), zeros, sizeof(zeros), &size);
    struct assay_import_options options = {0};
    put_archive("x.npy", file, size, ZIP_CM_DEFLATE);
    refuse_archive(1000, NULL, "above the limit");
    options.input_names[0] = "y";
    options.input_count = 1;
    refuse_archive(1 << 20, &options, "is not there; there are: x");
    options.input_count = 0;
    options.label_name = "truth";
    refuse_archive(1 << 20, &options, "truth: is not there");
    put_archive("x.npy", file, size - 1, ZIP_CM_DEFLATE);
    refuse_archive(1 << 20, NULL, "makes 65536 bytes");
    put_archive("notes.txt", file, size, ZIP_CM_STORE);
    refuse_archive(1 << 20, NULL, "neither x nor images");
    put_archive("arr_0.npy", file, size, ZIP_CM_STORE);
    struct assay_model_error error = {{0}};
    options = (struct assay_import_options){.memory_limit = 1 << 20};
    struct assay_dataset *only = assay_dataset_import(at("z.npz"), &options, &error);
    EXPECT(only && only->samples == 4, "the only member is not taken: %s", error.text);
    assay_imported_free(only);
    free(file);
    file = make(1, header_of("|u1", "(4, 20)"), zeros, 80, &size);
    put_archive("x.npy", file, size, ZIP_CM_DEFLATE);
    damage_archive();
    free(file);
    unlink(at("z.npz"));
    refuse_archive(1 << 20, NULL, "cannot be opened");
}

int main(void)
{
    if (!mkdtemp(folder)) {
        perror(folder);
        return 1;
    }
    check_types();
    check_hostile();
    check_round_trips();
    check_archives();
    EXPECT(rmdir(folder) == 0, "files were left in %s", folder);
    return failures != 0;
}
