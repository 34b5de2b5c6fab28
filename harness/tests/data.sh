#!/bin/bash
# assay data: from NumPy's arrays to a dataset and back, generated samples, and one line with exit status 2 for what is
# none of it.
# shellcheck source=harness/tests/lib.sh
. "$(dirname "$0")/lib.sh"
seeds=$2
"$seeds" "$work" || exit 1

# npy FILE DESCR SHAPE BYTES: a .npy file of version 1.0 by hand; BYTES as printf writes them.
npy() {
	local header="{'descr': '$2', 'fortran_order': False, 'shape': $3, }"
	{
		printf '\x93NUMPY\x01\x00'
		# shellcheck disable=SC2059  # the format is made here
		printf "\\x$(printf '%02x' ${#header})\\x00"
		printf '%s' "$header"
		printf '%b' "$4"
	} >"$work/$1"
}

npy x.npy '<f4' '(3, 2)' '\x00\x00\x80\x3f\x00\x00\x00\x40\x00\x00\x40\x40\x00\x00\x80\x40\x00\x00\xa0\x40\x00\x00\xc0\x40'
npy y.npy '|u1' '(3,)' '\x00\x02\x01'
npy minus.npy '|i1' '(3,)' '\x00\xff\x01'
npy two.npy '|i1' '(2,)' '\x00\x01'
npy empty.npy '<f4' '(0, 2)' ''
npy nan.npy '<f4' '(1, 1)' '\x00\x00\xc0\x7f'
npy big.npy '>f4' '(1, 1)' '\x00\x00\x00\x00'

expect 0 "" "$assay" data import "$work/x.npy" --labels "$work/y.npy" -o "$work/set.assay"
expect 0 "x: task classification, 3 samples, 3 classes" "$assay" data show "$work/set.assay"
expect 0 "input   f32 3x2, 1 to 6, mean 3.5" "$assay" data show "$work/set.assay"
expect 0 "labels  i32 3, 0 to 2, mean 1" "$assay" data show "$work/set.assay"
expect 0 '"histogram": [' "$assay" data show --json "$work/set.assay"

# Bytes for a network that takes reals; what a type does not hold is refused.
expect 0 "" "$assay" data import "$work/y.npy" --type f32 -o "$work/bytes.assay"
expect 0 "input   f32 3, 0 to 2" "$assay" data show "$work/bytes.assay"
expect 2 "element 1 is -1, which u8" "$assay" data import "$work/minus.npy" --type u8 -o "$work/none.assay"
expect 2 "known: f32" "$assay" data import "$work/y.npy" --type f23 -o "$work/none.assay"

# There and back again, by an archive, which is the same whenever it is written.
expect 0 "" "$assay" data export "$work/set.assay" -o "$work/set.npz"
expect 0 "" "$assay" data import "$work/set.npz" --name x -o "$work/back.assay"
expect 0 "" cmp "$work/set.assay" "$work/back.assay"
expect 0 "" "$assay" data export "$work/back.assay" -o "$work/again.npz"
expect 0 "" cmp "$work/set.npz" "$work/again.npz"
expect 0 "" "$assay" data export "$work/set.assay" -o "$work/back.npy"
expect 0 "" "$assay" data import "$work/back.npy" -o "$work/plain.assay"
expect 0 "task none, 3 samples" "$assay" data show "$work/plain.assay"

for arguments in "empty.npy|0 samples" "nan.npy|element 0 is nan" "big.npy|big-endian" "absent.npy|No such file" \
	"absent.npz|No such file" "set.assay|neither .npy nor .npz" "x.npy --labels $work/minus.npy|sample 1 is of class -1" \
	"x.npy --labels $work/two.npy|3 samples" "x.npy --task regression|needs labels" "x.npy --task dance|known: none" \
	"x.npy --classes 1|--classes" "set.npz --input-name z|there are: x, y" "x.npy --labels $work/y.npy --classes 2|class 2"; do
	# shellcheck disable=SC2086  # several words
	expect 2 "${arguments#*|}" "$assay" data import "$work/"${arguments%|*} -o "$work/none.assay"
	[[ ! -e $work/none.assay ]] || same "what is left of ${arguments%|*}" "none.assay" "nothing"
done
expect 2 "is no dataset" "$assay" data show "$work/x.npy"
expect 2 "did you mean 'show'" "$assay" data shwo "$work/set.assay"
expect 2 "neither .npy nor .npz" "$assay" data export "$work/set.assay" -o "$work/set.txt"
expect 2 "say what to do" "$assay" data

# The sample network takes int8; with a range, reals that fit it as well.
expect 0 "" "$assay" data generate --like "$work/int8.tflite" --samples 5 -o "$work/own.assay"
expect 0 "i8 5x" "$assay" data show "$work/own.assay"
expect 0 "" "$assay" data generate --like "$work/int8.tflite" --samples 5 --range -1,1 --seed 7 -o "$work/reals.assay"
expect 0 "f32 5x" "$assay" data show "$work/reals.assay"
expect 0 "" "$assay" data generate --like "$work/int8.tflite" --samples 5 --range -1,1 --seed 7 -o "$work/same.assay"
expect 0 "" cmp "$work/reals.assay" "$work/same.assay"
expect 0 "" "$assay" data generate --like "$work/int8.tflite" --samples 5 --range -1,1 --seed 8 -o "$work/same.assay"
expect 1 "differ" cmp "$work/reals.assay" "$work/same.assay"
expect 2 "did you mean 'noise'" "$assay" data generate --like "$work/int8.tflite" --kind noisy -o "$work/none.assay"
expect 2 "no LOW,HIGH" "$assay" data generate --like "$work/int8.tflite" --range 1,1 -o "$work/none.assay"
expect 2 "no number" "$assay" data generate --like "$work/int8.tflite" --samples 0 -o "$work/none.assay"
expect 2 "absent.tflite" "$assay" data generate --like "$work/absent.tflite" -o "$work/none.assay"
expect 2 "not a regular file" "$assay" data generate --like "$work/int8.tflite" -o /dev/null
expect 2 "No such file" "$assay" data generate --like "$work/int8.tflite" -o "$work/absent/set.assay"
finish
