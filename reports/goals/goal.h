/* Goals: what records are held to. A goal is a row of a table: it picks records of our best kernels, tells each against
 * something, and asks for a geometric mean, a least value of a case, or a sparsity from which on sparse wins. A suite
 * declares its goals (docs/suites.md); judging reads records alone, so it can be done again on saved ones. */
#ifndef ASSAY_REPORTS_GOALS_GOAL_H
#define ASSAY_REPORTS_GOALS_GOAL_H

#include "reports/record/record.h"

#include <stdio.h>

struct assay_words {
    const char *const *items;
    size_t count;
};

enum assay_against {
    ASSAY_AGAINST_PEERS,     /* the best peer of the same case and structure */
    ASSAY_AGAINST_DENSE,     /* our best dense kernel of the same case */
    ASSAY_AGAINST_CASE,      /* ours of another case, in the same mode and structure */
    ASSAY_AGAINST_BOUND,     /* the machine: the roofline's time (docs/measuring.md) */
    ASSAY_AGAINST_STREAM,    /* the machine: a loop that moves as many bytes of the same level */
    ASSAY_AGAINST_PUBLISHED, /* rates that someone measured elsewhere, as shares of the peak there */
    ASSAY_AGAINST_COUNT,
};

/* A rate measured elsewhere: multiply-accumulates of the dense layer per second, as a share of the fp32 peak there. */
struct assay_published {
    const char *cases; /* glob */
    double sparsity, share;
};

/* What a case is told against: `other`, in which `*` stands for what the `*` of `cases` stood for. Either has one or
 * none. */
struct assay_pair {
    const char *cases, *other;
};

struct assay_goal {
    const char *name, *description;
    /* The records: of role best, each list empty (any) or with what the record has. cases and except are globs. */
    struct assay_words cases, except, ops, modes, structures;
    const double *sparsities;
    size_t sparsity_count;

    enum assay_against against;
    const char *of_mode;        /* mode of the peer's or dense record; NULL: the record's own */
    struct assay_words origins; /* which peers; empty: all */
    const struct assay_published *published;
    size_t published_count;
    const struct assay_pair *pairs; /* of ASSAY_AGAINST_CASE; the goal picks no case that is in none */
    size_t pair_count;

    /* What is asked, NaN: nothing. A ratio above 1 means that ours is faster. */
    double mean;      /* the geometric mean of each suite's cases, at least */
    double least;     /* of every case */
    double breakeven; /* the share of zeros from which on the mean is 1 or more, at most */
};

struct assay_goal_list {
    const struct assay_goal *items;
    size_t count;
};

struct assay_goal_item {
    const struct assay_record *ours;
    const struct assay_record *other; /* the fastest that it is told against; NULL: no record (bound, published) */
    double ratio;                     /* 0: ours gave no answer */
};

enum { ASSAY_GOAL_PEERS = 8 };

enum assay_goal_outcome {
    ASSAY_GOAL_MET,
    ASSAY_GOAL_MISSED,
    ASSAY_GOAL_OPEN, /* nothing was measured that it could be judged by */
};

struct assay_goal_verdict {
    const struct assay_goal *goal;
    const char *target;
    const struct assay_record *any; /* of the target */
    struct assay_goal_item *items;
    size_t count;
    size_t alone; /* records that the goal picks and that there is nothing to tell against */
    enum assay_goal_outcome outcome;

    double rate;  /* geometric mean: 1e9 operations (2 x multiply-accumulates) per second; NaN: none */
    double bound; /* geometric mean of the shares of the bound; NaN: none was recorded */
    double mean;  /* geometric mean of the ratios */
    double versus[ASSAY_GOAL_PEERS]; /* the same against each peer of the list, in its order; NaN: none */
    const struct assay_goal_item *worst;
    double weakest;            /* the least of the suites' geometric means … */
    const char *weakest_suite; /* … and whose it is, of weakest_length bytes */
    size_t weakest_length;
    double breakeven, worst_breakeven; /* of the mean, and of the worst case; infinity: at no measured sparsity */
};

struct assay_goal_verdicts {
    struct assay_goal_verdict *items; /* by target, then in the goals' order */
    size_t count;
    const char *peers[ASSAY_GOAL_PEERS]; /* origins that were measured */
    size_t peer_count;
    const struct assay_record **newest; /* the records that count, of each series the newest */
    size_t series_count;
};

/* Judges the newest record of each series. Points into all arguments. False: out of memory. */
bool assay_goals_judge(const struct assay_goal_list *goals, const struct assay_record_list *records,
                       struct assay_goal_verdicts *verdicts);
void assay_goals_free(struct assay_goal_verdicts *verdicts);

/* How many are missed. */
size_t assay_goals_missed(const struct assay_goal_verdicts *verdicts);

/* Whether a case falls short of what the goal asks of every case. */
bool assay_goal_item_short(const struct assay_goal *goal, const struct assay_goal_item *item);

/* The record of a peer that `ours` is told against by this goal, or NULL. */
const struct assay_record *assay_goal_peer(const struct assay_goal_verdicts *verdicts, const struct assay_goal *goal,
                                           const struct assay_record *ours, const char *origin);

/* The record's share of the bound, within (0, 1] or a little above; NaN: it tells none. */
double assay_goal_bound(const struct assay_record *record);

enum assay_goal_detail {
    ASSAY_GOAL_SHORT, /* the cases that fall short */
    ASSAY_GOAL_ALL,   /* every case */
    ASSAY_GOAL_BRIEF, /* nothing */
};

/* The verdicts as a table for a terminal, as Markdown, or as JSON (which holds every case). `detail`: what
 * stands below the table. False: out of memory, or `out` failed. */
bool assay_goals_table(const struct assay_goal_verdicts *verdicts, enum assay_goal_detail detail, FILE *out);
bool assay_goals_markdown(const struct assay_goal_verdicts *verdicts, enum assay_goal_detail detail, FILE *out);
bool assay_goals_json(const struct assay_goal_verdicts *verdicts, FILE *out);

#endif
