#include "models/zoo/train.h"

#include <math.h>
#include <stdlib.h>

/* Draws images into the network's input, and their labels. */
static void draw_batch(struct zoo_network *network, uint64_t seed, enum assay_shapes_set set, size_t first,
                       size_t count, int32_t *labels)
{
    for (size_t i = 0; i < count; i++) {
        assay_shapes_draw(seed, set, first + i, network->values[0] + i * ASSAY_SHAPES_FLOATS);
        labels[i] = assay_shapes_label(first + i);
    }
}

static size_t count_right(const zoo_real *scores, const int32_t *labels, size_t samples, size_t classes)
{
    size_t right = 0;
    for (size_t i = 0; i < samples; i++, scores += classes) {
        size_t best = 0;
        for (size_t j = 1; j < classes; j++)
            best = scores[j] > scores[best] ? j : best;
        right += best == (size_t)labels[i];
    }
    return right;
}

/* velocity = momentum * velocity + gradient; weights -= rate * velocity. What only shifts or scales (biases, batch
 * normalization) does not decay. */
static void learn(const struct zoo_layer *layer, zoo_real *velocity, const struct zoo_training *t, zoo_real rate)
{
    const size_t biases = layer->kind == ZOO_DENSE ? layer->out.c : 0;
    const size_t decaying = layer->kind == ZOO_NORM ? 0 : layer->weight_count - biases;
    for (size_t i = 0; i < layer->weight_count; i++) {
        const zoo_real decay = i < decaying ? t->decay * layer->weights[i] : 0;
        velocity[i] = t->momentum * velocity[i] + layer->gradient[i] + decay;
        layer->weights[i] -= rate * velocity[i];
    }
}

struct work {
    struct zoo_network *network;
    const struct zoo_training *training;
    zoo_real *velocity; /* of all layers, one after another */
    int32_t *labels;
};

/* One batch; adds to the epoch's sums. */
static void step(const struct work *w, size_t first, zoo_real rate, struct zoo_epoch *epoch)
{
    const struct zoo_plan *plan = w->network->plan;
    const size_t classes = zoo_network_classes(w->network), samples = w->training->batch;
    draw_batch(w->network, w->training->seed, ASSAY_SHAPES_TRAIN, first, samples, w->labels);
    zoo_real *logits = zoo_network_forward(w->network, samples, true);
    epoch->top1 += (double)count_right(logits, w->labels, samples, classes);
    epoch->loss += (double)(zoo_softmax_loss(logits, w->labels, samples, classes) * (zoo_real)samples);
    zoo_softmax_gradient(logits, w->labels, samples, classes, w->network->gradients[plan->layer_count]);
    zoo_network_backward(w->network, samples);
    zoo_real *velocity = w->velocity;
    for (size_t i = 0; i < plan->layer_count; i++) {
        learn(&w->network->layers[i], velocity, w->training, rate);
        velocity += w->network->layers[i].weight_count;
    }
}

static bool run_epochs(const struct work *w)
{
    const struct zoo_training *t = w->training;
    const double steps = (double)t->epochs * (double)t->images;
    for (size_t e = 0; e < t->epochs; e++) {
        struct zoo_epoch epoch = {.done = e + 1, .all = t->epochs};
        for (size_t i = 0; i < t->images; i += t->batch) {
            const size_t first = e * t->images + i;
            const double progress = (double)first / steps;
            step(w, first, (zoo_real)(t->rate * 0.5 * (1 + cos(3.14159265358979 * progress))), &epoch);
        }
        epoch.loss /= (double)t->images;
        epoch.top1 /= (double)t->images;
        if (t->progress && !t->progress(t->context, &epoch))
            return false;
    }
    return true;
}

static size_t all_weights(const struct zoo_network *network)
{
    size_t count = 0;
    for (size_t i = 0; i < network->plan->layer_count; i++)
        count += network->layers[i].weight_count;
    return count;
}

bool zoo_train(struct zoo_network *network, const struct zoo_training *training)
{
    const struct work work = {.network = network,
                              .training = training,
                              .velocity = calloc(all_weights(network) + 1, sizeof(zoo_real)),
                              .labels = calloc(training->batch, sizeof(int32_t))};
    const bool done = work.velocity && work.labels && run_epochs(&work);
    free(work.velocity);
    free(work.labels);
    return done;
}

size_t zoo_count_right(struct zoo_network *network, uint64_t seed, enum assay_shapes_set set, size_t count)
{
    size_t right = 0;
    for (size_t first = 0; first < count; first++) {
        int32_t label;
        draw_batch(network, seed, set, first, 1, &label);
        right += count_right(zoo_network_forward(network, 1, false), &label, 1, zoo_network_classes(network));
    }
    return right;
}
