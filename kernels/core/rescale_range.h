/* What the solved rescales (rescale24.h, rescale52.h, rescale_float.h) have to be exact for. */
#ifndef ASSAY_KERNELS_CORE_RESCALE_RANGE_H
#define ASSAY_KERNELS_CORE_RESCALE_RANGE_H

#include <stdint.h>

/* Of one output channel. */
struct assay_rescale_range {
    int64_t largest;          /* no sum is further from zero: |x| <= largest < 2^31 */
    int32_t zero;             /* zero point of the output */
    int32_t minimum, maximum; /* results below or above these need not be told apart; minimum <= zero <= maximum */
};

#endif
