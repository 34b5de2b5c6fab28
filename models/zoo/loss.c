#include "models/zoo/layer.h"

#include <math.h>

zoo_real zoo_softmax_loss(zoo_real *logits, const int32_t *labels, size_t samples, size_t classes)
{
    double loss = 0;
    for (size_t i = 0; i < samples; i++, logits += classes) {
        zoo_real most = logits[0];
        for (size_t j = 1; j < classes; j++)
            most = logits[j] > most ? logits[j] : most;
        double sum = 0;
        for (size_t j = 0; j < classes; j++)
            sum += exp((double)(logits[j] - most));
        loss += log(sum) - (double)(logits[labels[i]] - most);
        for (size_t j = 0; j < classes; j++)
            logits[j] = (zoo_real)(exp((double)(logits[j] - most)) / sum);
    }
    return (zoo_real)(loss / (double)samples);
}

void zoo_softmax_gradient(const zoo_real *probabilities, const int32_t *labels, size_t samples, size_t classes,
                          zoo_real *gradient)
{
    for (size_t i = 0; i < samples; i++)
        for (size_t j = 0; j < classes; j++)
            gradient[i * classes + j] = (probabilities[i * classes + j] - (j == (size_t)labels[i])) / (zoo_real)samples;
}
