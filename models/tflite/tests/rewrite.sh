#!/bin/sh
# Public networks compute the same, tensor by tensor, before and after they were written here.
#   rewrite.sh NETWORKS COMPARE COMMAND [ARGUMENT...]
# NETWORKS is models-tflite-networks, COMPARE is models-run-compare, COMMAND is `assay-probe infer` or `assay infer
# --target T`. The networks are looked for in $ASSAY_REFERENCE_MODELS, else in ../shared/models beside the checkout.
# Exit status 77: they are not there.
set -eu

networks=$1
compare=$2
shift 2
models=${ASSAY_REFERENCE_MODELS:-$(dirname "$0")/../../../../shared/models}
if [ ! -f "$models/resnet8_int8/model.tflite" ]; then
	echo "skipped: no reference networks in $models (ASSAY_REFERENCE_MODELS names another folder)"
	exit 77
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/rewritten"
"$networks" "$models" "$work/rewritten"
compared=0

for network in kws_int8 kws_hybrid resnet8_int8 resnet8_fp32; do
	for number in 0 1; do
		input=$models/$network/in$number.bin
		if [ "$network" = kws_hybrid ]; then # scale and zero point of kws_int8's input
			input=$work/in
			"$compare" dequantize "$models/kws_int8/in$number.bin" "$input" 0.584702909 83
		fi
		rm -rf "$work/before" "$work/after"
		mkdir "$work/before" "$work/after"
		"$@" "$models/$network/model.tflite" --input "$input" --output "$work/before/out" \
			--dump-tensors "$work/before/tensors" >"$work/before/said"
		"$@" "$work/rewritten/$network.tflite" --input "$input" --output "$work/after/out" \
			--dump-tensors "$work/after/tensors" >"$work/after/said"
		if ! diff -r "$work/before" "$work/after"; then
			echo "wrong: $network, input $number: it computes something else once it was written"
			exit 1
		fi
		compared=$((compared + $(find "$work/before/tensors" -type f | wc -l)))
	done
done
echo "$compared tensors compared"
[ "$compared" -gt 0 ]
