#include "harness/base/memory.h"
#include "harness/base/paths.h"
#include "harness/base/printable.h"
#include "harness/base/suggest.h"
#include "harness/commands/commands.h"
#include "harness/commands/convert_options.h"
#include "harness/commands/run_parts.h"
#include "harness/evaluate/layers.h"
#include "harness/evaluate/record.h"
#include "harness/evaluate/table.h"
#include "harness/measure/model_record.h"
#include "harness/process/interrupt.h"
#include "kernels/core/features.h"
#include "models/tflite/reader.h"
#include "models/tflite/writer.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Of a network, and of each copy that a conversion makes of it. */
static const size_t memory_limit = (size_t)4 << 30;

/* Samples on an emulated target where none are asked for. */
enum { EMULATED_SAMPLES = 50, MOST_VARIANTS = 32 };

struct options {
    struct assay_selection selection;
    struct assay_convert_options how;
    const char *model, *data, *out, *name, *layers_of;
    struct assay_variant variants[MOST_VARIANTS + 1];
    size_t variant_count, samples, jobs, passes;
    enum assay_evaluated_format format;
    bool all_layers;
};

/* What is evaluated: read once, used on all targets. */
struct subject {
    const struct options *o;
    const char *name; /* of the network in records and files */
    struct assay_graph *graph;
    struct assay_dataset *dataset, *samples; /* to judge by; to calibrate on, or NULL */
    struct assay_file_facts data_file;
    bool is_float;
    struct assay_run_identity identity;
};

static const char doc[] =
    "What each optimization mode of a network gives and costs: accuracy, sizes, memory, and speed on each target, side "
    "by side; and which layers make the error.\v"
    "MODE is fp32, fp16w, fp16, hybrid, int8 or int16x8, with zeros where wanted: int8,0.8:1x16. NAME=FILE.tflite is a "
    "network that someone else converted. Without --mode: all of them, dense. fp32 is always there, as what the others "
    "are told against; --layers is for the others. int8 and int16x8 need --calibrate.\n"
    "Without --target it runs on this machine. The converted networks stay in DIR/models, the records go to "
    "DIR/records.jsonl. On emulated targets instructions "
    "are counted, and only the first samples are judged. docs/evaluating.md says what the columns are.";

enum { KEY_DATA = 0x200, KEY_SAMPLES, KEY_FORMAT, KEY_LAYERS_OF, KEY_ALL_LAYERS, KEY_NAME };

static const struct argp_option options[] = {
    {"mode", 'm', "MODE|NAME=FILE", 0, "A mode to evaluate, or a converted network (repeatable; default: all modes)",
     0},
    {"data", KEY_DATA, "DATA", 0, "Dataset (.assay) to judge by", 0},
    {"samples", KEY_SAMPLES, "N", 0, "Judge by the first N samples (default: all; emulated targets: 50)", 0},
    {"out", 'o', "DIR", 0, "Where networks and records go (default: out/eval)", 0},
    {"name", KEY_NAME, "NAME", 0, "What the network is called in records (default: as its file, without .tflite)", 0},
    {"format", KEY_FORMAT, "FORMAT", 0, "table, markdown, json or csv (default: table)", 0},
    {"layers-of", KEY_LAYERS_OF, "MODE", 0,
     "Show the layers of this mode, on each target (default: of all modes, on the first)", 0},
    {"all-layers", KEY_ALL_LAYERS, NULL, 0, "Show all layers, not only those that hurt most", 0},
    {"jobs", 'j', "N", 0, "Processes that judge at the same time (default: one for each core)", 0},
    {"processes", 'p', "N", 0, "Native: processes that measure, one after the other (default: 3)", 0},
    {0},
};

static void add_variant(struct options *o, const char *text, struct argp_state *state)
{
    struct assay_model_error error;
    if (o->variant_count == MOST_VARIANTS)
        argp_error(state, "more than %d modes", MOST_VARIANTS);
    struct assay_variant *v = &o->variants[o->variant_count];
    if (!assay_variant_parse(text, v, &error))
        argp_error(state, "--mode: %s", error.text);
    for (size_t i = 0; i < o->variant_count; i++)
        if (strcmp(o->variants[i].label, v->label) == 0)
            argp_error(state, "--mode: '%s' is there twice", v->label);
    o->variant_count++;
}

static enum assay_evaluated_format parse_format(const char *text, struct argp_state *state)
{
    static const char *const names[] = {"table", "markdown", "json", "csv"};
    enum { COUNT = sizeof(names) / sizeof(names[0]) };
    for (size_t i = 0; i < COUNT; i++)
        if (strcmp(text, names[i]) == 0)
            return (enum assay_evaluated_format)i;
    argp_error(state, "--format: unknown '%s'; %s", text, assay_suggestion(text, names, COUNT));
    return ASSAY_EVALUATED_TABLE;
}

static size_t whole_number(const char *text, double most, const char *option, struct argp_state *state)
{
    const double value = assay_parse_number(text, 1, most, option, state);
    if (value != floor(value))
        argp_error(state, "%s: '%s' is no whole number", option, text);
    return (size_t)value;
}

static error_t parse(int key, char *argument, struct argp_state *state)
{
    struct options *o = state->input;
    switch (key) {
    case ARGP_KEY_INIT:
        state->child_inputs[0] = &o->how;
        state->child_inputs[1] = &o->selection;
        return 0;
    case 'm':
        add_variant(o, argument, state);
        return 0;
    case KEY_DATA:
        o->data = argument;
        return 0;
    case KEY_SAMPLES:
        o->samples = whole_number(argument, INT32_MAX, "--samples", state);
        return 0;
    case 'o':
        o->out = argument;
        return 0;
    case KEY_NAME:
        if (!*argument || strchr(argument, '/') || strcmp(argument, assay_printable(argument)) != 0)
            argp_error(state, "--name: '%s' must be a word without '/', which ends a name in the records", argument);
        o->name = argument;
        return 0;
    case KEY_FORMAT:
        o->format = parse_format(argument, state);
        return 0;
    case KEY_LAYERS_OF:
        o->layers_of = argument;
        return 0;
    case KEY_ALL_LAYERS:
        o->all_layers = true;
        return 0;
    case 'j':
        o->jobs = whole_number(argument, 64, "--jobs", state);
        return 0;
    case 'p':
        o->passes = whole_number(argument, 100, "--processes", state);
        return 0;
    case ARGP_KEY_ARG:
        if (o->model)
            argp_error(state, "'%s' is too much: one network is evaluated, others by --mode NAME=FILE", argument);
        o->model = argument;
        return 0;
    case ARGP_KEY_END:
        if (!o->model)
            argp_error(state, "name a .tflite file");
        if (!o->data)
            argp_error(state, "say what to judge by: --data DATA.assay");
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const char *name_of(const char *file)
{
    const char *slash = strrchr(file, '/'), *start = slash ? slash + 1 : file, *dot = strrchr(start, '.');
    const size_t length = dot > start && strcmp(dot, ".tflite") == 0 ? (size_t)(dot - start) : strlen(start);
    return assay_printable(assay_keep_bytes(start, length));
}

/* Whether the tool can convert it: none of its layers is quantized. */
static bool find_whether_float(struct subject *s)
{
    struct assay_network_traits traits;
    const char *why;
    if (!assay_network_read(s->o->model, &traits, &why)) {
        assay_say("%s", why);
        return false;
    }
    s->is_float = strcmp(traits.mode, "fp32") == 0 || strcmp(traits.mode, "fp16w") == 0;
    return true;
}

static bool fits(const struct assay_dataset *dataset, const char *data, const struct assay_graph *graph,
                 const char *file)
{
    struct assay_model_error error;
    const bool good = assay_dataset_fits(dataset, &graph->subgraphs[0], &error);
    if (!good)
        assay_say("%s does not fit %s: %s", data, file, error.text);
    return good;
}

static bool read_calibration(struct subject *s)
{
    struct assay_model_error error;
    const char *data = s->o->how.data;
    if (!data)
        return true;
    s->samples = assay_dataset_open(data, &error);
    if (!s->samples)
        assay_say("%s", error.text);
    return s->samples && fits(s->samples, data, s->graph, s->o->model);
}

static bool read_subject(struct subject *s)
{
    struct assay_model_error error;
    const struct options *o = s->o;
    s->name = o->name ? o->name : name_of(o->model);
    s->graph = assay_tflite_read_file(o->model, memory_limit, &error);
    if (s->graph)
        s->dataset = assay_dataset_open(o->data, &error);
    if (!s->dataset) {
        assay_say("%s", error.text);
        return false;
    }
    if (o->samples > s->dataset->samples) {
        assay_say("--samples %zu: %s has %zu", o->samples, o->data, s->dataset->samples);
        return false;
    }
    return find_whether_float(s) && fits(s->dataset, o->data, s->graph, o->model) && read_calibration(s) &&
           assay_file_look(o->data, &s->data_file) && assay_convert_check_rules(&o->how, o->model, s->graph);
}

/* fp32 comes first: what speed-ups are told against. */
static void put_baseline_first(struct options *o)
{
    size_t at = 0;
    while (at < o->variant_count && strcmp(o->variants[at].label, "fp32") != 0)
        at++;
    const struct assay_variant baseline =
        at < o->variant_count ? o->variants[at] : (struct assay_variant){.label = "fp32"};
    memmove(&o->variants[1], o->variants, at * sizeof(*o->variants));
    o->variants[0] = baseline;
    o->variant_count += at == o->variant_count;
}

static bool list_modes(struct options *o, const struct subject *s)
{
    static const char *const all[] = {"fp32", "fp16w", "fp16", "hybrid", "int8", "int16x8"};
    struct assay_model_error error;
    bool converted = false;
    for (size_t i = 0; i < o->variant_count; i++)
        converted = converted || !o->variants[i].given;
    if (!s->is_float && (converted || o->how.rule_count > 0)) {
        assay_say("%s is quantized already: only a float network can be converted; leave --mode and --layers out, or "
                  "name converted networks by --mode NAME=FILE",
                  o->model);
        return false;
    }
    if (!s->is_float) {
        memmove(&o->variants[1], o->variants, o->variant_count++ * sizeof(*o->variants));
        o->variants[0] = (struct assay_variant){.label = "as it is", .file = o->model, .given = true};
        return true;
    }
    if (o->variant_count == 0)
        for (size_t m = 0; m < sizeof(all) / sizeof(all[0]); m++)
            assay_variant_parse(all[m], &o->variants[o->variant_count++], &error);
    put_baseline_first(o);
    return true;
}

/* What options and modes mean together. */
static bool check_modes(const struct options *o)
{
    bool io_used = !o->how.io || strcmp(o->how.io, "float") == 0, shown = !o->layers_of;
    for (size_t i = 0; i < o->variant_count; i++) {
        const struct assay_variant *v = &o->variants[i];
        shown = shown || strcmp(v->label, o->layers_of) == 0;
        if (v->given || strcmp(v->label, "fp32") == 0)
            continue;
        io_used = io_used || assay_convert_integer_io(&o->how, v->choice.mode);
        if (!assay_convert_check_data(&o->how, v->choice.mode))
            return false;
    }
    if (!io_used)
        assay_say("--io %s: none of the modes becomes %s", o->how.io,
                  strcmp(o->how.io, "int8") == 0 ? "int8" : "int16x8");
    if (!shown)
        assay_say("--layers-of: '%s' is none of the modes that are evaluated", o->layers_of);
    return io_used && shown;
}

/* Networks of others are bad input if they cannot be read; conversions that fail are results. */
static bool look_at_given(struct options *o, const struct subject *s)
{
    for (size_t i = 0; i < o->variant_count; i++) {
        struct assay_variant *v = &o->variants[i];
        struct assay_model_error error;
        const char *why;
        if (!v->given)
            continue;
        if (!assay_run_is_utf8("the file name", v->file))
            return false;
        if (!assay_variant_look(v, &why)) {
            assay_say("%s", why);
            return false;
        }
        struct assay_graph *graph = assay_tflite_read_file(v->file, memory_limit, &error);
        const bool good = graph && fits(s->dataset, o->data, graph, v->file);
        assay_graph_free(graph);
        if (!good)
            return false;
    }
    return true;
}

static void show_calibration(void *context, size_t done, size_t all)
{
    const struct assay_variant *v = context;
    if (assay_interrupted()) {
        assay_say("interrupted; nothing was evaluated yet");
        exit(ASSAY_EXIT_FAILED);
    }
    assay_progress(true, "%s: calibrating: %zu of %zu samples", v->label, done, all);
}

/* Sets v->failure where it cannot be converted. False: it cannot be written (which was said). */
static bool convert(const struct subject *s, const char *folder, struct assay_variant *v)
{
    const struct assay_convert_options *how = &s->o->how;
    const bool baseline = strcmp(v->label, "fp32") == 0;
    struct assay_model_error error;
    struct assay_optimize_options convert = {.all = v->choice,
                                             .rules = how->rules,
                                             .rule_count = baseline ? 0 : how->rule_count,
                                             .integer_io = assay_convert_integer_io(how, v->choice.mode),
                                             .samples = s->samples,
                                             .calibration = how->calibration,
                                             .memory_limit = memory_limit};
    convert.calibration.features = assay_cpu_features();
    convert.calibration.progress = show_calibration;
    convert.calibration.context = v;
    assay_progress(true, "%s: converting", v->label);
    struct assay_graph *converted = assay_optimize(s->graph, &convert, &error);
    assay_progress_end();
    if (!converted) {
        v->failure = assay_keep_string(error.text);
        return true;
    }
    v->file = assay_variant_path(v, folder, s->name);
    bool good = assay_tflite_write_file(converted, v->file, &error);
    const char *why = error.text;
    good = good && assay_variant_look(v, &why);
    if (!good)
        assay_say("%s", why);
    assay_graph_free(converted);
    return good;
}

static bool convert_all(struct options *o, const struct subject *s)
{
    const char *folder = assay_format("%s/models", o->out);
    bool good = assay_make_folder(folder);
    for (size_t i = 0; good && i < o->variant_count; i++)
        if (!o->variants[i].given)
            good = convert(s, folder, &o->variants[i]);
    return good;
}

static struct assay_model_case case_of(const struct subject *s, const struct assay_variant *v)
{
    return (struct assay_model_case){.name = assay_variant_case(v, s->name),
                                     .file = v->file,
                                     .traits = v->traits,
                                     .role = "best",
                                     .kernel = "best",
                                     .half = v->half};
}

static bool series_differ(const struct subject *s)
{
    const struct options *o = s->o;
    for (size_t i = 0; i < o->variant_count; i++)
        for (size_t k = 0; k < i; k++) {
            const struct assay_variant *a = &o->variants[k], *b = &o->variants[i];
            if (a->failure || b->failure)
                continue;
            const struct assay_model_case x = case_of(s, a), y = case_of(s, b);
            if (strcmp(assay_model_series_id(&x, ""), assay_model_series_id(&y, "")) == 0) {
                assay_say("--mode: %s and %s would be the same series in the records: leave one out", a->label,
                          b->label);
                return false;
            }
        }
    return true;
}

static size_t samples_on(const struct subject *s, const struct assay_stand *stand)
{
    const size_t all = s->dataset->samples;
    if (s->o->samples > 0)
        return s->o->samples;
    return assay_target_emulated(stand->target) && all > EMULATED_SAMPLES ? EMULATED_SAMPLES : all;
}

static void show_measuring(void *context, size_t done, size_t all)
{
    const struct assay_bench *bench = context;
    assay_progress(done < all, "[%zu/%zu] %s: measured", done, all, bench->link.stand.label);
}

/* Measures what could be judged, all of it interleaved. */
static bool measure(const struct subject *s, struct assay_bench *bench, struct assay_evaluation *items, size_t count)
{
    struct assay_model_settings settings = assay_model_defaults();
    settings.passes = s->o->passes;
    settings.width = s->o->jobs;
    settings.progress = show_measuring;
    settings.context = bench;
    struct assay_model_series *series = assay_keep((count + 1) * sizeof(*series));
    struct assay_model_result *results = assay_keep((count + 1) * sizeof(*results));
    size_t used = 0;
    for (size_t i = 0; i < count; i++)
        if (!items[i].failure)
            series[used++] = (struct assay_model_series){.label = items[i].variant->label,
                                                         .file = items[i].variant->file,
                                                         .kernel = "best",
                                                         .half = items[i].variant->half};
    if (used > 0 && !assay_model_measure(&bench->link, series, used, &settings, results))
        return false;
    used = 0;
    for (size_t i = 0; i < count; i++)
        if (!items[i].failure)
            items[i].measured = results[used++];
    assay_progress_end();
    return true;
}

/* The first of them that is fp32 and dense, and the same network; NULL: none is. */
static const struct assay_model_result *baseline_of(const struct assay_evaluation *items, size_t count, size_t at)
{
    for (size_t i = 0; i < count; i++) {
        const struct assay_network_traits *t = &items[i].variant->traits;
        if (!items[i].failure && strcmp(t->mode, "fp32") == 0 && strcmp(t->structure, "dense") == 0 &&
            assay_model_comparable(&items[at].measured, &items[i].measured))
            return &items[i].measured;
    }
    return NULL;
}

static bool store(const struct subject *s, struct assay_store *records, const struct assay_bench *bench,
                  struct assay_evaluation *items, size_t count)
{
    json_t *all = json_array();
    for (size_t i = 0; i < count; i++) {
        struct assay_evaluation *e = &items[i];
        if (e->failure)
            continue;
        const struct assay_model_result *baseline = baseline_of(items, count, i);
        const struct assay_model_case c = case_of(s, e->variant);
        e->speedup = baseline ? baseline->measured.value / e->measured.measured.value : NAN;
        json_t *made =
            assay_model_records(&s->identity, &bench->link.stand, bench->machine, &c, &e->measured, baseline);
        assay_model_records_set_hashes(made, bench->code, &e->measured);
        assay_evaluation_record(e, s->dataset, s->data_file.sha256, json_array_get(made, 0));
        json_array_extend(all, made);
        json_decref(made);
    }
    const bool stored = assay_store_append(records, all);
    json_decref(all);
    return stored;
}

/* One target, from files to records. False: interrupted, or not stored (which was said). */
static bool evaluate(const struct subject *s, struct assay_store *records, struct assay_bench *bench,
                     struct assay_evaluated_target *target)
{
    const struct options *o = s->o;
    const struct assay_stand *stand = &bench->link.stand;
    struct assay_evaluation *items = assay_keep((o->variant_count + 1) * sizeof(*items));
    for (size_t i = 0; i < o->variant_count; i++)
        items[i] = (struct assay_evaluation){
            .variant = &o->variants[i],
            .failure = o->variants[i].failure,
            .measured = {.outcome = "error", .measured.value = NAN, .weight_bytes = -1},
            .speedup = NAN,
        };
    *target = (struct assay_evaluated_target){.label = stand->label,
                                              .cpu = json_string_value(json_object_get(bench->machine, "cpu")),
                                              .emulated = assay_target_emulated(stand->target),
                                              .items = items,
                                              .count = o->variant_count};
    const struct assay_accuracy_settings settings = {
        .data = o->data, .reference = s->is_float ? o->model : NULL, .samples = samples_on(s, stand), .width = o->jobs};
    return assay_accuracy_judge(&bench->link, &settings, items, o->variant_count) &&
           measure(s, bench, items, o->variant_count) && store(s, records, bench, items, o->variant_count);
}

static bool all_well(const struct assay_evaluated *all)
{
    for (size_t t = 0; t < all->target_count; t++)
        for (size_t i = 0; i < all->targets[t].count; i++) {
            const struct assay_evaluation *e = &all->targets[t].items[i];
            if (e->failure || strcmp(e->measured.outcome, "pass") != 0)
                return false;
        }
    return true;
}

/* Native targets first, while the emulators do not yet warm the machine. The table has them as they were named. */
static int evaluate_all(const struct subject *s, struct assay_bench *benches, size_t count, struct assay_store *records)
{
    struct assay_evaluated_target *targets = assay_keep((count + 1) * sizeof(*targets));
    const struct options *o = s->o;
    bool good = true;
    for (int emulated = 0; emulated < 2; emulated++)
        for (size_t i = 0; good && i < count; i++)
            if (assay_target_emulated(benches[i].link.stand.target) == (emulated == 1))
                good = evaluate(s, records, &benches[i], &targets[i]);
    int result = ASSAY_EXIT_FAILED;
    if (good) {
        const struct assay_evaluated all = {.model = o->model,
                                            .data = o->data,
                                            .network = &s->graph->subgraphs[0],
                                            .dataset = s->dataset,
                                            .targets = targets,
                                            .target_count = count,
                                            .layers_of = o->layers_of,
                                            .all_layers = o->all_layers};
        good = assay_evaluated_print(&all, o->format, stdout);
        if (good && o->format == ASSAY_EVALUATED_TABLE)
            printf("\nnetworks: %s/models\nrecords:  %s\n", o->out, records->path);
        result = good && all_well(&all) ? ASSAY_EXIT_FINE : ASSAY_EXIT_FAILED;
    } else if (assay_interrupted()) {
        assay_say("interrupted; targets that were done are in %s", records->path);
    }
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < targets[i].count; k++)
            json_decref(targets[i].items[k].answer);
    return result;
}

static int with_store(struct options *o, struct subject *s, struct assay_bench *benches, size_t count)
{
    struct assay_request request = {.seed = 1};
    struct assay_store records;
    assay_run_begin(&request);
    s->identity = assay_run_identify(&request, "eval");
    if (!assay_store_open(o->out, &records))
        return ASSAY_EXIT_USAGE;
    const int result =
        convert_all(o, s) && series_differ(s) ? evaluate_all(s, benches, count, &records) : ASSAY_EXIT_USAGE;
    assay_store_close(&records);
    return result;
}

static int reach_and_evaluate(struct options *o, struct subject *s)
{
    struct assay_target_list targets;
    struct assay_stand *stands;
    size_t count;
    if (!assay_selection_resolve(&o->selection, ASSAY_THIS_MACHINE, &targets, &stands, &count))
        return ASSAY_EXIT_USAGE;
    struct assay_bench *benches = assay_keep((count + 1) * sizeof(*benches));
    bool good = true;
    for (size_t i = 0; good && i < count; i++)
        good = assay_run_reach(&stands[i], &benches[i]);
    const int result = good ? with_store(o, s, benches, count) : ASSAY_EXIT_USAGE;
    for (size_t i = 0; i < count; i++)
        json_decref(benches[i].machine);
    return result;
}

int assay_command_eval(int argc, char **argv)
{
    static const struct argp_child children[] = {
        {&assay_convert_argp, 0, "Conversion:", 2}, {&assay_selection_argp, 0, NULL, 0}, {0}};
    const struct argp argp = {options, parse, "MODEL.tflite", doc, children, NULL, NULL};
    const long cores = sysconf(_SC_NPROCESSORS_ONLN);
    struct options o = {.how.calibration.method = ASSAY_CALIBRATE_DEFAULT,
                        .out = "out/eval",
                        .jobs = cores > 0 ? (size_t)cores : 1,
                        .passes = 3};
    argp_parse(&argp, argc, argv, 0, NULL, &o);
    struct subject s = {.o = &o};
    int result = ASSAY_EXIT_USAGE;
    if (assay_run_is_utf8("the folder", o.out) && read_subject(&s) && list_modes(&o, &s) && check_modes(&o) &&
        look_at_given(&o, &s))
        result = reach_and_evaluate(&o, &s);
    assay_dataset_close(s.dataset);
    assay_dataset_close(s.samples);
    assay_graph_free(s.graph);
    free(o.how.rules);
    return result;
}
