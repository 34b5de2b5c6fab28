#include "suites/check/check_mutants.h"

#include "suites/check/mutants/mutants.h"
#include "suites/check/trial.h"
#include "suites/probe/output.h"
#include "suites/probe/plugins.h"
#include "suites/probe/probe.h"

#include <dlfcn.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* CPU time after which a mutant counts as endless: a case takes milliseconds, seconds under emulation. */
enum { ENDLESS_SECONDS = 3 };

struct hunt {
    const struct assay_kernel *kernel;
    unsigned cases;
    struct trial_result result; /* of the case that caught it, or of the last */
    char caught_by[sizeof(((struct layer_case *)NULL)->name)];
};

/* Stops at the first case that does not pass. */
static bool visit(void *context, const struct layer_case *c, const struct layer_options *options)
{
    struct hunt *hunt = context;
    const char *why;
    struct layer *layer = layer_make(c, options, &why);
    if (!layer)
        return true;
    trial_run(hunt->kernel, layer, ENDLESS_SECONDS, &hunt->result);
    layer_free(layer);
    hunt->cases++;
    if (hunt->result.outcome == TRIAL_PASS)
        return true;
    memcpy(hunt->caught_by, c->name, sizeof(hunt->caught_by));
    return false;
}

/* True if all is as expected. */
static bool hunt_one(const struct assay_kernel *kernel, const char *sign, uint64_t seed, bool *as_expected)
{
    struct hunt hunt = {.kernel = kernel};
    const bool caught = !cases_visit(kernel, CASES_QUICK, seed, visit, &hunt);
    const char *message = hunt.result.message;
    char wrong[512] = "";
    if (hunt.cases == 0)
        snprintf(wrong, sizeof(wrong), "no case could be made");
    else if (!sign && caught)
        snprintf(wrong, sizeof(wrong), "a correct kernel was caught: %s", message);
    else if (sign && !caught)
        snprintf(wrong, sizeof(wrong), "it went unnoticed in %u cases", hunt.cases);
    else if (sign && !strstr(message, sign))
        snprintf(wrong, sizeof(wrong), "it was to be caught by '%s', but this did: %s", sign, message);
    *as_expected = !wrong[0];
    json_t *line =
        json_pack("{ss ss ss sb si ss}", "type", "mutant", "kernel", kernel->name, "op", assay_op_name(kernel->op),
                  "caught", caught, "cases", (int)hunt.cases, "outcome", wrong[0] ? "fail" : "pass");
    if (caught)
        json_object_set_new(line, "case", json_string(hunt.caught_by));
    if (wrong[0] || caught)
        json_object_set_new(line, "message", json_string(wrong[0] ? wrong : message));
    return output_line(line);
}

static bool path_beside_program(char *path, size_t size)
{
    static const char name[] = "/assay-mutants.so";
    const ssize_t length = readlink("/proc/self/exe", path, size - sizeof(name));
    if (length <= 0)
        return false;
    path[length] = '\0';
    char *slash = strrchr(path, '/');
    memcpy(slash ? slash : path, name, sizeof(name));
    return true;
}

int check_mutants(const char *file, uint64_t seed)
{
    char beside[PATH_MAX];
    if (!file && path_beside_program(beside, sizeof(beside)))
        file = beside;
    size_t plugins;
    if (!file || !plugins_load(file) || !plugins_loaded(&plugins))
        return PROBE_BAD_INPUT;
    const struct assay_plugin *info = plugins_loaded(&plugins)[plugins - 1].info;
    void *handle = dlopen(file, RTLD_NOW | RTLD_NOLOAD);
    const struct mutant_sign *signs = handle ? dlsym(handle, ASSAY_MUTANT_SYMBOL) : NULL;
    if (!signs) {
        fprintf(stderr, "assay-probe: %s has no symbol " ASSAY_MUTANT_SYMBOL ": it is no plugin of mutants\n", file);
        return PROBE_BAD_INPUT;
    }
    json_int_t passed = 0, caught = 0;
    for (size_t i = 0; i < info->count; i++) {
        bool as_expected;
        if (!hunt_one(info->kernels[i], signs[i].sign, seed, &as_expected))
            return PROBE_FAILED;
        passed += as_expected;
        caught += as_expected && signs[i].sign;
    }
    const json_int_t ran = (json_int_t)info->count;
    const bool written =
        output_line(json_pack("{ss sI sI sI si si sI}", "type", "summary", "ran", ran, "passed", passed, "failed",
                              ran - passed, "unsupported", 0, "errors", 0, "caught", caught));
    return written && ran > 0 && passed == ran ? PROBE_FINE : PROBE_FAILED;
}
