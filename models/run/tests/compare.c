/* Judges raw tensors, for reference.sh.
 *   compare exact A B                      the same bytes
 *   compare close A B                      floats: no difference above 1e-5 of the largest magnitude in B
 *   compare winner A B                     floats: the same element is the largest
 *   compare dequantize IN OUT SCALE ZERO   writes int8 as floats: not a judgement, but what another one needs
 * Exit status 0: good; 1: not; 2: a file is not there or not of the right size. */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST = 1 << 24 };

static void *load(const char *path, size_t *bytes)
{
    FILE *file = fopen(path, "rb");
    void *data = malloc(MOST);
    if (!file || !data) {
        perror(path);
        exit(2);
    }
    *bytes = fread(data, 1, MOST, file);
    fclose(file);
    if (*bytes == 0 || *bytes == MOST) {
        fprintf(stderr, "%s: %zu bytes\n", path, *bytes);
        exit(2);
    }
    return data;
}

static int exact(const uint8_t *a, const uint8_t *b, size_t count)
{
    size_t wrong = 0, first = count;
    for (size_t i = 0; i < count; i++) {
        if (a[i] == b[i])
            continue;
        first = wrong++ == 0 ? i : first;
    }
    if (wrong > 0)
        fprintf(stderr, "%zu of %zu bytes differ, first %zu: %d, not %d\n", wrong, count, first, (int8_t)a[first],
                (int8_t)b[first]);
    return wrong > 0;
}

static int close_enough(const float *a, const float *b, size_t count)
{
    double largest = 0, worst = 0;
    for (size_t i = 0; i < count; i++) {
        largest = fmax(largest, fabs((double)b[i]));
        const double error = fabs((double)a[i] - (double)b[i]);
        worst = error <= worst ? worst : error; /* a NaN becomes the worst, and fails below */
    }
    if (worst <= 1e-5 * largest)
        return 0;
    fprintf(stderr, "the worst error is %g of the largest magnitude %g\n", worst / largest, largest);
    return 1;
}

static size_t winner_of(const float *x, size_t count)
{
    size_t winner = 0;
    for (size_t i = 1; i < count; i++)
        winner = x[i] > x[winner] ? i : winner;
    return winner;
}

static int same_winner(const float *a, const float *b, size_t count)
{
    const size_t left = winner_of(a, count), right = winner_of(b, count);
    if (left != right)
        fprintf(stderr, "element %zu is largest, not %zu\n", left, right);
    return left != right;
}

static int dequantize(const char *in, const char *out, float scale, int zero)
{
    size_t count;
    int8_t *q = load(in, &count);
    FILE *file = fopen(out, "wb");
    for (size_t i = 0; file && i < count; i++) {
        const float real = scale * (float)(q[i] - zero);
        fwrite(&real, sizeof(real), 1, file);
    }
    free(q);
    if (file && fclose(file) == 0)
        return 0;
    perror(out);
    return 2;
}

int main(int argc, char **argv)
{
    if (argc == 6 && strcmp(argv[1], "dequantize") == 0)
        return dequantize(argv[2], argv[3], strtof(argv[4], NULL), atoi(argv[5]));
    if (argc != 4)
        return 2;
    size_t a_bytes, b_bytes;
    void *a = load(argv[2], &a_bytes), *b = load(argv[3], &b_bytes);
    int status = 2;
    if (a_bytes != b_bytes)
        fprintf(stderr, "%s has %zu bytes, not %zu\n", argv[2], a_bytes, b_bytes);
    else if (strcmp(argv[1], "exact") == 0)
        status = exact(a, b, b_bytes);
    else if (strcmp(argv[1], "close") == 0)
        status = close_enough(a, b, b_bytes / sizeof(float));
    else if (strcmp(argv[1], "winner") == 0)
        status = same_winner(a, b, b_bytes / sizeof(float));
    free(a);
    free(b);
    return status;
}
