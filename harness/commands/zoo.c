#include "models/zoo/zoo.h"
#include "harness/base/paths.h"
#include "harness/base/say.h"
#include "harness/base/suggest.h"
#include "harness/commands/commands.h"
#include "harness/process/interrupt.h"

#include <argp.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { KEY_SEED = 0x100, KEY_EPOCHS, KEY_LIST, KEY_WIDTH, KEY_RESOLUTION, MOST_NAMES = 16 };

static const uint64_t most_epochs = 10000, least_resolution = 32, most_resolution = 1024;
static const double least_width = 0.05, most_width = 4;

struct options {
    const char *name, *folder; /* name NULL: all that are trained */
    uint64_t seed, epochs, resolution;
    double width;
    bool list;
};

static const char doc[] =
    "Make a built-in network and its dataset: drawn and trained on the spot, so that nothing need be downloaded. Or a "
    "published architecture with random weights, to measure the speed of.\v"
    "Writes NAME.tflite (float), NAME.calibration.assay and NAME.test.assay. The test samples are never trained on. "
    "Of an untrained network the answers mean nothing: its calibration samples are noise, and it has none to be tested "
    "by. Without NAME all networks that are trained are made. The same seed gives the same bytes with the same build "
    "of assay; another "
    "compiler, C library or processor family may change last bits.";

static const struct argp_option options[] = {
    {"output", 'o', "DIR", 0, "Folder for the files; made if it is missing", 0},
    {"seed", KEY_SEED, "N", 0, "Of images, first weights and so of everything (default: 1)", 0},
    {"epochs", KEY_EPOCHS, "N", 0, "How long to train, 1 to 10000 (default: the network's own, see --list)", 0},
    {"width", KEY_WIDTH, "X", 0, "Untrained: of all channels, as a share of the published ones (default: 1)", 0},
    {"resolution", KEY_RESOLUTION, "N", 0, "Untrained: height and width of the input (default: as published)", 0},
    {"list", KEY_LIST, NULL, 0, "Tell which networks there are", 0},
    {0},
};

static uint64_t number(const struct argp_state *state, const char *option, const char *text, uint64_t least,
                       uint64_t most)
{
    char *end;
    errno = 0;
    const unsigned long long value = strtoull(text, &end, 10);
    if (*text < '0' || *text > '9' || *end != '\0' || errno != 0 || value < least || value > most)
        argp_error(state, "%s '%s': give a whole number from %" PRIu64 " to %" PRIu64, option, text, least, most);
    return value;
}

static double share(const struct argp_state *state, const char *text)
{
    char *end;
    const double value = strtod(text, &end);
    if (end == text || *end != '\0' || !(value >= least_width && value <= most_width))
        argp_error(state, "--width '%s': give a number from %g to %g", text, least_width, most_width);
    return value;
}

static error_t parse(int key, char *argument, struct argp_state *state)
{
    struct options *o = state->input;
    switch (key) {
    case 'o':
        o->folder = argument;
        return 0;
    case KEY_SEED:
        o->seed = number(state, "--seed", argument, 0, UINT64_MAX);
        return 0;
    case KEY_EPOCHS:
        o->epochs = number(state, "--epochs", argument, 1, most_epochs);
        return 0;
    case KEY_WIDTH:
        o->width = share(state, argument);
        return 0;
    case KEY_RESOLUTION:
        o->resolution = number(state, "--resolution", argument, least_resolution, most_resolution);
        return 0;
    case KEY_LIST:
        o->list = true;
        return 0;
    case ARGP_KEY_ARG:
        if (o->name)
            argp_error(state, "'%s' is too much: one NAME, or none for all", argument);
        o->name = argument;
        return 0;
    case ARGP_KEY_END:
        if (!o->list && (!o->folder || !*o->folder))
            argp_error(state, "name a folder for the files: -o DIR");
        if (!o->name && (o->width > 0 || o->resolution > 0))
            argp_error(state, "--width and --resolution are of an untrained network: name one");
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static bool is_known(const char *name)
{
    const char *names[MOST_NAMES];
    size_t count = 0;
    for (; assay_zoo_entry(count) && count < MOST_NAMES; count++) {
        names[count] = assay_zoo_entry(count)->name;
        if (strcmp(names[count], name) == 0)
            return true;
    }
    assay_say("no built-in network '%s'; %s", name, assay_suggestion(name, names, count));
    return false;
}

static bool tell(void *context, const struct assay_zoo_progress *p)
{
    (void)context;
    assay_progress(false, "%s: epoch %zu of %zu, loss %.3f, top-1 %.1f %% of what it learned from", p->name, p->done,
                   p->all, p->loss, 100 * p->top1);
    return !assay_interrupted();
}

static int make(const struct options *o, const struct assay_zoo_entry *entry)
{
    const struct assay_zoo_options zoo = {
        .seed = o->seed, .epochs = o->epochs, .width = o->width, .resolution = o->resolution, .progress = tell};
    struct assay_zoo_result result;
    struct assay_model_error error;
    const bool made = assay_zoo_make(entry, &zoo, o->folder, &result, &error);
    assay_progress_end();
    if (!made) {
        assay_say("%s", error.text);
        return assay_interrupted() ? ASSAY_EXIT_FAILED : ASSAY_EXIT_USAGE;
    }
    if (entry->epochs == 0) {
        printf("%s: untrained, random weights: its speed tells something, its answers do not\n", entry->name);
        printf("%s\n%s (%zu samples of noise)\n", result.model, result.calibration, result.calibration_samples);
        return ASSAY_EXIT_FINE;
    }
    printf("%s: top-1 %.1f %% (%zu of %zu test samples)\n", entry->name,
           100.0 * (double)result.right / (double)result.test_samples, result.right, result.test_samples);
    printf("%s\n%s (%zu samples)\n%s (%zu samples)\n", result.model, result.calibration, result.calibration_samples,
           result.test, result.test_samples);
    return ASSAY_EXIT_FINE;
}

int assay_command_zoo(int argc, char **argv)
{
    const struct argp argp = {options, parse, "[NAME]", doc, NULL, NULL, NULL};
    struct options o = {.seed = 1};
    argp_parse(&argp, argc, argv, 0, NULL, &o);
    if (o.name && !is_known(o.name))
        return ASSAY_EXIT_USAGE;
    if (!o.list && !assay_make_folder(o.folder))
        return ASSAY_EXIT_USAGE;
    int status = ASSAY_EXIT_FINE;
    for (size_t i = 0; assay_zoo_entry(i) && status == ASSAY_EXIT_FINE; i++) {
        const struct assay_zoo_entry *entry = assay_zoo_entry(i);
        if (o.name ? strcmp(o.name, entry->name) != 0 : !o.list && entry->epochs == 0)
            continue;
        if (o.list && entry->epochs > 0)
            printf("%-12s %s; %zu epochs\n", entry->name, entry->summary, entry->epochs);
        else if (o.list)
            printf("%-12s %s; untrained\n", entry->name, entry->summary);
        else
            status = make(&o, entry);
    }
    return status;
}
