#!/usr/bin/env bash
# assay zoo as its user meets it: what a seed promises, and one line with exit status 2 for what cannot be. Usage:
# command.sh ASSAY
set -uo pipefail

assay=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failures=0

fail() {
	printf 'FAILED: %s\n' "$*"
	failures=$((failures + 1))
}

# refuses PATTERN ARGUMENT…: exit status 2, the pattern in a line on stderr, and nothing on stdout
refuses() {
	local pattern=$1
	shift
	"$assay" zoo "$@" >"$work/out" 2>"$work/err"
	local status=$?
	[ "$status" -eq 2 ] || fail "zoo $*: exit status $status, not 2"
	grep -q -- "$pattern" "$work/err" || fail "zoo $*: does not say '$pattern' but: $(cat "$work/err")"
	[ ! -s "$work/out" ] || fail "zoo $*: wrote to standard output"
}

files=(shapes.tflite shapes.calibration.assay shapes.test.assay)
"$assay" zoo shapes -o "$work/new/a" --epochs 1 --seed 5 >"$work/said" 2>"$work/progress" || fail "seed 5: exit status $?"
"$assay" zoo -o "$work/b" --epochs 1 --seed 5 >/dev/null 2>&1 || fail "seed 5 again: exit status $?"
"$assay" zoo -o "$work/c" --epochs 1 --seed 6 >/dev/null 2>&1 || fail "seed 6: exit status $?"
for file in "${files[@]}"; do
	[ -s "$work/new/a/$file" ] || fail "$file was not written"
	cmp -s "$work/new/a/$file" "$work/b/$file" || fail "$file differs, with the same seed"
	cmp -s "$work/new/a/$file" "$work/c/$file" && fail "$file is the same, with another seed"
done
[ "$(ls "$work/b" | wc -l)" -eq "${#files[@]}" ] || fail "left other files: $(ls "$work/b")"
grep -q 'shapes: epoch 1 of 1, ' "$work/progress" || fail "no progress on stderr"
grep -q '^shapes: top-1 .* of 1000 test samples)$' "$work/said" || fail "does not say top-1"

# Untrained: the same weights with the same seed; scale goes into the name.
"$assay" zoo mobilenet_v1 --width 0.25 --resolution 32 -o "$work/u" >"$work/said" || fail "mobilenet_v1: exit status $?"
grep -q untrained "$work/said" || fail "does not say untrained"
"$assay" zoo mobilenet_v1 --width 0.25 --resolution 32 -o "$work/v" >/dev/null
cmp -s "$work/u/mobilenet_v1_0.25_32.tflite" "$work/v/mobilenet_v1_0.25_32.tflite" || fail "untrained weights differ, with the same seed"
for name in mobilenet_v2 ds_cnn resnet8 autoencoder; do
	"$assay" zoo "$name" -o "$work/u" >/dev/null || fail "$name: exit status $?"
	"$assay" inspect "$work/u/$name.tflite" >/dev/null || fail "$name.tflite: exit status $?"
	[ -s "$work/u/$name.calibration.assay" ] || fail "$name.calibration.assay was not written"
done
"$assay" inspect "$work/u/mobilenet_v2.tflite" | grep -q ' 300775552 multiply-accumulates' || fail "mobilenet_v2 is not as published"
refuses 'name one' --width 1 -o "$work/d"
refuses '--width' mobilenet_v1 --width 0 -o "$work/d"
refuses '--resolution' mobilenet_v1 --resolution 8 -o "$work/d"
refuses 'can be chosen' resnet8 --width 0.5 -o "$work"

"$assay" zoo --list >"$work/list" || fail "--list: exit status $?"
grep -q '^shapes ' "$work/list" || fail "--list lacks shapes"

refuses 'name a folder'
refuses 'name a folder' -o ''
refuses "did you mean 'shapes'" shpes -o "$work/d"
refuses 'too much' shapes shapes -o "$work/d"
for seed in -1 '' ' 1' 0x1 1e3 18446744073709551616; do
	refuses '--seed' -o "$work/d" --seed "$seed"
done
for epochs in 0 -1 '' many 10001 99999999999999999999; do
	refuses '--epochs' -o "$work/d" --epochs "$epochs"
done
[ ! -e "$work/d" ] || fail "made a folder for what was refused"
touch "$work/file"
refuses "$work/file" -o "$work/file/in"
mkdir -p "$work/taken/shapes.tflite"
refuses 'shapes.tflite' -o "$work/taken" --epochs 1

[ "$failures" -eq 0 ] && echo "assay zoo: fine"
exit $((failures > 0))
