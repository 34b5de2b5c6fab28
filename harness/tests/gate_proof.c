/* The proof of the gate (harness/selftest), on noise made up here: it finds what was planted, and says nothing else.
 * That nights are replayed at all is the point: a proof in which no series is judged would hold of false alarms. */
#include "harness/selftest/proof.h"
#include "reports/record/record.h"

#include <gsl/gsl_rng.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SWEEPS = 5, PROCESSES = 16, LAYERS = 12, NIGHTS = 40 };

static int failures;

static void expect(bool true_one, const char *what, size_t count)
{
    if (true_one)
        return;
    printf("FAIL: %s (%zu of %d)\n", what, count, NIGHTS);
    failures++;
}

static bool write_series(FILE *file, gsl_rng *rng, size_t layer, size_t kernel, size_t sweep)
{
    const bool ours = kernel == 0;
    const char *origin = assay_noise_kernels[kernel].origin;
    char name[32], id[96], run[8];
    snprintf(name, sizeof(name), "layer%zu", layer);
    snprintf(id, sizeof(id), "here/%s/gemm/int8/dense@0/%s%s", name, ours ? "best" : "peer/", ours ? "" : origin);
    snprintf(run, sizeof(run), "%zu", sweep);
    json_t *samples = json_array(), *processes = json_array();
    for (int i = 0; i < 2 * PROCESSES; i++) {
        const double late = -log(gsl_rng_uniform_pos(rng)) * 0.005; /* noise only adds */
        json_array_append_new(samples, json_real(1000 * (1 + assay_noise_kernels[kernel].share) * (1 + late)));
        json_array_append_new(processes, json_integer(i / 2));
    }
    json_t *json = json_pack(
        "{s:i, s:s, s:s, s:s, s:s, s:s, s:f, s:s, s:s, s:s, s:s, s:s, s:f, s:n, s:n, s:s, s:b, "
        "s:{s:s, s:s, s:s, s:i, s:n, s:n}, s:{s:s}, s:{}, s:{}, s:{s:o, s:o}, s:{}}",
        "schema_version", ASSAY_RECORD_SCHEMA, "series_id", id, "target", "here", "op", "gemm", "mode", "int8",
        "structure", "dense", "sparsity", 0.0, "case", name, "role", ours ? "best" : "peer", "kernel", origin, "origin",
        origin, "metric", "ns", "value", 1000.0, "speedup", "error", "outcome", "pass", "emulated", 0, "identity",
        "run_id", run, "suite", "gates", "started", "2026-01-01T00:00:00Z", "seed", 1, "commit", "dirty", "code",
        "hash", "the same", "machine", "shape", "performance", "samples", samples, "processes", processes, "accuracy");
    const bool good = json && json_dumpf(json, file, JSON_COMPACT) == 0 && fputc('\n', file) != EOF;
    json_decref(json);
    return good;
}

static bool write_noise(const char *path)
{
    FILE *file = fopen(path, "we");
    gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
    bool good = file && rng;
    for (size_t sweep = 0; sweep < SWEEPS; sweep++)
        for (size_t layer = 0; layer < LAYERS; layer++)
            for (size_t kernel = 0; kernel < ASSAY_NOISE_KERNELS; kernel++)
                good = good && write_series(file, rng, layer, kernel, sweep);
    if (rng)
        gsl_rng_free(rng);
    return file && fclose(file) == 0 && good;
}

static void prove(const struct assay_noise *noise)
{
    struct assay_false_alarms quiet;
    struct assay_power power;
    struct assay_contest contest;
    if (!assay_prove_false_alarms(noise, NIGHTS, &quiet) || !assay_prove_power(noise, NIGHTS, &power) ||
        !assay_prove_contest(noise, NIGHTS, &contest)) {
        expect(false, "the proof could not be made", 0);
        return;
    }
    expect(quiet.reports.count == 0 && quiet.reports.of == NIGHTS, "nights without a change said something",
           quiet.reports.count);
    expect(quiet.inconclusive.count < quiet.inconclusive.of / 2, "nothing is judged", quiet.inconclusive.count);
    for (size_t kernel = 1; kernel < ASSAY_NOISE_KERNELS; kernel++) {
        const double share = assay_noise_kernels[kernel].share;
        const size_t found = power.regressed[kernel].count;
        expect(fabs(power.median[kernel] - 1 - share) < 0.002, "another share was planted", kernel);
        expect(power.others[kernel].count == 0, "the wrong series was named", power.others[kernel].count);
        expect(share < 0.03 || found == NIGHTS, "a slower kernel was not named", found);
        expect(share > 0.01 || found == 0, "1 % is below what matters", found);
    }
    expect(contest.planted == NIGHTS && contest.hits[ASSAY_RIVAL_GATE] >= NIGHTS / 2, "the gate found less than half",
           contest.hits[ASSAY_RIVAL_GATE]);
}

static void bounds(void)
{
    /* Clopper and Pearson's, from their formula for none and all; and that the two agree where counts are mirrored. */
    const struct assay_share none = {0, 400}, all = {400, 400}, some = {7, 400}, rest = {393, 400};
    expect(fabs(assay_share_upper(none) - (1 - pow(0.05, 1.0 / 400))) < 1e-9, "the upper bound of none", 0);
    expect(fabs(assay_share_lower(all) - pow(0.05, 1.0 / 400)) < 1e-9, "the lower bound of all", 0);
    expect(fabs(assay_share_upper(some) + assay_share_lower(rest) - 1) < 1e-9, "bounds are not mirrored", 0);
    expect(assay_share_lower(none) == 0 && assay_share_upper(all) == 1, "bounds beyond the ends", 0);
}

int main(int argc, char **argv)
{
    struct assay_noise noise;
    if (argc != 2)
        return 2;
    bounds();
    expect(write_noise(argv[1]), "the noise could not be written", 0);
    const bool read = assay_noise_read(argv[1], &noise);
    expect(read && noise.count == LAYERS * ASSAY_NOISE_KERNELS, "the noise could not be read", noise.count);
    if (read) {
        prove(&noise);
        assay_noise_free(&noise);
    }
    remove(argv[1]);
    return failures > 0;
}
