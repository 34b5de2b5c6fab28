/* What is chosen for which layer: patterns and rules, as a user writes them. */
#include "models/optimize/optimize.h"

#include <ctype.h>
#include <errno.h>
#include <fnmatch.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { LARGEST_BLOCK = 256 };

/* "4x16" with separator 'x', "2:4" with ':'. */
static bool parse_pair(const char *text, char separator, size_t *first, size_t *second)
{
    char *end;
    if (!isdigit((unsigned char)*text))
        return false;
    const unsigned long a = strtoul(text, &end, 10);
    if (*end != separator || !isdigit((unsigned char)end[1]))
        return false;
    const unsigned long b = strtoul(end + 1, &end, 10);
    if (*end != '\0' || a < 1 || b < 1 || a > LARGEST_BLOCK || b > LARGEST_BLOCK)
        return false;
    *first = a;
    *second = b;
    return true;
}

bool assay_pattern_parse(const char *text, struct assay_pattern *pattern)
{
    struct assay_pattern p = {0};
    if (strcmp(text, "random") == 0)
        p = (struct assay_pattern){.rows = 1, .columns = 1};
    else if (parse_pair(text, ':', &p.keep, &p.group)) {
        if (p.keep >= p.group)
            return false;
        p.rows = p.columns = 1;
    } else if (strcmp(text, "dense") != 0 && !parse_pair(text, 'x', &p.rows, &p.columns))
        return false;
    *pattern = p;
    return true;
}

/* What a .tflite file can hold; fp16 is what kernels compute in. */
static bool parse_mode(const char *text, enum assay_mode *mode)
{
    enum assay_mode found;
    if (!assay_mode_parse(text, &found) || found == ASSAY_MODE_FP16)
        return false;
    *mode = found;
    return true;
}

/* "2:4" and "dense", or "0.8:1x4", "0.5:2:4". */
static bool parse_zeros(const char *text, struct assay_layer_choice *choice)
{
    struct assay_pattern p;
    if (assay_pattern_parse(text, &p) && (p.group > 0 || p.rows == 0)) {
        choice->pattern = p;
        choice->sparsity = p.group > 0 ? 1.0 - (double)p.keep / (double)p.group : 0.0;
        return true;
    }
    char *end;
    errno = 0;
    const double sparsity = strtod(text, &end);
    if (end == text || errno != 0 || *end != ':' || !(sparsity >= 0 && sparsity <= 1) ||
        !assay_pattern_parse(end + 1, &p) || p.rows == 0)
        return false;
    if (p.group > 0 && fabs(sparsity - (1.0 - (double)p.keep / (double)p.group)) > 1e-6)
        return false;
    choice->pattern = p;
    choice->sparsity = sparsity;
    return true;
}

static bool parse_choice(const char *text, struct assay_layer_rule *rule)
{
    if (!rule->sets_mode && parse_mode(text, &rule->choice.mode))
        return rule->sets_mode = true;
    return !rule->sets_pattern && parse_zeros(text, &rule->choice) && (rule->sets_pattern = true);
}

bool assay_layer_rule_parse(char *text, struct assay_layer_rule *rule, struct assay_model_error *error)
{
    static const char form[] = "a rule is GLOB=MODE, GLOB=SPARSITY:STRUCTURE or GLOB=MODE,SPARSITY:STRUCTURE";
    char *equals = strrchr(text, '='); /* names of tensors may have one */
    *rule = (struct assay_layer_rule){.glob = text};
    if (!equals || equals == text)
        return assay_model_fail(error, "'%.200s' does not say which layers and what: %s", text, form);
    *equals = '\0';
    char *choice = equals + 1, *comma = strchr(choice, ',');
    if (comma)
        *comma = '\0';
    for (; choice; choice = comma, comma = NULL) {
        if (comma)
            comma++;
        if (!parse_choice(choice, rule))
            return assay_model_fail(error,
                                    "'%.100s' for the layers '%.100s' is neither a mode (fp32, fp16w, hybrid, int8, "
                                    "int16x8) nor zeros (0.8:random, 0.8:1x4, 2:4, dense): %s",
                                    choice, text, form);
    }
    return true;
}

bool assay_layer_rule_matches(const struct assay_layer_rule *rule, const struct assay_subgraph *network, size_t at)
{
    const struct assay_operator *op = &network->operators[at];
    char index[24];
    snprintf(index, sizeof(index), "%zu", at);
    if (strcmp(rule->glob, index) == 0 || fnmatch(rule->glob, assay_operator_name(op->code), 0) == 0)
        return true;
    if (op->output_count == 0)
        return false;
    const char *name = network->tensors[op->outputs[0]].name;
    return strcmp(rule->glob, name) == 0 || fnmatch(rule->glob, name, 0) == 0;
}
