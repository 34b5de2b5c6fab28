/* Writes the fuzzer's first files into a folder: a network of each kind. */
#include "models/tflite/tests/samples.h"

#include <stdio.h>
#include <string>

using namespace assay::tflite;

static bool write(const std::string &path, const std::vector<uint8_t> &bytes)
{
    FILE *file = fopen(path.c_str(), "wb");
    const bool fine = file && fwrite(bytes.data(), 1, bytes.size(), file) == bytes.size();
    return file && fclose(file) == 0 && fine;
}

int main(int argc, char **argv)
{
    if (argc != 2) {
        fprintf(stderr, "usage: %s FOLDER\n", argv[0]);
        return 2;
    }
    const std::string folder = argv[1];
    if (!write(folder + "/int8.tflite", pack(sample_int8())) ||
        !write(folder + "/sparse.tflite", pack(sample_sparse())) ||
        !write(folder + "/variables.tflite", pack(sample_variables())) ||
        !write(folder + "/operators.tflite", pack(sample_operators()))) {
        fprintf(stderr, "%s: cannot write into %s\n", argv[0], argv[1]);
        return 1;
    }
    return 0;
}
