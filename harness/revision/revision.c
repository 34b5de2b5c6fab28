#include "harness/revision/revision.h"

#include "harness/base/memory.h"
#include "harness/base/paths.h"
#include "harness/process/interrupt.h"
#include "harness/process/lock.h"
#include "harness/process/pool.h"
#include "harness/process/process.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { TAIL = 12 }; /* lines of a failed build's log that are shown */

struct build {
    const char *name; /* for progress */
    const char *folder, *part, *log_path;
    const char *preset;
    FILE *log;
    int status;
};

static const char *cache_folder(void)
{
    const char *cache = getenv("ASSAY_CACHE"), *xdg = getenv("XDG_CACHE_HOME"), *home = getenv("HOME");
    if (cache && *cache)
        return assay_format("%s/revisions", cache);
    if (xdg && *xdg)
        return assay_format("%s/assay/revisions", xdg);
    if (home && *home)
        return assay_format("%s/.cache/assay/revisions", home);
    assay_say("there is no place for other revisions' builds: set ASSAY_CACHE (or HOME) to a folder with 1 GB free");
    return NULL;
}

/* Of the compiler that the presets take, in which version: another one makes other code of the same commit. */
static const char *compiler_tag(void)
{
    const char *named = getenv("CC"), *flags = getenv("CFLAGS");
    const char *compiler = named && *named ? named : "clang-19";
    char *output = NULL;
    int status = 0;
    uint64_t sum = 14695981039346656037u; /* FNV-1a */
    const bool known =
        assay_find_program(compiler) &&
        assay_run_program((const char *const[]){compiler, "--version", NULL}, NULL, &output, NULL, &status);
    const char *text = assay_format("%s\n%s\n%s", compiler, flags ? flags : "", known ? output : "");
    free(output);
    for (const char *c = text; *c; c++)
        sum = (sum ^ (unsigned char)*c) * 1099511628211u;
    return assay_format("%08" PRIx32, (uint32_t)(sum ^ sum >> 32));
}

static void build_line(void *context, const char *line, size_t length)
{
    struct build *build = context;
    fwrite(line, 1, length, build->log);
    putc('\n', build->log);
    if (line[0] == '[')
        assay_progress(true, "building %s %s", build->name, line);
}

/* What the program said on standard error goes behind what it printed. */
static void build_end(void *context, int status, int err)
{
    struct build *build = context;
    char bytes[4096];
    ssize_t length;
    build->status = status;
    for (off_t at = 0; (length = pread(err, bytes, sizeof(bytes), at)) > 0; at += length)
        fwrite(bytes, 1, (size_t)length, build->log);
}

static bool step(struct build *build, const char *folder, const char *const *arguments)
{
    struct assay_pool *pool = assay_pool_new(1);
    build->status = -1;
    assay_pool_add(
        pool, (struct assay_task){
                  .arguments = arguments, .folder = folder, .line = build_line, .end = build_end, .context = build});
    const bool ran = assay_pool_run(pool);
    assay_pool_free(pool);
    return ran && build->status == 0;
}

static void show_tail(const struct build *build)
{
    const char *tail[TAIL] = {0};
    char line[512];
    size_t count = 0;
    FILE *log = fopen(build->log_path, "re");
    while (log && fgets(line, sizeof(line), log)) {
        line[strcspn(line, "\n")] = '\0';
        if (*line)
            tail[count++ % TAIL] = assay_keep_string(line);
    }
    if (log)
        fclose(log);
    for (size_t i = count > TAIL ? count - TAIL : 0; i < count; i++)
        assay_say("  %s", tail[i % TAIL]);
}

static bool remove_folder(const char *path)
{
    int status = 0;
    return assay_run_program((const char *const[]){"cmake", "-E", "rm", "-rf", path, NULL}, NULL, NULL, NULL,
                             &status) &&
           status == 0;
}

/* The commit's files, as they were, into the folder: without a worktree, which the repository would have to know of. */
static bool unpack(struct build *build, const char *commit)
{
    const char *archive = assay_format("%s/source.tar", build->part), *source = assay_format("%s/source", build->part);
    return assay_make_folder(source) &&
           step(build, assay_root(),
                (const char *const[]){"git", "archive", "--format=tar", "-o", archive, commit, NULL}) &&
           step(build, source, (const char *const[]){"tar", "-xf", archive, NULL}) && unlink(archive) == 0;
}

static bool compile(struct build *build)
{
    const char *source = assay_format("%s/source", build->part);
    /* These come from the environment otherwise; a cache might hand out what another compiler made. */
    return step(build, source,
                (const char *const[]){"cmake", "--preset", build->preset,
                                      "-DCMAKE_C_COMPILER_LAUNCHER=", "-DCMAKE_CXX_COMPILER_LAUNCHER=", NULL}) &&
           step(build, source,
                (const char *const[]){"cmake", "--build", assay_format("build/%s", build->preset), "--target",
                                      "assay-probe", NULL});
}

/* Moves a file of the build to its place below the folder that stays. */
static bool keep(const struct build *build, const char *path, bool required)
{
    const char *from = assay_format("%s/source/build/%s/%s", build->part, build->preset, path);
    const char *to = assay_format("%s/kept/%s", build->part, path);
    const char *folder = assay_format("%.*s", (int)(strrchr(to, '/') - to), to);
    return assay_make_folder(folder) && (rename(from, to) == 0 || (!required && errno == ENOENT));
}

/* What is needed of the build, under the names that it had there. It appears whole or not at all. */
static bool keep_all(const struct build *build)
{
    return keep(build, "suites/assay-probe", true) && keep(build, "kernels/libkernels.a", false) &&
           keep(build, "models/libmodels.a", false) && rename(assay_format("%s/kept", build->part), build->folder) == 0;
}

static enum assay_revision_state make(struct build *build, const char *commit)
{
    build->log = fopen(build->log_path, "we");
    if (!build->log || !remove_folder(build->part) || !assay_make_folder(build->part)) {
        assay_say("cannot write %s: %s; make room, or set ASSAY_CACHE to another folder", build->log_path,
                  strerror(errno));
        if (build->log)
            fclose(build->log);
        return ASSAY_REVISION_FAILED;
    }
    assay_progress(true, "building %s", build->name);
    const bool unpacked = unpack(build, commit), compiled = unpacked && compile(build);
    const bool kept = compiled && keep_all(build);
    fclose(build->log);
    assay_progress_end();
    if (assay_interrupted())
        return ASSAY_REVISION_FAILED;
    if (compiled && !kept)
        assay_say("%s: built, but its probe cannot be kept in %s: %s", build->name, build->folder, strerror(errno));
    else if (!compiled)
        assay_say("%s does not build (%s); all of its output is in %s, which ends:", build->name,
                  build->status == -1 ? "a program could not be started" : assay_status_text(build->status),
                  build->log_path);
    if (!compiled)
        show_tail(build);
    remove_folder(build->part);
    return kept ? ASSAY_REVISION_READY : unpacked && !compiled ? ASSAY_REVISION_BROKEN : ASSAY_REVISION_FAILED;
}

static bool has_tools(void)
{
    static const char *const tools[] = {"git", "tar", "cmake", "ninja"};
    for (size_t i = 0; i < sizeof(tools) / sizeof(tools[0]); i++)
        if (!assay_find_program(tools[i])) {
            assay_say("%s is missing, so no other revision can be built: run scripts/setup", tools[i]);
            return false;
        }
    return true;
}

enum assay_revision_state assay_revision_build(const char *commit, const struct assay_target *target,
                                               struct assay_revision *revision)
{
    const char *cache = cache_folder();
    *revision = (struct assay_revision){.commit = commit};
    if (!target->preset) {
        assay_say("%s has a finished probe, so that of another revision cannot be built: choose a target with a preset",
                  target->name);
        return ASSAY_REVISION_FAILED;
    }
    if (!cache || !assay_root() || !has_tools() || !assay_make_folder(cache))
        return ASSAY_REVISION_FAILED;
    const char *folder = assay_format("%s/%s-%s-%s", cache, commit, target->preset, compiler_tag());
    struct build build = {.name = assay_format("%.12s for %s", commit, target->name),
                          .folder = folder,
                          .part = assay_format("%s.part", folder),
                          .log_path = assay_format("%s.log", folder),
                          .preset = target->preset};
    const int held =
        assay_lock(assay_format("%s.lock", folder), build.name, "set ASSAY_CACHE to a folder that can be written");
    if (held < 0)
        return ASSAY_REVISION_FAILED;
    revision->log = build.log_path;
    revision->probe = assay_format("%s/suites/assay-probe", folder);
    revision->cached = access(revision->probe, X_OK) == 0;
    const enum assay_revision_state state = revision->cached ? ASSAY_REVISION_READY : make(&build, commit);
    close(held);
    return state;
}
