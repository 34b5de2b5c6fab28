/* Small networks as the format's own objects, for tests to damage and for the fuzzer to start from. */
#ifndef ASSAY_MODELS_TFLITE_TESTS_SAMPLES_H
#define ASSAY_MODELS_TFLITE_TESTS_SAMPLES_H

#include "models/tflite/schema_generated.h"

#include <vector>

namespace assay::tflite
{

ModelT sample_int8();      /* CONV_2D, AVERAGE_POOL_2D, RESHAPE, FULLY_CONNECTED, SOFTMAX; scales per channel */
ModelT sample_sparse();    /* float: FULLY_CONNECTED over weights in blocks of 1x4, and DENSIFY of others */
ModelT sample_variables(); /* CALL_ONCE of a second subgraph, VAR_HANDLE, READ_VARIABLE, ASSIGN_VARIABLE, ADD */
ModelT sample_operators(); /* float, side by side: those that the others have not */

std::vector<uint8_t> pack(const ModelT &model);

} // namespace assay::tflite

#endif
