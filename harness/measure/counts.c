#include "harness/measure/counts.h"

#include "harness/base/memory.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

const char *assay_counts_path(const void *owner)
{
    /* Regular names only: QEMU cuts a plugin's argument at a comma. */
    const char *folder = getenv("TMPDIR");
    const char *path =
        assay_format("%s/assay-counts-%ld-%p", folder && !strchr(folder, ',') ? folder : "/tmp", (long)getpid(), owner);
    unlink(path);
    return path;
}

json_t *assay_counts_take(const char *path)
{
    FILE *file = fopen(path, "re");
    char *line = NULL;
    size_t capacity = 0;
    json_t *counts = json_array();
    for (ssize_t length; file && (length = getline(&line, &capacity, file)) > 0;) {
        json_t *count = json_loadb(line, (size_t)length, 0, NULL);
        if (count)
            json_array_append_new(counts, count);
    }
    free(line);
    if (file)
        fclose(file);
    unlink(path);
    return counts;
}

json_t *assay_counts_find(const json_t *counts, const json_t *region, const json_t *pid)
{
    size_t i;
    json_t *line;
    if (!json_is_integer(region))
        return NULL;
    json_array_foreach(counts, i, line)
    {
        const json_t *number = json_object_get(line, "region");
        if (json_is_integer(number) && json_integer_value(number) == json_integer_value(region) &&
            (!pid || json_integer_value(pid) == json_integer_value(json_object_get(line, "pid"))))
            return line;
    }
    return NULL;
}

const char *assay_counts_flaw(const json_t *line)
{
    if (!json_is_true(json_object_get(line, "complete")))
        return "the emulator's plugin has no complete count of it";
    if (json_is_true(json_object_get(line, "multithreaded")))
        return "another thread ran meanwhile, so the count means nothing";
    return NULL;
}

json_t *assay_counts_record(const json_t *line)
{
    static const char *const joined[] = {"region", "id", "pid", "arch", "complete", "multithreaded"};
    json_t *counts = json_copy((json_t *)line);
    for (size_t i = 0; i < sizeof(joined) / sizeof(joined[0]); i++)
        json_object_del(counts, joined[i]);
    return counts;
}
