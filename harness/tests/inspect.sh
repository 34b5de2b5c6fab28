#!/bin/bash
# assay inspect: figures counted by hand for the sample networks, and one line with exit status 2 for damaged ones.
set -uo pipefail

assay=$1 seeds=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failures=0

fail() {
	printf 'FAILED: %s\n' "$*"
	failures=$((failures + 1))
}

contains() {
	grep -qF -- "$2" "$1" || fail "$(basename "$1") lacks '$2'"
}

"$seeds" "$work" || exit 1

# conv: 2x2x3 outputs of 3x3x2 each; fully connected: 2 of 3. Parameters: 54 + 3 + 6.
"$assay" inspect --json "$work/int8.tflite" >"$work/int8.json" || fail "int8: exit status $?"
contains "$work/int8.json" '"macs": 222,'
contains "$work/int8.json" '"parameters": 63,'
contains "$work/int8.json" '"integer_only": "yes"'
# The most is alive at the convolution: its input of 32 bytes and its output of 12.
contains "$work/int8.json" '"peak_activation_bytes": 44,'

# Of 16 weights, a block of 4 in each of the 2 rows is stored.
"$assay" inspect "$work/sparse.tflite" >"$work/sparse.txt" || fail "sparse: exit status $?"
contains "$work/sparse.txt" '50.0 %'
contains "$work/sparse.txt" 'integer-only: no: operator 0 (FULLY_CONNECTED) is float'
"$assay" inspect --tensors "$work/variables.tflite" >"$work/variables.txt" || fail "variables: exit status $?"
contains "$work/variables.txt" 'VAR_HANDLE -> t1 state'

printf 'no network' >"$work/text.tflite"
head -c 900 "$work/int8.tflite" >"$work/cut.tflite"
for file in text cut absent; do
	"$assay" inspect "$work/$file.tflite" >"$work/out" 2>"$work/err"
	status=$?
	[[ $status -eq 2 ]] || fail "$file: exit status $status"
	[[ $(wc -l <"$work/err") -eq 1 && ! -s $work/out ]] || fail "$file: not one line: $(cat "$work/err")"
done
exit $((failures > 0))
