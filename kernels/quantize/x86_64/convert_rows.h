/* run() of a conversion over the including header's step(), see convert.h.
 *
 * Rows without gaps are one long row. The elements that are left of a row make a step that begins before them, and so
 * converts some of them twice; rows shorter than a step go by way of a copy. */

/* A load waits for an earlier store to an address that looks alike, in its last 12 bits. Where the output lies a little
 * behind the input by these, and elements do not change their size, that is each store of the steps just before: up to
 * five times the time. So such rows are gone through from their end. */
static bool goes_backward(const FROM *in, const TO *out)
{
    enum { ALIKE = 4096 };
    const size_t ahead = ((uintptr_t)out - (uintptr_t)in) % ALIKE;
    return sizeof(FROM) == sizeof(TO) && ahead > 0 && ahead < ALIKE / 2;
}

static void convert_row(const struct constants *constants, const FROM *restrict in, TO *restrict out, size_t count)
{
    if (count >= STEP && goes_backward(in, out)) {
        size_t left = count;
        for (; left >= STEP; left -= STEP)
            step(constants, in + (left - STEP), out + (left - STEP));
        if (left > 0)
            step(constants, in, out);
        return;
    }
    if (count >= STEP) {
        size_t i = 0;
        for (; i + STEP <= count; i += STEP)
            step(constants, in + i, out + i);
        if (i < count)
            step(constants, in + (count - STEP), out + (count - STEP));
        return;
    }
    FROM whole_in[STEP] = {0};
    TO whole_out[STEP];
    memcpy(whole_in, in, count * sizeof(*in));
    step(constants, whole_in, whole_out);
    memcpy(out, whole_out, count * sizeof(*out));
}

static void run(const struct assay_kernel *kernel, const struct assay_problem *problem, const void *packed,
                const struct assay_io *io, void *scratch)
{
    (void)kernel;
    (void)scratch;
    const struct assay_quantize_shape *s = &problem->quantize;
    const struct constants constants = constants_of(problem, packed);
    size_t rows = s->rows, columns = s->columns;
    if (columns == 0)
        return;
    if (s->in_stride == columns && s->out_stride == columns) {
        columns *= rows;
        rows = rows > 0;
    }
    for (size_t r = 0; r < rows; r++)
        convert_row(&constants, (const FROM *)io->in + r * s->in_stride, (TO *)io->out + r * s->out_stride, columns);
}
