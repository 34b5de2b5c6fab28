/* assay run --model: whole networks in place of a suite. */
#include "harness/base/memory.h"
#include "harness/commands/commands.h"
#include "harness/commands/run_parts.h"
#include "harness/measure/model_record.h"

#include <stdlib.h>
#include <string.h>

/* What is measured on each target, all of it interleaved. */
struct series_list {
    struct assay_model_case *items;
    size_t count, capacity;
};

/* The file's name without its folder and .tflite, and without what would drive a terminal. */
static const char *name_of(const char *file)
{
    const char *slash = strrchr(file, '/'), *start = slash ? slash + 1 : file, *dot = strrchr(start, '.');
    char *name = dot > start && strcmp(dot, ".tflite") == 0 ? assay_keep_bytes(start, (size_t)(dot - start))
                                                            : assay_keep_string(start);
    for (char *c = name; *c; c++)
        if ((unsigned char)*c < ' ' || *c == 0x7f)
            *c = '?';
    return name;
}

/* Batch and threads make another case of it: their figures must not be compared. */
static const char *case_name(const struct assay_model_request *m, const char *file)
{
    const char *name = m->name ? m->name : name_of(file);
    if (m->batch > 0)
        name = assay_format("%s+batch%zu", name, m->batch);
    return m->threads > 1 ? assay_format("%s+threads%zu", name, m->threads) : name;
}

/* Whether the mode that was said for a file can be its mode. What no mode fits may be called by any; weights in f16 can
 * be computed with in two. */
static bool settle_mode(const char *file, const char *said, struct assay_network_traits *traits, bool *half)
{
    *half = said && strcmp(said, "fp16") == 0 && strcmp(traits->mode, "fp16w") == 0;
    if (said && !*half && strcmp(said, traits->mode) != 0 && strcmp(traits->mode, "mixed") != 0) {
        assay_say("%s: its layers are %s, not %s; leave '%s=' out, or name the right file", file, traits->mode, said,
                  said);
        return false;
    }
    traits->mode = said ? said : traits->mode;
    return true;
}

static void add(struct series_list *list, struct assay_model_case c, const char *role, const char *kernel,
                const char *named)
{
    c.role = role;
    c.kernel = kernel;
    c.named = named;
    assay_grow(&list->items, &list->capacity, list->count, sizeof(*list->items));
    list->items[list->count++] = c;
}

/* Whose kernels the targets have beside ours. */
struct origins {
    const char *items[8];
    size_t count;
};

static void add_roles(struct series_list *list, const struct assay_request *r, const struct assay_model_case *c,
                      const struct origins *peers)
{
    /* What a compiler alone makes of the reference's source is called ..._auto in every operation. */
    static const char *const kernels[] = {
        [ASSAY_ROLE_BEST] = "best", [ASSAY_ROLE_AUTO] = "*_auto", [ASSAY_ROLE_REF] = "ref"};
    unsigned roles = r->choice.roles;
    for (size_t i = 0; i < r->models.named_count; i++)
        if (strcmp(r->models.named[i], "ref") == 0)
            roles |= 1u << ASSAY_ROLE_REF;
    for (size_t role = 0; role < sizeof(kernels) / sizeof(kernels[0]); role++)
        if (roles & 1u << role)
            add(list, *c, assay_role_names[role], kernels[role], NULL);
    for (size_t i = 0; i < peers->count; i++) {
        struct assay_model_case theirs = *c;
        theirs.origin = peers->items[i];
        add(list, theirs, "peer", "best", NULL);
    }
    for (size_t i = 0; i < r->models.named_count; i++)
        if (strcmp(r->models.named[i], "ref") != 0)
            add(list, *c, "named", r->models.named[i], r->models.named[i]);
}

static bool differ(const struct series_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        for (size_t j = 0; j < i; j++)
            if (strcmp(assay_model_series_id(&list->items[i], ""), assay_model_series_id(&list->items[j], "")) == 0) {
                assay_say("%s and %s would be the same series, %s in %s: rename a file, or measure one at a time",
                          list->items[j].file, list->items[i].file, list->items[i].name, list->items[i].traits.mode);
                return false;
            }
    return true;
}

/* What series i is told against: the best of the first dense fp32 network that is the same one; NULL if there is none.
 */
static const struct assay_model_result *baseline_of(const struct series_list *list,
                                                    const struct assay_model_result *results, size_t i)
{
    for (size_t b = 0; b < list->count; b++) {
        const struct assay_model_case *c = &list->items[b];
        if (strcmp(c->traits.mode, "fp32") == 0 && strcmp(c->traits.structure, "dense") == 0 &&
            strcmp(c->role, "best") == 0 && assay_model_comparable(&results[i], &results[b]))
            return &results[b];
    }
    return NULL;
}

static bool list_series(const struct assay_request *r, const struct origins *peers, struct series_list *list)
{
    const struct assay_model_request *m = &r->models;
    if (!assay_run_is_utf8("--name", m->name))
        return false;
    for (size_t i = 0; i < m->named_count; i++)
        if (!assay_run_is_utf8("--kernel", m->named[i]))
            return false;
    for (size_t i = 0; i < m->count; i++) {
        if (!assay_run_is_utf8("the file name", m->files[i]))
            return false;
        struct assay_model_case c = {
            .name = case_name(m, m->files[i]), .file = m->files[i], .threads = m->threads, .batch = m->batch};
        const char *why;
        if (!assay_network_read(c.file, &c.traits, &why)) {
            assay_say("%s", why);
            return false;
        }
        if (!settle_mode(c.file, m->modes[i], &c.traits, &c.half))
            return false;
        add_roles(list, r, &c, peers);
    }
    return differ(list);
}

static bool all_done(const struct series_list *list, const char *target, struct assay_run_done *done)
{
    for (size_t i = 0; i < list->count; i++)
        if (!assay_run_is_done(done, assay_model_series_id(&list->items[i], target)))
            return false;
    return true;
}

static void show_progress(void *context, size_t done, size_t all)
{
    const struct assay_bench *bench = context;
    assay_progress(done < all, "[%zu/%zu] %s networks", done, all, bench->link.stand.label);
}

/* A record that does not follow the schema shows a probe of another version; the reader would refuse the whole file. */
static bool are_valid(const json_t *records)
{
    size_t i;
    json_t *record;
    json_array_foreach(records, i, record)
    {
        struct assay_record view;
        char message[ASSAY_RECORD_MESSAGE];
        if (!assay_record_view(record, &view, message)) {
            assay_say("%s: the probe's answer makes no valid record: %s; build it anew",
                      json_string_value(json_object_get(record, "series_id")), message);
            return false;
        }
        json_decref(view.json);
    }
    return true;
}

/* Measures on one target and stores. False: interrupted, or not stored (which was said). */
static bool measure_bench(const struct assay_run_options *o, const struct series_list *list, struct assay_bench *bench,
                          struct assay_measuring *m)
{
    struct assay_model_settings settings = assay_model_defaults();
    settings.passes = o->passes;
    settings.width = o->jobs;
    settings.seed = m->identity.seed;
    settings.progress = show_progress;
    settings.context = bench;
    struct assay_model_series *series = assay_keep((list->count + 1) * sizeof(*series));
    struct assay_model_result *results = assay_keep((list->count + 1) * sizeof(*results));
    for (size_t i = 0; i < list->count; i++) {
        const struct assay_model_case *c = &list->items[i];
        series[i] = (struct assay_model_series){.label = assay_model_series_id(c, bench->link.stand.label),
                                                .file = c->file,
                                                .kernel = c->kernel,
                                                .origin = c->origin,
                                                .threads = c->threads,
                                                .batch = c->batch,
                                                .half = c->half};
    }
    const bool complete = assay_model_measure(&bench->link, series, list->count, &settings, results);
    assay_progress_end();
    json_t *all = json_array();
    for (size_t i = 0; complete && i < list->count; i++) {
        json_t *records = assay_model_records(&m->identity, &bench->link.stand, bench->machine, &list->items[i],
                                              &results[i], baseline_of(list, results, i));
        assay_model_records_set_hashes(records, bench->code, &results[i]);
        for (size_t k = 0; k < json_array_size(records); k++)
            assay_measuring_count(m, json_array_get(records, k));
        json_array_extend(all, records);
        json_decref(records);
    }
    const bool stored = complete && are_valid(all) && assay_store_append(m->store, all);
    json_decref(all);
    return stored;
}

static bool measure_all(const struct assay_run_options *o, const struct series_list *list, struct assay_bench *benches,
                        size_t count, struct assay_measuring *m)
{
    struct assay_run_done done = {0};
    bool good = !o->resume || assay_run_read_done(m->store, m->identity.run_id, &done);
    size_t skipped = 0;
    /* Native ones first, while the emulators do not yet warm the machine. */
    for (int counted = 0; counted < 2; counted++)
        for (size_t i = 0; good && i < count; i++) {
            if (assay_target_emulated(benches[i].link.stand.target) != (counted == 1))
                continue;
            if (o->resume && all_done(list, benches[i].link.stand.label, &done))
                skipped++;
            else
                good = measure_bench(o, list, &benches[i], m);
        }
    if (o->resume && good)
        assay_say("%zu of %zu targets had been measured before", skipped, count);
    else if (good && m->passed == 0)
        assay_say("nothing could be measured; the records say why");
    assay_run_free_done(&done);
    return good;
}

static int store_all(const struct assay_run_options *o, const struct series_list *list, struct assay_bench *benches,
                     size_t count)
{
    struct assay_store store;
    if (!assay_store_open(o->out, &store))
        return ASSAY_EXIT_USAGE;
    int result = ASSAY_EXIT_USAGE;
    if (o->resume || assay_request_save(o->out, &o->request)) {
        struct assay_measuring m = {.identity = assay_run_identify(&o->request, "networks"), .store = &store};
        const bool complete = measure_all(o, list, benches, count, &m);
        result = assay_run_finish(&m, complete, false);
        if (complete && !o->resume && m.passed == 0)
            result = ASSAY_EXIT_FAILED;
    }
    assay_store_close(&store);
    return result;
}

/* Adds the peers that the target has a kernel of. False: the probe does not say. */
static bool find_peers(const struct assay_bench *bench, struct origins *peers)
{
    json_t *kernels = assay_link_ask(&bench->link, "list");
    size_t i;
    const json_t *line;
    json_array_foreach(kernels, i, line)
    {
        const char *origin = json_string_value(json_object_get(line, "origin"));
        size_t known = 0;
        while (origin && known < peers->count && strcmp(peers->items[known], origin) != 0)
            known++;
        if (origin && strcmp(origin, "assay") != 0 && known == peers->count &&
            known < sizeof(peers->items) / sizeof(peers->items[0]))
            peers->items[peers->count++] = assay_keep_string(origin);
    }
    json_decref(kernels);
    return kernels != NULL;
}

/* Plans and measures. */
static int run_stands(const struct assay_run_options *o, const struct assay_stand *stands, size_t count)
{
    const bool with_peers = o->request.choice.roles & 1u << ASSAY_ROLE_PEERS;
    struct assay_bench *benches = assay_keep(count * sizeof(*benches));
    struct origins peers = {.count = 0};
    struct series_list list = {0};
    int result = list_series(&o->request, &peers, &list) ? ASSAY_EXIT_FINE : ASSAY_EXIT_USAGE;
    for (size_t i = 0; i < count && result == ASSAY_EXIT_FINE; i++)
        if (!assay_run_takes_threads(&stands[i], o->request.models.threads) ||
            !assay_run_reach(&stands[i], &benches[i]) || (with_peers && !find_peers(&benches[i], &peers)))
            result = ASSAY_EXIT_USAGE;
    if (result == ASSAY_EXIT_FINE && peers.count > 0) {
        list.count = 0;
        result = list_series(&o->request, &peers, &list) ? ASSAY_EXIT_FINE : ASSAY_EXIT_USAGE;
    }
    if (result == ASSAY_EXIT_FINE)
        result = store_all(o, &list, benches, count);
    for (size_t i = 0; i < count; i++)
        json_decref(benches[i].machine);
    free(list.items);
    return result;
}

int assay_run_models(const struct assay_run_options *o)
{
    struct assay_target_list targets;
    struct assay_stand *stands;
    size_t count;
    const bool ready = assay_selection_resolve(&o->request.selection, ASSAY_FIRST_LANES, &targets, &stands, &count);
    return ready ? run_stands(o, stands, count) : ASSAY_EXIT_USAGE;
}
