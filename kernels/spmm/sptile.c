#include "kernels/spmm/sptile.h"

#include "kernels/spmm/packed.h"
#include "kernels/spmm/spmm.h"

#include <string.h>

struct layout {
    size_t mr, block_rows, block_columns; /* of a block */
    size_t block_row_count, most_blocks;
    size_t padded_k, unit, fill;
    /* Packed weights: offsets in bytes. */
    struct assay_columns columns;
    size_t row_start, offset, weight_size, block_bytes, packed_bytes;
    /* Scratch: offsets in bytes. */
    size_t x, quantized, row_params, scratch_bytes;
};

static size_t or_usual(size_t value, size_t usual)
{
    return value > 0 ? value : usual;
}

/* Bytes of `inputs` inputs (whole units, but for the last) of a tile. */
static size_t tile_bytes(const struct assay_sptile *sp, const struct layout *l, size_t inputs)
{
    return (inputs + l->unit - 1) / l->unit * l->mr * sp->input_size;
}

/* The weights stand behind the offsets of as many blocks as are kept. */
static size_t weights_at(const struct layout *l, size_t blocks)
{
    return assay_round_up(l->offset + blocks * sizeof(uint32_t), ASSAY_PACK_ALIGN);
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
        .weight_size = assay_pack_element_size(sp->element, problem->mode),
    };
    assay_structure_block(problem->structure, &l.block_rows, &l.block_columns);
    l.block_rows = or_usual(sp->block_rows, l.block_rows);
    l.block_columns = or_usual(sp->block_columns, l.block_columns);
    l.unit = or_usual(sp->unit, 1);
    l.fill = or_usual(sp->fill, 1);
    l.block_row_count = assay_round_up(s->n, l.block_rows) / l.block_rows;
    l.padded_k = assay_round_up(s->k, or_usual(sp->input_step, l.block_columns));
    l.most_blocks = l.block_row_count * assay_round_up(assay_round_up(s->k, l.block_columns) / l.block_columns, l.fill);

    size_t size = 0;
    l.columns =
        assay_columns_layout(problem->mode, assay_round_up(s->n, or_usual(sp->output_step, l.block_rows)), &size);
    l.row_start = assay_append(&size, (l.block_row_count + 1) * sizeof(uint32_t));
    l.offset = size;
    l.block_bytes = l.block_rows * l.block_columns * l.weight_size;
    l.packed_bytes = used_by(&l, l.most_blocks);

    size = 0;
    l.x = assay_append(&size, tile_bytes(sp, &l, l.padded_k));
    l.quantized = assay_append(&size, hybrid ? l.mr * s->k : 0);
    l.row_params = assay_append(&size, hybrid ? l.mr * sizeof(struct assay_row_quantization) : 0);
    l.scratch_bytes = size;
    return l;
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
        for (size_t i = 0; i < assay_min(l->block_columns, k - column); i++)
            assay_pack_element_copy(sp->element, problem->mode, values + ((row + j) * k + column + i) * source_size,
                                    to + (j * l->block_columns + i) * l->weight_size);
}

/* The blocks of a block row that are kept, those added to fill it up included. */
static size_t count_blocks(const struct layout *l, const struct assay_problem *problem, const void *values, size_t row)
{
    size_t count = 0;
    for (size_t column = 0; column < problem->gemm.k; column += l->block_columns)
        count += assay_bsr_stores(problem, values, row, column, l->block_rows, l->block_columns);
    return assay_round_up(count, l->fill);
}

bool assay_sptile_pack(const struct assay_kernel *kernel, const struct assay_problem *problem,
                       const struct assay_weights *weights, void *packed)
{
    const struct assay_sptile *sp = kernel->detail;
    const struct layout l = lay_out(kernel, problem);
    char *base = packed;
    uint32_t *row_start = (uint32_t *)(void *)(base + l.row_start), *offset = (uint32_t *)(void *)(base + l.offset);
    memset(base, 0, l.packed_bytes);
    for (size_t r = 0; r < l.block_row_count; r++)
        row_start[r + 1] = row_start[r] + (uint32_t)count_blocks(&l, problem, weights->values, r * l.block_rows);
    char *blocks = base + weights_at(&l, row_start[l.block_row_count]);
    for (size_t r = 0; r < l.block_row_count; r++) {
        const size_t row = r * l.block_rows;
        size_t count = row_start[r]; /* those added to fill it up stay zeros, at the first input */
        for (size_t column = 0; column < problem->gemm.k; column += l.block_columns) {
            if (!assay_bsr_stores(problem, weights->values, row, column, l.block_rows, l.block_columns))
                continue;
            pack_block(sp, &l, problem, weights->values, row, column, blocks + count * l.block_bytes);
            offset[count++] = (uint32_t)tile_bytes(sp, &l, column);
        }
    }
    assay_columns_pack(&l.columns, problem, weights, problem->gemm.k, 1, sp->input_offset, packed);
    return true;
}

size_t assay_spmm_packed_used(const struct assay_kernel *kernel, const struct assay_problem *problem,
                              const void *packed)
{
    if (kernel->run != assay_sptile_run)
        return kernel->packed_size(kernel, problem);
    const struct layout l = lay_out(kernel, problem);
    const uint32_t *row_start = (const uint32_t *)(const void *)((const char *)packed + l.row_start);
    return used_by(&l, row_start[l.block_row_count]);
}

/* The input of a tile as its micro-kernel reads it. */
static void load_tile(const struct assay_sptile *sp, const struct layout *l, const struct assay_problem *problem,
                      const void *in, size_t first, size_t rows, char *scratch)
{
    const struct assay_gemm_shape *s = &problem->gemm;
    struct assay_row_quantization *params = (struct assay_row_quantization *)(void *)(scratch + l->row_params);
    const size_t in_size = assay_type_size(assay_mode_input(problem->mode));
    struct assay_sptile_rows tile = {
        .rows = rows,
        .k = s->k,
        .mr = l->mr,
        .in = (const char *)in + first * s->in_stride * in_size,
        .in_stride = s->in_stride * in_size,
        .x = scratch + l->x,
    };
    if (problem->mode == ASSAY_MODE_HYBRID) {
        int8_t *q = (int8_t *)scratch + l->quantized;
        for (size_t i = 0; i < l->mr; i++) {
            params[i] = params[0]; /* any, for rows beyond the last */
            if (i >= rows)
                continue;
            params[i] =
                assay_quantize_rows(sp->row_range, sp->row_quantize, (const float *)in + (first + i) * s->in_stride, 1,
                                    s->k, s->k, q + i * s->k);
            params[i].zero += sp->input_offset;
        }
        tile.in = q;
        tile.in_stride = s->k;
        tile.row = params;
    }
    sp->transpose(&tile);
}

void assay_sptile_run(const struct assay_kernel *kernel, const struct assay_problem *problem, const void *packed,
                      const struct assay_io *io, void *scratch)
{
    const struct assay_sptile *sp = kernel->detail;
    const struct assay_gemm_shape *s = &problem->gemm;
    const struct layout l = lay_out(kernel, problem);
    const char *base = packed;
    const size_t out_size = assay_type_size(assay_mode_output(problem->mode));
    struct assay_sptile_args args = {
        .n = s->n,
        .mr = l.mr,
        .x = (const char *)scratch + l.x,
        .row_start = (const uint32_t *)(const void *)(base + l.row_start),
        .offset = (const uint32_t *)(const void *)(base + l.offset),
        .c_stride = s->out_stride * out_size,
        .bias = base + l.columns.bias,
        .multiplier = (const int32_t *)(const void *)(base + l.columns.multiplier),
        .shift = (const int32_t *)(const void *)(base + l.columns.shift),
        .scale = (const float *)(const void *)(base + l.columns.scale),
        .weight_sum = (const int32_t *)(const void *)(base + l.columns.weight_sum),
        .row = (const struct assay_row_quantization *)(const void *)((const char *)scratch + l.row_params),
        .clamp = assay_clamps(problem),
        .clamp_min = assay_clamp_min(problem),
        .clamp_max = assay_clamp_max(problem),
    };
    args.w = base + weights_at(&l, args.row_start[l.block_row_count]);
    if (assay_mode_is_integer(problem->mode)) {
        args.out_zero = problem->quantization.out_zero;
        args.out_min = assay_clamp_min_int(problem);
        args.out_max = assay_clamp_max_int(problem);
    }
    const size_t filled = tile_bytes(sp, &l, s->k);
    memset((char *)scratch + l.x + filled, 0, tile_bytes(sp, &l, l.padded_k) - filled);
    for (size_t first = 0; first < s->m; first += l.mr) {
        args.rows = assay_min(l.mr, s->m - first);
        args.c = (char *)io->out + first * args.c_stride;
        load_tile(sp, &l, problem, io->in, first, args.rows, scratch);
        sp->tile(&args);
    }
}
