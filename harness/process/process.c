#include "harness/process/process.h"

#include "harness/base/memory.h"
#include "harness/base/say.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

void assay_arguments_add(struct assay_arguments *arguments, const char *item)
{
    assay_grow(&arguments->items, &arguments->capacity, arguments->count + 1, sizeof(*arguments->items));
    arguments->items[arguments->count++] = item;
    arguments->items[arguments->count] = NULL;
}

/* A file in memory that holds `text`, to be read from its beginning. A pipe would need somebody to fill it meanwhile.
 */
static int memory_file(const char *text, size_t length)
{
    const int fd = memfd_create("assay", MFD_CLOEXEC);
    for (size_t done = 0; fd >= 0 && done < length;) {
        const ssize_t written = write(fd, text + done, length - done);
        if (written < 0) {
            close(fd);
            return -1;
        }
        done += (size_t)written;
    }
    if (fd >= 0)
        lseek(fd, 0, SEEK_SET);
    return fd;
}

static int spawn(const char *const *arguments, const char *folder, int in, int out, int err, pid_t *pid)
{
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t none, defaults;
    sigemptyset(&none);
    sigemptyset(&defaults);
    sigaddset(&defaults, SIGINT);
    sigaddset(&defaults, SIGTERM);
    sigaddset(&defaults, SIGPIPE);
    int error = posix_spawn_file_actions_init(&actions);
    if (error)
        return error;
    error = posix_spawnattr_init(&attributes);
    if (!error) {
        if ((!folder || !(error = posix_spawn_file_actions_addchdir_np(&actions, folder))) &&
            !(error = posix_spawn_file_actions_adddup2(&actions, in, STDIN_FILENO)) &&
            !(error = posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO)) &&
            !(error = posix_spawn_file_actions_adddup2(&actions, err, STDERR_FILENO)) &&
            !(error = posix_spawnattr_setsigmask(&attributes, &none)) &&
            !(error = posix_spawnattr_setsigdefault(&attributes, &defaults)) &&
            !(error = posix_spawnattr_setpgroup(&attributes, 0)) &&
            !(error = posix_spawnattr_setflags(&attributes,
                                               POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP)))
            /* The prototype lacks a const for historical reasons: the strings are not changed. */
            error = posix_spawnp(pid, arguments[0], &actions, &attributes, (char *const *)arguments, environ);
        posix_spawnattr_destroy(&attributes);
    }
    posix_spawn_file_actions_destroy(&actions);
    return error;
}

bool assay_process_start(const char *const *arguments, const char *folder, const char *input, size_t input_length,
                         struct assay_process *process)
{
    int pipe_ends[2] = {-1, -1};
    const int in = memory_file(input, input_length), err = memory_file("", 0);
    int error = 0;
    if (in < 0 || err < 0 || pipe2(pipe_ends, O_CLOEXEC) != 0 || fcntl(pipe_ends[0], F_SETFL, O_NONBLOCK) != 0)
        error = errno;
    else
        error = spawn(arguments, folder, in, pipe_ends[1], err, &process->pid);
    if (in >= 0)
        close(in);
    if (pipe_ends[1] >= 0)
        close(pipe_ends[1]);
    if (!error) {
        process->out = pipe_ends[0];
        process->err = err;
        return true;
    }
    if (err >= 0)
        close(err);
    if (pipe_ends[0] >= 0)
        close(pipe_ends[0]);
    assay_say("cannot start %s: %s; %s", arguments[0], strerror(error),
              error == ENOENT ? "install it (scripts/setup does)" : "see above");
    return false;
}

const char *assay_status_text(int status)
{
    if (!WIFSIGNALED(status))
        return assay_format("exit status %d", WEXITSTATUS(status));
    const char *name = sigabbrev_np(WTERMSIG(status));
    return name ? assay_format("killed by SIG%s", name) : assay_format("killed by signal %d", WTERMSIG(status));
}

/* argp says behind the reason where help is to be had, in one line or, of a long name, in two. */
static ssize_t length_without_hint(const char *text, ssize_t length)
{
    static const char hint[] = "\nTry `";
    for (ssize_t at = length - (ssize_t)strlen(hint); at > 0; at--)
        if (strncmp(text + at, hint, strlen(hint)) == 0 && strstr(text + at, "--help'"))
            return at;
    return length;
}

const char *assay_last_line(int fd)
{
    char text[1025];
    const off_t most = sizeof(text) - 1, size = lseek(fd, 0, SEEK_END);
    ssize_t length = pread(fd, text, (size_t)most, size > most ? size - most : 0);
    if (length <= 0)
        return "";
    text[length] = '\0';
    length = length_without_hint(text, length);
    while (length > 0 && text[length - 1] == '\n')
        length--;
    ssize_t start = length;
    while (start > 0 && text[start - 1] != '\n')
        start--;
    return assay_keep_bytes(text + start, (size_t)(length - start));
}
