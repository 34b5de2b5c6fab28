/* Which of the format's tables holds an operator's settings. */
#ifndef ASSAY_MODELS_TFLITE_TABLES_H
#define ASSAY_MODELS_TFLITE_TABLES_H

#include "models/graph/graph.h"
#include "models/tflite/schema_generated.h"

namespace assay::tflite
{

/* NONE where the format has no table for it. */
BuiltinOptions table_of(enum assay_operator_code code);

} // namespace assay::tflite

#endif
