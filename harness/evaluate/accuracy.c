#include "harness/evaluate/accuracy.h"

#include "harness/base/memory.h"
#include "harness/process/pool.h"
#include "harness/target/ship.h"

#include <stdlib.h>
#include <string.h>

/* Seconds after which a probe counts as hanging: it prints its only line at the end. */
enum { SILENCE = 6 * 3600 };

struct session {
    const struct assay_link *link;
    const struct assay_accuracy_settings *settings;
    struct assay_shipment shipment;
    const char *data, *reference; /* as the target sees them */
    size_t done, all;
};

struct work {
    struct session *session;
    struct assay_evaluation *evaluation;
    struct assay_arguments arguments;
};

static void take_line(void *context, const char *text, size_t length)
{
    struct work *work = context;
    json_t *line = json_loadb(text, length, JSON_REJECT_DUPLICATES, NULL);
    const char *type = json_string_value(json_object_get(line, "type"));
    if (!line)
        assay_say("%s: the probe printed what is no JSON: %.100s", work->session->link->stand.label, text);
    if (type && strcmp(type, "eval") == 0 && !work->evaluation->answer)
        work->evaluation->answer = json_incref(line);
    json_decref(line);
}

static void take_end(void *context, int status, int err)
{
    struct work *work = context;
    struct session *session = work->session;
    const char *said = assay_last_line(err);
    struct assay_evaluation *e = work->evaluation;
    if (status != 0)
        e->failure = *said ? assay_ship_explain(&session->shipment, said) : assay_status_text(status);
    else if (!e->answer)
        e->failure = "the probe gave no answer; build it anew";
    assay_progress(true, "[%zu/%zu] %s: accuracy of %s", ++session->done, session->all, session->link->stand.label,
                   e->variant->label);
}

/* False, with a message. */
static bool add_work(struct session *session, struct assay_evaluation *e, size_t index, struct assay_pool *pool,
                     struct work *work)
{
    *work = (struct work){.session = session, .evaluation = e};
    const char *file = assay_ship_send(&session->shipment, e->variant->file, assay_format("model%zu.tflite", index));
    if (!file)
        return false;
    work->arguments = assay_link_arguments(session->link, "eval", NULL);
    const char *const words[] = {"--no-peers",   file,        "--data",
                                 session->data,  "--samples", assay_format("%zu", session->settings->samples),
                                 "--predictions"};
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        assay_arguments_add(&work->arguments, words[i]);
    if (e->variant->half)
        assay_arguments_add(&work->arguments, "--half");
    if (session->reference) {
        assay_arguments_add(&work->arguments, "--reference");
        assay_arguments_add(&work->arguments, session->reference);
        assay_arguments_add(&work->arguments, "--isolate");
    }
    assay_pool_add(pool, (struct assay_task){.arguments = work->arguments.items,
                                             .silence = SILENCE,
                                             .line = take_line,
                                             .end = take_end,
                                             .context = work});
    session->all++;
    return true;
}

static bool send_common(struct session *session)
{
    const struct assay_accuracy_settings *s = session->settings;
    session->data = assay_ship_send(&session->shipment, s->data, "data.assay");
    if (session->data && s->reference)
        session->reference = assay_ship_send(&session->shipment, s->reference, "reference.tflite");
    return session->data && (!s->reference || session->reference);
}

bool assay_accuracy_judge(const struct assay_link *link, const struct assay_accuracy_settings *settings,
                          struct assay_evaluation *evaluations, size_t count)
{
    struct session session = {.link = link, .settings = settings};
    if (!assay_ship_open(link, &session.shipment))
        return false;
    struct assay_pool *pool = assay_pool_new(settings->width);
    struct work *works = assay_keep((count + 1) * sizeof(*works));
    bool good = send_common(&session);
    for (size_t i = 0; good && i < count; i++)
        if (!evaluations[i].variant->failure)
            good = add_work(&session, &evaluations[i], i, pool, &works[i]);
    good = good && assay_pool_run(pool);
    assay_progress_end();
    assay_pool_free(pool);
    for (size_t i = 0; i < count; i++)
        free(works[i].arguments.items);
    assay_ship_close(&session.shipment);
    return good;
}
