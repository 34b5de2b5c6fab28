/* What a file takes: as it is, and packed for a download. */
#ifndef ASSAY_HARNESS_EVALUATE_FILE_H
#define ASSAY_HARNESS_EVALUATE_FILE_H

#include <stdbool.h>
#include <stdint.h>

struct assay_file_facts {
    int64_t bytes;
    int64_t zipped;  /* of a gzip file of it without a name (RFC 1952), by zlib's deflate at level 9 */
    char sha256[65]; /* of its bytes, in hexadecimal */
};

/* Reads the file once, in pieces. False, with a message. */
bool assay_file_look(const char *path, struct assay_file_facts *facts);

#endif
