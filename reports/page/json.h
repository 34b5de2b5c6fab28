/* JSON for the inside of an HTML script element, written as it goes. */
#ifndef ASSAY_REPORTS_PAGE_JSON_H
#define ASSAY_REPORTS_PAGE_JSON_H

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>

/* Every '<' is written as an escape: no string of a record can end the element, or begin a comment in it. */
bool page_json(const json_t *value, FILE *out);
bool page_string(const char *text, FILE *out); /* NULL: null */
void page_number(double value, FILE *out);     /* NaN: null */

/* Distinct values, each written once: most of a record is the same as in the records beside it. */
struct page_pool {
    json_t *numbers; /* the value as text -> its number */
    json_t *values;
};

bool page_pool_make(struct page_pool *pool);
void page_pool_free(struct page_pool *pool);

/* The number of a value in the pool; -1: out of memory. NULL is null. */
json_int_t page_pool_put(struct page_pool *pool, json_t *value);
json_int_t page_pool_text(struct page_pool *pool, const char *text);

#endif
