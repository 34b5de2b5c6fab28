#include "models/graph/graph.h"

/* A name from a file may hold anything; nothing of it may drive a terminal. */
static void print_name(const char *name, FILE *out)
{
    for (; *name; name++)
        fputc((unsigned char)*name < ' ' || *name == 0x7f ? '?' : *name, out);
}

static void print_tensor(const struct assay_tensor *t, size_t index, FILE *out)
{
    fprintf(out, "  t%zu %s [", index, assay_tensor_type_name(t->type));
    for (size_t i = 0; i < t->shape.rank; i++)
        fprintf(out, "%s%d", i ? "x" : "", t->shape.dims[i]);
    fputc(']', out);
    if (t->quantization.count == 1)
        fprintf(out, " scale %g zero %lld", (double)t->quantization.scale[0], (long long)t->quantization.zero[0]);
    else if (t->quantization.count > 1)
        fprintf(out, " %zu scales on dimension %zu", t->quantization.count, t->quantization.axis);
    if (t->data)
        fprintf(out, " constant");
    if (t->sparsity)
        fprintf(out, " sparse");
    if (t->variable)
        fprintf(out, " variable");
    fputc(' ', out);
    print_name(t->name, out);
    fputc('\n', out);
}

static void print_indexes(const int32_t *indexes, size_t count, FILE *out)
{
    for (size_t i = 0; i < count; i++) {
        if (indexes[i] < 0)
            fputs(" -", out);
        else
            fprintf(out, " t%d", indexes[i]);
    }
}

static void print_settings(const struct assay_operator *op, FILE *out)
{
    static const char *const fused[] = {"", " relu", " relu_n1_to_1", " relu6", " tanh"};
    static const char *const paddings[] = {"same", "valid"};
    switch (op->code) {
    case ASSAY_OPERATOR_DEPTHWISE_CONV_2D:
    case ASSAY_OPERATOR_CONV_2D:
        fprintf(out, " %s stride %dx%d dilation %dx%d", paddings[op->conv.padding], op->conv.stride_h,
                op->conv.stride_w, op->conv.dilation_h, op->conv.dilation_w);
        break;
    case ASSAY_OPERATOR_AVERAGE_POOL_2D:
    case ASSAY_OPERATOR_MAX_POOL_2D:
        fprintf(out, " %s filter %dx%d stride %dx%d", paddings[op->pool.padding], op->pool.filter_h, op->pool.filter_w,
                op->pool.stride_h, op->pool.stride_w);
        break;
    case ASSAY_OPERATOR_CALL_ONCE:
        fprintf(out, " subgraph %d", op->call_once.subgraph);
        break;
    case ASSAY_OPERATOR_VAR_HANDLE:
        fputc(' ', out);
        print_name(op->variable.name, out);
        break;
    default:
        break;
    }
    fputs(fused[op->fused], out);
}

void assay_graph_print(const struct assay_graph *graph, FILE *out)
{
    for (size_t g = 0; g < graph->subgraph_count; g++) {
        const struct assay_subgraph *s = &graph->subgraphs[g];
        fprintf(out, "subgraph %zu ", g);
        print_name(s->name, out);
        fputs("\n inputs", out);
        print_indexes(s->inputs, s->input_count, out);
        fputs("\n outputs", out);
        print_indexes(s->outputs, s->output_count, out);
        fputc('\n', out);
        for (size_t i = 0; i < s->tensor_count; i++)
            print_tensor(&s->tensors[i], i, out);
        for (size_t i = 0; i < s->operator_count; i++) {
            const struct assay_operator *op = &s->operators[i];
            fprintf(out, "  %zu %s", i, assay_operator_name(op->code));
            print_indexes(op->inputs, op->input_count, out);
            fputs(" ->", out);
            print_indexes(op->outputs, op->output_count, out);
            print_settings(op, out);
            fputc('\n', out);
        }
    }
}
