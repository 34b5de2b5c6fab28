/* Products of matrices, which is where training spends its time. */
#ifndef ASSAY_MODELS_ZOO_PRODUCT_H
#define ASSAY_MODELS_ZOO_PRODUCT_H

#include "models/zoo/layer.h"

/* c[rows x columns] += a * b, both dense and by rows but for `a`: its element (i, k) is a[i * a_row + k * a_step], so
 * that a transposed matrix needs no copy. Sums run over k in order, in one chain for every 256. */
void zoo_product(size_t rows, size_t columns, size_t depth, const zoo_real *a, size_t a_row, size_t a_step,
                 const zoo_real *b, zoo_real *c);

/* to[columns x rows] */
void zoo_transpose(size_t rows, size_t columns, const zoo_real *from, zoo_real *to);

#endif
