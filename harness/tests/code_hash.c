/* Prints the hashes of kernels, a line each: code_hash probe|library PATH KERNEL… ("none" where there is none). */
#include "harness/code/code.h"

#include <stdio.h>
#include <string.h>

int main(int argc, char **argv)
{
    if (argc < 4)
        return 2;
    const struct assay_code *code =
        strcmp(argv[1], "probe") == 0 ? assay_code_of_probe(argv[2]) : assay_code_of_library(argv[2]);
    for (int i = 3; i < argc; i++) {
        const char *hash = assay_code_hash(code, argv[i]);
        printf("%s %s\n", argv[i], hash ? hash : "none");
    }
    return 0;
}
