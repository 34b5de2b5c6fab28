#include "reports/render/text.h"

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static const char replacement[] = "\xEF\xBF\xBD"; /* U+FFFD */

/* The length of the character that begins here, and its code point; 0 if it is none (RFC 3629). */
static size_t decode(const unsigned char *at, uint32_t *point)
{
    static const struct {
        unsigned char mask, lead;
        uint32_t least; /* less is written in fewer bytes */
    } forms[] = {{0x80, 0x00, 0}, {0xE0, 0xC0, 0x80}, {0xF0, 0xE0, 0x800}, {0xF8, 0xF0, 0x10000}};
    for (size_t more = 0; more < sizeof(forms) / sizeof(forms[0]); more++) {
        if ((at[0] & forms[more].mask) != forms[more].lead)
            continue;
        *point = at[0] & (unsigned char)~forms[more].mask;
        for (size_t i = 1; i <= more; i++) {
            if ((at[i] & 0xC0) != 0x80)
                return 0;
            *point = *point << 6 | (at[i] & 0x3Fu);
        }
        const int surrogate = *point >= 0xD800 && *point <= 0xDFFF;
        return *point < forms[more].least || *point > 0x10FFFF || surrogate ? 0 : more + 1;
    }
    return 0;
}

static int is_character(uint32_t point)
{
    const int control = point < 0x20 || (point >= 0x7F && point < 0xA0);
    return !control && point != 0xFFFE && point != 0xFFFF;
}

char *text_clean(const char *text)
{
    const size_t most = sizeof(replacement) - 1; /* bytes that one byte can become */
    char *clean = malloc((text ? strlen(text) : 0) * most + 1), *to = clean;
    if (!clean)
        return NULL;
    for (const char *from = text; from && *from;) {
        uint32_t point = 0;
        const size_t length = decode((const unsigned char *)from, &point);
        const char *taken = from;
        size_t bytes = length;
        if (length == 1 && strchr("\t\r\n", *from)) {
            taken = " ";
        } else if (length == 0 || !is_character(point)) {
            taken = replacement;
            bytes = most;
        }
        memcpy(to, taken, bytes);
        to += bytes;
        from += length > 0 ? length : 1;
    }
    *to = '\0';
    return clean;
}

void text_xml(const char *text, FILE *out)
{
    char *clean = text_clean(text);
    for (const char *c = clean; c && *c; c++) {
        const char *entity = *c == '&'   ? "&amp;"
                             : *c == '<' ? "&lt;"
                             : *c == '>' ? "&gt;"
                             : *c == '"' ? "&quot;"
                                         : NULL;
        if (entity)
            fputs(entity, out);
        else
            fputc(*c, out);
    }
    free(clean);
}
