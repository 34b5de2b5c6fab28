#!/usr/bin/env bash
# Integer networks answer alike on every lane: what `assay eval` finds of the built-in network's int8 and int16x8 is the same to
# the digit, and so is each sample's class. Usage: eval_lanes.sh ASSAY BUILD_PARENT ZOO. Lanes of targets that were not built are
# left out, and said.
set -euo pipefail
assay=$1 build=$2 zoo=$3
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
stands=()
for target in x86_64 aarch64 riscv64; do
	if [[ -x $build/$target/suites/assay-probe ]]; then
		while read -r name _; do
			stands+=(--target "$name")
			# eval measures, too, which a lane of emulated instructions refuses: lanes.network has its answers.
		done < <("$assay" list targets | grep -E "^$target(@| )" | grep -v '^x86_64@avxvnni ')
	else
		echo "left out: $target, of which there is no assay-probe in $build (scripts/test builds all targets)"
	fi
done
[[ ${#stands[@]} -gt 0 ]] || exit 77

"$assay" optimize "$zoo/shapes.tflite" --mode int8 --calibrate "$zoo/shapes.calibration.assay" -o "$work/int8.tflite" >/dev/null
"$assay" optimize "$zoo/shapes.tflite" --mode int16x8 --calibrate "$zoo/shapes.calibration.assay" -o "$work/int16x8.tflite" >/dev/null
"$assay" eval "$work/int8.tflite" -m wide="$work/int16x8.tflite" --data "$zoo/shapes.test.assay" --samples 20 --processes 1 \
	--format json -o "$work/out" "${stands[@]}" >"$work/found.json"
# Each answer in a line of its own: 20 classes a network and lane.
grep -A22 '"answers": \[' "$work/found.json" | grep -E '^ +[0-9]+,?$' | tr -d ' ,' >"$work/answers"
lanes=$((${#stands[@]} / 2))
same() {
	[[ $2 == "$3" ]] && return
	printf 'FAILED: %s: %s, not %s\n' "$1" "$2" "$3"
	exit 1
}
same 'answers' "$(wc -l <"$work/answers")" $((lanes * 40))
head -40 "$work/answers" >"$work/first"
for ((lane = 0; lane < lanes; lane++)); do
	sed -n "$((lane * 40 + 1)),$((lane * 40 + 40))p" "$work/answers" | cmp -s - "$work/first" ||
		same "answers on ${stands[2 * lane + 1]}" differ "those on ${stands[1]}"
done
[[ $(sort -u "$work/first" | wc -l) -ge 5 ]] || same 'classes among the answers' few several
echo "$lanes lanes: 20 samples alike in int8 and int16x8"
