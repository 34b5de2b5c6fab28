#include "models/zoo/shapes.h"
#include "models/zoo/random.h"

#include <math.h>
#include <stdbool.h>

enum label { DISC, RING, SQUARE, CROSS, TRIANGLE, STRIPES_H, STRIPES_V, STRIPES_D, CHECKER, DOTS };

static const char *const names[ASSAY_SHAPES_CLASSES] = {
    "disc",    "ring", "square", "cross", "triangle", "horizontal stripes", "vertical stripes", "diagonal stripes",
    "checker", "dots"};

const char *assay_shapes_class_name(size_t label)
{
    return label < ASSAY_SHAPES_CLASSES ? names[label] : NULL;
}

/* What an image shows; lengths are in pixels, from the image's middle. */
struct scene {
    enum label label;
    float x, y, radius, cosine, sine; /* where the figure is, and how it is turned */
    float period, phase_x, phase_y;   /* of a texture */
    float figure[ASSAY_SHAPES_CHANNELS], ground[ASSAY_SHAPES_CHANNELS], slope_x, slope_y;
    float bar_at, bar_half, bar_cosine, bar_sine, bar[ASSAY_SHAPES_CHANNELS]; /* bar_half < 0: no bar */
    float glare, glare_x, glare_y, glare_radius;                              /* glare 0: none */
    float light, noise;
};

static const float degree = 3.14159265f / 180;

/* How far a figure of a class may be turned from upright. */
static float draw_angle(enum label label, struct assay_zoo_random *random)
{
    const float tilt = assay_zoo_uniform(random, -17 * degree, 17 * degree);
    switch (label) {
    case STRIPES_H:
    case CHECKER:
    case DOTS:
        return tilt;
    case STRIPES_V:
        return tilt + 90 * degree;
    case STRIPES_D:
        return tilt + (assay_zoo_next(random) & 1 ? 45 : -45) * degree;
    default:
        return assay_zoo_uniform(random, 0, 360 * degree);
    }
}

static void choose_colours(struct scene *s, struct assay_zoo_random *random)
{
    const float contrast = assay_zoo_uniform(random, 0.4f, 1.4f), sign = assay_zoo_next(random) & 1 ? 1 : -1;
    for (size_t c = 0; c < ASSAY_SHAPES_CHANNELS; c++) {
        s->ground[c] = assay_zoo_uniform(random, -0.6f, 0.6f);
        s->figure[c] = s->ground[c] + sign * contrast * assay_zoo_uniform(random, 0.4f, 1);
        s->bar[c] = assay_zoo_uniform(random, -1, 1);
    }
    s->slope_x = assay_zoo_uniform(random, -0.03f, 0.03f);
    s->slope_y = assay_zoo_uniform(random, -0.03f, 0.03f);
    s->light = assay_zoo_uniform(random, -0.2f, 0.2f);
    s->noise = assay_zoo_uniform(random, 0.02f, 0.2f);
}

static void choose_disturbances(struct scene *s, struct assay_zoo_random *random)
{
    const float half = ASSAY_SHAPES_SIZE * 0.5f, angle = assay_zoo_uniform(random, 0, 180 * degree);
    const bool hidden = assay_zoo_next(random) & 1, glaring = assay_zoo_next(random) % 16 == 0;
    s->bar_at = assay_zoo_uniform(random, -0.7f * half, 0.7f * half);
    s->bar_half = hidden ? assay_zoo_uniform(random, 1, 2.5f) : -1;
    s->bar_cosine = cosf(angle);
    s->bar_sine = sinf(angle);
    s->glare = glaring ? assay_zoo_uniform(random, 4, 24) : 0;
    s->glare_x = assay_zoo_uniform(random, -half, half);
    s->glare_y = assay_zoo_uniform(random, -half, half);
    s->glare_radius = assay_zoo_uniform(random, 1, 3);
}

static struct scene choose_scene(enum label label, struct assay_zoo_random *random)
{
    struct scene s = {.label = label};
    const bool texture = label >= STRIPES_H;
    const float angle = draw_angle(label, random);
    s.cosine = cosf(angle);
    s.sine = sinf(angle);
    s.radius = texture ? assay_zoo_uniform(random, 8, 16) : assay_zoo_uniform(random, 6, 11);
    s.x = assay_zoo_uniform(random, -3, 3);
    s.y = assay_zoo_uniform(random, -3, 3);
    s.period = assay_zoo_uniform(random, 3.5f, 7);
    s.phase_x = assay_zoo_uniform(random, 0, 1);
    s.phase_y = assay_zoo_uniform(random, 0, 1);
    choose_colours(&s, random);
    choose_disturbances(&s, random);
    return s;
}

/* Not hypotf(): a square root is the same on every machine. */
static float length(float x, float y)
{
    return sqrtf(x * x + y * y);
}

static float larger(float a, float b)
{
    return a > b ? a : b;
}

static float smaller(float a, float b)
{
    return a < b ? a : b;
}

/* The share of a pixel inside of an edge that is `distance` away (inside: negative). */
static float share(float distance)
{
    return smaller(larger(0.5f - distance, 0), 1);
}

static float box(float x, float y, float half_width, float half_height)
{
    return larger(fabsf(x) - half_width, fabsf(y) - half_height);
}

/* Distance to a figure's edge. */
static float outline(const struct scene *s, float x, float y)
{
    const float r = s->radius;
    switch (s->label) {
    case DISC:
        return length(x, y) - 0.85f * r;
    case RING:
        return fabsf(length(x, y) - 0.75f * r) - 0.22f * r;
    case SQUARE:
        return box(x, y, 0.75f * r, 0.75f * r);
    case CROSS:
        return smaller(box(x, y, r, 0.27f * r), box(x, y, 0.27f * r, r));
    default: /* TRIANGLE */
        return larger(-y, 0.8660254f * fabsf(x) + 0.5f * y) - 0.55f * r;
    }
}

/* Distance to the edge of a stripe. */
static float stripe(float x, float period, float phase)
{
    const float at = x / period + phase, from_middle = fabsf(at - floorf(at) - 0.5f);
    return (from_middle - 0.25f) * period;
}

/* A texture's share of a pixel. */
static float texture(const struct scene *s, float x, float y)
{
    const float down = share(stripe(y, s->period, s->phase_y));
    if (s->label < CHECKER)
        return down;
    const float across = share(stripe(x, s->period, s->phase_x));
    if (s->label == CHECKER)
        return down + across - 2 * down * across;
    const float column = x / s->period + s->phase_x, row = y / s->period + s->phase_y;
    const float dx = column - floorf(column) - 0.5f, dy = row - floorf(row) - 0.5f;
    return share((length(dx, dy) - 0.32f) * s->period);
}

/* The figure's share of the pixel at (x, y). */
static float coverage(const struct scene *s, float x, float y)
{
    const float dx = x - s->x, dy = y - s->y;
    const float across = s->cosine * dx + s->sine * dy, down = s->cosine * dy - s->sine * dx;
    if (s->label < STRIPES_H)
        return share(outline(s, across, down));
    return texture(s, across, down) * share(length(dx, dy) - s->radius);
}

static float glare(const struct scene *s, float x, float y)
{
    if (s->glare <= 0)
        return 0;
    const float dx = (x - s->glare_x) / s->glare_radius, dy = (y - s->glare_y) / s->glare_radius;
    return s->glare / (1 + (dx * dx + dy * dy) * (dx * dx + dy * dy));
}

static void draw_pixel(const struct scene *s, float x, float y, struct assay_zoo_random *random, float *pixel)
{
    const float figure = coverage(s, x, y),
                bar = share(fabsf(s->bar_cosine * x + s->bar_sine * y - s->bar_at) - s->bar_half);
    const float light = s->light + s->slope_x * x + s->slope_y * y, spot = glare(s, x, y);
    for (size_t c = 0; c < ASSAY_SHAPES_CHANNELS; c++) {
        float value = s->ground[c] + figure * (s->figure[c] - s->ground[c]) + light;
        if (s->bar_half > 0)
            value += bar * (s->bar[c] - value);
        pixel[c] = value + spot + s->noise * assay_zoo_normal(random);
    }
}

void assay_shapes_draw(uint64_t seed, enum assay_shapes_set set, size_t index, float *image)
{
    struct assay_zoo_random random = assay_zoo_random(seed, set, index);
    const struct scene scene = choose_scene((enum label)assay_shapes_label(index), &random);
    const float middle = (ASSAY_SHAPES_SIZE - 1) * 0.5f;
    for (size_t row = 0; row < ASSAY_SHAPES_SIZE; row++)
        for (size_t column = 0; column < ASSAY_SHAPES_SIZE; column++, image += ASSAY_SHAPES_CHANNELS)
            draw_pixel(&scene, (float)column - middle, (float)row - middle, &random, image);
}
