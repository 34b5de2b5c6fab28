/* What libFuzzer calls, and what replays its files elsewhere: whatever the bytes of a .npy file, an array that lies
 * within them and converts, or a line that says why not. */
#include "models/data/npy.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static const enum assay_tensor_type types[] = {ASSAY_TENSOR_F32, ASSAY_TENSOR_I8, ASSAY_TENSOR_U8, ASSAY_TENSOR_I16,
                                                   ASSAY_TENSOR_I32};
    struct assay_model_error error = {{0}};
    struct assay_npy npy;
    if (!assay_npy_read(bytes, size, &npy, &error))
        return error.text[0] ? 0 : (abort(), 0);
    if (npy.data < bytes || npy.count * npy.width != (size_t)(bytes + size - npy.data) ||
        npy.shape.rank > ASSAY_MAX_RANK)
        abort();
    for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
        error.text[0] = '\0';
        void *data = assay_npy_convert(&npy, types[i], &error);
        if (!data && !error.text[0])
            abort();
        free(data);
    }
    return 0;
}
