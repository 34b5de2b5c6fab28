#include "suites/bench/gbench_shim.h"

#include <benchmark/benchmark.h>

#include <vector>

namespace
{

/* Keeps the one run's time; prints nothing. */
class Catch : public benchmark::BenchmarkReporter
{
  public:
    bool ReportContext(const Context &) override
    {
        return true;
    }
    void ReportRuns(const std::vector<Run> &runs) override
    {
        for (const Run &run : runs)
            if (run.run_type == Run::RT_Iteration)
                nanoseconds = run.real_accumulated_time * 1e9;
    }

    double nanoseconds = -1;
};

} // namespace

extern "C" double gbench_time(gbench_function *function, void *argument, long long iterations)
{
    const auto loop = [function, argument](benchmark::State &state) {
        void *unknown = argument;
        for (auto _ : state) {
            benchmark::DoNotOptimize(unknown);
            function(unknown);
            benchmark::ClobberMemory();
        }
    };
    Catch reporter;
    benchmark::ClearRegisteredBenchmarks();
    benchmark::RegisterBenchmark("series", loop)->Iterations(iterations)->UseRealTime();
    benchmark::RunSpecifiedBenchmarks(&reporter, nullptr, "all");
    return reporter.nanoseconds;
}
