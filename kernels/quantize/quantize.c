#include "kernels/quantize/quantize.h"

#include <string.h>

static const struct {
    const char *name;
    enum assay_type input, output;
    enum assay_mode mode;
} conversions[ASSAY_CONVERSION_COUNT] = {
    [ASSAY_F32_I8] = {"f32i8", ASSAY_F32, ASSAY_I8, ASSAY_MODE_INT8},
    [ASSAY_F32_I16] = {"f32i16", ASSAY_F32, ASSAY_I16, ASSAY_MODE_INT16X8},
    [ASSAY_I8_F32] = {"i8f32", ASSAY_I8, ASSAY_F32, ASSAY_MODE_INT8},
    [ASSAY_I16_F32] = {"i16f32", ASSAY_I16, ASSAY_F32, ASSAY_MODE_INT16X8},
    [ASSAY_ROW_F32_I8] = {"rowf32i8", ASSAY_F32, ASSAY_I8, ASSAY_MODE_HYBRID},
    [ASSAY_I8_I8] = {"i8i8", ASSAY_I8, ASSAY_I8, ASSAY_MODE_INT8},
    [ASSAY_I16_I16] = {"i16i16", ASSAY_I16, ASSAY_I16, ASSAY_MODE_INT16X8},
    [ASSAY_F32_F16] = {"f32f16", ASSAY_F32, ASSAY_F16, ASSAY_MODE_FP16},
    [ASSAY_F16_F32] = {"f16f32", ASSAY_F16, ASSAY_F32, ASSAY_MODE_FP16},
};

const char *assay_conversion_name(enum assay_conversion conversion)
{
    return (unsigned)conversion < ASSAY_CONVERSION_COUNT ? conversions[conversion].name : NULL;
}

bool assay_conversion_parse(const char *name, enum assay_conversion *conversion)
{
    for (int i = 0; i < ASSAY_CONVERSION_COUNT; i++) {
        if (strcmp(conversions[i].name, name) == 0) {
            *conversion = (enum assay_conversion)i;
            return true;
        }
    }
    return false;
}

enum assay_type assay_conversion_input(enum assay_conversion conversion)
{
    return conversions[conversion].input;
}

enum assay_type assay_conversion_output(enum assay_conversion conversion)
{
    return conversions[conversion].output;
}

enum assay_mode assay_conversion_mode(enum assay_conversion conversion)
{
    return conversions[conversion].mode;
}
