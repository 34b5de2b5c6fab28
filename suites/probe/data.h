/* Numbers as trained networks have them, from a seed alone: the same on every target, to the bit. All randomness is
 * integer arithmetic; what is rounded is rounded by single IEEE operations, and this room is compiled without
 * contraction. */
#ifndef ASSAY_SUITES_PROBE_DATA_H
#define ASSAY_SUITES_PROBE_DATA_H

#include <stddef.h>
#include <stdint.h>

/* SplitMix64 (Steele, Lea, Flood, Fast Splittable Pseudorandom Number Generators, OOPSLA 2014): a counter and a mixer.
 */
struct data_random {
    uint64_t counter;
};

/* Streams of one seed are independent: a tensor's numbers depend on neither the shape nor the order of the others. */
enum data_stream { DATA_WEIGHTS, DATA_SCALES, DATA_BIAS, DATA_INPUT, DATA_CHOICES };
struct data_random data_random_of(uint64_t seed, enum data_stream stream);

uint64_t data_next(struct data_random *random);
/* 0 … bound - 1; 0 for bound 0. */
uint64_t data_below(struct data_random *random, uint64_t bound);
/* Mean 0, variance 1, within 4.9: a sum of eight uniform numbers (Irwin-Hall). */
float data_normal(struct data_random *random);

/* How activations are distributed. */
enum data_activations {
    DATA_RECTIFIED, /* after a ReLU: half of them 0, the rest half-normal, with a larger scale in a few channels */
    DATA_SIGNED,    /* before one, or of an image: normal around a small mean */
};

/* channels x depth weights, [channel][depth]: normal, at a scale of each channel's own (around sqrt(2 / depth), over
 * two octaves; one channel in 16 stands out fourfold). */
void data_weights(uint64_t seed, size_t channels, size_t depth, float *weights);
void data_bias(uint64_t seed, size_t channels, float *bias);
/* rows x columns, without gaps. */
void data_input(uint64_t seed, enum data_activations kind, size_t rows, size_t columns, float *input);

#endif
