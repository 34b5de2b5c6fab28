/* reports/choices: regrets of fixed records, worked out by hand. */
#include "reports/choices/choices.h"
#include "reports/tests/check.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static void add(struct assay_record_list *list, const char *name, const char *role, const char *kernel, double value,
                double cost)
{
    char id[128], message[ASSAY_RECORD_MESSAGE] = "";
    struct assay_record view;
    snprintf(id, sizeof(id), "t/%s/gemm/fp32/dense@0/%s/%s", name, role, kernel);
    const bool pass = value > 0;
    json_t *json =
        json_pack("{s:i, s:s, s:s, s:s, s:s, s:s, s:f, s:s, s:s, s:o, s:s, s:s, s:o, s:n, s:n, s:s, s:b, "
                  "s:{s:s, s:s, s:s, s:i, s:n, s:n}, s:{s:f}, s:{}, s:{}, s:{}, s:{}}",
                  "schema_version", ASSAY_RECORD_SCHEMA, "series_id", id, "target", "t", "op", "gemm", "mode", "fp32",
                  "structure", "dense", "sparsity", 0.0, "case", name, "role", role, "kernel",
                  pass ? json_string(kernel) : json_null(), "origin", "assay", "metric", "ns", "value",
                  pass ? json_real(value) : json_null(), "speedup", "error", "outcome", pass ? "pass" : "unsupported",
                  "emulated", 0, "identity", "run_id", "r", "suite", "s", "started", "2026-01-01T00:00:00Z", "seed", 1,
                  "commit", "dirty", "code", "cost", cost, "machine", "shape", "performance", "accuracy");
    CHECK(assay_record_view(json, &view, message) && assay_record_append(list, view), "%s", message);
    json_decref(json);
}

int main(void)
{
    struct assay_record_list list = {0};
    struct assay_choices c;
    CHECK(assay_choices_judge(&list, &c) && c.case_count == 0, "nothing measured");
    assay_choices_free(&c);

    /* Right, though the best was measured slower than its own name; wrong by 4; one kernel alone; one that refuses. */
    add(&list, "right", "best", "a", 120, 1);
    add(&list, "right", "named", "a", 100, 1);
    add(&list, "right", "named", "b", 110, 2);
    add(&list, "wrong", "best", "a", 400, 1);
    add(&list, "wrong", "named", "a", 410, 1);
    add(&list, "wrong", "named", "b", 100, 2);
    add(&list, "alone", "best", "a", 100, 1);
    add(&list, "alone", "named", "a", 100, 1);
    add(&list, "alone", "named", "c", 0, 0);
    CHECK(assay_choices_judge(&list, &c), "memory");
    CHECK(c.case_count == 2 && c.group_count == 1, "%zu cases, %zu groups", c.case_count, c.group_count);
    CHECK(fabs(c.mean - 2) < 1e-9 && fabs(c.cases[0].regret - 4) < 1e-9 && c.cases[1].regret == 1, "%g", c.mean);
    CHECK(strcmp(c.cases[0].fastest->kernel, "b") == 0 && c.cases[0].fastest_cost == 2, "fastest");
    CHECK(c.groups[0].right == 1 && c.groups[0].worst == &c.cases[0], "group");
    for (int format = 0; format < 3; format++) {
        char *text = NULL;
        size_t size;
        FILE *out = open_memstream(&text, &size);
        CHECK(format == 0   ? assay_choices_table(&c, false, out)
              : format == 1 ? assay_choices_markdown(&c, true, out)
                            : assay_choices_json(&c, out),
              "format %d", format);
        fclose(out);
        CHECK(strstr(text, "wrong") && !strstr(text, "alone") && (format == 0) == !strstr(text, "right"), "%d: %s",
              format, text);
        free(text);
    }
    assay_choices_free(&c);
    assay_record_list_free(&list);
    return finish_checks();
}
