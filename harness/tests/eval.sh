#!/bin/bash
# eval.sh ASSAY FAKE_PROBE PROBE ZOO SEEDS: `assay eval` on the built-in network, natively by the real probe: every figure that
# can be had in another way is compared with that.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
probe=$3 zoo=$4 seeds=$5
model=$zoo/shapes.tflite data=$zoo/shapes.test.assay calibration=$zoo/shapes.calibration.assay
cat >"$work/here.yaml" <<YAML
targets:
  - {name: here, reach: native, probe: $probe, lanes: [{name: native}]}
  - {name: broken, reach: native, probe: $work/broken, lanes: [{name: native}]}
YAML
# A probe that has lost one of its subcommands.
printf '#!/bin/sh\n[ "$1" != eval ] || { echo "gone" >&2; exit 2; }\nexec %s "$@"\n' "$probe" >"$work/broken"
chmod +x "$work/broken"

evaluate() {
	"$assay" eval --targets "$work/here.yaml" --target here --processes 1 "$@"
}
# value FILE MODE COLUMN: a field of what --format csv printed
value() {
	# A quoted field has one comma.
	sed 's/"\([^",]*\),\([^"]*\)"/\1;\2/g' "$1" | awk -F, -v mode="${2/,/;}" -v name="$3" '
		NR == 1 { for (i = 1; i <= NF; i++) column[$i] = i; next }
		$2 == mode { print $column[name] }'
}
# holds WHAT EXPRESSION: of numbers, by awk
holds() {
	[[ $(awk "BEGIN { print ($2) ? 1 : 0 }") == 1 ]] || same "$1" "$2" true
}

# Every mode, by all samples.
evaluate "$model" --data "$data" --calibrate "$calibration" --format csv -o "$work/all" -m fp32 -m fp16w -m fp16 -m hybrid -m int8 -m int16x8 \
	-m itself="$model" >"$work/all.csv" 2>"$work/err" || same 'exit status' "$? $(cat "$work/err")" 0
trainer=$(sed -n 's/.*(\([0-9]*\) of 1000 test samples).*/\1/p' "$zoo/said")
same 'top-1 of the network itself is what its trainer found' "$(value "$work/all.csv" itself task_value)" "0.$trainer"
same 'rows' "$(wc -l <"$work/all.csv")" 8
for mode in fp32 fp16w fp16; do
	same "agreement of $mode" "$(value "$work/all.csv" $mode agreement)" 1
done
same 'a network differs from itself in nothing' "$(value "$work/all.csv" itself agreement)/$(value "$work/all.csv" itself sqnr_db)/$(value "$work/all.csv" itself worst_error)" 1//0
for mode in fp16w fp16 hybrid int8 int16x8; do
	holds "top-1 of $mode" "$(value "$work/all.csv" $mode task_value) > 0.$trainer - 0.04"
	holds "$mode is less exact than fp32" "$(value "$work/all.csv" $mode sqnr_db) < $(value "$work/all.csv" fp32 sqnr_db)"
done
holds 'int16x8 is more exact than int8' "$(value "$work/all.csv" int16x8 sqnr_db) > $(value "$work/all.csv" int8 sqnr_db)"
holds 'int8 needs less memory' "$(value "$work/all.csv" int8 memory_bytes) < $(value "$work/all.csv" fp32 memory_bytes)"
for mode in fp32 fp16w fp16 hybrid int8 int16x8; do
	file=$work/all/models/shapes.$mode.tflite
	same "bytes of $mode" "$(value "$work/all.csv" $mode file_bytes)" "$(stat -c %s "$file")"
	# gzip has another search than zlib: the same format, and nearly the same size.
	zipped=$(gzip -9nc "$file" | wc -c)
	holds "zipped bytes of $mode" "($(value "$work/all.csv" $mode zipped_bytes) - $zipped)^2 < (18 + 0.01 * $zipped)^2"
	holds "a time of $mode" "$(value "$work/all.csv" $mode value) > 0 && $(value "$work/all.csv" $mode speedup) > 0"
done
holds 'the speed-up is a ratio of times' "($(value "$work/all.csv" hybrid speedup) * $(value "$work/all.csv" hybrid value) / $(value "$work/all.csv" fp32 value) - 1)^2 < 1e-10"
cmp -s "$work/all/models/shapes.fp16.tflite" "$work/all/models/shapes.fp16w.tflite" || same 'fp16 is a way to run fp16w' no yes

# The records: one of each whole network, with an answer for each sample; the sum of the dataset is another program's.
whole() {
	grep '"op": *"model"' "$work/all/records.jsonl"
}
same 'records of whole networks' "$(whole | wc -l)" 7
same 'the dataset in the records' "$(whole | grep -c "$(sha256sum "$data" | cut -d' ' -f1)")" 7
right=$(whole | grep '"mode": *"int8"' | sed 's/.*"answers": *"\([01]*\)".*/\1/')
same 'an answer for each sample' "${#right}" 1000
ones=${right//0/}
same 'right answers make top-1' "$(value "$work/all.csv" int8 task_value)" "$(awk "BEGIN { print ${#ones} / 1000 }")"
same 'the network itself is another case' "$(whole | grep -c '"case": *"shapes+itself"')" 1
said=$("$assay" report "$work/all")
[[ $said == *'top-1 0.'$trainer' of 1000 samples'* ]] || same 'accuracy in the report' "$said" 'top-1'
"$assay" compare "$work/all" "$work/all" >/dev/null || same 'a run is like itself' "$?" 0

# Layers: all that carry an error, the largest of their own first; kernels are named.
evaluate "$model" --data "$data" --calibrate "$calibration" --samples 20 -m int8 --layers-of int8 --all-layers -o "$work/layers" >"$work/layers.txt" 2>&1
sed -n '/^int8 on here/,/^$/p' "$work/layers.txt" | awk 'NR > 2 && NF && $NF != "–" { print $NF }' >"$work/own"
sort -g "$work/own" | cmp -s - "$work/own" || same 'order of the layers' "$(tr '\n' ' ' <"$work/own")" ascending
same 'layers with an error of their own' "$(wc -l <"$work/own")" 11
grep -qE '^[0-9]+ +CONV_2D +head/relu +conv_i8_[a-z0-9_]+ +69120 ' "$work/layers.txt" || same 'a layer, its kernel and its count' "$(cat "$work/layers.txt")" head/relu

# What is lost is told with what to do about it, and that helps.
evaluate "$model" --data "$data" -m fp32,2:4 --samples 200 -o "$work/sparse" >"$work/sparse.txt" 2>&1
rules=$(sed -n 's/^fp32,2:4 loses .*; try \(.*\)/\1/p' "$work/sparse.txt" | tr -d "'")
[[ $rules == '--layers '* ]] || same 'advice' "$(cat "$work/sparse.txt")" '--layers …'
read -ra rules <<<"$rules"
for run in plain advised; do
	[[ $run == advised ]] || rules_now=()
	[[ $run == plain ]] || rules_now=("${rules[@]}")
	evaluate "$model" --data "$data" -m fp32,2:4 "${rules_now[@]}" --samples 200 --format csv -o "$work/$run" >"$work/$run.csv" 2>"$work/err" ||
		same "$run" "$? $(cat "$work/err")" 0
done
holds 'advice helps' "$(value "$work/advised.csv" fp32,2:4 task_value) > $(value "$work/plain.csv" fp32,2:4 task_value) + 0.1"
same 'rules are not for the baseline' "$(value "$work/advised.csv" fp32 sqnr_db)" "$(value "$work/plain.csv" fp32 sqnr_db)"
same 'the samples that were asked for' "$(value "$work/plain.csv" fp32 samples)" 200

# A quantized network is evaluated as it is, and there is nothing to compare it with.
evaluate "$work/all/models/shapes.int8.tflite" --data "$data" --samples 50 --format csv -o "$work/quantized" >"$work/quantized.csv" 2>"$work/err" ||
	same 'a quantized network' "$? $(cat "$work/err")" 0
same 'no agreement' "$(value "$work/quantized.csv" 'as it is' agreement)" ''
holds 'top-1 of it' "$(value "$work/quantized.csv" 'as it is' task_value) > 0.8"
for format in table markdown json; do
	expect 0 int8 evaluate "$model" --data "$data" --calibrate "$calibration" --samples 5 -m int8 --format $format -o "$work/formats"
done

# What a mode cannot be evaluated for is said, the others are there, and the status is 1.
expect 1 'fp32: not evaluated: gone' "$assay" eval "$model" --data "$data" -m fp16w --targets "$work/here.yaml" --target broken -o "$work/broken.out"

# Interrupted on the second target: the first one's records are there.
printf '#!/bin/sh\n[ "$1" != eval ] || kill -INT $PPID\n[ "$1" != eval ] || exec sleep 60\nexec %s "$@"\n' "$probe" >"$work/broken"
expect 1 'interrupted' evaluate "$model" --data "$data" -m fp16w --samples 5 --jobs 1 --target broken -o "$work/cut"
same 'records of the first target' "$(grep -c '"op": *"model"' "$work/cut/records.jsonl")" 2

# Refused in one line, and nothing is written.
refused() {
	expect 2 "$@" -o "$work/none"
	same "nothing is written for: $1" "$(test -e "$work/none" || echo none)" none
}
refused 'did you mean '"'hybrid'" evaluate "$model" --data "$data" -m hybird
refused 'none of MODE and MODE,SPARSITY' evaluate "$model" --data "$data" -m int8,0.8
refused 'is there twice' evaluate "$model" --data "$data" -m fp16w -m fp16w
refused 'FILE of NAME=FILE is missing' evaluate "$model" --data "$data" -m theirs=
refused 'must be a word' evaluate "$model" --data "$data" -m =file
refused 'name a dataset by --calibrate' evaluate "$model" --data "$data" -m int8
refused 'name a dataset by --calibrate' evaluate "$model" --data "$data"
refused 'name a dataset by --calibrate' evaluate "$model" --data "$data" -m hybrid --layers 'head/*=int8'
refused 'say what to judge by' evaluate "$model"
refused 'name a .tflite file' evaluate --data "$data"
refused 'is no dataset' evaluate "$model" --data "$model"
refused 'not a .tflite file' evaluate "$data" --data "$data"
refused 'nowhere.tflite' evaluate "$model" --data "$data" -m theirs="$work/nowhere.tflite"
refused 'is quantized already' evaluate "$work/all/models/shapes.int8.tflite" --data "$data" -m hybrid
refused '--io int8: none' evaluate "$model" --data "$data" -m hybrid --io int8
refused "'int8' is none of the modes" evaluate "$model" --data "$data" -m hybrid --layers-of int8
refused "did you mean 'CONV_2D'" evaluate "$model" --data "$data" -m hybrid --layers CONV2D=fp32
refused '--samples 1001' evaluate "$model" --data "$data" -m hybrid --samples 1001
refused 'no whole number' evaluate "$model" --data "$data" -m hybrid --samples 1.5
refused "did you mean 'json'" evaluate "$model" --data "$data" -m hybrid --format jsno
# Data of another network.
"$seeds" "$work" || exit 1
"$assay" data generate --like "$work/sparse.tflite" --samples 2 -o "$work/other.assay" >/dev/null
refused 'does not fit' evaluate "$model" --data "$work/other.assay" -m hybrid
refused 'does not fit' evaluate "$model" --data "$data" -m int8 --calibrate "$work/other.assay"
refused 'is no dataset' evaluate "$model" --data "$data" -m int8 --calibrate "$model"
refused 'does not fit' evaluate "$model" --data "$data" -m other="$work/sparse.tflite"
finish
