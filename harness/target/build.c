#include "harness/target/build.h"

#include "harness/base/memory.h"
#include "harness/base/paths.h"
#include "harness/process/interrupt.h"
#include "harness/process/lock.h"
#include "harness/process/pool.h"
#include "harness/process/process.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { MOST_ERRORS = 5 };

struct build {
    const char *name;
    FILE *log;
    const char *errors[MOST_ERRORS]; /* the first lines that look like a compiler's or CMake's error */
    size_t error_count;
    int status;
};

const char *assay_build_folder(const struct assay_target *target)
{
    return assay_in_root(assay_format("build/%s", target->preset));
}

const char *assay_probe_path(const struct assay_target *target)
{
    return target->probe ? target->probe : assay_format("%s/suites/assay-probe", assay_build_folder(target));
}

static void note_error(struct build *build, const char *line)
{
    if (build->error_count < MOST_ERRORS &&
        (strstr(line, "error:") || strstr(line, "Error") || strstr(line, "ninja: error")))
        build->errors[build->error_count++] = assay_keep_string(line);
}

static void build_line(void *context, const char *line, size_t length)
{
    struct build *build = context;
    (void)length;
    fprintf(build->log, "%s\n", line);
    if (line[0] == '[')
        assay_progress(true, "building %s %s", build->name, line);
    note_error(build, line);
}

static void build_end(void *context, int status, int err)
{
    struct build *build = context;
    build->status = status;
    /* CMake's own errors are on standard error. */
    const int copy = dup(err);
    FILE *said = copy >= 0 ? fdopen(copy, "r") : NULL;
    char line[1024];
    if (!said) {
        if (copy >= 0)
            close(copy);
        return;
    }
    if (fseek(said, 0, SEEK_SET) != 0) {
        fclose(said);
        return;
    }
    const bool failed = status != 0;
    bool expect = false; /* the line after "CMake Error at …" says what it is */
    while (fgets(line, sizeof(line), said)) {
        fputs(line, build->log);
        line[strcspn(line, "\n")] = '\0';
        const char *text = line + strspn(line, " ");
        if (failed && (expect || strncmp(text, "CMake Error", 11) == 0) && *text && build->error_count < MOST_ERRORS)
            build->errors[build->error_count++] = assay_keep_string(text);
        expect = strncmp(text, "CMake Error", 11) == 0 || (expect && !*text);
    }
    fclose(said);
}

static bool step(struct build *build, const char *const *arguments)
{
    struct assay_pool *pool = assay_pool_new(1);
    assay_pool_add(
        pool,
        (struct assay_task){
            .arguments = arguments, .folder = assay_root(), .line = build_line, .end = build_end, .context = build});
    const bool ran = assay_pool_run(pool);
    assay_pool_free(pool);
    return ran && build->status == 0;
}

/* Builds in the folder, which nobody else does meanwhile. */
static bool make(const struct assay_target *target, const char *folder)
{
    const char *log = assay_format("%s/assay-build.log", folder);
    struct build build = {.name = target->name, .log = fopen(log, "we")};
    if (!build.log) {
        assay_say("cannot write %s: %s; free some space or check its permissions", log, strerror(errno));
        return false;
    }
    assay_progress(true, "building %s", target->name);
    bool good = true;
    if (access(assay_format("%s/build.ninja", folder), R_OK) != 0)
        good = step(&build, (const char *const[]){"cmake", "--preset", target->preset, NULL});
    good = good && step(&build, (const char *const[]){"cmake", "--build", folder, NULL});
    fclose(build.log);
    assay_progress_end();
    if (!good && !assay_interrupted()) {
        assay_say("building %s failed (%s); all of its output is in %s", target->name, assay_status_text(build.status),
                  log);
        for (size_t i = 0; i < build.error_count; i++)
            assay_say("  %s", build.errors[i]);
    }
    return good;
}

bool assay_build(const struct assay_target *target)
{
    if (target->probe)
        return true;
    const char *folder = assay_build_folder(target);
    if (!folder || !assay_make_folder(folder))
        return false;
    if (!assay_find_program("cmake") || !assay_find_program("ninja")) {
        assay_say("%s is missing, so %s cannot be built: run scripts/setup, or apt-get install cmake ninja-build",
                  assay_find_program("cmake") ? "ninja" : "cmake", target->name);
        return false;
    }
    /* Two that build in one folder break each other's archives and links. */
    const int held = assay_lock(assay_format("%s/assay-build.lock", folder), target->name, "check its permissions");
    if (held < 0)
        return false;
    const bool good = make(target, folder);
    close(held);
    return good;
}
