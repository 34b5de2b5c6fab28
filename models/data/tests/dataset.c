/* Datasets: what is written is read back, files made by hand byte by byte, hostile ones, and how samples become the
 * inputs of a network. */
#include "models/data/dataset.h"
#include "models/tests/expect.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char folder[] = "/tmp/assay-dataset-XXXXXX", path[64];

static void put_file(const void *bytes, size_t size)
{
    FILE *file = fopen(path, "wb");
    if (!file || fwrite(bytes, 1, size, file) != size || fclose(file) != 0) {
        perror(path);
        exit(1);
    }
}

/* The file is refused, with the path first and these words. */
static void expect_refused(const char *words)
{
    struct assay_model_error error = {{0}};
    struct assay_dataset *dataset = assay_dataset_open(path, &error);
    EXPECT(!dataset, "accepted, but: %s", words);
    EXPECT(dataset || strncmp(error.text, path, strlen(path)) == 0, "no path in: %s", error.text);
    EXPECT(dataset || strstr(error.text, words), "not '%s' but: %s", words, error.text);
    EXPECT(dataset || !strchr(error.text, '\n'), "more than a line: %s", error.text);
    assay_dataset_close(dataset);
}

/* A file from the text of its header and its arrays' bytes. */
static void put(const char *header, const void *data, size_t size)
{
    const size_t text = strlen(header), length = (16 + text + 63) / 64 * 64 - 16;
    char *bytes = malloc(16 + length + size);
    memcpy(bytes, "ASSAYDS1", 8);
    for (int i = 0; i < 8; i++)
        bytes[8 + i] = (char)((uint64_t)length >> (8 * i));
    memset(bytes + 16, ' ', length);
    memcpy(bytes + 16, header, text);
    memcpy(bytes + 16 + length, data, size);
    put_file(bytes, 16 + length + size);
    free(bytes);
}

static bool same_array(const struct assay_data_array *a, const struct assay_data_array *b)
{
    return a->type == b->type && assay_shape_equal(&a->shape, &b->shape) && strcmp(a->name, b->name) == 0 &&
           a->bytes == b->bytes && memcmp(a->data, b->data, a->bytes) == 0;
}

static void check_same(const struct assay_dataset *a, const struct assay_dataset *b)
{
    EXPECT(strcmp(a->name, b->name) == 0 && a->task == b->task && a->samples == b->samples &&
               a->classes == b->classes && a->input_count == b->input_count && !a->labels == !b->labels,
           "%s: another dataset came back", a->name);
    for (size_t i = 0; i < a->input_count && i < b->input_count; i++) {
        EXPECT(same_array(&a->inputs[i], &b->inputs[i]), "%s: input %zu differs", a->name, i);
        EXPECT((uintptr_t)b->inputs[i].data % 64 == 0, "input %zu is not aligned", i);
    }
    EXPECT(!a->labels || !b->labels || same_array(a->labels, b->labels), "%s: labels differ", a->name);
}

static void round_trip(const struct assay_dataset *dataset)
{
    struct assay_model_error error = {{0}};
    EXPECT(assay_dataset_write(dataset, path, &error), "not written: %s", error.text);
    struct assay_dataset *back = assay_dataset_open(path, &error);
    EXPECT(back, "not read: %s", error.text);
    if (back)
        check_same(dataset, back);
    assay_dataset_close(back);
}

static const enum assay_tensor_type types[] = {ASSAY_TENSOR_F32, ASSAY_TENSOR_I8, ASSAY_TENSOR_U8, ASSAY_TENSOR_I16,
                                               ASSAY_TENSOR_I32};

static struct assay_data_array array_of(const char *name, enum assay_tensor_type type, struct assay_shape shape,
                                        const void *data)
{
    size_t count = 0;
    assay_shape_count(&shape, &count);
    return (struct assay_data_array){name, type, shape, data, count * assay_tensor_type_size(type)};
}

/* Every type with shapes of every rank: scalars for samples, one sample, odd sizes. */
static void check_round_trips(void)
{
    static const struct assay_shape shapes[] = {{1, {1}},
                                                {1, {7}},
                                                {2, {3, 1}},
                                                {2, {1, 65}},
                                                {3, {2, 3, 5}},
                                                {4, {5, 3, 3, 1}},
                                                {8, {2, 1, 2, 1, 2, 1, 2, 3}}};
    static float reals[128];
    static int32_t integers[128];
    for (int i = 0; i < 128; i++) {
        reals[i] = ldexpf((float)(i * 37 % 128 - 64), i % 60 - 30);
        integers[i] = (int32_t)((uint32_t)i * 0x1234567u);
    }
    for (size_t t = 0; t < 5; t++)
        for (size_t s = 0; s < sizeof(shapes) / sizeof(shapes[0]); s++) {
            const void *data = types[t] == ASSAY_TENSOR_F32 ? (const void *)reals : integers;
            const struct assay_data_array inputs[] = {
                array_of("eins", types[t], shapes[s], data),
                array_of("zwei \xc3\xbc\"\\\n", types[(t + 1) % 5], (struct assay_shape){2, {shapes[s].dims[0], 3}},
                         types[(t + 1) % 5] == ASSAY_TENSOR_F32 ? (const void *)reals : integers)};
            struct assay_dataset dataset = {.name = "n", .samples = (size_t)shapes[s].dims[0], .inputs = inputs};
            dataset.input_count = 1 + s % 2;
            round_trip(&dataset);
            const struct assay_data_array reals_label = array_of("label", ASSAY_TENSOR_F32, shapes[s], reals);
            dataset.task = ASSAY_TASK_REGRESSION;
            dataset.labels = &reals_label;
            round_trip(&dataset);
        }
    static const int32_t classes[] = {0, 2, 1, 1, 0};
    const struct assay_data_array input = array_of("", ASSAY_TENSOR_I8, (struct assay_shape){2, {5, 3}}, integers);
    const struct assay_data_array label = array_of("y", ASSAY_TENSOR_I32, (struct assay_shape){1, {5}}, classes);
    struct assay_dataset dataset = {"", ASSAY_TASK_CLASSIFICATION, 5, 3, 1, &input, &label, NULL};
    round_trip(&dataset);
    dataset.classes = 1000;
    round_trip(&dataset);
}

static void expect_unwritten(const struct assay_dataset *dataset, const char *words)
{
    struct assay_model_error error = {{0}};
    struct stat status;
    unlink(path);
    EXPECT(!assay_dataset_write(dataset, path, &error), "written, but: %s", words);
    EXPECT(strstr(error.text, words), "not '%s' but: %s", words, error.text);
    EXPECT(stat(path, &status) != 0, "a file was left: %s", words);
}

/* What is no dataset is not written, and what was there stays. */
static void check_refused_writes(void)
{
    static float reals[6] = {1, 2, 3, 4, 5, 6};
    static int32_t labels[3] = {0, 1, 2};
    struct assay_data_array input = array_of("x", ASSAY_TENSOR_F32, (struct assay_shape){2, {3, 2}}, reals);
    struct assay_data_array label = array_of("y", ASSAY_TENSOR_I32, (struct assay_shape){1, {3}}, labels);
    const struct assay_dataset good = {"d", ASSAY_TASK_CLASSIFICATION, 3, 3, 1, &input, &label, NULL};
    struct assay_dataset bad = good;
    bad.samples = 0;
    expect_unwritten(&bad, "0 samples");
    bad.samples = 2;
    expect_unwritten(&bad, "first dimension is 3");
    bad = good;
    bad.input_count = 0;
    expect_unwritten(&bad, "0 inputs");
    bad = good;
    bad.classes = 2;
    expect_unwritten(&bad, "sample 2 is of class 2");
    bad.classes = 1;
    expect_unwritten(&bad, "2 classes or more");
    bad = good;
    bad.labels = NULL;
    expect_unwritten(&bad, "needs labels");
    bad = good;
    bad.task = ASSAY_TASK_NONE;
    expect_unwritten(&bad, "no classes");
    bad.classes = 0;
    expect_unwritten(&bad, "no labels");
    bad.task = ASSAY_TASK_REGRESSION;
    expect_unwritten(&bad, "are f32");
    bad.task = ASSAY_TASK_COUNT;
    expect_unwritten(&bad, "no such task");
    reals[5] = NAN;
    expect_unwritten(&good, "value 1 of sample 2 is not finite");
    reals[5] = 6;
    labels[0] = -1;
    expect_unwritten(&good, "sample 0 is of class -1");
    labels[0] = 0;
    input.bytes -= 4;
    expect_unwritten(&good, "24");
    input.bytes += 4;
    input.type = ASSAY_TENSOR_I64;
    expect_unwritten(&good, "type");
    input.type = ASSAY_TENSOR_F32;
    input.name = "\xff";
    expect_unwritten(&good, "UTF-8");
    input.name = "x";
    round_trip(&good);
    bad = good;
    bad.classes = 2;
    struct assay_model_error error;
    EXPECT(!assay_dataset_write(&bad, path, &error), "a bad dataset was written");
    struct assay_dataset *still = assay_dataset_open(path, &error);
    EXPECT(still, "the file that was there is gone");
    assay_dataset_close(still);
    EXPECT(!assay_dataset_write(&good, folder, &error), "a folder was written to");
    EXPECT(!assay_dataset_write(&good, "/dev/null", &error) && strstr(error.text, "regular"), "a device was replaced");
    EXPECT(!assay_dataset_write(&good, "/nowhere/at/all", &error) && strstr(error.text, "No such"), "%s", error.text);
}

#define HEAD "{\"name\":\"h\",\"task\":\"classification\",\"samples\":2,\"classes\":3,\"arrays\":["
#define INPUT "{\"role\":\"input\",\"name\":\"x\",\"type\":\"i8\",\"shape\":[2,3],\"offset\":0,\"bytes\":6}"
#define LABEL "{\"role\":\"label\",\"name\":\"y\",\"type\":\"i32\",\"shape\":[2],\"offset\":64,\"bytes\":8}"

static const char by_hand[72] = {1, 2, 3, -4, 5, 6, [64] = 2, 0, 0, 0, 1};

static void check_by_hand(void)
{
    struct assay_model_error error = {{0}};
    put(HEAD INPUT "," LABEL "],\"unknown\":{}}", by_hand, sizeof(by_hand));
    struct assay_dataset *d = assay_dataset_open(path, &error);
    EXPECT(d, "not read: %s", error.text);
    if (!d)
        return;
    EXPECT(d->task == ASSAY_TASK_CLASSIFICATION && d->samples == 2 && d->classes == 3 && d->input_count == 1,
           "the header is read wrongly");
    EXPECT(((const int8_t *)d->inputs[0].data)[3] == -4 && ((const int32_t *)d->labels->data)[0] == 2 &&
               ((const int32_t *)d->labels->data)[1] == 1,
           "the arrays are read wrongly");
    assay_dataset_close(d);
}

static void refuse_header(const char *header, const char *words)
{
    put(header, by_hand, sizeof(by_hand));
    expect_refused(words);
}

#define INPUT_OF(type, shape, offset, bytes)                                                          \
    "{\"role\":\"input\",\"name\":\"x\",\"type\":\"" type "\",\"shape\":" shape ",\"offset\":" offset \
    ",\"bytes\":" bytes "}"

static void check_hostile_headers(void)
{
    refuse_header("", "no JSON object");
    refuse_header("[]", "no JSON object");
    refuse_header("{} {}", "no JSON object");
    refuse_header("{\"name\":\"a\",\"name\":\"b\"}", "no JSON object");
    refuse_header("{\"name\":3}", "\"name\"");
    refuse_header("{\"name\":\"a\",\"task\":\"dance\"}", "\"task\" is none of");
    refuse_header("{\"name\":\"a\",\"task\":\"none\",\"samples\":-1}", "\"samples\"");
    refuse_header("{\"name\":\"a\",\"task\":\"none\",\"samples\":1,\"classes\":1e99}", "\"classes\"");
    refuse_header(HEAD "]}", "\"arrays\"");
    refuse_header(HEAD "1]}", "\"role\"");
    refuse_header(HEAD "{\"role\":\"spy\",\"name\":\"x\",\"type\":\"i8\",\"shape\":[2,3],\"offset\":0,\"bytes\":6}]}",
                  "none of input, label");
    refuse_header(HEAD INPUT_OF("i64", "[2,3]", "0", "48") "]}", "type");
    refuse_header(HEAD INPUT_OF("quad", "[2,3]", "0", "6") "]}", "type");
    refuse_header(HEAD INPUT_OF("resource", "[2,3]", "0", "0") "]}", "type");
    refuse_header(HEAD INPUT_OF("i8", "[]", "0", "1") "]}", "\"shape\"");
    refuse_header(HEAD INPUT_OF("i8", "[1,1,1,1,1,1,1,1,1]", "0", "1") "]}", "\"shape\"");
    refuse_header(HEAD INPUT_OF("i8", "[2,0]", "0", "0") "]}", "dimension 1");
    refuse_header(HEAD INPUT_OF("i8", "[2,-3]", "0", "6") "]}", "dimension 1");
    refuse_header(HEAD INPUT_OF("i8", "[2,4294967299]", "0", "6") "]}", "dimension 1");
    refuse_header(HEAD INPUT_OF("i8", "[2,\"3\"]", "0", "6") "]}", "dimension 1");
    refuse_header(HEAD INPUT_OF("i32", "[2,2147483647,2147483647,2147483647]", "0", "6") "]}", "overflows");
    refuse_header(HEAD INPUT_OF("i32", "[2,2147483647,2147483647]", "0", "6") "]}", "overflows");
    refuse_header(HEAD INPUT_OF("i8", "[2,3]", "0", "7") "]}", "\"bytes\"");
    refuse_header(HEAD INPUT_OF("i8", "[2,3]", "1", "6") "]}", "\"offset\"");
    refuse_header(HEAD INPUT_OF("i8", "[2,3]", "9223372036854775807", "6") "]}", "\"offset\"");
    refuse_header(HEAD INPUT_OF("i8", "[2,3]", "9223372036854775808", "6") "]}", "no JSON object");
    refuse_header(HEAD INPUT_OF("i8", "[2,3]", "-64", "6") "]}", "\"offset\"");
    refuse_header(HEAD INPUT_OF("i8", "[2,1073741824]", "0", "2147483648") "]}", "ends before");
    /* The second array upon the first, and far beyond. */
    refuse_header(HEAD INPUT "," INPUT "]}", "array 1: \"offset\"");
    refuse_header(HEAD INPUT "," INPUT_OF("i8", "[2,3]", "128", "6") "]}", "array 1: \"offset\"");
    refuse_header(HEAD INPUT "]}", "66 bytes follow");
    refuse_header(
        HEAD "{\"role\":\"label\",\"name\":\"x\",\"type\":\"i32\",\"shape\":[2],\"offset\":0,\"bytes\":8}," INPUT "]}",
        "array 1");
    refuse_header(HEAD INPUT_OF("i8", "[2,3]", "0", "6") "," INPUT_OF("i8", "[1,8]", "64", "8") "]}",
                  "first dimension is 1");
    refuse_header(HEAD INPUT_OF("i8", "[2,3]", "0", "6") "," INPUT_OF("i8", "[2,4]", "64", "8") "]}", "needs labels");
}

static void refuse_labels(const char *task, int classes, const char *type, const char *shape, const void *two,
                          const char *words)
{
    char header[512], data[72] = {0};
    memcpy(data + 64, two, 8);
    snprintf(header, sizeof(header),
             "{\"name\":\"h\",\"task\":\"%s\",\"samples\":2,\"classes\":%d,\"arrays\":[" INPUT
             ",{\"role\":\"label\",\"name\":\"y\",\"type\":\"%s\",\"shape\":%s,\"offset\":64,\"bytes\":8}]}",
             task, classes, type, shape);
    put(header, data, sizeof(data));
    if (words) {
        expect_refused(words);
        return;
    }
    struct assay_model_error error = {{0}};
    struct assay_dataset *dataset = assay_dataset_open(path, &error);
    EXPECT(dataset, "refused: %s", error.text);
    assay_dataset_close(dataset);
}

static void check_labels(void)
{
    const int32_t fine[2] = {0, 1}, high[2] = {0, 2}, low[2] = {INT32_MIN, 1};
    const float reals[2] = {1, -2}, infinite[2] = {1, INFINITY}, none[2] = {NAN, 0};
    refuse_labels("classification", 2, "i32", "[2]", fine, NULL);
    refuse_labels("classification", 2, "i32", "[2,1]", fine, NULL);
    refuse_labels("binary", 0, "i32", "[2]", fine, NULL);
    refuse_labels("reconstruction", 2, "i32", "[2]", fine, NULL);
    refuse_labels("regression", 0, "f32", "[2]", reals, NULL);
    refuse_labels("classification", 2, "i32", "[2]", high, "sample 1 is of class 2");
    refuse_labels("classification", 2, "i32", "[2]", low, "sample 0 is of class -2147483648");
    refuse_labels("binary", 2, "i32", "[2]", high, "sample 1 is of class 2");
    refuse_labels("binary", 3, "i32", "[2]", fine, "2 classes");
    refuse_labels("reconstruction", 0, "i32", "[2]", high, "sample 1 is of class 2");
    refuse_labels("classification", 0, "i32", "[2]", fine, "2 classes or more");
    refuse_labels("classification", 3, "f32", "[2]", reals, "are i32");
    refuse_labels("classification", 3, "i16", "[2,2]", fine, "are i32");
    refuse_labels("classification", 3, "i8", "[2,4]", fine, "are i32");
    refuse_labels("classification", 3, "i32", "[1,2]", fine, "first dimension is 1");
    refuse_labels("regression", 0, "i32", "[2]", fine, "are f32");
    refuse_labels("regression", 0, "f32", "[2]", infinite, "value 1 is not finite");
    refuse_labels("regression", 0, "f32", "[2]", none, "value 0 is not finite");
    refuse_labels("regression", 2, "f32", "[2]", reals, "no classes");
    refuse_labels("none", 0, "i32", "[2]", fine, "no labels");
}

/* A good file, cut at every length and with every byte of its front and header changed: read, or refused in a line. */
static void check_damage(void)
{
    put(HEAD INPUT "," LABEL "]}", by_hand, sizeof(by_hand));
    FILE *file = fopen(path, "rb");
    static char good[1024], bad[1024];
    const size_t size = file ? fread(good, 1, sizeof(good), file) : 0;
    EXPECT(file && size > 64 && size < sizeof(good), "the file is not as long as it should be");
    if (file)
        fclose(file);
    for (size_t cut = 0; cut < size; cut++) {
        put_file(good, cut);
        expect_refused(path);
    }
    size_t refused = 0;
    for (size_t at = 0; at < size; at++)
        for (int bit = 0; bit < 8; bit++) {
            struct assay_model_error error = {{0}};
            memcpy(bad, good, size);
            bad[at] ^= (char)(1 << bit);
            put_file(bad, size);
            struct assay_dataset *dataset = assay_dataset_open(path, &error);
            EXPECT(dataset || error.text[0], "neither read nor refused");
            refused += !dataset;
            assay_dataset_close(dataset);
        }
    EXPECT(refused > size, "only %zu damaged files were refused", refused);
    memcpy(bad, good, size);
    memset(bad + 8, 0xff, 8); /* a header as long as can be */
    put_file(bad, size);
    expect_refused("header");
    unlink(path);
    expect_refused("cannot be opened");
    if (mkfifo(path, 0600) == 0)
        expect_refused("regular");
    unlink(path);
}

/* Exact: |x / scale|, which f32 division rounds once, then ties away from zero, by integers of doubles. */
static int64_t quantized(float x, float scale, int64_t zero, int64_t low, int64_t high)
{
    const double quotient = (double)(x / scale), whole = trunc(quotient), rest = fabs(quotient - whole);
    const double rounded = whole + (rest >= 0.5 ? copysign(1, quotient) : 0);
    return rounded + (double)zero<(double)low ? low : rounded + (double)zero>(double) high ? high
                                                                                           : (int64_t)rounded + zero;
}

static void check_one_load(const struct assay_dataset *dataset, enum assay_tensor_type type, float scale, int64_t zero)
{
    const int64_t low = type == ASSAY_TENSOR_I8 ? INT8_MIN : type == ASSAY_TENSOR_U8 ? 0 : INT16_MIN;
    const int64_t high = type == ASSAY_TENSOR_I8 ? INT8_MAX : type == ASSAY_TENSOR_U8 ? UINT8_MAX : INT16_MAX;
    const size_t width = dataset->inputs[0].bytes / dataset->samples / sizeof(float);
    const struct assay_tensor tensor = {
        .name = "", .type = type, .shape = {2, {1, (int32_t)width}}, .quantization = {1, &scale, &zero, 0}};
    for (size_t first = 0; first < dataset->samples; first++)
        for (size_t count = 1; first + count <= dataset->samples; count++) {
            int16_t *to = malloc(count * width * assay_tensor_type_size(type));
            assay_dataset_load(dataset, 0, first, count, &tensor, to);
            for (size_t k = 0; k < count * width; k++) {
                const float x = ((const float *)dataset->inputs[0].data)[first * width + k];
                const int64_t q = type == ASSAY_TENSOR_I8   ? ((int8_t *)to)[k]
                                  : type == ASSAY_TENSOR_U8 ? ((uint8_t *)to)[k]
                                                            : to[k];
                const int64_t expected = quantized(x, scale, zero, low, high);
                EXPECT(q == expected, "%a / %a + %d is %d, not %d", (double)x, (double)scale, (int)zero, (int)q,
                       (int)expected);
            }
            free(to);
        }
}

static void check_loads(void)
{
    enum { SAMPLES = 5, WIDTH = 37 };
    static float values[SAMPLES * WIDTH];
    const float scales[] = {1.0f, 0.5f, 0.1f, 3.7e-3f, 1e-30f, 1e30f};
    for (int i = 0; i < SAMPLES * WIDTH; i++)
        values[i] = ((float)i - 90) * 0.5f;
    const float odd[] = {0.49999997f, -0.49999997f, 127.5f, -128.5f, 1e38f, -1e38f, INFINITY, -INFINITY, -0.0f, 1e-40f};
    memcpy(values + 100, odd, sizeof(odd));
    const struct assay_data_array input =
        array_of("x", ASSAY_TENSOR_F32, (struct assay_shape){2, {SAMPLES, WIDTH}}, values);
    const struct assay_dataset dataset = {.name = "d", .samples = SAMPLES, .input_count = 1, .inputs = &input};
    for (size_t i = 0; i < sizeof(scales) / sizeof(scales[0]); i++) {
        for (int64_t zero = -128; zero < 128; zero += 51)
            check_one_load(&dataset, ASSAY_TENSOR_I8, scales[i], zero);
        for (int64_t zero = 0; zero < 256; zero += 51)
            check_one_load(&dataset, ASSAY_TENSOR_U8, scales[i], zero);
        for (int64_t zero = -32768; zero < 32768; zero += 32768)
            check_one_load(&dataset, ASSAY_TENSOR_I16, scales[i], zero);
    }
    /* NaN, which only a file by hand can hold, is real zero. */
    values[0] = NAN;
    const float scale = 0.5f;
    const int64_t zero = -7;
    const struct assay_tensor tensor = {
        .name = "", .type = ASSAY_TENSOR_I8, .shape = {2, {1, WIDTH}}, .quantization = {1, &scale, &zero, 0}};
    int8_t to[WIDTH];
    assay_dataset_load(&dataset, 0, 0, 1, &tensor, to);
    EXPECT(to[0] == -7, "NaN became %d", to[0]);
}

static void check_fits(void)
{
    static int32_t data[64];
    const float scale = 1;
    const int64_t zero = 0;
    const struct assay_data_array inputs[] = {array_of("a", ASSAY_TENSOR_F32, (struct assay_shape){3, {4, 2, 3}}, data),
                                              array_of("b", ASSAY_TENSOR_I32, (struct assay_shape){1, {4}}, data)};
    const struct assay_dataset dataset = {.name = "d", .samples = 4, .input_count = 2, .inputs = inputs};
    struct assay_tensor tensors[] = {{.name = "", .type = ASSAY_TENSOR_F32, .shape = {4, {1, 3, 1, 2}}},
                                     {.name = "", .type = ASSAY_TENSOR_I32, .shape = {2, {9, 1}}}};
    const int32_t indexes[] = {0, 1};
    struct assay_subgraph network = {.tensor_count = 2, .input_count = 2, .tensors = tensors, .inputs = indexes};
    struct assay_model_error error = {{0}};
    EXPECT(assay_dataset_fits(&dataset, &network, &error), "%s", error.text);
    tensors[0].type = ASSAY_TENSOR_I8;
    EXPECT(!assay_dataset_fits(&dataset, &network, &error) && strstr(error.text, "takes i8"), "%s", error.text);
    tensors[0].quantization = (struct assay_tensor_quantization){1, &scale, &zero, 0};
    EXPECT(assay_dataset_fits(&dataset, &network, &error), "%s", error.text);
    tensors[0].shape.dims[1] = 4;
    EXPECT(!assay_dataset_fits(&dataset, &network, &error) && strstr(error.text, "6 elements"), "%s", error.text);
    tensors[0].shape.rank = 0;
    EXPECT(!assay_dataset_fits(&dataset, &network, &error) && strstr(error.text, "scalar"), "%s", error.text);
    network.input_count = 1;
    EXPECT(!assay_dataset_fits(&dataset, &network, &error) && strstr(error.text, "2 inputs"), "%s", error.text);
}

int main(void)
{
    if (!mkdtemp(folder)) {
        perror(folder);
        return 1;
    }
    snprintf(path, sizeof(path), "%s/set.assay", folder);
    check_round_trips();
    check_refused_writes();
    check_by_hand();
    check_hostile_headers();
    check_labels();
    check_damage();
    check_loads();
    check_fits();
    EXPECT(rmdir(folder) == 0, "temporary files were left in %s", folder);
    return failures != 0;
}
