#include "harness/evaluate/file.h"

#include "harness/base/say.h"

#include <errno.h>
#include <nettle/sha2.h>
#include <stdio.h>
#include <string.h>
#include <zlib.h>

enum { PIECE = 1 << 16, GZIP = 16 + MAX_WBITS, MEMORY_LEVEL = 8 };

/* Packs what the stream's input holds, and counts what comes out. */
static int64_t pack(z_stream *stream, int flush)
{
    unsigned char out[PIECE];
    int64_t packed = 0;
    do {
        stream->next_out = out;
        stream->avail_out = sizeof(out);
        deflate(stream, flush); /* with room for output it cannot fail */
        packed += (int64_t)(sizeof(out) - stream->avail_out);
    } while (stream->avail_out == 0);
    return packed;
}

static void look(FILE *file, z_stream *stream, struct assay_file_facts *facts)
{
    unsigned char in[PIECE], digest[SHA256_DIGEST_SIZE];
    struct sha256_ctx sum;
    sha256_init(&sum);
    for (size_t length = sizeof(in); length == sizeof(in);) {
        length = fread(in, 1, sizeof(in), file);
        sha256_update(&sum, length, in);
        stream->next_in = in;
        stream->avail_in = (uInt)length;
        facts->zipped += pack(stream, Z_NO_FLUSH);
        facts->bytes += (int64_t)length;
    }
    facts->zipped += pack(stream, Z_FINISH);
    sha256_digest(&sum, sizeof(digest), digest);
    for (size_t i = 0; i < sizeof(digest); i++)
        snprintf(facts->sha256 + 2 * i, 3, "%02x", digest[i]);
}

bool assay_file_look(const char *path, struct assay_file_facts *facts)
{
    *facts = (struct assay_file_facts){0};
    FILE *file = fopen(path, "rbe");
    if (!file) {
        assay_say("%s: cannot be read: %s", path, strerror(errno));
        return false;
    }
    z_stream stream = {0};
    bool good = deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, GZIP, MEMORY_LEVEL, Z_DEFAULT_STRATEGY) == Z_OK;
    if (good) {
        look(file, &stream, facts);
        good = !ferror(file);
        deflateEnd(&stream);
    }
    if (!good)
        assay_say("%s: cannot be packed: %s", path, ferror(file) ? strerror(errno) : "out of memory");
    fclose(file);
    return good;
}
