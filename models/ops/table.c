#include "models/ops/op.h"

#define ASSAY_OP_KIND(name) extern const struct assay_op_kind assay_op_##name;
#include "models/ops/kinds.def"
#undef ASSAY_OP_KIND

const struct assay_op_kind *assay_op_kind(enum assay_operator_code code)
{
    switch (code) {
#define ASSAY_OP_KIND(name)     \
    case ASSAY_OPERATOR_##name: \
        return &assay_op_##name;
#include "models/ops/kinds.def"
#undef ASSAY_OP_KIND
    default:
        return NULL;
    }
}
