/* The order of work of the integer depthwise kernels, over the including file's compute(), CR and PIXELS: block after
 * block of channels, in each all pixels, PIXELS at once, then half as many, and so on. */
ASSAY_INLINE void compute_block(const struct assay_dw_args *args, const void *w, size_t first, const bool whole)
{
    size_t pixel = 0;
    for (; pixel + PIXELS <= args->pixels; pixel += PIXELS)
        compute(args, w, first, pixel, PIXELS, whole);
    ASSAY_UNROLL
    for (size_t pixels = PIXELS / 2; pixels > 0; pixels /= 2) {
        if (args->pixels - pixel >= pixels) {
            compute(args, w, first, pixel, pixels, whole);
            pixel += pixels;
        }
    }
}

static void run(const struct assay_dw_args *args)
{
    const size_t weight_size = ELEMENT == ASSAY_PACK_I8_AS_I16 ? sizeof(int16_t) : sizeof(int8_t);
    const char *w = args->w;
    for (size_t first = 0; first < args->channels; first += CR, w += args->taps * CR * weight_size) {
        if (args->channels - first >= CR)
            compute_block(args, w, first, true);
        else
            compute_block(args, w, first, false);
    }
}
