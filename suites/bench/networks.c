/* Jobs of whole networks. */
#include "suites/bench/jobs.h"
#include "suites/bench/network.h"
#include "suites/peaks/bound.h"
#include "suites/probe/env.h"
#include "suites/probe/output.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* A name of the file's, which may be any bytes. */
static json_t *name_of(const char *text)
{
    json_t *name = json_string(text);
    return name ? name : json_string("?");
}

/* Of one core: threads share some of what it is made of. NULL: nothing is known of it. */
static json_t *bound_of(const struct network *network, const struct network_layer *layer)
{
    if (!layer->problem || network->plan->threads > 1)
        return NULL;
    const struct peak_work work = peak_work_of(layer->problem, layer->nonzero_weights);
    return peak_bound_json(&work);
}

static json_t *describe_layer(const struct network *network, size_t index, bool timed)
{
    const struct network_layer *layer = &network->layers[index];
    json_t *line =
        json_pack("{sI ss so ss? ss? sI sI}", "index", (json_int_t)index, "op", assay_operator_name(layer->op->code),
                  "tensor", name_of(layer->tensor), "kernel", layer->kernel, "origin", layer->origin, "macs",
                  (json_int_t)layer->macs, "weight_bytes", (json_int_t)layer->weight_bytes);
    if (timed) {
        json_t *samples = json_array();
        for (size_t i = 0; i < network->profile_count; i++)
            json_array_append_new(samples, output_number(layer->samples[i]));
        json_object_set_new(line, "samples", samples);
        json_t *bound = bound_of(network, layer);
        if (bound)
            json_object_set_new(line, "bound", bound);
    } else {
        json_object_set_new(line, "region", json_integer(layer->region));
    }
    return line;
}

static json_t *describe_layers(const struct network *network, bool timed)
{
    json_t *layers = json_array();
    for (size_t i = 0; i < network->layer_count; i++)
        if (!network->layers[i].idle)
            json_array_append_new(layers, describe_layer(network, i, timed));
    return layers;
}

static void add_sizes(json_t *line, const struct network *network)
{
    const struct assay_executor_memory memory = assay_executor_memory(network->executor);
    uint64_t macs = 0, weight_bytes = 0;
    for (size_t i = 0; i < network->layer_count; i++) {
        macs += network->layers[i].macs;
        weight_bytes += network->layers[i].weight_bytes;
    }
    json_t *sizes = json_pack("{sI sI sI sI sI sI sI sI}", "batch", (json_int_t)network->batch, "model_bytes",
                              (json_int_t)network->model_bytes, "macs", (json_int_t)macs, "weight_bytes",
                              (json_int_t)weight_bytes, "activation_bytes", (json_int_t)memory.activation_bytes,
                              "lower_bound", (json_int_t)memory.lower_bound, "packed_bytes",
                              (json_int_t)memory.packed_bytes, "scratch_bytes", (json_int_t)memory.scratch_bytes);
    json_object_update(line, sizes);
    json_decref(sizes);
}

static json_t *describe(const struct network *network, const struct plan_job *job)
{
    const struct subject *subject = &network->subject;
    const bool timed = job->metric == METRIC_NS, passed = subject->outcome == SUBJECT_PASS;
    json_t *line = json_pack("{ss sI ss so ss ss ss sI sI}", "type", "measurement", "id", job->id, "key",
                             network->plan->key, "kernel", json_null(), "origin", network->plan->origin, "outcome",
                             subject_outcome_names[subject->outcome], "metric", timed ? "ns" : "instructions", "seed",
                             (json_int_t)job->seed, "threads", (json_int_t)network->plan->threads);
    if (!passed)
        json_object_set_new(line, "message", name_of(subject->message));
    if (network->executor)
        add_sizes(line, network);
    if (!passed)
        return line;
    json_object_set_new(line, "iterations", json_integer(subject->iterations));
    if (timed) {
        json_object_set_new(line, "samples", subject_samples(subject));
        json_object_set_new(line, "pack_ns", output_number(network->pack_ns));
        json_object_set_new(line, "input_ns", output_number(network->input_ns));
        json_object_set_new(line, "clock_ns", output_number(network->clock_ns));
    } else {
        json_object_set_new(line, "region", json_integer(network->region));
        json_object_set_new(line, "pid", json_integer(getpid()));
    }
    json_object_set_new(line, "layers", describe_layers(network, timed));
    return line;
}

static bool report(const struct network *network, const struct plan_job *job, struct tally *tally)
{
    tally_add(tally, network->subject.outcome);
    return output_line(describe(network, job));
}

/* One after the other: a count does not depend on what ran before. */
static bool count_job(const struct plan_job *job, struct tally *tally)
{
    bool written = true;
    for (size_t i = 0; i < job->count && written; i++) {
        struct network network;
        network_start(&network, &job->networks[i], job, PLAN_MEMORY_MAX, NULL);
        if (network.subject.outcome == SUBJECT_PASS)
            network_count(&network);
        written = report(&network, job, tally);
        network_end(&network);
    }
    return written;
}

static bool time_job(const struct plan_job *job, struct assay_threads *threads, struct tally *tally)
{
    struct network *all = calloc(job->count, sizeof(*all));
    struct subject **subjects = calloc(job->count, sizeof(*subjects));
    bool written = all && subjects;
    if (!written)
        fputs("assay-probe bench: no memory for a job\n", stderr);
    for (size_t i = 0; written && i < job->count; i++) {
        network_start(&all[i], &job->networks[i], job, PLAN_MEMORY_MAX / job->count, threads);
        subjects[i] = &all[i].subject;
    }
    peaks_measure();
    if (written) {
        subjects_time(subjects, job->count, job->rounds, job->round_ns);
        subjects_in_rounds(subjects, job->count, job->rounds, network_profile);
    }
    peaks_measure();
    for (size_t i = 0; all && subjects && i < job->count; i++) {
        written = written && report(&all[i], job, tally);
        network_end(&all[i]);
    }
    free(subjects);
    free(all);
    return written;
}

/* Networks are run by turns, on the same threads: with those of each, the spinning ones of the others took half of the
 * time of every core but the first. */
static bool time_with_threads(const struct plan_job *job, size_t count, struct tally *tally)
{
    struct env_cores *cores = env_cores_of_threads(count);
    struct assay_threads *threads = NULL;
    env_pin_thread(cores, 0);
    bool written = assay_threads_make(count, env_pin_thread, cores, &threads);
    if (!written)
        fprintf(stderr, "assay-probe bench: %zu threads cannot be had\n", count);
    written = written && time_job(job, threads, tally);
    assay_threads_free(threads);
    free(cores);
    return written;
}

bool networks_measure(const struct plan_job *job, struct tally *tally)
{
    if (job->metric != METRIC_NS)
        return count_job(job, tally);
    const size_t threads = job->count > 0 ? job->networks[0].threads : 1;
    return threads > 1 ? time_with_threads(job, threads, tally) : time_job(job, NULL, tally);
}
