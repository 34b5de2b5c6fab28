#!/bin/sh
# Runs the public reference networks and judges what comes out, tensor by tensor.
#   reference.sh COMPARE COMMAND [ARGUMENT...]
# COMMAND is `assay-probe infer`, or `assay infer --target T`: what takes MODEL, --input, --output, --kernel and
# --dump-tensors. COMPARE is models-run-compare. The networks are looked for in $ASSAY_REFERENCE_MODELS, else in
# ../shared/models beside the checkout. Exit status 77: they are not there.
set -eu

compare=$1
shift
models=${ASSAY_REFERENCE_MODELS:-$(dirname "$0")/../../../../shared/models}
if [ ! -f "$models/resnet8_int8/model.tflite" ]; then
    echo "skipped: no reference networks in $models (ASSAY_REFERENCE_MODELS names another folder)"
    exit 77
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
compared=0

judge() { # how, what came, what should have come
    if ! "$compare" "$1" "$2" "$3"; then
        echo "wrong: $network, input $number, ${kernel:-best} kernels: $3"
        exit 1
    fi
    compared=$((compared + 1))
}

for kernel in "" ref; do
    for network in resnet8_int8 kws_int8 resnet8_fp32; do
        how=exact
        [ "$network" != resnet8_fp32 ] || how=close
        for number in 0 1 2 3 4; do
            tensors=$models/$network/tensors$number
            rm -rf "$work/dump" "$work/out"
            "$@" "$models/$network/model.tflite" --input "$models/$network/in$number.bin" --output "$work/out" \
                ${kernel:+--kernel "$kernel"} --dump-tensors "$work/dump" > "$work/said"
            judge $how "$work/out" "$models/$network/out$number.bin"
            [ -d "$tensors" ] || continue
            for tensor in "$tensors"/*.bin; do
                judge $how "$work/dump/$(basename "$tensor")" "$tensor"
            done
        done
    done

    # No reference runs this one: every kernel must give the same answer (models.hybrid judges the answer itself). Scale
    # and zero point are those of kws_int8's input.
    network=kws_hybrid
    for number in 0 1 2 3 4; do
        "$compare" dequantize "$models/kws_int8/in$number.bin" "$work/in" 0.584702909 83
        "$@" "$models/kws_hybrid/model.tflite" --input "$work/in" --output "$work/out" ${kernel:+--kernel "$kernel"} \
            > "$work/said"
        [ -n "$kernel" ] || cp "$work/out" "$work/hybrid$number"
        judge winner "$work/out" "$work/hybrid$number"
    done
done
echo "$compared tensors compared"
