#!/usr/bin/env bash
# clang-tidy with the short list of .clang-tidy over the C sources that this build compiled. Usage: tidy.sh SOURCE_DIR BUILD_DIR
set -euo pipefail
source_dir=$1 build_dir=$2
command -v clang-tidy-19 >/dev/null || { echo "skipped: clang-tidy-19 is not installed (scripts/setup installs it)"; exit 77; }
cd "$source_dir"
# Kernels are left to the compiler, the checks and the scan: most of their lines are intrinsics.
mapfile -t files < <(git ls-files 'kernels/core/*.c' 'harness/*.c' 'reports/*.c' 'suites/bench/*.c' 'suites/check/*.c' 'suites/probe/*.c' |
                     grep -v /mutants/ | while read -r file; do
                         grep -qF "$source_dir/$file\"" "$build_dir/compile_commands.json" && echo "$file"
                     done)
[ "${#files[@]}" -gt 0 ] || { echo "no file of $source_dir is in $build_dir/compile_commands.json" >&2; exit 1; }
printf '%s\0' "${files[@]}" | xargs -0 -n 8 -P "${JOBS:-2}" clang-tidy-19 -p "$build_dir" --quiet --warnings-as-errors='*'
echo "${#files[@]} files are tidy"
