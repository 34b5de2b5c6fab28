#include "harness/base/sum.h"

#include "harness/base/memory.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>

const char *assay_file_sum(const char *path)
{
    FILE *file = fopen(path, "re");
    uint64_t sum = UINT64_C(0xcbf29ce484222325);
    if (!file)
        return "";
    for (int byte = getc(file); byte != EOF; byte = getc(file))
        sum = (sum ^ (uint64_t)byte) * UINT64_C(0x100000001b3);
    const bool good = !ferror(file);
    fclose(file);
    return good ? assay_format("%016" PRIx64, sum) : "";
}
