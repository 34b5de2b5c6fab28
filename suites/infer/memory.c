#include "suites/infer/memory.h"

json_t *infer_memory(struct assay_executor_memory memory)
{
    return json_pack("{sI sI sI sI}", "activation_bytes", (json_int_t)memory.activation_bytes, "lower_bound",
                     (json_int_t)memory.lower_bound, "packed_bytes", (json_int_t)memory.packed_bytes, "scratch_bytes",
                     (json_int_t)memory.scratch_bytes);
}
