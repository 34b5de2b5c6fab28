/* The drawn images: the same for the same number, others for others, as many of each class. */
#include "models/zoo/shapes.h"
#include "models/zoo/random.h"
#include "tests/core/expect.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { IMAGES = 2000 };

static void test_random(void)
{
    enum { DRAWS = 100000 };
    struct assay_zoo_random random = assay_zoo_random(1, 2, 3), again = random;
    double sum = 0, squares = 0;
    size_t outside = 0, different = 0;
    for (size_t i = 0; i < DRAWS; i++) {
        const float uniform = assay_zoo_uniform(&random, -2, 3), normal = assay_zoo_normal(&random);
        outside += !(uniform >= -2 && uniform < 3);
        sum += (double)normal;
        squares += (double)normal * (double)normal;
        different += uniform != assay_zoo_uniform(&again, -2, 3) || normal != assay_zoo_normal(&again);
    }
    EXPECT(outside == 0, "%zu uniform numbers are out of range", outside);
    EXPECT(different == 0, "%zu numbers differ the second time", different);
    /* Five standard errors. */
    EXPECT(fabs(sum / DRAWS) < 5 / sqrt(DRAWS), "mean %g", sum / DRAWS);
    EXPECT(fabs(squares / DRAWS - 1) < 5 * sqrt(2.0 / DRAWS), "variance %g", squares / DRAWS);
}

static int by_bytes(const void *a, const void *b)
{
    return memcmp(a, b, ASSAY_SHAPES_FLOATS * sizeof(float));
}

static void test_numbering(void)
{
    float a[ASSAY_SHAPES_FLOATS], b[ASSAY_SHAPES_FLOATS];
    const struct {
        uint64_t seed;
        enum assay_shapes_set set;
        size_t index;
    } others[] = {{2, ASSAY_SHAPES_TEST, 700},
                  {1, ASSAY_SHAPES_TRAIN, 700},
                  {1, ASSAY_SHAPES_CALIBRATION, 700},
                  {1, ASSAY_SHAPES_TEST, 710}};
    assay_shapes_draw(1, ASSAY_SHAPES_TEST, 700, a);
    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
        assay_shapes_draw(others[i].seed, others[i].set, others[i].index, b);
        EXPECT(by_bytes(a, b) != 0, "image %zu of the others is the same", i);
    }
    assay_shapes_draw(1, ASSAY_SHAPES_TEST, 700, b);
    EXPECT(by_bytes(a, b) == 0, "image 700 differs the second time");
}

/* No image is in two sets, none twice in one. */
static void test_sets(void)
{
    const size_t floats = ASSAY_SHAPES_FLOATS;
    float *images = calloc((size_t)3 * IMAGES, floats * sizeof(*images));
    if (!images)
        abort();
    for (size_t set = 0; set < 3; set++)
        for (size_t i = 0; i < IMAGES; i++)
            assay_shapes_draw(1, (enum assay_shapes_set)set, i, images + (set * IMAGES + i) * floats);
    qsort(images, (size_t)3 * IMAGES, floats * sizeof(*images), by_bytes);
    size_t twins = 0;
    for (size_t i = 1; i < (size_t)3 * IMAGES; i++)
        twins += by_bytes(images + (i - 1) * floats, images + i * floats) == 0;
    EXPECT(twins == 0, "%zu images are there twice", twins);
    free(images);
}

static void test_contents(void)
{
    size_t counts[ASSAY_SHAPES_CLASSES] = {0}, wild = 0, glaring = 0;
    float image[ASSAY_SHAPES_FLOATS];
    for (size_t i = 0; i < IMAGES; i++) {
        assay_shapes_draw(5, ASSAY_SHAPES_TEST, i, image);
        const int32_t label = assay_shapes_label(i);
        EXPECT(label >= 0 && label < ASSAY_SHAPES_CLASSES, "label %d", (int)label);
        counts[label]++;
        float most = 0;
        for (size_t j = 0; j < ASSAY_SHAPES_FLOATS; j++) {
            wild += !isfinite(image[j]) || fabsf(image[j]) > 40;
            most = image[j] > most ? image[j] : most;
        }
        glaring += most > 4;
    }
    for (size_t c = 0; c < ASSAY_SHAPES_CLASSES; c++) {
        EXPECT(counts[c] == IMAGES / ASSAY_SHAPES_CLASSES, "%zu images of class %zu", counts[c], c);
        EXPECT(assay_shapes_class_name(c) != NULL, "class %zu has no name", c);
    }
    EXPECT(assay_shapes_class_name(ASSAY_SHAPES_CLASSES) == NULL, "a name past the last class");
    EXPECT(wild == 0, "%zu pixels are out of all range", wild);
    /* A glare in 1 of 16, from 4 to 24, its middle anywhere: most of them, and no other image, reach 4. */
    EXPECT(glaring > IMAGES / 32 && glaring < IMAGES / 12, "%zu images of %d are glaring", glaring, (int)IMAGES);
}

int main(void)
{
    test_random();
    test_numbering();
    test_sets();
    test_contents();
    return expect_report();
}
