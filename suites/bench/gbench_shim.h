/* Google Benchmark's timing loop, for C: times a fixed number of calls of a function. */
#ifndef ASSAY_SUITES_BENCH_GBENCH_SHIM_H
#define ASSAY_SUITES_BENCH_GBENCH_SHIM_H

#ifdef __cplusplus
extern "C" {
#endif

typedef void gbench_function(void *argument);

/* Nanoseconds of wall-clock time that `iterations` (>= 1) calls of function(argument) took together, loop included.
 * Below 0 if Google Benchmark ran nothing. The compiler can assume nothing about what the function reads and writes. */
double gbench_time(gbench_function *function, void *argument, long long iterations);

#ifdef __cplusplus
}
#endif

#endif
