#!/bin/bash
# Makes ci/baseline/quick.jsonl anew: instruction counts of the suite quick under emulation, and how accurate the modes and
# the built-in network are. Prints what changed, which whoever commits the file stands for. docs/ci.md says more.
# Usage: ci/update-baseline.sh [assay]    (default: build/host/assay, which is built first)
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/.."
. scripts/common.sh
if [[ $# -eq 0 ]]; then
	build host
fi
assay=${1:-build/host/assay}
# One lane an instruction set: CPUs that QEMU defines, so that counts are the same wherever this runs.
readonly lanes=(--target aarch64@max --target riscv64@vlen256)
baseline=ci/baseline/quick.jsonl
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

"$assay" run quick "${lanes[@]}" --kernels best --out "$work/quick"
"$assay" zoo shapes -o "$work/zoo" >"$work/zoo.log"
"$assay" eval "$work/zoo/shapes.tflite" --data "$work/zoo/shapes.test.assay" \
	--calibrate "$work/zoo/shapes.calibration.assay" "${lanes[@]}" --out "$work/eval" >"$work/eval.log"
cat "$work"/*/records.jsonl >"$work/records.jsonl"
"$assay" report "$work/records.jsonl" --format baseline -o "$work/new.jsonl"

if [[ -e $baseline ]]; then
	"$assay" gate --base "$baseline" --new "$work/new.jsonl" || (($? == 1))
fi
mkdir -p "$(dirname "$baseline")"
cp "$work/new.jsonl" "$baseline"
printf '%s: %s series. Look at git diff --stat and at the verdicts above, and say in the commit why they changed.\n' \
	"$baseline" "$(wc -l <"$baseline")"
