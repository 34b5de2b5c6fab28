#include "harness/base/names.h"

#include "kernels/core/types.h"
#include "kernels/quantize/quantize.h"

#include <assert.h>

#define DEFINE_LIST(kind, total)                                                                              \
    static_assert((total) <= sizeof(((struct assay_names *)NULL)->names) / sizeof(char *), "too many names"); \
    struct assay_names assay_##kind##_names(void)                                                             \
    {                                                                                                         \
        struct assay_names list = {.count = (total)};                                                         \
        for (size_t i = 0; i < list.count; i++)                                                               \
            list.names[i] = assay_##kind##_name((enum assay_##kind)i);                                        \
        return list;                                                                                          \
    }

DEFINE_LIST(op, ASSAY_OP_COUNT)
DEFINE_LIST(mode, ASSAY_MODE_COUNT)
DEFINE_LIST(structure, ASSAY_STRUCTURE_COUNT)
DEFINE_LIST(activation, ASSAY_ACTIVATION_COUNT)
DEFINE_LIST(conversion, ASSAY_CONVERSION_COUNT)
