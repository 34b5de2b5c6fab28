#include "harness/suite/find.h"

#include "harness/base/memory.h"
#include "harness/base/paths.h"
#include "harness/base/suggest.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

static bool ends_with(const char *text, const char *end)
{
    const size_t length = strlen(text), end_length = strlen(end);
    return length > end_length && strcmp(text + length - end_length, end) == 0;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

bool assay_suite_names(const char *const **names, size_t *count)
{
    const char *folder = assay_in_root("suites");
    DIR *entries = folder ? opendir(folder) : NULL;
    if (!entries) {
        if (folder)
            assay_say("cannot read %s: %s", folder, strerror(errno));
        return false;
    }
    const char **found = NULL;
    size_t capacity = 0;
    *count = 0;
    for (const struct dirent *entry = readdir(entries); entry; entry = readdir(entries)) {
        if (!ends_with(entry->d_name, ".yaml"))
            continue;
        assay_grow(&found, &capacity, *count, sizeof(*found));
        found[(*count)++] = assay_keep_bytes(entry->d_name, strlen(entry->d_name) - strlen(".yaml"));
    }
    closedir(entries);
    const char **kept = assay_keep(*count * sizeof(*kept));
    if (*count > 0) {
        qsort(found, *count, sizeof(*found), by_name);
        memcpy(kept, found, *count * sizeof(*kept));
    }
    free(found);
    *names = kept;
    return true;
}

const char *assay_suite_path(const char *name)
{
    if (strchr(name, '/') || ends_with(name, ".yaml") || ends_with(name, ".yml"))
        return name;
    const char *const *names;
    size_t count;
    if (!assay_suite_names(&names, &count))
        return NULL;
    for (size_t i = 0; i < count; i++)
        if (strcmp(names[i], name) == 0)
            return assay_in_root(assay_format("suites/%s.yaml", name));
    assay_say("unknown suite '%s'; %s (a file of yours: give its path, as ./%s.yaml)", name,
              assay_suggestion(name, names, count), name);
    return NULL;
}
