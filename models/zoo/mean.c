#include "models/zoo/layer.h"

#include <string.h>

void zoo_mean_forward(const struct zoo_layer *layer, const struct zoo_pass *pass)
{
    const size_t pixels = layer->in.h * layer->in.w, channels = layer->in.c;
    memset(pass->out, 0, pass->samples * channels * sizeof(*pass->out));
    for (size_t sample = 0; sample < pass->samples; sample++) {
        const zoo_real *in = pass->in + sample * pixels * channels;
        zoo_real *out = pass->out + sample * channels;
        for (size_t i = 0; i < pixels; i++)
            for (size_t c = 0; c < channels; c++)
                out[c] += in[i * channels + c];
        for (size_t c = 0; c < channels; c++)
            out[c] /= (zoo_real)pixels;
    }
}

void zoo_mean_backward(const struct zoo_layer *layer, const struct zoo_pass *pass)
{
    const size_t pixels = layer->in.h * layer->in.w, channels = layer->in.c;
    for (size_t i = 0; i < pass->samples * pixels; i++)
        for (size_t c = 0; c < channels; c++)
            pass->in_gradient[i * channels + c] += pass->out_gradient[i / pixels * channels + c] / (zoo_real)pixels;
}
