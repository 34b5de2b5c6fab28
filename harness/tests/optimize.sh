#!/usr/bin/env bash
# assay optimize as its user meets it: the built-in network in every mode, choices by layer, and one line with exit
# status 2 for what cannot be. Usage: optimize.sh ASSAY FOLDER, the folder being that of the fixture `zoo`.
set -uo pipefail

assay=$1
model=$2/shapes.tflite
data=$2/shapes.calibration.assay
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failures=0

fail() {
	printf 'FAILED: %s\n' "$*"
	failures=$((failures + 1))
}

# makes NAME ARGUMENT…: converts the network to NAME.tflite; what is said goes to NAME.txt
makes() {
	local name=$1
	shift
	"$assay" optimize "$model" -o "$work/$name.tflite" "$@" >"$work/$name.txt" 2>"$work/err" ||
		fail "$name: exit status $?: $(cat "$work/err")"
	[[ ! -s $work/err ]] || fail "$name: $(cat "$work/err")"
}

# refuses PATTERN ARGUMENT…: exit status 2, the pattern in what is said, nothing on stdout, and no file
refuses() {
	local pattern=$1
	shift
	"$assay" optimize "$@" >"$work/out" 2>"$work/err"
	local status=$?
	[[ $status -eq 2 ]] || fail "$*: exit status $status, not 2"
	grep -qF -- "$pattern" "$work/err" || fail "$*: does not say '$pattern' but: $(cat "$work/err")"
	[[ ! -s $work/out && ! -e $work/none ]] || fail "$*: wrote something"
}

# has NAME TEXT: what `assay inspect` says of NAME.tflite
has() {
	"$assay" inspect --tensors "$work/$1.tflite" >"$work/seen" || fail "$1 cannot be read"
	grep -qE -- "$2" "$work/seen" || fail "$1 lacks '$2'"
}

for mode in fp32 fp16w hybrid int8 int16x8; do
	makes "$mode" --mode "$mode" --calibrate "$data" --samples 20
	has "$mode" "^$mode +as it is"
done
has fp32 '^ *13  SOFTMAX' # 38 operators have become 14
has int8 'integer-only: no: operator 0 \(QUANTIZE\)'
makes integer --mode int8 --calibrate "$data" --method minmax --io int8
has integer 'integer-only: yes'
makes wide --mode int16x8 --calibrate "$data" --method mse --samples 5 --io int16
has wide 'integer-only: yes'

# The last rule that matches holds; an index is that of the file that is read.
makes mixed --mode hybrid --layers 'CONV_2D=fp16w' --layers '0=fp32' --layers 'head/*=int8' --calibrate "$data"
has mixed '^ *[0-9]+  CONV_2D +fp32 +1x12x12x16 '
has mixed '^ *[0-9]+  CONV_2D +fp16w +1x12x12x32 '
has mixed '^ *[0-9]+  DEPTHWISE_CONV_2D +hybrid '
has mixed '^ *[0-9]+  CONV_2D +int8 +1x6x6x96 '
has mixed '^ *[0-9]+  FULLY_CONNECTED +int8 '

makes sparse --mode fp32 --sparsity 0.75 --structure 1x4 --layers 'CONV_2D=dense'
grep -qE 'FULLY_CONNECTED +fp32 +75\.0 %.*stored sparse' "$work/sparse.txt" || fail "sparse: no sparse layer is told of"
grep -qE 'CONV_2D +fp32 +0\.0 %' "$work/sparse.txt" || fail "sparse: a dense layer was pruned"

"$assay" optimize "$work/sparse.tflite" --mode fp32 -o "$work/again.tflite" >"$work/out" || fail "sparse again"
cmp -s "$work/sparse.tflite" "$work/again.tflite" || fail "what is stored sparse does not stay so"
grep -q 'pruned' "$work/out" && fail "what is stored sparse was pruned again: $(cat "$work/out")"

makes groups --mode fp32 --structure 2:4
grep -qE 'FULLY_CONNECTED +fp32 +50\.0 %' "$work/groups.txt" || fail "2:4 makes no half of zeros"
makes half --mode fp32 --structure 2:4 --sparsity 0.5
cmp -s "$work/groups.tflite" "$work/half.tflite" || fail "2:4 beside the sparsity that it has makes another file"

makes json --mode fp16w --json
grep -qF '"mode": "fp16w"' "$work/json.txt" || fail "json: no mode"
"$assay" optimize "$work/fp32.tflite" --mode fp32 -o "$work/again.tflite" >"$work/out" || fail "folding again"
cmp -s "$work/fp32.tflite" "$work/again.tflite" || fail "folding again changes the file"
"$assay" optimize "$work/fp16w.tflite" --mode fp16w -o "$work/again.tflite" >"$work/out" || fail "fp16w again"
cmp -s "$work/fp16w.tflite" "$work/again.tflite" || fail "fp16w again changes the file"

none=(-o "$work/none")
refuses 'name a .tflite file' --mode fp32 "${none[@]}"
refuses '-o FILE' "$model" --mode fp32
refuses 'say which --mode' "$model" "${none[@]}"
refuses "did you mean 'hybrid'" "$model" --mode hybird "${none[@]}"
refuses 'assay data import' "$model" --mode int8 "${none[@]}"
refuses '--io int8 goes with mode int8' "$model" --mode int16x8 --calibrate "$data" --io int8 "${none[@]}"
refuses '--io int16 goes with mode int16x8' "$model" --mode hybrid --io int16 "${none[@]}"
refuses "did you mean 'CONV_2D'" "$model" --mode fp16w --layers CONV2D=fp32 "${none[@]}"
refuses "did you mean '*logits*'" "$model" --mode fp16w --layers logits=fp32 "${none[@]}"
refuses 'neither a mode' "$model" --mode fp16w --layers '*=int4' "${none[@]}"
refuses '--structure wants --sparsity' "$model" --mode fp16w --structure 1x4 "${none[@]}"
refuses '--structure 2:4 makes a sparsity of 0.5' "$model" --mode fp32 --structure 2:4 --sparsity 0.8 "${none[@]}"
for number in -1 1.5 80 nan inf '' '80 %' 80% x; do
	refuses "--sparsity: '$number' is no number from 0 to 1" "$model" --mode fp16w --sparsity "$number" "${none[@]}"
done
for number in -1 49 100.5 nan '' '99 %' x; do
	refuses "--percentile: '$number' is no number" "$model" --mode int8 --calibrate "$data" --percentile "$number" "${none[@]}"
done
refuses "'50' leaves no range" "$model" --mode int8 --calibrate "$data" --percentile 50 "${none[@]}"
for number in 0 -1 1.5 nan '' 1e10 x; do
	refuses "--samples: '$number' is no" "$model" --mode int8 --calibrate "$data" --samples "$number" "${none[@]}"
done
refuses 'shapes.calibration.assay has 200' "$model" --mode int8 --calibrate "$data" --samples 201 "${none[@]}"
refuses '--io int16 goes with mode int16x8' "$model" --mode int8 --calibrate "$data" --io int16 "${none[@]}"
refuses "--io: unknown 'uint8'" "$model" --mode int8 --calibrate "$data" --io uint8 "${none[@]}"
refuses 'percentile' "$model" --mode int8 --calibrate "$data" --method mse --percentile 99 "${none[@]}"
refuses 'only a float network can be converted' "$work/int8.tflite" --mode hybrid "${none[@]}"
refuses 'is hybrid already' "$work/hybrid.tflite" --mode fp32 "${none[@]}"
refuses 'not a .tflite file' "$data" --mode fp32 "${none[@]}"
refuses 'is no dataset' "$model" --mode int8 --calibrate "$model" "${none[@]}"
refuses 'is the network itself' "$model" --mode fp32 -o "$model"
refuses 'cannot be written' "$model" --mode fp32 -o "$work/no/where"
exit $((failures > 0))
