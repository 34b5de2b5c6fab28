#include "reports/tests/labelled.h"

#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>

const char *labelled_shape_name(enum labelled_shape shape)
{
    static const char *const names[LABELLED_SHAPES] = {
        [LABELLED_FLAT] = "flat",     [LABELLED_STEP] = "step",     [LABELLED_VISIT] = "visit",
        [LABELLED_STAIRS] = "stairs", [LABELLED_RECENT] = "recent", [LABELLED_RAMP] = "ramp",
    };
    return names[shape];
}

const char *labelled_noise_name(enum labelled_noise noise)
{
    static const char *const names[LABELLED_NOISES] = {
        [LABELLED_EVEN] = "even", [LABELLED_OUTLIERS] = "outliers", [LABELLED_MODES] = "slow modes"};
    return names[noise];
}

static size_t between(gsl_rng *rng, size_t low, size_t high)
{
    return low + gsl_rng_uniform_int(rng, high - low + 1);
}

static void place_changes(struct labelled *s, enum labelled_shape shape, gsl_rng *rng)
{
    s->count = between(rng, 40, 120);
    switch (shape) {
    case LABELLED_STEP:
        s->changes = 1;
        s->change[0] = between(rng, 10, s->count - 10);
        break;
    case LABELLED_VISIT:
        s->changes = 2;
        s->change[0] = between(rng, 10, s->count - 30);
        s->change[1] = s->change[0] + between(rng, 10, 20);
        break;
    case LABELLED_STAIRS:
        s->changes = 3;
        s->count = between(rng, 110, 160);
        for (size_t i = 0; i < s->changes; i++)
            s->change[i] = (i + 1) * s->count / 4 + between(rng, 0, 4) - 2;
        break;
    case LABELLED_RECENT:
        s->changes = 1;
        s->change[0] = s->count - 5;
        break;
    default:
        break;
    }
}

/* The level relative to the first night's. */
static double level_at(const struct labelled *s, enum labelled_shape shape, double size, size_t night)
{
    if (shape == LABELLED_RAMP)
        return 1 + size * (double)night / (double)(s->count - 1);
    double level = 1;
    for (size_t i = 0; i < s->changes && s->change[i] <= night; i++)
        level = shape == LABELLED_VISIT && i == 1 ? 1 : level * (1 + size);
    return level;
}

static double noise_at(enum labelled_noise noise, gsl_rng *rng)
{
    double factor = 1 + gsl_ran_gaussian(rng, 0.01);
    if (noise == LABELLED_OUTLIERS && gsl_rng_uniform(rng) < 0.05)
        factor *= 1.05 + 0.95 * gsl_rng_uniform(rng);
    if (noise == LABELLED_MODES && gsl_rng_uniform(rng) < 0.2)
        factor *= 1.08;
    return factor;
}

struct labelled labelled_series(enum labelled_shape shape, enum labelled_noise noise, double size, unsigned long seed)
{
    struct labelled s = {0};
    gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
    gsl_rng_set(rng, seed);
    place_changes(&s, shape, rng);
    if (gsl_rng_uniform(rng) < 0.5)
        size = 1 / (1 + size) - 1; /* down by as much */
    for (size_t night = 0; night < s.count; night++)
        s.value[night] = 1000 * level_at(&s, shape, size, night) * noise_at(noise, rng);
    gsl_rng_free(rng);
    return s;
}
