#include "harness/base/paths.h"

#include "harness/base/memory.h"
#include "harness/base/say.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool is_root(const char *folder)
{
    return access(assay_format("%s/CMakePresets.json", folder), R_OK) == 0 &&
           access(assay_format("%s/harness/targets.yaml", folder), R_OK) == 0;
}

static const char *find_root(void)
{
    const char *given = getenv("ASSAY_ROOT");
    if (given && *given) {
        char *full = realpath(given, NULL);
        const char *root = full ? assay_keep_string(full) : given;
        free(full);
        if (is_root(root))
            return root;
        assay_say("ASSAY_ROOT is '%s', which is no source tree of assay; set it to the folder of CMakePresets.json",
                  given);
        return NULL;
    }
    char path[PATH_MAX];
    const ssize_t length = readlink("/proc/self/exe", path, sizeof(path) - 1);
    if (length > 0) {
        path[length] = '\0';
        for (char *slash = strrchr(path, '/'); slash && slash != path; slash = strrchr(path, '/')) {
            *slash = '\0';
            if (is_root(path))
                return assay_keep_string(path);
        }
    }
    assay_say("this program is not inside a source tree of assay; set ASSAY_ROOT to one (the folder of "
              "CMakePresets.json)");
    return NULL;
}

const char *assay_root(void)
{
    static const char *root;
    if (!root)
        root = find_root();
    return root;
}

const char *assay_in_root(const char *relative)
{
    const char *root = assay_root();
    return root ? assay_format("%s/%s", root, relative) : NULL;
}

const char *assay_find_program(const char *name)
{
    if (strchr(name, '/'))
        return access(name, X_OK) == 0 ? name : NULL;
    const char *folders = getenv("PATH");
    while (folders && *folders) {
        const size_t length = strcspn(folders, ":");
        const char *path = assay_format("%.*s/%s", (int)length, folders, name);
        struct stat status;
        if (length > 0 && access(path, X_OK) == 0 && stat(path, &status) == 0 && S_ISREG(status.st_mode))
            return path;
        folders += length + (folders[length] == ':');
    }
    return NULL;
}

bool assay_make_folder(const char *path)
{
    if (!*path) {
        assay_say("a folder without a name cannot be made; choose one");
        return false;
    }
    char *part = assay_keep_string(path);
    for (char *slash = part + 1;; slash++) {
        if (*slash != '/' && *slash != '\0')
            continue;
        const char end = *slash;
        *slash = '\0';
        struct stat status;
        if (mkdir(part, 0777) != 0 && (errno != EEXIST || stat(part, &status) != 0 || !S_ISDIR(status.st_mode))) {
            assay_say("cannot make the folder %s: %s; choose another one", part, strerror(errno));
            return false;
        }
        if (end == '\0')
            return true;
        *slash = '/';
    }
}
