/* What the files of the reader share. C++, since FlatBuffers' code is; nothing of it throws, and all memory is the
 * graph's arena. A function that fails returns false or a null pointer, with the error written. */
#ifndef ASSAY_MODELS_TFLITE_READING_H
#define ASSAY_MODELS_TFLITE_READING_H

#include "models/graph/graph.h"
#include "models/tflite/schema_generated.h"

#include <string.h>

namespace assay::tflite
{

struct Reading {
    const Model *model;
    struct assay_arena arena;
    struct assay_model_error *error;
    const void **data; /* of each of the file's buffers: its copy, once a tensor needed it */
};

template <typename T> T *take(Reading &reading, size_t count)
{
    void *block = assay_arena_take(&reading.arena, count, sizeof(T));
    if (!block)
        assay_model_fail(reading.error, "needs more memory than the limit of %zu bytes", reading.arena.limit);
    return static_cast<T *>(block);
}

/* An absent vector is an empty one. */
template <typename V> size_t count_of(const V *vector)
{
    return vector ? vector->size() : 0;
}

/* FlatBuffers verifies where a vector lies, but not that its numbers are aligned, which Get() relies on. */
template <typename T> T number_at(const flatbuffers::Vector<T> *vector, size_t i)
{
    T number;
    memcpy(&number, vector->Data() + i * sizeof(T), sizeof(T));
    return flatbuffers::EndianScalar(number);
}

/* Copies a vector of numbers, widening them if need be. */
template <typename To, typename From>
bool copy(Reading &reading, const flatbuffers::Vector<From> *vector, const To **to, size_t *count)
{
    *count = count_of(vector);
    To *numbers = take<To>(reading, *count);
    if (!numbers)
        return false;
    for (size_t i = 0; i < *count; i++)
        numbers[i] = static_cast<To>(number_at(vector, i));
    *to = numbers;
    return true;
}

const char *copy(Reading &reading, const flatbuffers::String *string);

/* The tensor's data stays unset if its buffer is empty. */
bool read_tensor(Reading &reading, const Tensor *from, struct assay_tensor *to);

/* The settings of an operator whose code is known. */
bool read_options(Reading &reading, const Operator *from, struct assay_operator *to);

} // namespace assay::tflite

#endif
