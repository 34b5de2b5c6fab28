#include "harness/revision/bisect.h"

#include "harness/base/memory.h"
#include "harness/process/interrupt.h"
#include "harness/revision/blame.h"
#include "harness/revision/history.h"
#include "harness/revision/interval.h"
#include "harness/revision/revision.h"
#include "harness/revision/search.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { BATCHES = 3, MOST_PAIRS = 1024 };

/* Of the interval about a ratio: a decision by it is wrong once in fifty times at most. */
static const double confidence = 0.98;

/* A revision that was built and looked at. */
struct candidate {
    const char *commit, *title;
    struct assay_ab_side side;
    const char *hash, *kernel; /* NULL: not known */
    bool built, cached, usable;
    const char *why; /* it is not usable */
    enum assay_judgement judgement;
};

struct bisection {
    const struct assay_bisect_request *r;
    struct assay_ab_subject subject;
    struct candidate good, *line; /* line: the commits after it, bad being the last */
    size_t count, builds, cached;
    double midpoint; /* of good and bad, as a ratio to good */
    bool slower;     /* bad is */
    json_t *steps;
};

static const char *text_of(const json_t *object, const char *key)
{
    return json_string_value(json_object_get(object, key));
}

/* The kernel and its hash, by a process that takes no time worth telling. */
static bool look(struct bisection *b, struct candidate *c)
{
    json_t *records = json_array();
    const bool ran = assay_ab_look(&b->subject, &c->side, records);
    const json_t *record = assay_ab_find(records, b->r->series_id);
    const char *outcome = text_of(record, "outcome"), *message = text_of(record, "message");
    const char *hash = text_of(json_object_get(record, "code"), "hash"), *kernel = text_of(record, "kernel");
    c->usable = record && strcmp(outcome, "pass") == 0;
    c->hash = hash ? assay_keep_string(hash) : NULL;
    c->kernel = kernel ? assay_keep_string(kernel) : NULL;
    if (!record)
        c->why = "its probe does not measure the series";
    else if (!c->usable)
        c->why = assay_format("the series is %s: %s", outcome, message ? message : "no reason given");
    json_decref(records);
    return ran;
}

/* The series' job, known only once a probe can be asked for its kernels. */
static bool plan(struct bisection *b, const struct assay_ab_side *side)
{
    if (!b->subject.suite || b->subject.jobs.count > 0)
        return true;
    json_t *kernels = assay_link_ask(&side->bench.link, "list");
    if (!kernels)
        return false;
    b->subject.jobs = assay_ab_jobs(b->subject.suite, &b->r->stand, kernels, b->r->series_id);
    json_decref(kernels);
    if (b->subject.jobs.count > 0)
        return true;
    assay_say("the suite %s makes no series '%s' on %s: see the series_id of its records, or name another by --suite",
              b->subject.suite->name, b->r->series_id, b->r->stand.label);
    return false;
}

/* Builds, reaches and looks at a revision. False: no other would do either, which was said. */
static bool prepare(struct bisection *b, struct candidate *c)
{
    struct assay_revision revision;
    c->title = assay_commit_title(c->commit);
    const enum assay_revision_state state = assay_revision_build(c->commit, b->r->stand.target, &revision);
    b->builds += !revision.cached && state != ASSAY_REVISION_FAILED;
    b->cached += revision.cached;
    c->cached = revision.cached;
    if (state == ASSAY_REVISION_BROKEN)
        c->why = assay_format("it does not build: see %s", revision.log);
    if (state != ASSAY_REVISION_READY)
        return state == ASSAY_REVISION_BROKEN;
    c->built = true;
    if (!assay_ab_open(&b->r->stand, revision.probe, assay_format("%.12s", c->commit), c->commit, &c->side)) {
        c->why = "its probe cannot be run";
        return !assay_interrupted();
    }
    return plan(b, &c->side) && look(b, c);
}

static json_t *new_step(struct bisection *b, const struct candidate *c, const char *what)
{
    json_t *step = json_pack("{ss ss ss sb ss? ss?}", "step", what, "commit", c->commit, "title", c->title, "cached",
                             (int)c->cached, "kernel", c->kernel, "hash", c->hash);
    json_array_append_new(b->steps, step);
    return step;
}

static void tell(const struct bisection *b, const json_t *step)
{
    if (b->r->step)
        b->r->step(b->r->context, step);
}

static void set_interval(json_t *object, struct assay_interval interval, size_t pairs)
{
    json_object_set_new(object, "ratio", json_real(interval.median));
    json_object_set_new(object, "low", json_real(interval.low));
    json_object_set_new(object, "high", json_real(interval.high));
    json_object_set_new(object, "pairs", json_integer((json_int_t)pairs));
}

/* Measures x against base in batches, until the interval of the ratio lies on one side of `line`, or the batches are
 * used up. False: interrupted. */
static bool measure(const struct bisection *b, const struct candidate *base, const struct candidate *x, double line,
                    json_t *records[2], struct assay_interval *interval, size_t *pairs)
{
    const struct assay_ab_side *sides[2] = {&base->side, &x->side};
    double ratios[MOST_PAIRS];
    for (size_t batch = 0; batch < BATCHES; batch++) {
        if (!assay_ab_measure(&b->subject, sides, b->r->processes, records))
            return false;
        *pairs = assay_ab_ratios(assay_ab_find(records[0], b->r->series_id), assay_ab_find(records[1], b->r->series_id),
                                 ratios, MOST_PAIRS);
        *interval = assay_interval_of(ratios, *pairs, confidence);
        if (*pairs == 0 || interval->low > line || interval->high < line || assay_target_emulated(b->r->stand.target))
            break;
    }
    return true;
}

static enum assay_judgement judge_by(const struct bisection *b, struct assay_interval interval)
{
    if (interval.low > b->midpoint)
        return b->slower ? ASSAY_JUDGED_BAD : ASSAY_JUDGED_GOOD;
    if (interval.high < b->midpoint)
        return b->slower ? ASSAY_JUDGED_GOOD : ASSAY_JUDGED_BAD;
    return ASSAY_JUDGED_SKIP;
}

/* What a revision whose machine code was judged before is; SKIP: none was. */
static enum assay_judgement judged_code(const struct bisection *b, const struct candidate *c, const char **like)
{
    if (c->hash && b->good.hash && strcmp(c->hash, b->good.hash) == 0) {
        *like = b->good.title;
        return ASSAY_JUDGED_GOOD;
    }
    for (size_t i = 0; c->hash && i < b->count; i++) {
        const struct candidate *other = &b->line[i];
        if (other != c && other->hash && other->judgement != ASSAY_JUDGED_SKIP && strcmp(c->hash, other->hash) == 0) {
            *like = other->title;
            return other->judgement;
        }
    }
    return ASSAY_JUDGED_SKIP;
}

static bool judge_by_measuring(struct bisection *b, struct candidate *c, json_t *step)
{
    json_t *records[2] = {json_array(), json_array()};
    struct assay_interval interval = {NAN, NAN, NAN};
    size_t pairs = 0;
    const bool complete = measure(b, &b->good, c, b->midpoint, records, &interval, &pairs);
    if (pairs > 0) {
        c->judgement = judge_by(b, interval);
        set_interval(step, interval, pairs);
        if (c->judgement == ASSAY_JUDGED_SKIP)
            c->why = assay_format("too near to the middle between good and bad (%.4f)", b->midpoint);
    } else {
        c->why = "it could not be measured";
    }
    json_decref(records[0]);
    json_decref(records[1]);
    return complete;
}

static enum assay_judgement judge(void *context, size_t at)
{
    static const char *const names[] = {"good", "bad", "skipped", "stopped"};
    struct bisection *b = context;
    struct candidate *c = &b->line[at];
    const char *like = NULL;
    c->judgement = ASSAY_JUDGED_SKIP;
    if (!prepare(b, c) || assay_interrupted())
        return ASSAY_JUDGED_STOP;
    json_t *step = new_step(b, c, "candidate");
    if (c->usable)
        c->judgement = judged_code(b, c, &like);
    if (like)
        json_object_set_new(step, "same_code_as", json_string(like));
    else if (c->usable && !judge_by_measuring(b, c, step))
        return ASSAY_JUDGED_STOP;
    json_object_set_new(step, "judgement", json_string(names[c->judgement]));
    if (c->why)
        json_object_set_new(step, "why", json_string(c->why));
    tell(b, step);
    return c->judgement;
}

/* An end must be usable. */
static bool prepare_end(struct bisection *b, struct candidate *c, const char *name)
{
    if (!prepare(b, c))
        return false;
    if (!c->usable) {
        assay_say("%s, %s, cannot be measured: %s", name, c->title, c->why);
        return false;
    }
    tell(b, new_step(b, c, name));
    return true;
}

/* Whether good and bad differ by what matters, and in which direction. */
static bool differ(struct bisection *b, struct assay_interval interval)
{
    b->slower = interval.median > 1;
    b->midpoint = sqrt(interval.median);
    return b->slower ? interval.low > 1 && interval.median >= 1 + b->r->effect
                     : interval.high < 1 && interval.median <= 1 / (1 + b->r->effect);
}

/* The ends against each other: NO_CHANGE if they do not differ. */
static enum assay_bisect_outcome confirm(struct bisection *b, json_t *result)
{
    struct candidate *bad = &b->line[b->count - 1];
    if (b->good.hash && bad->hash && strcmp(b->good.hash, bad->hash) == 0) {
        json_object_set_new(result, "why", json_string("the machine code is the same in both"));
        return ASSAY_BISECT_NO_CHANGE;
    }
    json_t *records[2] = {json_array(), json_array()}, *ends = json_object();
    struct assay_interval interval = {NAN, NAN, NAN};
    size_t pairs = 0;
    const bool complete = measure(b, &b->good, bad, 1, records, &interval, &pairs);
    json_object_set_new(result, "ends", ends);
    set_interval(ends, interval, pairs);
    json_decref(records[0]);
    json_decref(records[1]);
    if (!complete)
        return ASSAY_BISECT_FAILED;
    if (pairs == 0) {
        assay_say("%s could not be measured in both revisions", b->r->series_id);
        return ASSAY_BISECT_FAILED;
    }
    if (differ(b, interval))
        return ASSAY_BISECT_FOUND;
    json_object_set_new(result, "why", json_string("good and bad do not differ by what matters, or not certainly"));
    return ASSAY_BISECT_NO_CHANGE;
}

/* The commit against the one before it: how much it is, in which kernels and layers. */
static bool explain(struct bisection *b, size_t at, json_t *result)
{
    const struct candidate *before = at > 0 ? &b->line[at - 1] : &b->good, *after = &b->line[at];
    json_t *records[2] = {json_array(), json_array()}, *found = json_object();
    struct assay_interval interval = {NAN, NAN, NAN};
    size_t pairs = 0;
    const bool complete = measure(b, before, after, 1, records, &interval, &pairs);
    json_object_set_new(result, "found", found);
    json_object_set_new(found, "commit", json_string(after->commit));
    json_object_set_new(found, "title", json_string(after->title));
    json_object_set_new(found, "before", json_string(before->commit));
    set_interval(found, interval, pairs);
    json_object_set_new(found, "kernel", json_pack("{ss? ss?}", "before", before->kernel, "after", after->kernel));
    json_object_set_new(found, "hash", json_pack("{ss? ss?}", "before", before->hash, "after", after->hash));
    json_object_set_new(found, "layers", assay_blame_layers(records[0], records[1], b->r->series_id));
    json_decref(records[0]);
    json_decref(records[1]);
    return complete;
}

static void list_candidates(const struct bisection *b, struct assay_search_result where, json_t *result)
{
    json_t *list = json_array();
    for (size_t i = where.first; i <= where.last; i++)
        json_array_append_new(
            list, json_pack("{ss ss}", "commit", b->line[i].commit, "title", assay_commit_title(b->line[i].commit)));
    json_object_set_new(result, "candidates", list);
}

static enum assay_bisect_outcome run(struct bisection *b, json_t *result)
{
    struct candidate *bad = &b->line[b->count - 1];
    if (!prepare_end(b, &b->good, "good") || !prepare_end(b, bad, "bad"))
        return ASSAY_BISECT_FAILED;
    bad->judgement = ASSAY_JUDGED_BAD;
    const enum assay_bisect_outcome ends = confirm(b, result);
    if (ends != ASSAY_BISECT_FOUND)
        return ends;
    struct assay_search_result where;
    if (!assay_search(b->count, judge, b, &where))
        return ASSAY_BISECT_FAILED;
    list_candidates(b, where, result);
    if (where.first != where.last)
        return ASSAY_BISECT_NARROWED;
    return explain(b, where.first, result) ? ASSAY_BISECT_FOUND : ASSAY_BISECT_FAILED;
}

static void release(struct candidate *c)
{
    json_decref(c->side.bench.machine);
}

enum assay_bisect_outcome assay_bisect(const struct assay_bisect_request *r, json_t **result)
{
    struct bisection b = {.r = r, .subject = r->subject};
    const char *const *commits;
    *result = NULL;
    b.good.commit = assay_commit_find(r->good);
    const char *bad = b.good.commit ? assay_commit_find(r->bad) : NULL;
    if (!bad || !assay_commits_between(b.good.commit, bad, &commits, &b.count))
        return ASSAY_BISECT_FAILED;
    b.line = assay_keep(b.count * sizeof(*b.line));
    for (size_t i = 0; i < b.count; i++)
        b.line[i] = (struct candidate){.commit = commits[i], .judgement = ASSAY_JUDGED_SKIP};
    b.steps = json_array();
    json_t *answer =
        json_pack("{ss ss ss ss sI sf so}", "series_id", r->series_id, "target", r->stand.label, "good", b.good.commit,
                  "bad", bad, "commits", (json_int_t)b.count, "effect", r->effect, "steps", b.steps);
    const enum assay_bisect_outcome outcome = run(&b, answer);
    json_object_set_new(answer, "builds", json_integer((json_int_t)b.builds));
    json_object_set_new(answer, "cached", json_integer((json_int_t)b.cached));
    release(&b.good);
    for (size_t i = 0; i < b.count; i++)
        release(&b.line[i]);
    if (outcome == ASSAY_BISECT_FAILED)
        json_decref(answer);
    else
        *result = answer;
    return outcome;
}
