#!/usr/bin/env bash
# Every kernel of a target on all of its lanes. Usage: check_lanes.sh ASSAY BUILD_DIR TARGET MINIMUM
# MINIMUM is how many combinations of kernel, case and lane must have run: a check that ran little shows little.
set -euo pipefail
assay=$1 build_dir=$2 target=$3 minimum=$4
[ -x "$build_dir/suites/assay-probe" ] ||
    { echo "skipped: $build_dir has no assay-probe (scripts/test builds all targets)"; exit 77; }
status=0
output=$("$assay" check --target "$target" --depth quick 2>&1) || status=$?
printf '%s\n' "$output"
ran=$(sed -n 's/^\([0-9]*\) combinations.*/\1/p' <<<"$output")
[ "${ran:-0}" -ge "$minimum" ] || { echo "only ${ran:-0} combinations ran, at least $minimum were expected" >&2; exit 1; }
exit "$status"
