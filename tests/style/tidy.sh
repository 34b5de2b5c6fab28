#!/usr/bin/env bash
# clang-tidy with the short list of .clang-tidy over the C sources that this build compiled. Usage: tidy.sh SOURCE_DIR BUILD_DIR
# What was tidy before, and has not changed, is not looked at again (tidy-one.sh).
set -euo pipefail
source_dir=$1 build_dir=$2
command -v clang-tidy-19 >/dev/null || { echo "skipped: clang-tidy-19 is not installed (scripts/setup installs it)"; exit 77; }
one=$(dirname "$(realpath "$0")")/tidy-one.sh
cd "$source_dir"
# Kernels are left to the compiler, the checks and the scan: most of their lines are intrinsics.
mapfile -t files < <(git ls-files 'kernels/core/*.c' 'models/*.c' 'harness/*.c' 'reports/*.c' 'suites/bench/*.c' 'suites/check/*.c' \
	'suites/peaks/*.c' 'suites/probe/*.c' | grep -v /mutants/ | while read -r file; do
		grep -qF "$source_dir/$file\"" "$build_dir/compile_commands.json" && echo "$file"
	done)
[ "${#files[@]}" -gt 0 ] || { echo "no file of $source_dir is in $build_dir/compile_commands.json" >&2; exit 1; }
TIDY_BASIS=$(clang-tidy-19 --version; cat .clang-tidy)
export TIDY_BASIS
printf '%s\0' "${files[@]}" | xargs -0 -n 1 -P "${JOBS:-$(nproc)}" "$one" "$build_dir"
echo "${#files[@]} files are tidy"
