/* quantize: element-wise changes of representation over rows x columns elements, in_stride and out_stride apart.
 *
 *   F32_I8, F32_I16   q = clamp(round(x / scale) + zero): the division in f32, ties away from zero, as the TFLite
 *                     reference does (out_scale, out_zero). NaN gives an unspecified value of the type; infinities
 *                     saturate.
 *   I8_F32, I16_F32   x = scale * (q - zero), in f32 (in_scale, in_zero).
 *   ROW_F32_I8        dynamic: each row by itself, kernels/quantize/dynamic.h; its parameters go to io.row_parameters.
 *   I8_I8, I16_I16    requantize: q' = clamp(rescale(q - in_zero) + out_zero), the multiplier and shift of
 *                     in_scale / out_scale given as those of one channel in the weights (kernels/core/fixed_point.h,
 *                     the int32 rescale).
 *   F32_F16, F16_F32  IEEE conversions, ties to even.
 * All are exact. */
#ifndef ASSAY_KERNELS_QUANTIZE_QUANTIZE_H
#define ASSAY_KERNELS_QUANTIZE_QUANTIZE_H

#include "kernels/core/types.h"

enum assay_conversion {
    ASSAY_F32_I8,
    ASSAY_F32_I16,
    ASSAY_I8_F32,
    ASSAY_I16_F32,
    ASSAY_ROW_F32_I8,
    ASSAY_I8_I8,
    ASSAY_I16_I16,
    ASSAY_F32_F16,
    ASSAY_F16_F32,
    ASSAY_CONVERSION_COUNT,
};

struct assay_quantize_shape {
    enum assay_conversion conversion;
    size_t rows, columns;
    size_t in_stride, out_stride; /* >= columns */
};

/* As they stand in kernel names: "f32i8", "rowf32i8" … */
const char *assay_conversion_name(enum assay_conversion conversion);
bool assay_conversion_parse(const char *name, enum assay_conversion *conversion);
enum assay_type assay_conversion_input(enum assay_conversion conversion);
enum assay_type assay_conversion_output(enum assay_conversion conversion);

/* The mode a conversion serves, under which it is listed: int8, int16x8, hybrid or fp16. */
enum assay_mode assay_conversion_mode(enum assay_conversion conversion);

#endif
