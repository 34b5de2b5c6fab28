/* Ranges that threads find together: whatever the number of threads, of images and of pixels (fewer than threads, too),
 * run after run with other inputs, each thread goes on with the parameters that one pass over the whole image gives. */
#include "models/ops/layer_ranges.h"

#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_THREADS = 7, RUNS = 50, MOST_INPUTS = 4096 };

static float input[MOST_INPUTS];
static struct assay_layer_ranges ranges;
static struct assay_row_quantization seen[MOST_THREADS][3];
static pthread_barrier_t between;

static void fold(const struct assay_kernel *kernel, const float *x, size_t count, float *min, float *max)
{
    (void)kernel;
    assay_row_range(x, count, min, max);
}
static const struct assay_kernel folding = {.name = "folding", .fold_range = fold};

static struct assay_problem shape_of(size_t round)
{
    static const size_t widths[] = {1, 2, 5, 14};
    struct assay_problem p = {.op = ASSAY_OP_CONV, .mode = ASSAY_MODE_HYBRID};
    p.conv.batch = 1 + round % 3;
    p.conv.in_h = p.conv.out_h = widths[round % 4];
    p.conv.in_w = p.conv.out_w = widths[round / 4 % 4];
    p.conv.in_c = 1 + round % 5;
    p.conv.in_stride = p.conv.in_c + round % 2; /* with gaps, which hold NaN */
    p.conv.out_c = p.conv.out_stride = 1;
    return p;
}

static void fill(const struct assay_problem *p, size_t run)
{
    const struct assay_rows in = assay_problem_in_rows(p);
    for (size_t r = 0; r < in.rows; r++)
        for (size_t c = 0; c < in.stride; c++)
            input[r * in.stride + c] = c < in.columns ? (float)((r * 31 + c * 7 + run * 13) % 257) - 99.0f : NAN;
}

static struct assay_row_quantization expected(const struct assay_problem *p, size_t group)
{
    const struct assay_rows in = assay_problem_in_rows(p);
    const size_t rows = assay_problem_groups(p).rows;
    return assay_rows_quantization(NULL, input + group * rows * in.stride, rows, in.columns, in.stride);
}

static void *work(void *argument)
{
    const size_t i = (size_t)argument, bytes = ranges.problem.conv.batch * sizeof(**seen);
    for (size_t run = 0; run < RUNS; run++) {
        pthread_barrier_wait(&between); /* the input is there */
        assay_layer_ranges_share(&ranges, i);
        memcpy(seen[i], ranges.parameters, bytes);
        pthread_barrier_wait(&between);
    }
    return NULL;
}

static int check_runs(const struct assay_problem *p, size_t threads)
{
    int wrong = 0;
    for (size_t run = 0; run < RUNS; run++) {
        fill(p, run);
        pthread_barrier_wait(&between);
        pthread_barrier_wait(&between); /* all have seen the parameters */
        for (size_t i = 0; i < threads * p->conv.batch; i++) {
            const struct assay_row_quantization must = expected(p, i % p->conv.batch);
            const struct assay_row_quantization is = seen[i / p->conv.batch][i % p->conv.batch];
            wrong += is.scale != must.scale || is.zero != must.zero;
        }
    }
    if (wrong)
        fprintf(stderr, "%zu threads, %zu images of %zux%zu: %d wrong parameters\n", threads, p->conv.batch,
                p->conv.in_h, p->conv.in_w, wrong);
    return wrong;
}

static int check(const struct assay_problem *p, size_t threads)
{
    pthread_t others[MOST_THREADS];
    const size_t bytes = assay_round_up(assay_layer_ranges_bytes(p, threads), ASSAY_PACK_ALIGN);
    void *memory = aligned_alloc(ASSAY_PACK_ALIGN, bytes);
    if (!memory || pthread_barrier_init(&between, NULL, (unsigned)threads + 1) != 0)
        abort();
    memset(memory, 0, bytes);
    ranges = assay_layer_ranges_make(&folding, p, threads, memory);
    ranges.in = input;
    for (size_t i = 0; i < threads; i++)
        if (pthread_create(&others[i], NULL, work, (void *)i) != 0)
            abort();
    const int wrong = check_runs(p, threads);
    for (size_t i = 0; i < threads; i++)
        pthread_join(others[i], NULL);
    pthread_barrier_destroy(&between);
    free(memory);
    return wrong;
}

int main(void)
{
    int wrong = 0;
    for (size_t round = 0; round < 24; round++) {
        const struct assay_problem p = shape_of(round);
        wrong += check(&p, 2 + round % (MOST_THREADS - 1));
    }
    return wrong > 0;
}
