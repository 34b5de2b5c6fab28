#include "models/optimize/passes.h"

#include <stdarg.h>

void assay_note(const struct assay_notes *notes, const char *format, ...)
{
    if (!notes->say)
        return;
    char line[ASSAY_MODEL_MESSAGE];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(line, sizeof(line), format, arguments);
    va_end(arguments);
    notes->say(notes->context, line);
}
