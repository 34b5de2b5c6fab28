#include "harness/evaluate/table.h"

#include "harness/base/memory.h"
#include "harness/base/printable.h"
#include "harness/evaluate/layers.h"
#include "reports/render/formats.h"
#include "reports/render/text_table.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

enum { SHOWN_LAYERS = 8 };

static double number_of(const json_t *object, const char *key)
{
    const json_t *value = json_object_get(object, key);
    return json_is_number(value) ? json_number_value(value) : NAN;
}

static const char *text_of(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));
    return text ? text : "–";
}

static const json_t *reference_of(const struct assay_evaluation *e)
{
    return json_object_get(e->answer, "reference");
}

/* Bytes that a run needs beside the file: activations, packed weights, scratch. -1: not known. */
static int64_t memory_of(const struct assay_evaluation *e)
{
    static const char *const parts[] = {"activation_bytes", "packed_bytes", "scratch_bytes"};
    const json_t *memory = json_object_get(e->answer, "memory");
    int64_t sum = 0;
    for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
        sum += json_integer_value(json_object_get(memory, parts[i]));
    return memory ? sum : -1;
}

static const char *metric_heading(const struct assay_dataset *dataset)
{
    static const char *const headings[ASSAY_TASK_COUNT] = {
        [ASSAY_TASK_CLASSIFICATION] = "top-1", [ASSAY_TASK_BINARY] = "AUC",         [ASSAY_TASK_NONE] = NULL,
        [ASSAY_TASK_REGRESSION] = "MSE",       [ASSAY_TASK_RECONSTRUCTION] = "AUC",
    };
    return headings[dataset->task];
}

static void add_number(struct text_table *table, const char *format, double value)
{
    if (isnan(value))
        text_table_add(table, "–");
    else
        text_table_add(table, format, value);
}

static void add_kibibytes(struct text_table *table, int64_t bytes)
{
    add_number(table, "%.1f", bytes < 0 ? NAN : (double)bytes / 1024);
}

static void add_metric(struct text_table *table, const struct assay_dataset *dataset, const struct assay_evaluation *e)
{
    const double value = number_of(json_object_get(e->answer, "accuracy"), "value");
    if (dataset->task == ASSAY_TASK_CLASSIFICATION)
        add_number(table, "%.1f %%", 100 * value);
    else if (dataset->task != ASSAY_TASK_NONE)
        add_number(table, dataset->task == ASSAY_TASK_REGRESSION ? "%.4g" : "%.4f", value);
}

static void add_row(struct text_table *table, const struct assay_evaluated *all, const struct assay_evaluation *e,
                    bool emulated)
{
    const json_t *reference = reference_of(e);
    const int64_t weights = e->measured.weight_bytes;
    text_table_add(table, "%s", assay_printable(e->variant->label));
    add_number(table, "%.0f", number_of(e->answer, "samples"));
    add_metric(table, all->dataset, e);
    add_number(table, "%.1f %%", 100 * number_of(reference, "agreement"));
    if (number_of(reference, "worst_error") == 0)
        text_table_add(table, "exact");
    else
        add_number(table, "%.1f", number_of(reference, "sqnr"));
    add_number(table, "%.1e", number_of(reference, "mean_error"));
    add_number(table, "%.1e", number_of(reference, "worst_error"));
    add_kibibytes(table, e->variant->failure ? -1 : e->variant->size.bytes);
    add_kibibytes(table, e->variant->failure ? -1 : e->variant->size.zipped);
    add_kibibytes(table, weights);
    add_kibibytes(table, memory_of(e));
    add_number(table, emulated ? "%.0f" : "%.1f",
               emulated ? e->measured.measured.value : e->measured.measured.value / 1e3);
    add_number(table, "%.2f", e->speedup);
}

static void add_headings(struct text_table *table, const struct assay_evaluated *all, bool emulated)
{
    const char *metric = metric_heading(all->dataset);
    const char *const headings[] = {"mode",       "samples",     metric,        "agreement",
                                    "SQNR dB",    "mean error",  "worst error", "file KiB",
                                    "zipped KiB", "weights KiB", "memory KiB",  emulated ? "instructions" : "time us",
                                    "vs fp32"};
    for (size_t i = 0; i < sizeof(headings) / sizeof(headings[0]); i++)
        if (headings[i]) {
            text_table_add(table, "%s", headings[i]);
            table->columns++;
        }
}

static bool print_table(struct text_table *table, const char *alignment, bool markdown, FILE *out)
{
    const bool good = markdown ? text_table_markdown(table, alignment, out) : text_table_print(table, alignment, out);
    text_table_free(table);
    return good;
}

static bool print_modes(const struct assay_evaluated *all, const struct assay_evaluated_target *target, bool markdown,
                        FILE *out)
{
    struct text_table table = {0};
    add_headings(&table, all, target->emulated);
    for (size_t i = 0; i < target->count; i++)
        add_row(&table, all, &target->items[i], target->emulated);
    fprintf(out, "%s%s%s: %s%s\n%s", markdown ? "**" : "", target->label, markdown ? "**" : "",
            target->cpu ? assay_printable(target->cpu) : "", target->emulated ? ", emulated: no times" : "",
            markdown ? "\n" : "");
    return print_table(&table, "<>>>>>>>>>>>>", markdown, out);
}

static void print_note(const char *name, const char *what, const char *why, const char *before, FILE *out)
{
    fprintf(out, "%s%s: %s: %s\n", before, assay_printable(name), what, assay_printable(why));
}

/* What could not be done. */
static void print_notes(const struct assay_evaluated_target *target, bool markdown, FILE *out)
{
    const char *before = markdown ? "\n" : "";
    for (size_t i = 0; i < target->count; i++) {
        const struct assay_evaluation *e = &target->items[i];
        if (e->failure)
            print_note(e->variant->label, "not evaluated", e->failure, before, out);
        else if (e->measured.message)
            print_note(e->variant->label, "not measured", e->measured.message, before, out);
    }
}

/* From the first target alone: the others lose the same. */
static void print_advice(const struct assay_evaluated *all, bool markdown, FILE *out)
{
    for (size_t i = 0; i < all->targets[0].count; i++) {
        const char *advice = assay_layers_advice(&all->targets[0].items[i], all->network, all->dataset);
        if (advice)
            fprintf(out, "%s%s\n", markdown ? "\n" : "", assay_printable(advice));
    }
}

static void add_layer(struct text_table *table, const json_t *layer)
{
    text_table_add(table, "%03" JSON_INTEGER_FORMAT, json_integer_value(json_object_get(layer, "index")));
    text_table_add(table, "%s", assay_printable(text_of(layer, "op")));
    text_table_add(table, "%s", assay_printable(text_of(layer, "name")));
    text_table_add(table, "%s", assay_printable(text_of(layer, "kernel")));
    add_number(table, "%.0f", number_of(layer, "count"));
    add_number(table, "%.1e", number_of(layer, "mean_error"));
    add_number(table, "%.1e", number_of(layer, "max_abs_error"));
    add_number(table, "%.2f", number_of(layer, "rmse_over_scale"));
    add_number(table, "%.1f", number_of(layer, "sqnr"));
    add_number(table, "%.1f", number_of(json_object_get(layer, "own"), "sqnr"));
}

static bool print_layers(const struct assay_evaluated *all, const struct assay_evaluation *e, const char *target,
                         bool markdown, FILE *out)
{
    static const char *const headings[] = {"layer",      "operator",  "name",         "kernel",  "count",
                                           "mean error", "max error", "RMSE / scale", "SQNR dB", "own SQNR dB"};
    struct text_table table = {.columns = sizeof(headings) / sizeof(headings[0])};
    json_t *sorted = assay_layers_sorted(e->answer);
    const size_t count = json_array_size(sorted);
    const size_t shown = all->all_layers || count < SHOWN_LAYERS ? count : SHOWN_LAYERS;
    for (size_t i = 0; i < table.columns; i++)
        text_table_add(&table, "%s", headings[i]);
    for (size_t i = 0; i < shown; i++)
        add_layer(&table, json_array_get(sorted, i));
    json_decref(sorted);
    if (shown == 0) {
        text_table_free(&table);
        return true;
    }
    fprintf(out, "\n%s%s%s on %s: %zu of %zu layers, what hurts most first\n%s", markdown ? "**" : "",
            assay_printable(e->variant->label), markdown ? "**" : "", target, shown, count, markdown ? "\n" : "");
    return print_table(&table, "<<<<>>>>>>", markdown, out);
}

static bool shows_layers(const struct assay_evaluated *all, const struct assay_evaluation *e, size_t target)
{
    if (!e->answer)
        return false;
    return all->layers_of ? strcmp(all->layers_of, e->variant->label) == 0
                          : target == 0 && strcmp(e->variant->label, "fp32") != 0;
}

static bool print_for_people(const struct assay_evaluated *all, bool markdown, FILE *out)
{
    bool good = true;
    for (size_t t = 0; good && t < all->target_count; t++) {
        if (t > 0)
            putc('\n', out);
        good = print_modes(all, &all->targets[t], markdown, out);
        print_notes(&all->targets[t], markdown, out);
    }
    print_advice(all, markdown, out);
    for (size_t t = 0; good && t < all->target_count; t++)
        for (size_t i = 0; good && i < all->targets[t].count; i++)
            if (shows_layers(all, &all->targets[t].items[i], t))
                good = print_layers(all, &all->targets[t].items[i], all->targets[t].label, markdown, out);
    return good;
}

static void set_number(json_t *json, const char *key, double value)
{
    json_object_set_new(json, key, isfinite(value) ? json_real(value) : json_null());
}

static json_t *size_or_null(int64_t bytes)
{
    return bytes < 0 ? json_null() : json_integer((json_int_t)bytes);
}

static void copy_answers(json_t *row, const json_t *answer)
{
    json_t *answers = json_object_get(answer, "answers");
    json_object_set_new(row, "answers", answers ? json_incref(answers) : json_null());
}

static json_t *row_json(const struct assay_evaluated *all, const struct assay_evaluated_target *target,
                        const struct assay_evaluation *e)
{
    const struct assay_variant *v = e->variant;
    const json_t *verdict = json_object_get(e->answer, "accuracy"), *reference = reference_of(e);
    const char *failure = e->failure ? e->failure : e->measured.message;
    const char *metric = json_string_value(json_object_get(verdict, "metric"));
    json_t *row =
        json_pack("{ss ss? ss? ss? ss?}", "mode", assay_printable(v->label), "file",
                  v->file ? assay_printable(v->file) : NULL, "failure", failure ? assay_printable(failure) : NULL,
                  "task_metric", metric, "advice", assay_layers_advice(e, all->network, all->dataset));
    const struct {
        const char *key;
        double value;
    } numbers[] = {
        {"samples", number_of(e->answer, "samples")},
        {"task_value", number_of(verdict, "value")},
        {"agreement", number_of(reference, "agreement")},
        {"sqnr_db", number_of(reference, "sqnr")},
        {"mean_error", number_of(reference, "mean_error")},
        {"worst_error", number_of(reference, "worst_error")},
        {target->emulated ? "instructions" : "time_ns", e->measured.measured.value},
        {"speedup", e->speedup},
    };
    const json_t *memory = json_object_get(e->answer, "memory");
    for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
        set_number(row, numbers[i].key, numbers[i].value);
    json_object_set_new(row, "file_bytes", size_or_null(v->failure ? -1 : v->size.bytes));
    json_object_set_new(row, "zipped_bytes", size_or_null(v->failure ? -1 : v->size.zipped));
    json_object_set_new(row, "weight_bytes", size_or_null(e->measured.weight_bytes));
    json_object_set(row, "memory", memory ? (json_t *)memory : json_null());
    copy_answers(row, e->answer);
    json_object_set_new(row, "layers", assay_layers_sorted(e->answer));
    return row;
}

static bool print_json(const struct assay_evaluated *all, FILE *out)
{
    json_t *targets = json_array();
    for (size_t t = 0; t < all->target_count; t++) {
        const struct assay_evaluated_target *target = &all->targets[t];
        json_t *rows = json_array();
        for (size_t i = 0; i < target->count; i++)
            json_array_append_new(rows, row_json(all, target, &target->items[i]));
        json_array_append_new(targets, json_pack("{ss ss? sb so}", "target", target->label, "cpu", target->cpu,
                                                 "emulated", (int)target->emulated, "modes", rows));
    }
    json_t *json = json_pack("{ss ss ss so}", "model", assay_printable(all->model), "data", assay_printable(all->data),
                             "task", assay_task_name(all->dataset->task), "targets", targets);
    const bool good = json_dumpf(json, out, JSON_INDENT(2)) == 0 && putc('\n', out) == '\n';
    json_decref(json);
    return good;
}

static void csv_row(const struct assay_evaluated_target *target, const struct assay_evaluation *e, FILE *out)
{
    const struct assay_variant *v = e->variant;
    const json_t *verdict = json_object_get(e->answer, "accuracy"), *reference = reference_of(e);
    const double unknown = v->failure ? NAN : 0;
    const double numbers[] = {number_of(verdict, "value"),
                              number_of(reference, "agreement"),
                              number_of(reference, "sqnr"),
                              number_of(reference, "mean_error"),
                              number_of(reference, "worst_error"),
                              (double)v->size.bytes + unknown,
                              (double)v->size.zipped + unknown,
                              e->measured.weight_bytes < 0 ? NAN : (double)e->measured.weight_bytes,
                              memory_of(e) < 0 ? NAN : (double)memory_of(e),
                              e->measured.measured.value,
                              e->speedup};
    csv_field(target->label, out);
    putc(',', out);
    csv_field(v->label, out);
    putc(',', out);
    csv_number(number_of(e->answer, "samples"), out);
    putc(',', out);
    csv_field(json_string_value(json_object_get(verdict, "metric")), out);
    for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
        putc(',', out);
        csv_number(numbers[i], out);
    }
    fprintf(out, ",%s,", target->emulated ? "instructions" : "ns");
    csv_field(e->failure ? e->failure : e->measured.message, out);
    putc('\n', out);
}

static bool print_csv(const struct assay_evaluated *all, FILE *out)
{
    fputs("target,mode,samples,task_metric,task_value,agreement,sqnr_db,mean_error,worst_error,file_bytes,zipped_bytes,"
          "weight_bytes,memory_bytes,value,speedup,metric,failure\n",
          out);
    for (size_t t = 0; t < all->target_count; t++)
        for (size_t i = 0; i < all->targets[t].count; i++)
            csv_row(&all->targets[t], &all->targets[t].items[i], out);
    return true;
}

bool assay_evaluated_print(const struct assay_evaluated *all, enum assay_evaluated_format format, FILE *out)
{
    switch (format) {
    case ASSAY_EVALUATED_JSON:
        return print_json(all, out);
    case ASSAY_EVALUATED_CSV:
        return print_csv(all, out);
    default:
        return print_for_people(all, format == ASSAY_EVALUATED_MARKDOWN, out);
    }
}
