#include "models/zoo/product.h"

#include <string.h>

/* A tile of the result stays in registers while a block of the depth is gone through. */
enum { TILE_ROWS = 4, LANES = 8, TILE_COLUMNS = 2 * LANES, DEPTH_BLOCK = 256 };

typedef zoo_real vector __attribute__((vector_size(LANES * sizeof(zoo_real))));

struct operands {
    size_t columns, depth, a_row, a_step; /* columns: of b and c, from one row to the next */
    const zoo_real *a, *b;
    zoo_real *c;
};

static inline __attribute__((always_inline)) void load(vector *v, const zoo_real *from)
{
    memcpy(v, from, sizeof(*v));
}

static inline __attribute__((always_inline)) void add_to(zoo_real *to, const vector *v)
{
    vector sum;
    load(&sum, to);
    sum += *v;
    memcpy(to, &sum, sizeof(sum));
}

static inline __attribute__((always_inline)) void whole_tile(const struct operands *o)
{
    vector left[TILE_ROWS] = {0}, right[TILE_ROWS] = {0};
    for (size_t k = 0; k < o->depth; k++) {
        vector b_left, b_right;
        load(&b_left, o->b + k * o->columns);
        load(&b_right, o->b + k * o->columns + LANES);
        for (size_t i = 0; i < TILE_ROWS; i++) {
            const zoo_real a = o->a[i * o->a_row + k * o->a_step];
            left[i] += a * b_left;
            right[i] += a * b_right;
        }
    }
    for (size_t i = 0; i < TILE_ROWS; i++) {
        add_to(o->c + i * o->columns, &left[i]);
        add_to(o->c + i * o->columns + LANES, &right[i]);
    }
}

static void edge(const struct operands *o, size_t rows, size_t columns)
{
    for (size_t i = 0; i < rows; i++)
        for (size_t j = 0; j < columns; j++) {
            zoo_real sum = 0;
            for (size_t k = 0; k < o->depth; k++)
                sum += o->a[i * o->a_row + k * o->a_step] * o->b[k * o->columns + j];
            o->c[i * o->columns + j] += sum;
        }
}

static size_t at_most(size_t count, size_t most)
{
    return count < most ? count : most;
}

ZOO_WIDE
void zoo_product(size_t rows, size_t columns, size_t depth, const zoo_real *a, size_t a_row, size_t a_step,
                 const zoo_real *b, zoo_real *c)
{
    for (size_t k = 0; k < depth; k += DEPTH_BLOCK)
        for (size_t j = 0; j < columns; j += TILE_COLUMNS)
            for (size_t i = 0; i < rows; i += TILE_ROWS) {
                const struct operands o = {.columns = columns,
                                           .depth = at_most(depth - k, DEPTH_BLOCK),
                                           .a_row = a_row,
                                           .a_step = a_step,
                                           .a = a + i * a_row + k * a_step,
                                           .b = b + k * columns + j,
                                           .c = c + i * columns + j};
                if (rows - i >= TILE_ROWS && columns - j >= TILE_COLUMNS)
                    whole_tile(&o);
                else
                    edge(&o, at_most(rows - i, TILE_ROWS), at_most(columns - j, TILE_COLUMNS));
            }
}

void zoo_transpose(size_t rows, size_t columns, const zoo_real *from, zoo_real *to)
{
    for (size_t i = 0; i < rows; i++)
        for (size_t j = 0; j < columns; j++)
            to[j * rows + i] = from[i * columns + j];
}
