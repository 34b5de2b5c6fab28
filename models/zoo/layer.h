/* The layers of the zoo's trainer: a forward and a backward pass each, written plainly. Images lie batch x height x
 * width x channel. Everything is computed by one thread in one order, so that a seed gives the same weights each time.
 *
 * Numbers are floats; tests compile these files with ASSAY_ZOO_REAL=double too, where differences of the loss tell
 * whether a backward pass is right. */
#ifndef ASSAY_MODELS_ZOO_LAYER_H
#define ASSAY_MODELS_ZOO_LAYER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifndef ASSAY_ZOO_REAL
#define ASSAY_ZOO_REAL float
#endif
typedef ASSAY_ZOO_REAL zoo_real;

enum zoo_kind {
    ZOO_CONV,      /* "same" padding, no bias. weights: kernel x kernel x in.c x out.c */
    ZOO_DEPTHWISE, /* likewise. weights: kernel x kernel x channel */
    ZOO_DENSE,     /* of all of a sample's numbers. weights: in x out, then out biases */
    ZOO_NORM,      /* batch normalization. weights: a factor for each channel, then a summand for each */
    ZOO_RELU,
    ZOO_RELU6,
    ZOO_ADD,  /* two inputs of one shape */
    ZOO_MEAN, /* of each channel, over height and width */
    ZOO_KINDS,
};

struct zoo_size {
    size_t h, w, c;
};

struct zoo_layer {
    enum zoo_kind kind;
    size_t from, other; /* its inputs: 0 is the images, i + 1 what layer i gives; `other` is ADD's second */
    struct zoo_size in, out;
    size_t kernel, stride; /* of convolutions, in both directions */
    size_t weight_count;
    zoo_real *weights, *gradient; /* weight_count; the gradient is added to */
    zoo_real *running, *batch;    /* NORM: means, then variances, of training so far; of this batch. Else NULL */
};

/* One pass through one layer. Gradients are those of the loss by what a pointer of that name points to. */
struct zoo_pass {
    size_t samples;
    bool training; /* NORM: normalize by the batch, not by the running statistics */
    const zoo_real *in, *other;
    zoo_real *out;
    const zoo_real *out_gradient;
    zoo_real *in_gradient, *other_gradient; /* added to; in_gradient NULL: nobody wants it */
    zoo_real *scratch;                      /* zoo_layer_scratch() numbers, with nothing kept from pass to pass */
};

/* Of what the weights must have room for, given kind, sizes and kernel. */
size_t zoo_layer_weight_count(const struct zoo_layer *layer);
size_t zoo_layer_scratch(const struct zoo_layer *layer, size_t samples);

void zoo_layer_forward(const struct zoo_layer *layer, const struct zoo_pass *pass);
/* After a forward pass with `training`, on the same `in` and `out`. */
void zoo_layer_backward(const struct zoo_layer *layer, const struct zoo_pass *pass);

/* Turns logits into probabilities (samples x classes, in place) and returns the mean cross entropy of the labels. */
zoo_real zoo_softmax_loss(zoo_real *logits, const int32_t *labels, size_t samples, size_t classes);
/* The loss's gradient by the logits, from the probabilities. */
void zoo_softmax_gradient(const zoo_real *probabilities, const int32_t *labels, size_t samples, size_t classes,
                          zoo_real *gradient);

/* The kinds, each in a file of its own. */
void zoo_conv_forward(const struct zoo_layer *layer, const struct zoo_pass *pass);
void zoo_conv_backward(const struct zoo_layer *layer, const struct zoo_pass *pass);
size_t zoo_conv_scratch(const struct zoo_layer *layer, size_t samples);
void zoo_depthwise_forward(const struct zoo_layer *layer, const struct zoo_pass *pass);
void zoo_depthwise_backward(const struct zoo_layer *layer, const struct zoo_pass *pass);
void zoo_dense_forward(const struct zoo_layer *layer, const struct zoo_pass *pass);
void zoo_dense_backward(const struct zoo_layer *layer, const struct zoo_pass *pass);
size_t zoo_dense_scratch(const struct zoo_layer *layer, size_t samples);
void zoo_norm_forward(const struct zoo_layer *layer, const struct zoo_pass *pass);
void zoo_norm_backward(const struct zoo_layer *layer, const struct zoo_pass *pass);
void zoo_relu_forward(const struct zoo_layer *layer, const struct zoo_pass *pass);
void zoo_relu_backward(const struct zoo_layer *layer, const struct zoo_pass *pass);
void zoo_add_forward(const struct zoo_layer *layer, const struct zoo_pass *pass);
void zoo_add_backward(const struct zoo_layer *layer, const struct zoo_pass *pass);
void zoo_mean_forward(const struct zoo_layer *layer, const struct zoo_pass *pass);
void zoo_mean_backward(const struct zoo_layer *layer, const struct zoo_pass *pass);

/* What batch normalization adds to a variance before it divides by its square root. */
#define ZOO_NORM_EPSILON ((zoo_real)1e-3)

static inline size_t zoo_numbers(struct zoo_size size)
{
    return size.h * size.w * size.c;
}

/* Rows (columns) of padding before an image: those that "same" padding needs, the smaller half in front. */
static inline size_t zoo_padding(size_t in, size_t out, size_t kernel, size_t stride)
{
    const size_t reach = (out - 1) * stride + kernel;
    return reach > in ? (reach - in) / 2 : 0;
}

/* For loops over channels: compiled for wide vectors too, and chosen when the program starts. What a lane computes does
 * not depend on how many there are, so that the results are the same. */
#if defined(__has_feature) /* Clang's way to tell; what chooses runs before a sanitizer is ready */
#if __has_feature(address_sanitizer) || __has_feature(memory_sanitizer) || __has_feature(thread_sanitizer)
#define ZOO_SANITIZED
#endif
#elif defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define ZOO_SANITIZED
#endif
#if defined(__x86_64__) && !defined(ZOO_SANITIZED)
#define ZOO_WIDE __attribute__((target_clones("avx2", "default")))
#else
#define ZOO_WIDE
#endif

#endif
