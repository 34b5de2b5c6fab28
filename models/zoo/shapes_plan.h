/* The network "shapes": about a million multiply-accumulates and 30 thousand parameters, of the parts that networks for
 * the edge are made of. */
#ifndef ASSAY_MODELS_ZOO_SHAPES_PLAN_H
#define ASSAY_MODELS_ZOO_SHAPES_PLAN_H

#include "models/zoo/network.h"

extern const struct zoo_plan zoo_shapes_plan;

#endif
