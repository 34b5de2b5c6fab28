#!/usr/bin/env bash
# A public integer network is exact on every lane of a target: each tensor that the reference kernels have given, to the byte,
# by the lane's best kernels. Usage: network_lanes.sh ASSAY COMPARE BUILD_DIR TARGET
# COMPARE is models-run-compare; the network is looked for in $ASSAY_REFERENCE_MODELS, else in ../shared/models beside the
# checkout. Without it lanes.eval still holds the lanes to one another.
set -euo pipefail
assay=$1 compare=$2 build_dir=$3 target=$4
network=${ASSAY_REFERENCE_MODELS:-$(dirname "$0")/../../../shared/models}/kws_int8
[[ -x $build_dir/suites/assay-probe ]] ||
	{ echo "skipped: $build_dir has no assay-probe (scripts/test builds all targets)"; exit 77; }
[[ -f $network/model.tflite ]] ||
	{ echo "skipped: no reference network in $network (ASSAY_REFERENCE_MODELS names another folder)"; exit 77; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# judge INPUT: every tensor of the reference against what came; counts them in $tensors.
judge() {
	local tensor
	"$compare" exact "$work/out" "$network/out$1.bin" || return 1
	for tensor in "$network/tensors$1"/*.bin; do
		"$compare" exact "$work/dump/${tensor##*/}" "$tensor" || return 1
		tensors=$((tensors + 1))
	done
}

lanes=0
while read -r lane _; do
	tensors=0
	for input in 0 4; do
		rm -rf "$work/dump" "$work/out"
		"$assay" infer "$network/model.tflite" --target "$lane" --input "$network/in$input.bin" --output "$work/out" \
			--dump-tensors "$work/dump" >"$work/said"
		judge "$input" || { echo "wrong on $lane: input $input" >&2; exit 1; }
	done
	[[ $tensors -ge 10 ]] || { echo "only $tensors tensors were compared on $lane" >&2; exit 1; }
	kernels=$(grep -oE '[a-z]+_i8_[a-z0-9_]+' "$work/said" | sort -u | tr '\n' ' ')
	echo "$lane: $tensors tensors exact, by $kernels"
	lanes=$((lanes + 1))
done < <("$assay" list targets | grep -E "^$target(@| )")
[[ $lanes -gt 0 ]] || { echo "$target has no lanes" >&2; exit 1; }
