/* Files are written whole or not at all, and nothing else of their folder is touched. */
#include "models/tflite/reader.h"
#include "models/tflite/writer.h"

#include <dirent.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

enum { LIMIT = 1 << 20 };

static int failures;
static char folder[4096];

static void expect(bool holds, const char *what, const char *more)
{
    if (!holds) {
        printf("FAILED: %s: %s\n", what, more);
        failures++;
    }
}

/* Larger than the size that files are limited to below. */
static const struct assay_graph *network(void)
{
    static unsigned char data[1 << 16];
    static struct assay_tensor tensor = {
        .name = "constant", .type = ASSAY_TENSOR_U8, .shape = {1, {sizeof(data)}}, .data = data, .bytes = sizeof(data)};
    static const struct assay_subgraph subgraph = {.name = "main", .tensor_count = 1, .tensors = &tensor};
    static const struct assay_graph graph = {.description = "", .subgraph_count = 1, .subgraphs = &subgraph};
    for (size_t i = 0; i < sizeof(data); i++)
        data[i] = (unsigned char)(i % 251);
    return &graph;
}

/* A path in the test's folder. */
static const char *path_of(const char *name)
{
    static char path[8192];
    snprintf(path, sizeof(path), "%s/%s", folder, name);
    return path;
}

static size_t files(void)
{
    DIR *open = opendir(folder);
    size_t count = 0;
    for (const struct dirent *entry; open && (entry = readdir(open));)
        count += entry->d_name[0] != '.';
    if (open)
        closedir(open);
    return count;
}

static void put(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");
    expect(file && fputs(text, file) >= 0 && fclose(file) == 0, "a file is prepared", path);
}

static bool has(const char *path, const char *text)
{
    char have[64] = "";
    FILE *file = fopen(path, "r");
    const bool read = file && fgets(have, sizeof(have), file);
    if (file)
        fclose(file);
    return read && strcmp(have, text) == 0;
}

static bool readable(const char *path)
{
    struct assay_model_error error;
    struct assay_graph *graph = assay_tflite_read_file(path, LIMIT, &error);
    const bool good = graph && graph->subgraphs[0].tensors[0].bytes == network()->subgraphs[0].tensors[0].bytes;
    assay_graph_free(graph);
    return good;
}

static void test_written(void)
{
    struct assay_model_error error = {{0}};
    struct stat status, link_status;
    const char *path = path_of("new.tflite");
    expect(assay_tflite_write_file(network(), path, &error) && readable(path), "a new file", error.text);
    const mode_t mask = umask(0);
    umask(mask);
    expect(stat(path, &status) == 0 && (status.st_mode & 0777) == (0666 & ~mask), "its mode is the umask's", path);

    put(path_of("old"), "old");
    expect(assay_tflite_write_file(network(), path_of("old"), &error) && readable(path_of("old")), "over another file",
           error.text);
    expect(symlink("old", path_of("link")) == 0, "a link is made", "link");
    expect(assay_tflite_write_file(network(), path_of("link"), &error) && readable(path_of("old")) &&
               lstat(path_of("link"), &link_status) == 0 && S_ISLNK(link_status.st_mode),
           "the file that a link leads to", error.text);
    expect(files() == 3, "three files, and nothing beside them", folder);
}

/* The error is one line that begins with the path and holds `text`. */
static void refused(const char *path, const char *text)
{
    struct assay_model_error error = {{0}};
    const bool wrote = assay_tflite_write_file(network(), path, &error);
    expect(!wrote && strncmp(error.text, path, strlen(path)) == 0 && strstr(error.text, text) &&
               !strchr(error.text, '\n'),
           path, error.text);
}

static void test_refused(void)
{
    refused(path_of("no/such/folder.tflite"), "No such file or directory");
    refused(path_of("old/below-a-file.tflite"), "Not a directory");
    refused(folder, "Is a directory");
    refused("/dev/full", "No space left on device");
    refused("/proc/assay.tflite", "cannot be written");
    refused("", "cannot be written");

    struct assay_model_error error = {{0}};
    expect(assay_tflite_write_file(network(), "/dev/null", &error), "a device is written to", error.text);
    struct stat status;
    expect(stat("/dev/null", &status) == 0 && S_ISCHR(status.st_mode), "and stays one", "/dev/null");
}

/* Half way through, no more can be written. */
static void test_cut_short(void)
{
    const struct rlimit half = {1 << 15, RLIM_INFINITY};
    struct rlimit before;
    put(path_of("kept"), "kept");
    signal(SIGXFSZ, SIG_IGN);
    const size_t count = files();
    expect(getrlimit(RLIMIT_FSIZE, &before) == 0 && setrlimit(RLIMIT_FSIZE, &half) == 0, "a limit is set", "files");
    refused(path_of("kept"), "File too large");
    refused(path_of("never"), "File too large");
    expect(setrlimit(RLIMIT_FSIZE, &before) == 0, "the limit is lifted", "files");
    expect(has(path_of("kept"), "kept"), "a file that could not be replaced is as it was", "kept");
    expect(files() == count, "nothing is left beside it", folder);
}

static void remove_all(void)
{
    static const char *const names[] = {"new.tflite", "old", "link", "kept"};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        unlink(path_of(names[i]));
    expect(rmdir(folder) == 0, "the folder is empty", folder);
}

int main(void)
{
    const char *root = getenv("TMPDIR");
    snprintf(folder, sizeof(folder), "%s/assay-save.XXXXXX", root && *root ? root : "/tmp");
    if (!mkdtemp(folder)) {
        perror(folder);
        return 1;
    }
    test_written();
    test_refused();
    test_cut_short();
    remove_all();
    printf("%d failures\n", failures);
    return failures != 0;
}
