#include "models/ops/move.h"

#include <string.h>

static bool is_empty(const struct assay_shape *shape)
{
    for (size_t d = 0; d < shape->rank; d++) {
        if (shape->dims[d] == 0)
            return true;
    }
    return false;
}

/* Of a shape without a 0, whose count fits: then so does every step. */
static void dense_steps(const struct assay_shape *shape, size_t element, ptrdiff_t *step)
{
    ptrdiff_t bytes = (ptrdiff_t)element;
    for (size_t d = shape->rank; d-- > 0;) {
        step[d] = bytes;
        bytes *= shape->dims[d];
    }
}

struct assay_move assay_move_of(const struct assay_shape *shape, const struct assay_shape *in,
                                const struct assay_shape *out, size_t element)
{
    struct assay_move move = {.rank = shape->rank};
    if (is_empty(shape) || is_empty(in) || is_empty(out))
        return move;
    move.run = element;
    for (size_t d = 0; d < shape->rank; d++)
        move.size[d] = (size_t)shape->dims[d];
    dense_steps(in, element, move.in_step);
    dense_steps(out, element, move.out_step);
    return move;
}

void assay_move_fold(struct assay_move *move)
{
    size_t kept = 0;
    for (size_t d = 0; d < move->rank; d++) {
        const ptrdiff_t size = (ptrdiff_t)move->size[d];
        if (size == 1)
            continue;
        const bool joins = kept > 0 && move->in_step[kept - 1] == size * move->in_step[d] &&
                           move->out_step[kept - 1] == size * move->out_step[d];
        const size_t to = joins ? kept - 1 : kept;
        move->size[to] = joins ? move->size[to] * move->size[d] : move->size[d];
        move->in_step[to] = move->in_step[d];
        move->out_step[to] = move->out_step[d];
        kept = to + 1;
    }
    const ptrdiff_t run = (ptrdiff_t)move->run;
    if (kept > 0 && move->in_step[kept - 1] == run && move->out_step[kept - 1] == run)
        move->run *= move->size[--kept];
    move->rank = kept;
}

/* One line of runs. Runs of one element have a constant size in the call, so that they become a load and a store. */
static void copy_line(const char *in, char *out, size_t count, ptrdiff_t in_step, ptrdiff_t out_step, size_t run)
{
#define COPY_EACH(bytes)                             \
    for (ptrdiff_t i = 0; i < (ptrdiff_t)count; i++) \
    memcpy(out + i * out_step, in + i * in_step, (bytes))
    switch (run) {
    case 1:
        COPY_EACH(1);
        break;
    case 2:
        COPY_EACH(2);
        break;
    case 4:
        COPY_EACH(4);
        break;
    case 8:
        COPY_EACH(8);
        break;
    default:
        COPY_EACH(run);
    }
#undef COPY_EACH
}

static void copy_dimensions(const struct assay_move *move, size_t d, const char *in, char *out)
{
    if (d + 1 == move->rank) {
        copy_line(in, out, move->size[d], move->in_step[d], move->out_step[d], move->run);
        return;
    }
    for (size_t i = 0; i < move->size[d]; i++)
        copy_dimensions(move, d + 1, in + (ptrdiff_t)i * move->in_step[d], out + (ptrdiff_t)i * move->out_step[d]);
}

void assay_move_run(const struct assay_move *move, const void *in, void *out)
{
    if (move->run == 0)
        return;
    const char *from = (const char *)in + move->in_offset;
    char *to = (char *)out + move->out_offset;
    if (move->rank == 0)
        memcpy(to, from, move->run);
    else
        copy_dimensions(move, 0, from, to);
}
