#include "kernels/spmm/sptile.h"

#include "kernels/core/caches.h"
#include "kernels/spmm/packed.h"
#include "kernels/spmm/spmm.h"

#include <string.h>

/* A panel's units have numbers of 16 bits. */
enum { MOST_UNITS = 1 << 16 };

static size_t larger(size_t a, size_t b)
{
    return a > b ? a : b;
}

/* A layer without inputs has one panel, of none. */
static size_t panels_of(size_t k, size_t panel)
{
    return k > 0 ? (k + panel - 1) / panel : 1;
}

struct layout {
    size_t mr, block_rows, block_columns; /* of a block */
    size_t block_row_count, most_blocks;
    size_t padded_k, padded_n, unit, fill;
    /* Inputs of the narrowest panel, and their number; how many panels were made is known when packing. */
    size_t panel, most_panels;
    /* Packed weights: offsets in bytes. */
    struct assay_columns columns;
    size_t panel_inputs, row_start, offset, offset_size, weight_size, block_bytes, packed_bytes;
    /* Scratch: offsets in bytes. */
    size_t x, sums, quantized, row_params, scratch_bytes;
};

static size_t or_usual(size_t value, size_t usual)
{
    return value > 0 ? value : usual;
}

/* Bytes of `inputs` inputs (whole units, but for the last) of a tile of mr rows. */
static size_t tile_bytes(const struct assay_sptile *sp, const struct layout *l, size_t mr, size_t inputs)
{
    return (inputs + l->unit - 1) / l->unit * mr * sp->input_size;
}

/* The most inputs, in whole steps, of which a tile of all rows fits its cache; half of the second level is left to the
 * weights and sums that pass through. */
static size_t narrowest_panel(const struct assay_sptile *sp, const struct layout *l)
{
    const size_t step = or_usual(sp->input_step, l->block_columns);
    if (sp->panel == ASSAY_SPTILE_WHOLE)
        return l->padded_k;
    const size_t bytes = sp->panel == ASSAY_SPTILE_L1 ? assay_caches()->l1d : assay_caches()->l2 / 2;
    const size_t most = assay_min(bytes / (l->mr * sp->input_size), MOST_UNITS);
    return larger(most * l->unit / step * step, step);
}

/* The weights stand behind the offsets of as many blocks as are kept. */
static size_t weights_at(const struct layout *l, size_t blocks)
{
    return assay_round_up(l->offset + blocks * l->offset_size, ASSAY_PACK_ALIGN);
}

static size_t used_by(const struct layout *l, size_t blocks)
{
    return weights_at(l, blocks) + assay_round_up(blocks * l->block_bytes, ASSAY_PACK_ALIGN);
}

/* The blocks that hold a non-zero are counted only when packing: there is room for all. */
static struct layout lay_out(const struct assay_kernel *kernel, const struct assay_problem *problem)
{
    const struct assay_sptile *sp = kernel->detail;
    const struct assay_gemm_shape *s = &problem->gemm;
    const bool hybrid = problem->mode == ASSAY_MODE_HYBRID;
    struct layout l = {
        .mr = sp->scalable_mr ? sp->scalable_mr() : sp->mr,
        .offset_size = sp->panel == ASSAY_SPTILE_WHOLE ? sizeof(uint32_t) : sizeof(uint16_t),
        .weight_size = assay_pack_element_size(sp->element, problem->mode),
    };
    assay_structure_block(problem->structure, &l.block_rows, &l.block_columns);
    l.block_rows = or_usual(sp->block_rows, l.block_rows);
    l.block_columns = or_usual(sp->block_columns, l.block_columns);
    l.unit = or_usual(sp->unit, 1);
    l.fill = or_usual(sp->fill, 1);
    l.block_row_count = assay_round_up(s->n, l.block_rows) / l.block_rows;
    l.padded_k = assay_round_up(s->k, or_usual(sp->input_step, l.block_columns));
    l.padded_n = assay_round_up(s->n, or_usual(sp->output_step, l.block_rows));
    l.most_blocks = l.block_row_count * assay_round_up(assay_round_up(s->k, l.block_columns) / l.block_columns, l.fill);
    l.panel = narrowest_panel(sp, &l);
    l.most_panels = panels_of(s->k, l.panel);

    size_t size = 0;
    l.columns = assay_columns_layout(problem->mode, l.padded_n, &size);
    l.columns.without52 = true;
    if (sp->solved_rescale)
        assay_columns_append_solved(&l.columns, l.padded_n, &size);
    l.panel_inputs = assay_append(&size, sizeof(uint32_t));
    l.row_start = assay_append(&size, (l.most_panels * l.block_row_count + 1) * sizeof(uint32_t));
    l.offset = size;
    l.block_bytes = l.block_rows * l.block_columns * l.weight_size;
    l.packed_bytes = used_by(&l, l.most_blocks);

    size = 0;
    l.x = assay_append(&size, tile_bytes(sp, &l, l.mr, l.padded_k));
    l.sums = assay_append(&size, l.most_panels > 1 ? l.padded_n * l.mr * sizeof(int32_t) : 0);
    l.quantized = assay_append(&size, hybrid ? l.mr * s->k : 0);
    l.row_params = assay_append(&size, hybrid ? l.mr * sizeof(struct assay_row_quantization) : 0);
    l.scratch_bytes = size;
    return l;
}

void assay_sptile_fold_range(const struct assay_kernel *kernel, const float *x, size_t count, float *min, float *max)
{
    const struct assay_sptile *sp = kernel->detail;
    (sp->row_range ? sp->row_range : assay_row_range)(x, count, min, max);
}

size_t assay_sptile_packed_size(const struct assay_kernel *kernel, const struct assay_problem *problem)
{
    return lay_out(kernel, problem).packed_bytes;
}

size_t assay_sptile_scratch_size(const struct assay_kernel *kernel, const struct assay_problem *problem)
{
    return lay_out(kernel, problem).scratch_bytes;
}

/* The weights of one block, those beyond the edges of the matrix left as they are: zero. */
static void pack_block(const struct assay_sptile *sp, const struct layout *l, const struct assay_problem *problem,
                       const char *values, size_t row, size_t column, char *to)
{
    const size_t n = problem->gemm.n, k = problem->gemm.k;
    const size_t source_size = assay_type_size(assay_mode_weight(problem->mode));
    for (size_t j = 0; j < assay_min(l->block_rows, n - row); j++)
        for (size_t i = 0; i < assay_min(l->block_columns, k - column); i++) {
            const size_t at =
                sp->units_first ? (i / l->unit * l->block_rows + j) * l->unit + i % l->unit : j * l->block_columns + i;
            assay_pack_element_copy(sp->element, problem->mode, values + ((row + j) * k + column + i) * source_size,
                                    to + at * l->weight_size);
        }
}

/* The inputs from `first` on that are one panel's. */
struct span {
    size_t first, end;
};

static struct span panel_span(size_t k, size_t panel, size_t number)
{
    return (struct span){number * panel, assay_min((number + 1) * panel, k)};
}

/* The blocks of a block row that are kept, those added to fill it up included. */
static size_t count_blocks(const struct layout *l, const struct assay_problem *problem, const void *values, size_t row,
                           struct span span)
{
    size_t count = 0;
    for (size_t column = span.first; column < span.end; column += l->block_columns)
        count += assay_bsr_stores(problem, values, row, column, l->block_rows, l->block_columns);
    return assay_round_up(count, l->fill);
}

/* Few blocks to a panel do not pay for the sums' way to scratch and back: then panels are joined. */
static size_t choose_panel(const struct assay_sptile *sp, const struct layout *l, const struct assay_problem *problem,
                           const void *values)
{
    const size_t k = problem->gemm.k;
    size_t panel = l->panel, blocks = 0;
    if (panel >= k)
        return panel;
    for (size_t r = 0; r < l->block_row_count; r++)
        blocks += count_blocks(l, problem, values, r * l->block_rows, (struct span){0, k});
    while (panel < k && 2 * panel <= MOST_UNITS * l->unit &&
           blocks < sp->panel_blocks * l->block_row_count * panels_of(k, panel))
        panel *= 2;
    return panel;
}

bool assay_sptile_pack(const struct assay_kernel *kernel, const struct assay_problem *problem,
                       const struct assay_weights *weights, void *packed)
{
    const struct assay_sptile *sp = kernel->detail;
    const struct layout l = lay_out(kernel, problem);
    const size_t k = problem->gemm.k;
    char *base = packed;
    uint32_t *row_start = (uint32_t *)(void *)(base + l.row_start), *offset = (uint32_t *)(void *)(base + l.offset);
    uint16_t *unit = (uint16_t *)(void *)(base + l.offset);
    memset(base, 0, l.packed_bytes);
    const size_t panel = choose_panel(sp, &l, problem, weights->values), panels = panels_of(k, panel);
    *(uint32_t *)(void *)(base + l.panel_inputs) = (uint32_t)panel;
    for (size_t i = 0; i < panels * l.block_row_count; i++)
        row_start[i + 1] =
            row_start[i] + (uint32_t)count_blocks(&l, problem, weights->values, i % l.block_row_count * l.block_rows,
                                                  panel_span(k, panel, i / l.block_row_count));
    char *blocks = base + weights_at(&l, row_start[panels * l.block_row_count]);
    for (size_t i = 0; i < panels * l.block_row_count; i++) {
        const size_t row = i % l.block_row_count * l.block_rows;
        const struct span span = panel_span(k, panel, i / l.block_row_count);
        size_t count = row_start[i]; /* those added to fill it up stay zeros, at the first input */
        for (size_t column = span.first; column < span.end; column += l.block_columns) {
            if (!assay_bsr_stores(problem, weights->values, row, column, l.block_rows, l.block_columns))
                continue;
            pack_block(sp, &l, problem, weights->values, row, column, blocks + count * l.block_bytes);
            if (sp->panel == ASSAY_SPTILE_WHOLE)
                offset[count++] = (uint32_t)tile_bytes(sp, &l, l.mr, column);
            else
                unit[count++] = (uint16_t)((column - span.first) / l.unit);
        }
    }
    assay_columns_pack(&l.columns, problem, weights, k, 1, sp->input_offset, packed);
    return true;
}

static size_t packed_panel(const struct layout *l, const void *packed)
{
    return *(const uint32_t *)(const void *)((const char *)packed + l->panel_inputs);
}

static size_t packed_blocks(const struct layout *l, const struct assay_problem *problem, const void *packed)
{
    const uint32_t *row_start = (const uint32_t *)(const void *)((const char *)packed + l->row_start);
    return row_start[panels_of(problem->gemm.k, packed_panel(l, packed)) * l->block_row_count];
}

size_t assay_spmm_packed_used(const struct assay_kernel *kernel, const struct assay_problem *problem,
                              const void *packed)
{
    if (kernel->run != assay_sptile_run)
        return kernel->packed_size(kernel, problem);
    const struct layout l = lay_out(kernel, problem);
    return used_by(&l, packed_blocks(&l, problem, packed));
}

/* The rows that x has for a tile of `rows`. */
static size_t rows_of(const struct assay_sptile *sp, const struct layout *l, size_t rows)
{
    if (sp->lone_row && rows == 1)
        return 1;
    return sp->row_step > 0 ? assay_min(assay_round_up(rows, sp->row_step), l->mr) : l->mr;
}

/* The rows of a tile that share ranges with others, run by run of a group; `group` is that of the last one, which may
 * go on in the next tile. */
static void quantize_groups(const struct assay_sptile *sp, const struct assay_problem *problem,
                            const struct assay_io *io, size_t first, size_t rows, struct assay_row_quantization *group,
                            int8_t *q, struct assay_row_quantization *params)
{
    const struct assay_gemm_shape *s = &problem->gemm;
    const size_t each = assay_problem_groups(problem).rows;
    for (size_t r = 0; r < rows;) {
        const size_t number = (first + r) / each, within = (first + r) % each;
        const size_t run = assay_min(each - within, rows - r);
        const float *x = (const float *)io->in + (first + r) * s->in_stride;
        if (io->group_parameters)
            *group = io->group_parameters[number];
        else if (within == 0)
            *group = assay_rows_quantization(sp->row_range, x, assay_min(each, s->m - first - r), s->k, s->in_stride);
        assay_quantize_rows_as(sp->row_quantize, x, run, s->k, s->in_stride, *group, q + r * s->k);
        for (size_t i = 0; i < run; i++)
            params[r++] = *group;
    }
}

/* The rows of a tile, in hybrid quantized to scratch; to be transposed panel by panel. `group`: see quantize_groups().
 */
static struct assay_sptile_rows load_rows(const struct assay_sptile *sp, const struct layout *l,
                                          const struct assay_problem *problem, const struct assay_io *io, size_t first,
                                          size_t rows, struct assay_row_quantization *group, char *scratch)
{
    const struct assay_gemm_shape *s = &problem->gemm;
    struct assay_row_quantization *params = (struct assay_row_quantization *)(void *)(scratch + l->row_params);
    const size_t in_size = assay_type_size(assay_mode_input(problem->mode));
    struct assay_sptile_rows tile = {
        .rows = rows,
        .mr = rows_of(sp, l, rows),
        .in = (const char *)io->in + first * s->in_stride * in_size,
        .in_stride = s->in_stride * in_size,
        .x = scratch + l->x,
    };
    if (problem->mode == ASSAY_MODE_HYBRID) {
        const float *x = (const float *)io->in + first * s->in_stride;
        int8_t *q = (int8_t *)scratch + l->quantized;
        if (s->range_rows > 1 || io->group_parameters)
            quantize_groups(sp, problem, io, first, rows, group, q, params);
        else if (sp->quantize_rows)
            sp->quantize_rows(x, rows, s->k, s->in_stride, q, params);
        else
            assay_quantize_each_row(sp->row_range, sp->row_quantize, x, rows, s->k, s->in_stride, q, params);
        for (size_t i = 0; i < rows; i++)
            params[i].zero += sp->input_offset;
        for (size_t i = rows; i < l->mr; i++)
            params[i] = params[0]; /* any */
        tile.in = q;
        tile.in_stride = s->k;
        tile.row = params;
    }
    return tile;
}

void assay_sptile_run(const struct assay_kernel *kernel, const struct assay_problem *problem, const void *packed,
                      const struct assay_io *io, void *scratch)
{
    const struct assay_sptile *sp = kernel->detail;
    const struct assay_gemm_shape *s = &problem->gemm;
    const struct layout l = lay_out(kernel, problem);
    const char *base = packed;
    const size_t in_size = problem->mode == ASSAY_MODE_FP32 ? sizeof(float) : sizeof(int8_t);
    const size_t out_size = assay_type_size(assay_mode_output(problem->mode));
    const size_t panel = packed_panel(&l, packed), panels = panels_of(s->k, panel);
    const uint32_t *row_start = (const uint32_t *)(const void *)(base + l.row_start);
    struct assay_sptile_args args = {
        .n = s->n,
        .x = (const char *)scratch + l.x,
        .offset = (const uint32_t *)(const void *)(base + l.offset),
        .unit = (const uint16_t *)(const void *)(base + l.offset),
        .w = base + weights_at(&l, packed_blocks(&l, problem, packed)),
        .sums = panels > 1 ? (char *)scratch + l.sums : NULL,
        .c_stride = s->out_stride * out_size,
        .bias = base + l.columns.bias,
        .multiplier = (const int32_t *)(const void *)(base + l.columns.multiplier),
        .shift = (const int32_t *)(const void *)(base + l.columns.shift),
        .solved = (const union assay_rescale_lanes *)(const void *)(base + l.columns.solved),
        .scale = (const float *)(const void *)(base + l.columns.scale),
        .weight_sum = (const int32_t *)(const void *)(base + l.columns.weight_sum),
        .row = (const struct assay_row_quantization *)(const void *)((const char *)scratch + l.row_params),
        .clamp = assay_clamps(problem),
        .clamp_min = assay_clamp_min(problem),
        .clamp_max = assay_clamp_max(problem),
    };
    if (assay_mode_is_integer(problem->mode)) {
        memcpy(&args.bounded, base + l.columns.bounded, sizeof(args.bounded));
        if (l.columns.solved > 0)
            memcpy(&args.way, base + l.columns.way, sizeof(args.way));
        args.out_zero = problem->quantization.out_zero;
        args.out_min = assay_clamp_min_int(problem);
        args.out_max = assay_clamp_max_int(problem);
    }
    if (sp->panel == ASSAY_SPTILE_WHOLE) {
        const size_t filled = tile_bytes(sp, &l, l.mr, s->k);
        memset((char *)scratch + l.x + filled, 0, tile_bytes(sp, &l, l.mr, l.padded_k) - filled);
    }
    struct assay_row_quantization group;
    for (size_t first = 0; first < s->m; first += l.mr) {
        struct assay_sptile_rows tile =
            load_rows(sp, &l, problem, io, first, assay_min(l.mr, s->m - first), &group, scratch);
        const char *in = tile.in;
        args.rows = tile.rows;
        args.mr = tile.mr;
        args.c = (char *)io->out + first * args.c_stride;
        for (size_t p = 0; p < panels; p++) {
            const struct span span = panel_span(s->k, panel, p);
            tile.in = in + span.first * in_size;
            tile.k = span.end - span.first;
            sp->transpose(&tile);
            args.row_start = row_start + p * l.block_row_count;
            args.first = p == 0;
            args.last = p + 1 == panels;
            sp->tile(&args);
        }
    }
}
