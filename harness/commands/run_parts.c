#include "harness/commands/run_parts.h"

#include "harness/base/memory.h"
#include "harness/base/paths.h"
#include "harness/commands/goals.h"
#include "harness/process/interrupt.h"
#include "harness/process/pool.h"
#include "harness/target/build.h"
#include "reports/render/render.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

bool assay_run_takes_threads(const struct assay_stand *stand, size_t threads)
{
    const bool takes = threads <= 1 || !assay_target_emulated(stand->target);
    if (!takes)
        assay_say("%s: instructions are counted of one thread alone: leave --threads out, or this target",
                  stand->label);
    return takes;
}

bool assay_run_reach(const struct assay_stand *stand, struct assay_bench *bench)
{
    if (stand->lane->emulate.count > 0) {
        assay_say(
            "%s: it executes instructions of %s in software, whose times mean nothing: check and infer run on this "
            "lane, nothing is measured; take another one",
            stand->label, stand->lane->emulate.items[0]);
        return false;
    }
    if (!assay_build(stand->target) || !assay_link_open(stand, &bench->link))
        return false;
    if (assay_target_emulated(stand->target) && !bench->link.plugin) {
        assay_say("%s: the plugin that counts instructions is not built: run scripts/setup and cmake --build "
                  "build/host",
                  stand->target->name);
        return false;
    }
    bench->code = assay_code_of_probe(assay_probe_path(stand->target));
    json_t *environment = assay_link_ask(&bench->link, "env");
    bench->machine = json_incref(json_array_get(environment, 0));
    const bool good = json_is_object(bench->machine);
    if (environment && !good)
        assay_say("%s: the probe does not say what machine it is on; build it anew", stand->label);
    json_object_del(bench->machine, "type");
    json_decref(environment);
    return good;
}

bool assay_run_is_utf8(const char *what, const char *text)
{
    json_t *string = text ? json_string(text) : NULL;
    const bool good = !text || string;
    if (!good)
        assay_say("%s '%s' is not UTF-8, as records are: choose another name", what, text);
    json_decref(string);
    return good;
}

void assay_run_begin(struct assay_request *request)
{
    const time_t time_now = time(NULL);
    struct tm utc;
    char text[32];
    gmtime_r(&time_now, &utc);
    strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &utc);
    request->started = assay_keep_string(text);
    request->run_id = assay_format("%s-%ld", text, (long)getpid());
}

static void identify_code(struct assay_run_identity *identity)
{
    const char *git = assay_find_program("git");
    char *output = NULL;
    int status;
    if (!git)
        return;
    const char *const commit[] = {git, "-C", assay_root(), "rev-parse", "--verify", "HEAD", NULL};
    if (assay_run_program(commit, NULL, &output, NULL, &status) && status == 0 && output[0])
        identity->commit = assay_keep_bytes(output, strcspn(output, "\n"));
    free(output);
    output = NULL;
    const char *const changes[] = {git, "-C", assay_root(), "status", "--porcelain", "--untracked-files=no", NULL};
    if (identity->commit && assay_run_program(changes, NULL, &output, NULL, &status))
        identity->dirty = output[0] != '\0';
    free(output);
}

struct assay_run_identity assay_run_identify(const struct assay_request *r, const char *suite)
{
    struct assay_run_identity identity = {.run_id = r->run_id, .suite = suite, .started = r->started, .seed = r->seed};
    identify_code(&identity);
    return identity;
}

bool assay_run_read_done(struct assay_store *store, const char *run_id, struct assay_run_done *done)
{
    *done = (struct assay_run_done){0};
    if (!assay_store_read(store, run_id, &done->records))
        return false;
    done->index = assay_record_index(&done->records, &done->count);
    return true;
}

bool assay_run_is_done(void *context, const char *id)
{
    const struct assay_run_done *done = context;
    const struct assay_record *record = assay_record_find(done->index, done->count, id);
    return record && strcmp(record->outcome, "error") != 0;
}

void assay_run_free_done(struct assay_run_done *done)
{
    free(done->index);
    assay_record_list_free(&done->records);
}

static bool write_html(void *context, FILE *out)
{
    return assay_render_records(ASSAY_FORMAT_HTML, context, 0, out);
}

/* Whether every kernel was measured, which is asked for to judge the choice among them. */
static bool has_named(const struct assay_record_list *records)
{
    for (size_t i = 0; i < records->count; i++)
        if (!records->items[i].network && strcmp(records->items[i].role, "named") == 0)
            return true;
    return false;
}

/* The table, the page, and where everything is. *missed: goals of the suite that are. */
static bool show(struct assay_store *store, const struct assay_suite *suite, const char *run_id, size_t *missed)
{
    struct assay_record_list records;
    if (!assay_store_read(store, run_id, &records))
        return false;
    const char *page = assay_format("%s/report.html", store->folder);
    bool good;
    if (has_named(&records))
        good = assay_show_choices(&records, ASSAY_FORMAT_TABLE, false, stdout);
    else if (suite && suite->goals.count > 0)
        good = assay_show_goals(suite, &records, ASSAY_FORMAT_TABLE, ASSAY_GOAL_SHORT, missed, stdout);
    else
        good = assay_render_records(ASSAY_FORMAT_TABLE, &records, assay_terminal_width(stdout), stdout);
    good = good && fflush(stdout) == 0 && assay_store_replace(page, write_html, &records);
    if (good)
        printf("\nrecords: %s\nreport:  %s\n", store->path, page);
    assay_record_list_free(&records);
    return good;
}

int assay_run_finish(const struct assay_measuring *m, bool complete, bool require_goals)
{
    size_t missed = 0;
    if (!complete) {
        if (assay_interrupted())
            assay_say("interrupted; what was measured is kept: go on with assay run --resume %s", m->store->folder);
        return ASSAY_EXIT_FAILED;
    }
    if (!show(m->store, m->suite, m->identity.run_id, &missed))
        return ASSAY_EXIT_FAILED;
    if (m->failed + m->errors == 0)
        return require_goals && missed > 0 ? ASSAY_EXIT_FAILED : ASSAY_EXIT_FINE;
    assay_say("%zu series failed and %zu could not be measured (outcome fail and error in %s); "
              "assay run --resume %s tries the errors again",
              m->failed, m->errors, m->store->path, m->store->folder);
    return ASSAY_EXIT_FAILED;
}
