/* The direct driver of int8 convolutions with few input channels: a micro-kernel walks along lines of the output, and
 * reads pixels of the input as vectors: 64 bytes in a row are `pixels` pixels of `depth` inputs each, and the operand
 * of one product for so many output pixels, where a tile of kernels/gemm/igemm.h broadcasts 4 bytes for each row.
 *
 * It computes `depth` output channels at once, a block: four vectors of sums, quarters, for each vector of pixels. A
 * vector has groups of depth / 4 lanes, one a pixel, and a lane takes the 4 inputs of a pixel that lie there. So a sum
 * passes through as many phases as there are lanes to a group, in each of which a lane has another channel; between two
 * phases the lanes of a group change places, and at the end each lane has seen all inputs of its channel. Nothing is
 * left to add, and quarters narrow to the pixels' bytes as they lie in memory.
 *
 * The input is copied, line by line as it is needed, with a border and made unsigned; pixels that are stride_w apart
 * lie side by side there, in one of stride_w planes. Taps in lines above and below the image are left out: the bias of
 * the others is packed for each range of lines that a window may have.
 *
 * Packed weights: [block][phase][tap][quarter][16 lanes][4 inputs]; what belongs to a channel as vectors of lanes. */
#ifndef ASSAY_KERNELS_CONV_CONVLINES_H
#define ASSAY_KERNELS_CONV_CONVLINES_H

#include "kernels/core/columns.h"
#include "kernels/core/kernel.h"
#include "kernels/core/rescale_float.h"

enum {
    ASSAY_CONVLINES_LANES = 16,
    ASSAY_CONVLINES_VECTOR = 64, /* bytes */
    ASSAY_CONVLINES_QUARTERS = 4,
    ASSAY_CONVLINES_KERNEL_MAX = 7, /* lines of a window, whose ranges have a bias each */
};

/* How a layer is rescaled: by floats, which all of its channels are solved for, with results below the zero point or
 * without; or any. */
enum assay_convlines_rescale { ASSAY_CONVLINES_ANY, ASSAY_CONVLINES_ONE_SIDED, ASSAY_CONVLINES_TWO_SIDED };

/* The rescale by floats of a quarter's lanes (kernels/core/rescale_float.h). */
struct assay_convlines_floats {
    float factor[ASSAY_CONVLINES_LANES], rest[ASSAY_CONVLINES_LANES];
    float constant[ASSAY_CONVLINES_LANES], below_zero[ASSAY_CONVLINES_LANES];
};

/* One call of a micro-kernel: lines of the output that the same lines of the window reach, a block of channels. */
struct assay_convlines_args {
    size_t lines;            /* at least 1 */
    size_t pixels, channels; /* of a line of the output; channels: 1 to depth */
    /* Input of tap t for output pixel x: depth bytes at in + offsets[t] + x * depth, unsigned. Whole vectors may be
     * read, as far as the last pixel's begins. */
    const uint8_t *in; /* of the first line */
    size_t in_line;    /* bytes to where the next line of the output has its input */
    const size_t *offsets;
    size_t taps; /* of the lines that lie in the image; may be 0 */
    const int8_t *w;
    size_t phase_bytes; /* from the weights of a phase to those of the next */
    /* Of each quarter a vector. bias: in the order of the first phase; the others in that of the results. */
    const int32_t *bias, *multiplier, *shift;
    const struct assay_convlines_floats *floats; /* unless rescale is ANY; their offset is in the bias then */
    enum assay_convlines_rescale rescale;
    int8_t *out;
    size_t out_pixel, out_line; /* bytes to the next */
    int32_t out_zero, out_min, out_max;
};

/* How lines of the input are copied. */
struct assay_convlines_copy {
    size_t in_line, line_bytes; /* from a line to the next, of the input and of the copy */
    size_t pixels;              /* that some window reaches */
    size_t in_c, in_stride;     /* of a pixel */
    size_t first;               /* place of the first, which is in plane `first` % planes at first / planes */
    size_t planes, plane_bytes; /* distance of the planes */
};

typedef void assay_convlines_run_fn(const struct assay_convlines_args *args);
typedef void assay_convlines_copy_fn(const struct assay_convlines_copy *copy, size_t lines, const int8_t *from,
                                     uint8_t *to);

/* Cycles, fitted to measurements (docs/selection.md). A tile of v vectors of pixels takes
 *   tile + v * end + phases * taps * max(step, v * product) */
struct assay_convlines_cost {
    double product;          /* of a vector of pixels with the weights of a tap in one phase */
    double step;             /* what they take however few pixels there are: the latency of the sums */
    double end, end_clamped; /* rescaling and storing, of any results; of those that none below the zero point is */
    double tile;
    double copy; /* of a vector of the input, or of a pixel, if they are copied one by one */
};

/* A micro-kernel: the `detail` of its descriptor. */
struct assay_convlines {
    size_t depth;   /* inputs of a pixel, and output channels of a block: 16, 32 or 64 */
    size_t vectors; /* of pixels in a tile, at most */
    assay_convlines_run_fn *run;
    assay_convlines_copy_fn *copy;
    struct assay_convlines_cost cost;
};

/* As many vectors of pixels as even tiles of a line have: the first `more` of `tiles` have one more than the rest. */
struct assay_convlines_tiles {
    size_t tiles, vectors, more;
};
static inline struct assay_convlines_tiles assay_convlines_tiles(size_t pixels, size_t pixels_of_vector, size_t most)
{
    const size_t vectors = (pixels + pixels_of_vector - 1) / pixels_of_vector, tiles = (vectors + most - 1) / most;
    return (struct assay_convlines_tiles){tiles, tiles > 0 ? vectors / tiles : 0, tiles > 0 ? vectors % tiles : 0};
}

/* The functions of the descriptor; `detail` is a struct assay_convlines. */
const char *assay_convlines_supports(const struct assay_kernel *kernel, const struct assay_problem *problem);
double assay_convlines_cost(const struct assay_kernel *kernel, const struct assay_problem *problem);
size_t assay_convlines_packed_size(const struct assay_kernel *kernel, const struct assay_problem *problem);
bool assay_convlines_pack(const struct assay_kernel *kernel, const struct assay_problem *problem,
                          const struct assay_weights *weights, void *packed);
size_t assay_convlines_scratch_size(const struct assay_kernel *kernel, const struct assay_problem *problem);
bool assay_convlines_prepare(const struct assay_kernel *kernel, const struct assay_problem *problem, const void *packed,
                             const struct assay_io *io, void *scratch);
void assay_convlines_run(const struct assay_kernel *kernel, const struct assay_problem *problem, const void *packed,
                         const struct assay_io *io, void *scratch);

/* Where the parts of the packed block are: offsets in bytes. */
struct assay_convlines_packed {
    size_t blocks, taps, phases;
    size_t phase_bytes;
    struct assay_columns columns; /* from which the vectors are made */
    size_t bias;                  /* [range][block][quarter][lane] */
    size_t multiplier, shift;     /* [block][quarter][lane] */
    size_t floats;                /* [block][quarter] */
    size_t rescale;               /* an enum assay_convlines_rescale */
    size_t weights, bytes;
};
struct assay_convlines_packed assay_convlines_packed(const struct assay_convlines *lines,
                                                     const struct assay_problem *problem);

/* The number of the range of a window's lines `first` to before `end`. */
static inline size_t assay_convlines_range(size_t first, size_t end)
{
    return end * (end + 1) / 2 + first;
}

/* Defines conv_<signature>. The rest of the arguments are members of struct assay_convlines. Register with:
 * assay_kernel(conv_<signature>) */
#define ASSAY_CONVLINES(signature, inputs, vectors_of_tile, ...)                             \
    static const struct assay_convlines signature##_lines = {                                \
        .depth = (inputs), .vectors = (vectors_of_tile), __VA_ARGS__};                       \
    const struct assay_kernel conv_##signature = {                                           \
        .name = "conv_" #signature,                                                          \
        .origin = "assay",                                                                   \
        .op = ASSAY_OP_CONV,                                                                 \
        .mode = ASSAY_MODE_INT8,                                                             \
        .structure = ASSAY_DENSE,                                                            \
        .accumulator = ASSAY_ACC_I32,                                                        \
        .features = ASSAY_ISA_FEATURES,                                                      \
        .rank = ASSAY_ISA_RANK,                                                              \
        .tile = {(vectors_of_tile) * ASSAY_CONVLINES_VECTOR / (inputs), (inputs), (inputs)}, \
        .detail = &signature##_lines,                                                        \
        .supports = assay_convlines_supports,                                                \
        .cost = assay_convlines_cost,                                                        \
        .packed_size = assay_convlines_packed_size,                                          \
        .pack = assay_convlines_pack,                                                        \
        .scratch_size = assay_convlines_scratch_size,                                        \
        .prepare = assay_convlines_prepare,                                                  \
        .run = assay_convlines_run,                                                          \
    }

#endif
