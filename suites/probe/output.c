#include "suites/probe/output.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

json_t *output_number(double value)
{
    return isfinite(value) ? json_real(value) : json_null();
}

static bool write_all(const char *text, size_t length)
{
    while (length > 0) {
        const ssize_t written = write(STDOUT_FILENO, text, length);
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0) {
            fprintf(stderr, "assay-probe: cannot write to standard output: %s\n", strerror(errno));
            return false;
        }
        text += written;
        length -= (size_t)written;
    }
    return true;
}

bool output_line(json_t *line)
{
    char *text = json_dumps(line, JSON_COMPACT | JSON_REAL_PRECISION(9));
    json_decref(line);
    if (!text) {
        fputs("assay-probe: no memory for a line of output\n", stderr);
        return false;
    }
    const size_t length = strlen(text);
    text[length] = '\n'; /* in place of its end, so that one write makes the whole line */
    const bool written = write_all(text, length + 1);
    free(text);
    return written;
}
