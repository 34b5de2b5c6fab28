/* One line a series: for spreadsheets and data frames. */
#include "reports/render/formats.h"

#include <math.h>
#include <string.h>

void csv_field(const char *text, FILE *out)
{
    if (!text)
        return;
    if (!strpbrk(text, ",\"\r\n")) {
        fputs(text, out);
        return;
    }
    fputc('"', out);
    for (; *text; text++) {
        if (*text == '"')
            fputc('"', out);
        fputc(*text, out);
    }
    fputc('"', out);
}

void csv_number(double value, FILE *out)
{
    if (!isnan(value))
        fprintf(out, "%.9g", value);
}

bool render_csv(const struct grid *grid, FILE *out)
{
    fputs("series_id,target,emulated,case,op,mode,structure,sparsity,role,origin,kernel,metric,value,speedup,error_"
          "metric,"
          "error_value,error_bound,rel_rms,outcome,message,bound_ns,bound_by,bound_share,pack_ns\r\n",
          out);
    for (size_t i = 0; i < grid->series_count; i++) {
        const struct assay_record *r = grid->newest[i];
        const char *const before[] = {r->target,   r->emulated ? "true" : "false", r->case_name, r->op, r->mode,
                                      r->structure};
        const char *const after[] = {r->role, r->origin, r->kernel, r->metric};
        csv_field(r->series_id, out);
        fputc(',', out);
        for (size_t f = 0; f < sizeof(before) / sizeof(before[0]); f++) {
            csv_field(before[f], out);
            fputc(',', out);
        }
        csv_number(r->sparsity, out);
        for (size_t f = 0; f < sizeof(after) / sizeof(after[0]); f++) {
            fputc(',', out);
            csv_field(after[f], out);
        }
        fputc(',', out);
        csv_number(r->value, out);
        fputc(',', out);
        csv_number(r->speedup, out);
        fputc(',', out);
        csv_field(r->error_metric, out);
        fputc(',', out);
        csv_number(r->error_value, out);
        fputc(',', out);
        csv_number(r->error_bound, out);
        fputc(',', out);
        csv_number(r->mode_error, out);
        fputc(',', out);
        csv_field(r->outcome, out);
        fputc(',', out);
        csv_field(r->message, out);
        fputc(',', out);
        csv_number(r->bound_share * r->value, out);
        fputc(',', out);
        csv_field(r->bound_by, out);
        fputc(',', out);
        csv_number(r->bound_share, out);
        fputc(',', out);
        const json_t *pack = json_object_get(json_object_get(r->json, "code"), "pack_ns");
        csv_number(json_is_number(pack) ? json_number_value(pack) : NAN, out);
        fputs("\r\n", out);
    }
    return true;
}
