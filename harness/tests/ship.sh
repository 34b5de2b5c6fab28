#!/bin/bash
# Files go to a board and come back: a network runs there as it does here, and nothing is left behind. Programs in place
# of ssh and scp do here what those do there: a shell gets the words of a command, a copy may only name files.
#   ship.sh ASSAY FAKE_PROBE PROBE SEEDS
. "$(dirname "$0")/lib.sh"
probe=$3
"$4" "$work"

mkdir -p "$work/bin" "$work/board"
cat >"$work/bin/ssh" <<'SH'
#!/bin/bash
while [[ $1 == -* ]]; do shift; done
[[ $1 == board ]] || exit 255
shift
echo "$*" >>"$BOARD.log"
cd "$BOARD" && exec sh -c "$*"
SH
cat >"$work/bin/scp" <<'SH'
#!/bin/bash
while [[ $1 == -* ]]; do shift; done
there() { # board:NAME, as a path of the board; a glob is the board's to expand. What has no host stays as it is.
	if [[ $1 == */*:* && $1 != board:* || $1 != *:* ]]; then printf '%s\n' "$1"; return; fi
	[[ $1 == board:* ]] || exit 255
	(cd "$BOARD" && printf "$BOARD/%s\n" ${1#board:})
}
files=()
for operand in "${@:1:$#-1}"; do
	while IFS= read -r file; do files+=("$file"); done < <(there "$operand")
done
exec cp -r "${files[@]}" "$(there "${*: -1:1}")"
SH
chmod +x "$work/bin/ssh" "$work/bin/scp"
cat >"$work/board.yaml" <<YAML
targets:
  - {name: here, reach: native, probe: $probe, lanes: [{name: native}]}
  - {name: board, reach: ssh, probe: $probe, host: board, folder: probe.d, lanes: [{name: native}]}
YAML
infer() {
	local target=$1
	shift
	(cd "$work" && PATH=$work/bin:$PATH BOARD=$work/board "$assay" infer --targets "$work/board.yaml" \
		--target "$target" "$@")
}
left() {
	same "what is left on the board ($1)" "$(cd "$work/board/probe.d" && echo files.*)" 'files.*'
}

# Names that a shell or scp would take apart.
printf '\0\0\x80\x3f\0\0\0\x40\0\0\x40\x40\0\0\x80\x40' >"$work/in:1 '\$(touch pwned)'.bin" # 1 2 3 4
printf '\0' >"$work/short"
input="in:1 '\$(touch pwned)'.bin"
expect 0 'ASSIGN_VARIABLE' infer here variables.tflite -i "$input" -o 'a here' --dump-tensors dumped-here
expect 0 'ASSIGN_VARIABLE' infer board variables.tflite -i "$input" -o 'b: there' --dump-tensors dumped-there
same 'outputs' "$(od -An -tf4 "$work/b: there")" "$(od -An -tf4 "$work/a here")"
same 'there is an output' "$(wc -c <"$work/b: there")" 16
same 'tensors' "$(diff -r "$work/dumped-here" "$work/dumped-there")" ''
same 'there are tensors' "$(find "$work/dumped-there" -type f | wc -l)" 3 # the handle has no data
left 'all went well'

# What a user says stays a word.
expect 2 "matches '*; touch pwned'" infer board variables.tflite -i "$input" --kernel '*; touch pwned' --batch 1
expect 2 "matches ''; touch pwned; ''" infer board variables.tflite -i "$input" --kernel "'; touch pwned; '"
# shellcheck disable=SC2016 # it must not expand
expect 2 "--batch: '\$(touch pwned)' is no number" infer board variables.tflite -i "$input" --batch '$(touch pwned)'
expect 2 "--threads: 'x' is no number" infer here variables.tflite -i "$input" --threads x
# The reason, and not the hint at --help behind it.
# shellcheck disable=SC2046 # words are what is wanted
expect 2 'more than 64 inputs' infer here variables.tflite $(printf -- '-i x %.0s' {1..65})
expect 0 'ADD' infer board variables.tflite -i "$input" --kernel ref --batch 1
same 'nothing was run by a shell' "$(find "$work" -name pwned)" ''
left 'words'

# Networks are measured there, and called by their names here.
measure() {
	PATH=$work/bin:$PATH BOARD=$work/board "$assay" run --targets "$work/board.yaml" --target board --kernels best -p 1 "$@"
}
printf 'no network' >"$work/bad.tflite"
expect 0 'int8  *whole' measure --model "$work/int8.tflite" --model "$work/variables.tflite" --out "$work/measured"
same 'cases of a board' "$(grep -c '"target": *"board", *"op": *"model"' "$work/measured/records.jsonl")" 2
expect 2 'bad.tflite: is not a .tflite file' measure --model "$work/bad.tflite" --out "$work/measured2"
expect 0 "$work/int8.tflite: no kernel" measure --model "$work/int8.tflite" --kernel 'none*' --out "$work/measured3"
left 'networks'

# Bad input, by the names that it has here.
expect 2 'short' infer board variables.tflite -i short
expect 2 'missing.bin: No such file' infer board variables.tflite -i missing.bin
expect 2 'missing.tflite: No such file' infer board missing.tflite -i "$input"
expect 2 'short: is not a .tflite file' infer board short -i "$input"
expect 2 'bin: is a folder' infer board variables.tflite -i bin
expect 2 'board: is a folder' infer board variables.tflite -i "$input" -o board
expect 2 'fetching no/such/folder' infer board variables.tflite -i "$input" -o no/such/folder
expect 2 'File exists' infer board variables.tflite -i "$input" --dump-tensors short
left 'bad input'
same 'folders were made' "$([[ $(grep -c '^mktemp' "$work/board.log") -gt 8 ]] && echo some)" some

# A board that does not answer as it should: its words are not made part of a command that removes things.
cat >"$work/board.yaml" <<YAML
targets:
  - {name: board, reach: ssh, probe: $probe, host: board, folder: probe.d, program: $work/bin/other, lanes: [{name: native}]}
YAML
cat >"$work/bin/other" <<'SH'
#!/bin/bash
[[ $* == *mktemp* ]] && echo 'probe.d/files.x; touch pwned' && exit
exec "$(dirname "$0")/ssh" "$@"
SH
chmod +x "$work/bin/other"
expect 2 'made no folder' infer board variables.tflite -i "$input"
same 'a lie is not run' "$(find "$work" -name pwned)" ''

# Stopped while the network runs: the folder goes all the same.
cat >"$work/bin/other" <<'SH'
#!/bin/bash
[[ $* == *infer* ]] && kill -TERM "$PPID" && exec sleep 60
exec "$(dirname "$0")/ssh" "$@"
SH
expect 1 '' infer board variables.tflite -i "$input"
left 'stopped'
finish
