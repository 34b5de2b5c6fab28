#include "reports/stats/swaps.h"

#include <math.h>
#include <stdlib.h>

/* How far apart the least times of the two sides are, and how probable that is. */
struct atom {
    double distance; /* logarithm of the ratio, >= 0 */
    double chance;
};

struct group {
    struct atom *atoms;
    size_t count;
    double observed; /* signed */
};

struct value {
    double time;
    size_t pair;
};

static int by_time(const void *a, const void *b)
{
    const struct value *x = a, *y = b;
    return (x->time > y->time) - (x->time < y->time);
}

static size_t sorted_values(const struct assay_pairs *pairs, struct value *values)
{
    for (size_t i = 0; i < pairs->count; i++) {
        values[2 * i] = (struct value){pairs->base[i], i};
        values[2 * i + 1] = (struct value){pairs->now[i], i};
    }
    qsort(values, 2 * pairs->count, sizeof(*values), by_time);
    return 2 * pairs->count;
}

static bool seen(const struct value *values, size_t count, size_t pair)
{
    for (size_t i = 0; i < count; i++)
        if (values[i].pair == pair)
            return true;
    return false;
}

/* One side has the least time of all. The other side's least is the first of the sorted times that falls to it: each
 * falls to either side with the same chance, until one comes whose partner is on the first side already. */
static void find_atoms(const struct value *values, size_t count, struct group *group)
{
    double left = 1;
    for (size_t k = 1; k < count && left > 0; k++) {
        const double chance = seen(values, k, values[k].pair) ? left : left / 2;
        group->atoms[group->count++] = (struct atom){log(values[k].time / values[0].time), chance};
        left -= chance;
    }
}

static bool make_group(const struct assay_pairs *pairs, int direction, struct group *group)
{
    double base = INFINITY, now = INFINITY;
    for (size_t i = 0; i < pairs->count; i++) {
        if (!(pairs->base[i] > 0 && isfinite(pairs->base[i]) && pairs->now[i] > 0 && isfinite(pairs->now[i])))
            return false;
        base = fmin(base, pairs->base[i]);
        now = fmin(now, pairs->now[i]);
    }
    struct value *values = calloc(2 * pairs->count + 1, sizeof(*values));
    group->atoms = calloc(2 * pairs->count + 1, sizeof(*group->atoms));
    const bool good = pairs->count > 0 && values && group->atoms;
    if (good) {
        find_atoms(values, sorted_values(pairs, values), group);
        group->observed = direction * log(now / base);
    }
    free(values);
    return good;
}

/* The chance that what the groups from here on add up to reaches `wanted`; either side may have the least time. */
static double reaching(const struct group *groups, size_t count, double wanted)
{
    static const double rounding = 1e-12;
    if (count == 0)
        return wanted <= rounding ? 1 : 0;
    double chance = 0;
    for (size_t i = 0; i < groups->count; i++) {
        const struct atom *atom = &groups->atoms[i];
        chance += atom->chance / 2 *
                  (reaching(groups + 1, count - 1, wanted - atom->distance) +
                   reaching(groups + 1, count - 1, wanted + atom->distance));
    }
    return chance;
}

double assay_swap_test(const struct assay_pairs *groups, size_t count, int direction)
{
    struct group made[ASSAY_SWAP_GROUPS] = {{0}};
    bool good = count > 0 && count <= ASSAY_SWAP_GROUPS;
    double observed = 0;
    for (size_t i = 0; good && i < count; i++) {
        good = make_group(&groups[i], direction, &made[i]);
        observed += made[i].observed;
    }
    const double p = good ? reaching(made, count, observed) : NAN;
    for (size_t i = 0; i < ASSAY_SWAP_GROUPS; i++)
        free(made[i].atoms);
    return p;
}
