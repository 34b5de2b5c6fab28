/* The backward pass of each layer against differences of its forward pass, in double, for every weight and every input;
 * the product of matrices against the plain formula; and a small network as a whole. */
#include "models/zoo/network.h"
#include "models/zoo/product.h"
#include "models/zoo/random.h"
#include "tests/core/expect.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static struct assay_zoo_random numbers;

static zoo_real *take(size_t count)
{
    zoo_real *block = calloc(count > 0 ? count : 1, sizeof(*block));
    if (!block)
        abort();
    return block;
}

static void fill(zoo_real *to, size_t count, float least, float most)
{
    for (size_t i = 0; i < count; i++)
        to[i] = (zoo_real)assay_zoo_uniform(&numbers, least, most);
}

static void test_product(size_t rows, size_t columns, size_t depth, bool turned)
{
    zoo_real *a = take(rows * depth), *b = take(depth * columns), *c = take(rows * columns);
    /* Small whole numbers: sums are exact in any order. */
    for (size_t i = 0; i < rows * depth; i++)
        a[i] = (zoo_real)(assay_zoo_next(&numbers) % 9) - 4;
    for (size_t i = 0; i < depth * columns; i++)
        b[i] = (zoo_real)(assay_zoo_next(&numbers) % 9) - 4;
    for (size_t i = 0; i < rows * columns; i++)
        c[i] = (zoo_real)i;
    const size_t a_row = turned ? 1 : depth, a_step = turned ? rows : 1;
    zoo_product(rows, columns, depth, a, a_row, a_step, b, c);
    size_t wrong = 0;
    for (size_t i = 0; i < rows; i++)
        for (size_t j = 0; j < columns; j++) {
            zoo_real sum = (zoo_real)(i * columns + j);
            for (size_t k = 0; k < depth; k++)
                sum += a[i * a_row + k * a_step] * b[k * columns + j];
            wrong += sum != c[i * columns + j];
        }
    EXPECT(wrong == 0, "%zu of %zu x %zu x %zu are wrong", wrong, rows, columns, depth);
    free(a);
    free(b);
    free(c);
}

struct bench {
    struct zoo_layer layer;
    struct zoo_pass pass;
    zoo_real *in, *other, *direction; /* the loss is the sum of direction * out */
};

static zoo_real loss(const struct bench *b)
{
    zoo_layer_forward(&b->layer, &b->pass);
    zoo_real sum = 0;
    for (size_t i = 0; i < b->pass.samples * zoo_numbers(b->layer.out); i++)
        sum += b->direction[i] * b->pass.out[i];
    return sum;
}

/* The gradient was added to `before`. */
static void compare(const struct bench *b, const char *what, zoo_real *values, const zoo_real *gradient, size_t count,
                    zoo_real before)
{
    const zoo_real step = 1e-5;
    for (size_t i = 0; i < count; i++) {
        const zoo_real kept = values[i];
        values[i] = kept + step;
        const zoo_real above = loss(b);
        values[i] = kept - step;
        const zoo_real difference = (above - loss(b)) / (2 * step);
        values[i] = kept;
        EXPECT(fabs(gradient[i] - before - difference) <= 1e-6 * (1 + fabs(difference)),
               "kind %d, kernel %zu, %s %zu: gradient %.9g, difference %.9g", (int)b->layer.kind, b->layer.kernel, what,
               i, gradient[i] - before, difference);
    }
}

static void test_layer(enum zoo_kind kind, size_t samples, struct zoo_size in, size_t channels, size_t kernel,
                       size_t stride)
{
    struct bench b = {.layer = {.kind = kind, .in = in, .out = in, .kernel = kernel, .stride = stride}};
    if (kind == ZOO_CONV || kind == ZOO_DEPTHWISE)
        b.layer.out = (struct zoo_size){(in.h + stride - 1) / stride, (in.w + stride - 1) / stride, channels};
    if (kind == ZOO_DENSE || kind == ZOO_MEAN)
        b.layer.out = (struct zoo_size){1, 1, channels};
    const size_t weights = b.layer.weight_count = zoo_layer_weight_count(&b.layer);
    const size_t ins = samples * zoo_numbers(in), outs = samples * zoo_numbers(b.layer.out);
    b.layer.weights = take(weights);
    b.layer.gradient = take(weights);
    b.layer.running = take(2 * in.c);
    b.layer.batch = take(2 * in.c);
    b.in = take(ins);
    b.other = take(ins);
    b.direction = take(outs);
    b.pass = (struct zoo_pass){.samples = samples,
                               .training = true,
                               .in = b.in,
                               .other = b.other,
                               .out = take(outs),
                               .out_gradient = b.direction,
                               .in_gradient = take(ins),
                               .other_gradient = take(ins),
                               .scratch = take(zoo_layer_scratch(&b.layer, samples))};
    fill(b.layer.weights, weights, -2, 2);
    fill(b.in, ins, -4, 10); /* ReLU6 passes some, and stops some on both sides */
    fill(b.other, ins, -4, 10);
    fill(b.direction, outs, -1, 1);
    for (size_t i = 0; i < ins; i++)
        b.pass.in_gradient[i] = b.pass.other_gradient[i] = 3;
    for (size_t i = 0; i < weights; i++)
        b.layer.gradient[i] = 5;

    loss(&b);
    zoo_layer_backward(&b.layer, &b.pass);
    compare(&b, "input", b.in, b.pass.in_gradient, ins, 3);
    compare(&b, "weight", b.layer.weights, b.layer.gradient, weights, 5);
    if (kind == ZOO_ADD)
        compare(&b, "other input", b.other, b.pass.other_gradient, ins, 3);
    zoo_real *const blocks[] = {
        b.layer.weights, b.layer.gradient, b.layer.running,    b.layer.batch,         b.in,          b.other,
        b.direction,     b.pass.out,       b.pass.in_gradient, b.pass.other_gradient, b.pass.scratch};
    for (size_t i = 0; i < sizeof(blocks) / sizeof(blocks[0]); i++)
        free(blocks[i]);
}

static void test_loss(float spread)
{
    enum { SAMPLES = 3, CLASSES = 5 };
    const int32_t labels[SAMPLES] = {4, 0, 2};
    zoo_real logits[SAMPLES * CLASSES], work[SAMPLES * CLASSES], gradient[SAMPLES * CLASSES];
    fill(logits, SAMPLES * CLASSES, -spread, spread);
    memcpy(work, logits, sizeof(work));
    const zoo_real found = zoo_softmax_loss(work, labels, SAMPLES, CLASSES);
    zoo_softmax_gradient(work, labels, SAMPLES, CLASSES, gradient);
    zoo_real expected = 0;
    for (size_t i = 0; i < SAMPLES; i++)
        expected -= log(work[i * CLASSES + (size_t)labels[i]]) / SAMPLES;
    EXPECT(fabs(found - expected) <= 1e-9 * (1 + expected), "loss %.12g, not %.12g", found, expected);
    const zoo_real step = 1e-5;
    for (size_t i = 0; i < SAMPLES * CLASSES; i++) {
        zoo_real sides[2];
        for (size_t side = 0; side < 2; side++) {
            memcpy(work, logits, sizeof(work));
            work[i] += side ? step : -step;
            sides[side] = zoo_softmax_loss(work, labels, SAMPLES, CLASSES);
        }
        const zoo_real difference = (sides[1] - sides[0]) / (2 * step);
        EXPECT(fabs(gradient[i] - difference) <= 1e-8, "logit %zu: gradient %.9g, difference %.9g", i, gradient[i],
               difference);
    }
}

static const struct zoo_plan_layer small_layers[] = {
    {.name = "conv", .kind = ZOO_CONV, .channels = 5, .kernel = 3, .stride = 2},
    {.name = "norm", .kind = ZOO_NORM},
    {.name = "relu6", .kind = ZOO_RELU6},
    {.name = "depthwise", .kind = ZOO_DEPTHWISE, .kernel = 3, .stride = 1},
    {.name = "sum", .kind = ZOO_ADD, .other = "relu6"}, /* its gradient comes from two sides */
    {.name = "relu", .kind = ZOO_RELU},
    {.name = "mean", .kind = ZOO_MEAN},
    {.name = "dense", .kind = ZOO_DENSE, .channels = 3},
};
static const struct zoo_plan small_plan = {
    "small", {7, 6, 2}, small_layers, sizeof(small_layers) / sizeof(small_layers[0])};

static zoo_real network_loss(struct zoo_network *network, const int32_t *labels, size_t samples)
{
    return zoo_softmax_loss(zoo_network_forward(network, samples, true), labels, samples, 3);
}

static void test_network(void)
{
    enum { SAMPLES = 4 };
    const int32_t labels[SAMPLES] = {0, 1, 2, 1};
    struct zoo_network *network = zoo_network_make(&small_plan, SAMPLES, 3);
    EXPECT(network != NULL, "no memory");
    if (!network)
        return;
    fill(network->values[0], SAMPLES * zoo_numbers(small_plan.in), -1, 1);
    network_loss(network, labels, SAMPLES);
    zoo_softmax_gradient(network->values[small_plan.layer_count], labels, SAMPLES, 3,
                         network->gradients[small_plan.layer_count]);
    zoo_network_backward(network, SAMPLES);
    const zoo_real step = 1e-6;
    for (size_t l = 0; l < small_plan.layer_count; l++) {
        const struct zoo_layer *layer = &network->layers[l];
        for (size_t i = 0; i < layer->weight_count; i++) {
            const zoo_real kept = layer->weights[i];
            layer->weights[i] = kept + step;
            const zoo_real above = network_loss(network, labels, SAMPLES);
            layer->weights[i] = kept - step;
            const zoo_real difference = (above - network_loss(network, labels, SAMPLES)) / (2 * step);
            layer->weights[i] = kept;
            EXPECT(fabs(layer->gradient[i] - difference) <= 1e-6, "%s, weight %zu: gradient %.9g, difference %.9g",
                   small_layers[l].name, i, layer->gradient[i], difference);
        }
    }
    zoo_network_free(network);
}

int main(void)
{
    numbers = assay_zoo_random(7, 0, 0);
    const size_t extents[] = {1, 3, 4, 5, 15, 16, 17, 33}, depths[] = {0, 1, 255, 256, 257};
    for (size_t i = 0; i < 8; i++)
        for (size_t j = 0; j < 8; j++)
            for (size_t k = 0; k < 5; k++)
                test_product(extents[i], extents[j], depths[k], (i + j + k) % 2 == 1);

    test_layer(ZOO_CONV, 2, (struct zoo_size){3, 4, 3}, 17, 1, 1);
    test_layer(ZOO_CONV, 2, (struct zoo_size){4, 5, 3}, 2, 3, 1);
    test_layer(ZOO_CONV, 1, (struct zoo_size){6, 5, 2}, 16, 3, 2);
    test_layer(ZOO_CONV, 3, (struct zoo_size){1, 1, 2}, 3, 3, 1);
    test_layer(ZOO_CONV, 1, (struct zoo_size){5, 4, 2}, 3, 1, 2);
    test_layer(ZOO_DEPTHWISE, 2, (struct zoo_size){4, 5, 3}, 3, 3, 1);
    test_layer(ZOO_DEPTHWISE, 2, (struct zoo_size){6, 5, 17}, 17, 3, 2);
    test_layer(ZOO_DEPTHWISE, 1, (struct zoo_size){1, 1, 4}, 4, 3, 1);
    test_layer(ZOO_DENSE, 5, (struct zoo_size){1, 1, 300}, 3, 0, 0);
    test_layer(ZOO_DENSE, 1, (struct zoo_size){2, 3, 2}, 17, 0, 0);
    test_layer(ZOO_NORM, 3, (struct zoo_size){3, 2, 5}, 5, 0, 0);
    test_layer(ZOO_NORM, 2, (struct zoo_size){1, 1, 19}, 19, 0, 0);
    test_layer(ZOO_RELU, 2, (struct zoo_size){3, 5, 7}, 7, 0, 0);
    test_layer(ZOO_RELU6, 2, (struct zoo_size){3, 5, 7}, 7, 0, 0);
    test_layer(ZOO_ADD, 2, (struct zoo_size){3, 5, 7}, 7, 0, 0);
    test_layer(ZOO_MEAN, 3, (struct zoo_size){3, 5, 7}, 7, 0, 0);
    test_loss(3);
    test_loss(300);
    test_network();
    return expect_report();
}
