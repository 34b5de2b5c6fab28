#include "harness/revision/remeasure.h"

#include "harness/base/memory.h"
#include "harness/process/interrupt.h"
#include "harness/revision/ab.h"
#include "harness/revision/revision.h"
#include "harness/suite/find.h"
#include "harness/target/build.h"

#include <stdlib.h>
#include <string.h>

/* What is measured together: the same target, suite and revisions. */
struct group {
    const char *target, *suite, *base, *now; /* now NULL: the tree as it is */
};

static const json_t *identity_of(const struct assay_record *record)
{
    return json_object_get(record->json, "identity");
}

/* The commit whose files the record was measured with; NULL: they had changes of their own, or no commit is known. */
static const char *commit_of(const struct assay_record *record)
{
    const json_t *identity = identity_of(record);
    return json_is_true(json_object_get(identity, "dirty")) ? NULL
                                                            : json_string_value(json_object_get(identity, "commit"));
}

static struct group group_of(const struct assay_comparison *c)
{
    return (struct group){c->now->target, json_string_value(json_object_get(identity_of(c->now), "suite")),
                          commit_of(c->base), commit_of(c->now)};
}

static bool same_text(const char *a, const char *b)
{
    return a && b ? strcmp(a, b) == 0 : a == b;
}

static bool same_group(struct group a, struct group b)
{
    return same_text(a.target, b.target) && same_text(a.suite, b.suite) && same_text(a.base, b.base) &&
           same_text(a.now, b.now);
}

/* Builds and reaches one side; the tree itself where `commit` is NULL. */
static bool open_side(const struct assay_stand *stand, const char *commit, struct assay_ab_side *side)
{
    struct assay_revision revision;
    if (commit)
        return assay_revision_build(commit, stand->target, &revision) == ASSAY_REVISION_READY &&
               assay_ab_open(stand, revision.probe, assay_format("%.12s", commit), commit, side);
    return assay_build(stand->target) && assay_ab_open(stand, assay_probe_path(stand->target), "tree", NULL, side);
}

/* The jobs of the group's series; index[k] is the candidate of job k. */
static struct assay_job_list jobs_of(const struct assay_suite *suite, const struct assay_ab_side *side,
                                     const struct assay_comparison *const *candidates, const size_t *members,
                                     size_t count)
{
    struct assay_job *jobs = assay_keep((count + 1) * sizeof(*jobs));
    json_t *kernels = assay_link_ask(&side->bench.link, "list");
    struct assay_job_list list = {jobs, 0};
    for (size_t i = 0; kernels && i < count; i++) {
        const struct assay_job_list found =
            assay_ab_jobs(suite, &side->bench.link.stand, kernels, candidates[members[i]]->series_id);
        if (found.count > 0)
            jobs[list.count++] = found.items[0];
    }
    json_decref(kernels);
    return list;
}

static void fill(struct assay_pairs *pairs, const json_t *base, const json_t *now)
{
    enum { MOST = 1024 };
    pairs->base = calloc(MOST, sizeof(*pairs->base));
    pairs->now = calloc(MOST, sizeof(*pairs->now));
    if (!pairs->base || !pairs->now)
        abort();
    pairs->count = assay_ab_pairs(base, now, pairs->base, pairs->now, MOST);
}

/* False: interrupted. What cannot be measured is said, and has no pairs. */
static bool measure_group(const struct assay_remeasure *r, struct group group,
                          const struct assay_comparison *const *candidates, const size_t *members, size_t count,
                          struct assay_pairs *pairs)
{
    struct assay_stand stand;
    struct assay_ab_side base, now;
    const char *path = group.suite && strcmp(group.suite, "networks") != 0 ? assay_suite_path(group.suite) : NULL;
    const struct assay_suite *suite = path ? assay_suite_read(path) : NULL;
    if (!suite || !group.base) {
        assay_say("%s: %zu series cannot be measured again: %s", group.target, count,
                  group.base ? "they are of no shipped suite"
                             : "the base was measured with changes that are no commit");
        return true;
    }
    if (!assay_stand_find(r->targets, group.target, &stand) || !open_side(&stand, group.base, &base) ||
        !open_side(&stand, group.now, &now))
        return !assay_interrupted();
    struct assay_ab_subject subject = {.name = "gate", .suite = suite, .seed = 1};
    subject.jobs = jobs_of(suite, &now, candidates, members, count);
    const struct assay_ab_side *sides[2] = {&base, &now};
    json_t *records[2] = {json_array(), json_array()};
    const bool complete = assay_ab_measure(&subject, sides, r->processes, records);
    for (size_t i = 0; complete && i < count; i++) {
        const char *id = candidates[members[i]]->series_id;
        fill(&pairs[members[i]], assay_ab_find(records[0], id), assay_ab_find(records[1], id));
    }
    json_decref(records[0]);
    json_decref(records[1]);
    json_decref(base.bench.machine);
    json_decref(now.bench.machine);
    return complete;
}

bool assay_revision_remeasure(void *context, size_t look, const struct assay_comparison *const *candidates,
                              size_t count, struct assay_pairs *pairs)
{
    (void)look;
    bool *done = calloc(count + 1, sizeof(*done)), good = true;
    size_t *members = calloc(count + 1, sizeof(*members));
    if (!done || !members)
        abort();
    for (size_t i = 0; i < count; i++)
        pairs[i] = (struct assay_pairs){0};
    for (size_t i = 0; good && i < count; i++) {
        size_t together = 0;
        if (done[i] || !candidates[i]->base || !candidates[i]->now)
            continue;
        const struct group group = group_of(candidates[i]);
        for (size_t k = i; k < count; k++)
            if (candidates[k]->base && candidates[k]->now && same_group(group, group_of(candidates[k]))) {
                done[k] = true;
                members[together++] = k;
            }
        good = measure_group(context, group, candidates, members, together, pairs);
    }
    free(done);
    free(members);
    return good;
}
