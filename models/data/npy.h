/* NumPy's array files (.npy, versions 1.0 to 3.0), little-endian and in C order; and what becomes of their numbers in a
 * dataset. Bytes may be hostile. The format: "NEP 1 -- A simple file format for NumPy arrays". */
#ifndef ASSAY_MODELS_DATA_NPY_H
#define ASSAY_MODELS_DATA_NPY_H

#include "models/data/dataset.h"

struct assay_npy {
    char kind;    /* 'f' float, 'i' signed, 'u' unsigned, 'b' bool */
    size_t width; /* bytes of an element: f 2, 4, 8; i and u 1, 2, 4, 8; b 1 */
    struct assay_shape shape;
    size_t count;              /* elements */
    const unsigned char *data; /* within the bytes given, aligned to nothing */
};

/* `bytes` must outlive *npy. Refused: other types, big-endian, Fortran order where it differs from C's, more than 8
 * dimensions, and a file of another length than its header makes. */
bool assay_npy_read(const void *bytes, size_t size, struct assay_npy *npy, struct assay_model_error *error);

/* The type of a dataset that holds such numbers: f2, f4 and f8 become f32; i1, u1 and i2 stay; bool becomes u8; other
 * integers i32. */
enum assay_tensor_type assay_npy_type(const struct assay_npy *npy);

/* The elements as `type` (f32, i8, u8, i16, i32), which the caller frees. Reals become the nearest f32, and integers of
 * whole reals; a number that the type does not hold, or that is not finite, is refused. An error names the element. */
void *assay_npy_convert(const struct assay_npy *npy, enum assay_tensor_type type, struct assay_model_error *error);

/* What stands before the data of an array in a .npy file of version 1.0; its bytes, a multiple of 64. */
enum { ASSAY_NPY_HEADER = 256 };
size_t assay_npy_header(const struct assay_data_array *array, char header[ASSAY_NPY_HEADER]);

#endif
