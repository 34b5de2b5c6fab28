#!/bin/bash
# assay-probe eval as it is called: one line for what fits, and one line with exit status 2 for what does not.
set -uo pipefail

probe=$1 assay=$2 seeds=$3
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failures=0

fail() {
	printf 'FAILED: %s\n' "$*"
	failures=$((failures + 1))
}

# judge ARGUMENT…: one line, which holds all of $wanted, a text a line.
judge() {
	local text
	"$probe" eval --no-peers "$@" >"$work/out" 2>"$work/err" || fail "$*: exit status $?: $(cat "$work/err")"
	[[ $(wc -l <"$work/out") -eq 1 && ! -s $work/err ]] || fail "$*: not one line"
	while read -r text; do
		grep -qF -- "$text" "$work/out" || fail "$*: lacks $text: $(cat "$work/out")"
	done <<<"$wanted"
}

# refuse WORDS ARGUMENT…: nothing on standard output, and the words on standard error.
refuse() {
	local words=$1
	shift
	"$probe" eval --no-peers "$@" >"$work/out" 2>"$work/err"
	[[ $? -eq 2 ]] || fail "$*: not refused"
	[[ ! -s $work/out ]] || fail "$*: refused, and yet it printed $(cat "$work/out")"
	grep -qF -- "$words" "$work/err" || fail "$*: no '$words' in: $(cat "$work/err")"
}

"$seeds" "$work" || exit 1
"$assay" data generate --like "$work/int8.tflite" --samples 9 -o "$work/int8.assay" || exit 1
"$assay" data generate --like "$work/sparse.tflite" --samples 9 -o "$work/sparse.assay" || exit 1

wanted='"type":"eval","task":"none","samples":9,"first":0,"batch":1,"accuracy":null
"op":"CONV_2D","kernel":"conv_i8_ref"
"model_bytes":'
judge "$work/int8.tflite" --data "$work/int8.assay" --kernel ref
if grep -q answers "$work/out"; then
	fail "answers without --predictions"
fi

# A network is its own reference: nothing differs, and what is infinite is null.
wanted='"samples":4,"first":5
"agreed":4,"agreement":1.0,"worst_error":0.0,"mean_error":0.0,"sqnr":null,"answers":[
"layers":[{"index":0,"op":"FULLY_CONNECTED","name":"out"
"own":{"count":8,'
judge "$work/sparse.tflite" --data "$work/sparse.assay" --reference "$work/sparse.tflite" --first 5 --predictions --isolate
# Batches do not change what comes out; the line tells them apart.
"$probe" eval --no-peers "$work/int8.tflite" --data "$work/int8.assay" --predictions >"$work/one"
for batch in 2 9 100; do
	"$probe" eval --no-peers "$work/int8.tflite" --data "$work/int8.assay" --predictions --batch $batch >"$work/out"
	grep -o '"answers":[^]]*' "$work/out" | cmp -s - <(grep -o '"answers":[^]]*' "$work/one") ||
		fail "batch $batch: other answers"
done

refuse "MODEL is missing"
refuse "--data FILE is missing" "$work/int8.tflite"
refuse "is too much" "$work/int8.tflite" another --data "$work/int8.assay"
refuse "No such file" "$work/absent.tflite" --data "$work/int8.assay"
refuse "No such file" "$work/int8.tflite" --data "$work/absent.assay"
refuse "No such file" "$work/int8.tflite" --data "$work/int8.assay" --reference "$work/absent.tflite"
refuse "is no dataset" "$work/int8.tflite" --data "$work/int8.tflite"
refuse "int8.tflite: input 0" "$work/int8.tflite" --data "$work/sparse.assay"
refuse "sparse.tflite: input 0" "$work/int8.tflite" --data "$work/int8.assay" --reference "$work/sparse.tflite"
refuse "it has 9 samples" "$work/int8.tflite" --data "$work/int8.assay" --samples 10
refuse "it has 9 samples" "$work/int8.tflite" --data "$work/int8.assay" --first 9
refuse "no number" "$work/int8.tflite" --data "$work/int8.assay" --samples 0
refuse "no number" "$work/int8.tflite" --data "$work/int8.assay" --batch many
refuse "no kernel" "$work/int8.tflite" --data "$work/int8.assay" --kernel 'dance*'
refuse "no --reference" "$work/int8.tflite" --data "$work/int8.assay" --isolate
head -c 100 "$work/int8.assay" >"$work/cut.assay"
refuse "cut.assay" "$work/int8.tflite" --data "$work/cut.assay"
exit $((failures > 0))
