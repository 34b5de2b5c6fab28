/* Text of records for formats that take less than a record may hold. */
#ifndef ASSAY_REPORTS_RENDER_TEXT_H
#define ASSAY_REPORTS_RENDER_TEXT_H

#include <stdio.h>

/* A copy on one line that XML 1.0, JSON and a terminal can take: valid UTF-8, tabs and line ends become blanks, and
 * what is no character (bytes that are no UTF-8, as in a text cut to its buffer; controls; U+FFFE, U+FFFF) becomes
 * U+FFFD. NULL is empty. free() it; NULL: out of memory. */
char *text_clean(const char *text);

/* text_clean() with what XML would take for its own escaped: for content, and for attributes in double quotes. */
void text_xml(const char *text, FILE *out);

#endif
