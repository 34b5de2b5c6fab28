#include "harness/base/say.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

static bool progress_is_shown;

static void clear_progress(void)
{
    if (progress_is_shown)
        fputs("\r\033[K", stderr);
    progress_is_shown = false;
}

/* Shows bytes of the upper half as they are: they may be UTF-8. */
static void make_printable(char *text)
{
    for (char *c = text; *c; c++)
        if ((unsigned char)*c < 0x20 || *c == 0x7f)
            *c = '?';
}

static void say_line(const char *before, const char *format, va_list arguments)
{
    char text[2048];
    vsnprintf(text, sizeof(text), format, arguments);
    make_printable(text);
    clear_progress();
    fprintf(stderr, "%s: %s\n", before, text);
}

void assay_say(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    say_line("assay", format, arguments);
    va_end(arguments);
}

bool assay_say_at(struct assay_place place, const char *format, ...)
{
    char before[1024];
    snprintf(before, sizeof(before) - 48, "%s", place.file);
    make_printable(before);
    const size_t length = strlen(before);
    if (place.line > 0)
        snprintf(before + length, sizeof(before) - length, ":%zu:%zu", place.line, place.column);
    va_list arguments;
    va_start(arguments, format);
    say_line(before, format, arguments);
    va_end(arguments);
    return false;
}

size_t assay_terminal_width(FILE *out)
{
    struct winsize size;
    const int fd = fileno(out);
    if (fd < 0 || !isatty(fd))
        return 0;
    return ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

void assay_progress(bool passing, const char *format, ...)
{
    const bool terminal = isatty(STDERR_FILENO);
    if (passing && !terminal)
        return;
    char text[512];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof(text), format, arguments);
    va_end(arguments);
    make_printable(text);
    if (!terminal) {
        fprintf(stderr, "%s\n", text);
        return;
    }
    /* A line that wraps cannot be cleared. */
    const size_t width = assay_terminal_width(stderr) - 1;
    if (strlen(text) > width)
        text[width] = '\0';
    clear_progress();
    fputs(text, stderr);
    fflush(stderr);
    progress_is_shown = true;
}

void assay_progress_end(void)
{
    clear_progress();
    fflush(stderr);
}
