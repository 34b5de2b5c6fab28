/* What the files of the writer share. C++, since FlatBuffers' code is. Memory that is missing is thrown, and caught
 * where the C of the rest begins (writer.cc); nothing else can fail, since the graph was checked before. */
#ifndef ASSAY_MODELS_TFLITE_WRITING_H
#define ASSAY_MODELS_TFLITE_WRITING_H

#include "models/graph/graph.h"
#include "models/tflite/schema_generated.h"

#include <map>
#include <utility>
#include <vector>

namespace assay::tflite
{

struct Writing {
    flatbuffers::FlatBufferBuilder builder;
    std::vector<flatbuffers::Offset<Buffer>> buffers;
    std::map<std::pair<const void *, size_t>, uint32_t> buffer_of; /* data and its bytes */
    std::vector<flatbuffers::Offset<OperatorCode>> codes;
    std::map<std::pair<int32_t, int32_t>, uint32_t> code_of; /* operator and version */

    explicit Writing(size_t room) : builder(room) {}
};

/* The buffer that holds these bytes: one for all tensors that share them, number 0 if there are none. */
uint32_t write_data(Writing &writing, const void *data, size_t bytes);

flatbuffers::Offset<Tensor> write_tensor(Writing &writing, const struct assay_tensor *from);

/* Of an operator whose settings have a table. */
flatbuffers::Offset<void> write_options(Writing &writing, const struct assay_subgraph *subgraph,
                                        const struct assay_operator *from);

/* Whether the format has a place for an activation fused into this operator. */
bool takes_fused(enum assay_operator_code code);

} // namespace assay::tflite

#endif
