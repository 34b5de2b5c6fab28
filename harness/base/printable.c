#include "harness/base/printable.h"

#include "harness/base/memory.h"

#include <jansson.h>

const char *assay_printable(const char *name)
{
    char *copy = assay_keep_string(name);
    json_t *is_utf8 = json_string(name);
    for (char *c = copy; *c; c++)
        if ((unsigned char)*c < ' ' || *c == 0x7f || (!is_utf8 && (unsigned char)*c >= 0x80))
            *c = '?';
    json_decref(is_utf8);
    return copy;
}
