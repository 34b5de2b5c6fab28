#include "suites/eval/compare.h"
#include "suites/eval/eval.h"

#include <string.h>

static size_t elements_of(const struct assay_shape *shape)
{
    size_t count = 0;
    assay_shape_count(shape, &count);
    return count;
}

static const struct assay_subgraph *network_of(const struct eval_side *side)
{
    return &side->graph->subgraphs[0];
}

static const struct assay_tensor *input_of(const struct eval_side *side, size_t i)
{
    return &network_of(side)->tensors[network_of(side)->inputs[i]];
}

static bool fail_of(const struct eval_side *side, const struct assay_model_error *why, struct assay_model_error *error)
{
    return assay_model_fail(error, "%s: %s", side->path, why->text);
}

static size_t sample_elements(const struct assay_tensor *tensor)
{
    struct assay_shape shape = tensor->shape;
    if (shape.rank > 0)
        shape.dims[0] = 1;
    return elements_of(&shape);
}

/* Where samples are of the model's own type, a float reference gets the reals that they mean. */
static bool takes_reals_of_model(const struct eval *eval, size_t i)
{
    const struct assay_tensor *model = input_of(&eval->model, i), *reference = input_of(&eval->reference, i);
    return eval->dataset->inputs[i].type != ASSAY_TENSOR_F32 && model->type == eval->dataset->inputs[i].type &&
           model->quantization.count == 1 && reference->type == ASSAY_TENSOR_F32 &&
           sample_elements(model) == sample_elements(reference);
}

static bool check_fit(const struct eval *eval, struct assay_model_error *error)
{
    struct assay_model_error why = {{0}};
    if (!assay_dataset_fits(eval->dataset, network_of(&eval->model), &why))
        return fail_of(&eval->model, &why, error);
    if (!eval->reference.graph || assay_dataset_fits(eval->dataset, network_of(&eval->reference), &why))
        return true;
    if (network_of(&eval->reference)->input_count != eval->dataset->input_count)
        return fail_of(&eval->reference, &why, error);
    for (size_t i = 0; i < eval->dataset->input_count; i++)
        if (eval->dataset->inputs[i].type != input_of(&eval->reference, i)->type && !takes_reals_of_model(eval, i))
            return fail_of(&eval->reference, &why, error);
    return true;
}

/* The first dimension of the network's inputs, which must be one and the same. */
static bool find_batch(struct eval *eval, struct assay_model_error *error)
{
    const struct assay_subgraph *network = network_of(&eval->model);
    for (size_t i = 1; i < network->input_count; i++)
        if (input_of(&eval->model, i)->shape.dims[0] != input_of(&eval->model, 0)->shape.dims[0])
            return assay_model_fail(error, "%s: its inputs differ in their first dimension, that of samples",
                                    eval->model.path);
    const int32_t first = input_of(&eval->model, 0)->shape.dims[0];
    if (eval->batch == 0)
        eval->batch = first > 0 ? (size_t)first : 1;
    if (eval->batch > eval->samples)
        eval->batch = eval->samples;
    return true;
}

static bool prepare_side(const struct eval *eval, struct eval_side *side, size_t count, struct assay_model_error *error)
{
    struct assay_model_error why = {{0}};
    struct assay_executor_options options = eval->options;
    options.kernel = side->kernel;
    options.half = side->half;
    options.batch = count;
    assay_executor_free(side->executor);
    side->executor = assay_executor_make(side->graph, options, &why);
    return side->executor || fail_of(side, &why, error);
}

static size_t output_elements(const struct eval_side *side, size_t i)
{
    return elements_of(&assay_executor_output(side->executor, i)->shape);
}

/* Every output is one of reals, and the first is the samples' one after another. */
static bool check_outputs(const struct eval_side *side, size_t count, struct assay_model_error *error)
{
    if (network_of(side)->output_count == 0)
        return assay_model_fail(error, "%s: it has no output", side->path);
    for (size_t i = 0; i < network_of(side)->output_count; i++)
        if (!reals_possible(assay_executor_output(side->executor, i)->tensor))
            return assay_model_fail(error, "%s: output %zu is no tensor of reals", side->path, i);
    if (output_elements(side, 0) % count == 0)
        return true;
    return assay_model_fail(error, "%s: the first output has %zu elements for %zu samples; try --batch 1", side->path,
                            output_elements(side, 0), count);
}

static bool check_pair(const struct eval *eval, struct assay_model_error *error)
{
    const size_t count = network_of(&eval->model)->output_count;
    if (network_of(&eval->reference)->output_count != count)
        return assay_model_fail(error, "%s: it has %zu outputs, and the network %zu", eval->reference.path,
                                network_of(&eval->reference)->output_count, count);
    for (size_t i = 0; i < count; i++)
        if (output_elements(&eval->model, i) != output_elements(&eval->reference, i))
            return assay_model_fail(error, "%s: output %zu has %zu elements, and that of the network %zu",
                                    eval->reference.path, i, output_elements(&eval->reference, i),
                                    output_elements(&eval->model, i));
    return true;
}

static bool begin_judging(const struct eval *eval, struct eval_side *side, size_t count,
                          struct assay_model_error *error)
{
    struct assay_model_error why = {{0}};
    const size_t elements = output_elements(side, 0) / count;
    if (side->judge.answers)
        return elements == side->judge.elements ||
               assay_model_fail(error, "%s: a sample's output changes with the batch; try --batch 1", side->path);
    return judge_make(&side->judge, eval->dataset, eval->first, eval->samples, elements, input_of(side, 0), &why) ||
           fail_of(side, &why, error);
}

static void watch_model(void *context, const struct assay_node *node, size_t index)
{
    struct eval *eval = context;
    if (json_array_size(eval->operators) == index)
        json_array_append_new(eval->operators, json_pack("{sI ss ss?}", "index", (json_int_t)index, "op",
                                                         assay_operator_name(node->op->code), "kernel", node->kernel));
    if (eval->reference.graph)
        layers_compare(&eval->layers, node, index);
    if (eval->isolate.items)
        isolate_compare(&eval->isolate, node, index);
}

/* Executors for `count` samples at once. */
static bool prepare(struct eval *eval, size_t count, struct assay_model_error *error)
{
    struct eval_side *const sides[] = {&eval->model, &eval->reference};
    for (size_t i = 0; i < 2 && sides[i]->graph; i++)
        if (!prepare_side(eval, sides[i], count, error) || !check_outputs(sides[i], count, error) ||
            !begin_judging(eval, sides[i], count, error))
            return false;
    assay_executor_watch(eval->model.executor, watch_model, eval);
    if (!eval->reference.graph)
        return true;
    assay_executor_watch(eval->reference.executor, layers_keep, &eval->layers);
    struct assay_executor_options options = eval->options;
    options.batch = count;
    options.threads = 1; /* each has an executor of its own: not as many pools of threads as well */
    return check_pair(eval, error) && (!eval->isolate.items || isolate_prepare(&eval->isolate, options, error));
}

static void load_model(const struct eval *eval, size_t first, size_t count)
{
    for (size_t i = 0; i < eval->dataset->input_count; i++)
        assay_dataset_load(eval->dataset, i, first, count, input_of(&eval->model, i),
                           assay_executor_input(eval->model.executor, i)->data);
}

static void load_reference(const struct eval *eval, size_t first, size_t count)
{
    for (size_t i = 0; i < eval->dataset->input_count; i++) {
        void *to = assay_executor_input(eval->reference.executor, i)->data;
        if (takes_reals_of_model(eval, i)) {
            const struct assay_tensor *tensor = input_of(&eval->model, i);
            const struct reals reals =
                reals_of_samples(&eval->dataset->inputs[i], eval->dataset->samples, first, tensor);
            compare_to_floats(&reals, sample_elements(tensor) * count, to);
            continue;
        }
        assay_dataset_load(eval->dataset, i, first, count, input_of(&eval->reference, i), to);
    }
}

/* Samples do not know of one another: variables begin anew. */
static void run_side(struct eval_side *side, size_t count)
{
    assay_executor_reset(side->executor);
    assay_executor_run(side->executor);
    const struct assay_value *output = assay_executor_output(side->executor, 0);
    const struct reals reals = reals_of(output->tensor, output->data);
    for (size_t i = 0; i < count; i++)
        judge_sample(&side->judge, &reals, i * side->judge.elements, input_of(side, 0));
}

static void compare_outputs(struct eval *eval)
{
    for (size_t i = 0; i < network_of(&eval->model)->output_count; i++) {
        const struct assay_value *a = assay_executor_output(eval->model.executor, i);
        const struct assay_value *b = assay_executor_output(eval->reference.executor, i);
        const struct reals values = reals_of(a->tensor, a->data), references = reals_of(b->tensor, b->data);
        compare_reals(&eval->outputs, &values, &references, elements_of(&a->shape));
    }
}

/* The reference first: the network's layers are compared with it as they are computed. */
static bool run_batch(struct eval *eval, size_t first, size_t count, struct assay_model_error *error)
{
    if (eval->reference.graph) {
        load_reference(eval, first, count);
        run_side(&eval->reference, count);
        if (eval->layers.failed)
            return assay_model_fail(error, "no memory to keep the tensors of %s", eval->reference.path);
    }
    load_model(eval, first, count);
    run_side(&eval->model, count);
    if (eval->reference.graph)
        compare_outputs(eval);
    return true;
}

bool eval_run(struct eval *eval, struct assay_model_error *error)
{
    if (!check_fit(eval, error) || !find_batch(eval, error))
        return false;
    if (eval->reference.graph && !layers_make(&eval->layers, network_of(&eval->model), network_of(&eval->reference)))
        return assay_model_fail(error, "no memory");
    if (eval->reference.graph && eval->isolates && !isolate_make(&eval->isolate, &eval->layers))
        return assay_model_fail(error, "no memory");
    size_t prepared = 0;
    for (size_t done = 0, count; done < eval->samples; done += count) {
        count = eval->samples - done < eval->batch ? eval->samples - done : eval->batch;
        if (count != prepared && !prepare(eval, count, error))
            return false;
        if (done == 0)
            eval->memory = assay_executor_memory(eval->model.executor);
        prepared = count;
        if (!run_batch(eval, eval->first + done, count, error))
            return false;
    }
    return true;
}

static void free_side(struct eval_side *side)
{
    judge_free(&side->judge);
    assay_executor_free(side->executor);
    assay_graph_free(side->graph);
}

void eval_free(struct eval *eval)
{
    isolate_free(&eval->isolate);
    if (eval->layers.layers)
        layers_free(&eval->layers);
    free_side(&eval->model);
    free_side(&eval->reference);
    assay_dataset_close(eval->dataset);
    json_decref(eval->operators);
}
