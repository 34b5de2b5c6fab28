/* The dataset "shapes": small colour images, drawn by number. Five classes are told by their outline, five by their
 * texture. Position, size, angle, colours, contrast, light and noise differ from image to image; half of the images are
 * partly hidden by a bar, and one in sixteen has a glaring spot far above the range of the others, as a sensor has
 * it that looks into a lamp. */
#ifndef ASSAY_MODELS_ZOO_SHAPES_H
#define ASSAY_MODELS_ZOO_SHAPES_H

#include <stddef.h>
#include <stdint.h>

enum {
    ASSAY_SHAPES_SIZE = 24, /* height and width */
    ASSAY_SHAPES_CHANNELS = 3,
    ASSAY_SHAPES_FLOATS = ASSAY_SHAPES_SIZE * ASSAY_SHAPES_SIZE * ASSAY_SHAPES_CHANNELS,
    ASSAY_SHAPES_CLASSES = 10,
};

/* Sets of images that have none in common. */
enum assay_shapes_set { ASSAY_SHAPES_TRAIN, ASSAY_SHAPES_CALIBRATION, ASSAY_SHAPES_TEST };

/* Of each image: the classes take turns, so that any ten neighbours hold each once. */
static inline int32_t assay_shapes_label(size_t index)
{
    return (int32_t)(index % ASSAY_SHAPES_CLASSES);
}

const char *assay_shapes_class_name(size_t label); /* "disc" …; NULL out of range */

/* Draws image `index` of a set: ASSAY_SHAPES_FLOATS numbers, height x width x channel, mostly in [-1.5, 1.5]. */
void assay_shapes_draw(uint64_t seed, enum assay_shapes_set set, size_t index, float *image);

#endif
