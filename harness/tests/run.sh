#!/bin/bash
# What a user meets when a run goes wrong: nothing that was measured is lost, and one line says what to do.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

cat >"$work/mine.yaml" <<'YAML'
suite: mine
modes: [fp32, fp16, int8]
cases:
  - {name: first, op: gemm, m: 4, n: 4, k: 4}
  - {name: second, op: gemm, m: 8, n: 8, k: 8}
  - {name: third, op: spmm, m: 8, n: 8, k: 8, structures: [1x4], sparsities: [0.5]}
YAML
measure() {
	"$assay" run "$work/mine.yaml" --targets "$work/targets.yaml" --target fake "$@"
}
series() {
	grep -o '"series_id": *"[^"]*"' "$1/records.jsonl" | sort
}

# A run that goes well. first, second: fp32 best auto ref and a peer, fp16 and int8 best auto ref, so 10 each; third: fp32 and
# int8 dense as above (7), and the two sparse ones three each.
expect 0 "report:  $work/good/report.html" measure --out "$work/good"
same 'records of a whole run' "$(wc -l <"$work/good/records.jsonl")" 33
same 'series of a whole run' "$(series "$work/good" | uniq | wc -l)" 33
same 'samples of three processes' "$(grep -c '"processes": *\[0, *0, *0, *1, *1, *1, *2, *2, *2\]' "$work/good/records.jsonl")" \
	"$(grep -c '"outcome": *"pass"' "$work/good/records.jsonl")"
same 'the speed-up of int8' "$(grep -c '"speedup": *4.0,' "$work/good/records.jsonl")" 12
same 'the share of the bound' "$(grep -c '"bound": *{"ns": *[0-9.]*, *"by": *"memory", *"share": *0.25}' "$work/good/records.jsonl")" \
	"$(grep -c '"outcome": *"pass"' "$work/good/records.jsonl")"
same "the modes' errors" "$(grep -c '"rel_rms": *0.01' "$work/good/records.jsonl")" \
	"$(grep -c '"outcome": *"pass"' "$work/good/records.jsonl")"
expect 0 'first' "$assay" report "$work/good"
# Threads make other series of it, also when it is gone on with.
expect 0 'first+threads2' measure --threads 2 --filter first --out "$work/threads"
same 'series of two threads' "$(grep -c '"case": *"first+threads2"' "$work/threads/records.jsonl")" 10
same 'the number of threads' "$(grep -c '"threads": *2' "$work/threads/records.jsonl")" 10
expect 0 '0 jobs are left' "$assay" run --resume "$work/threads"
for format in json csv markdown html gbench; do
	expect 0 '' "$assay" report "$work/good" --format "$format" -o "$work/page"
	same "something in the report as $format" "$(test -s "$work/page" && echo yes)" yes
done
# A page is written whole, to the file that a link leads to, and never in the place of a device or a folder.
ln -s page "$work/link"
expect 0 '' "$assay" report "$work/good" --format csv -o "$work/link"
same 'a link stays one' "$(readlink "$work/link")" page
mkfifo "$work/pipe"
cat "$work/pipe" >"$work/piped" &
expect 0 '' timeout 10 "$assay" report "$work/good" --format csv -o "$work/pipe"
wait $!
same 'through a pipe' "$(cksum <"$work/piped")" "$(cksum <"$work/page")"
same 'a pipe stays one' "$(test -p "$work/pipe" && echo yes)" yes
expect 2 'is a folder' "$assay" report "$work/good" -o "$work/good"
expect 2 'cannot be written: No such file' "$assay" report "$work/good" -o "$work/nowhere/page"
same 'nothing half-written' "$(find "$work" -maxdepth 1 -name '*.part')" ''
expect 0 '' "$assay" compare "$work/good" "$work/good/records.jsonl"
# What is listed.
expect 0 'no: lacks a feature' "$assay" list kernels --targets "$work/targets.yaml" --target fake
expect 0 'left to auto' "$assay" list kernels --targets "$work/targets.yaml" --target fake
expect 0 '"left_to_auto": true' "$assay" list kernels --targets "$work/targets.yaml" --target fake --json
same 'a filter of names' "$("$assay" list kernels --targets "$work/targets.yaml" --target fake --filter 'rival*' | wc -l)" 2
same 'an origin' "$("$assay" list kernels --targets "$work/targets.yaml" --target fake --origin rival | wc -l)" 2
expect 2 "did you mean 'rival'" "$assay" list kernels --targets "$work/targets.yaml" --target fake --origin rivla
expect 2 'no name among' "$assay" list kernels --targets "$work/targets.yaml" --target fake --filter 'none*'
expect 2 'have none' "$assay" list modes --origin assay
# Why a kernel is chosen: of a suite's case, and of one that is written down.
explain() {
	"$assay" list kernels --targets "$work/targets.yaml" --target fake --explain "$@"
}
expect 0 '123     chosen: least stated cost' explain "$work/mine.yaml/first" --mode int8
expect 0 'refuses: it is made for other shapes' explain '{op: gemm, m: 1, n: 2, k: 3}' --mode int8
expect 0 '"cost": 123.4' explain "$work/mine.yaml/third" --json
same 'only the modes asked for' "$(explain "$work/mine.yaml/first" --mode int8 | grep -c fp32)" 0
expect 2 'has no such case' explain "$work/mine.yaml/frist"
expect 2 'SUITE/CASE' explain first
expect 2 "no 'k'" explain '{op: gemm, m: 1, n: 2}'
expect 2 'not YAML' explain '{op: gemm'
expect 2 "did you mean 'int8'" explain "$work/mine.yaml/first" --mode int9
expect 2 'is for kernels' "$assay" list kernels --mode int8
expect 2 'is for kernels' "$assay" list peers --explain "$work/mine.yaml/first"
sed 's/"value": *1000.0,/"value": 2000.0,/; s/"samples": *\[1010.0[^]]*\]/"samples": [2020.0, 2000.0, 2040.0, 2020.0, 2000.0, 2040.0, 2020.0, 2000.0, 2040.0]/' \
	"$work/good/records.jsonl" >"$work/slower.jsonl"
expect 1 '' "$assay" compare "$work/good" "$work/slower.jsonl"
expect 0 '' "$assay" compare "$work/slower.jsonl" "$work/good"

# A reader that has read enough is no error: the verdict stays, and nothing is said.
left() (
	mkfifo "$work/left"
	exec 8<>"$work/left"
	exec 9>"$work/left" 8>&-
	"$assay" "$@" >&9
	status=$?
	rm "$work/left"
	exit $status
)
same 'status when nobody reads a comparison' "$(left compare --all "$work/good" "$work/slower.jsonl" 2>&1; echo $?)" 1
sed '1s/"outcome": *"pass"/"outcome": "fail"/' "$work/good/records.jsonl" >"$work/wrong.jsonl"
same 'status when nobody reads a verdict' "$(left gate --base "$work/good" --new "$work/wrong.jsonl" 2>&1; echo $?)" 1
same 'status when nobody reads a report' "$(left report "$work/good" --format json 2>&1; echo $?)" 0
same 'status when nobody reads a list' "$(left list modes 2>&1; echo $?)" 0

# A probe killed in the middle: its unfinished series are errors, all others are there, and --resume completes the run.
touch "$work/kill"
FAKE_KILL=$work/kill expect 1 'killed by SIGKILL' measure --out "$work/killed"
same 'every series has a record' "$(series "$work/killed")" "$(series "$work/good")"
same 'unfinished series are errors' "$(grep -c '"outcome": *"error"' "$work/killed/records.jsonl")" 5
before=$(wc -l <"$work/killed/records.jsonl")
expect 0 'going on' "$assay" run --resume "$work/killed"
same 'only errors were measured again' "$(($(wc -l <"$work/killed/records.jsonl") - before))" 5
expect 0 '0 jobs are left' "$assay" run --resume "$work/killed"

# The tool itself killed: what it was writing is cut off, what it wrote is kept.
head -n 12 "$work/good/records.jsonl" >"$work/records" && mkdir "$work/cut" && cp "$work/good/run.json" "$work/cut"
(cat "$work/records"; printf '{"schema_version": 1, "series_') >"$work/cut/records.jsonl"
expect 0 'cut off' "$assay" run --resume "$work/cut"
same 'series after going on' "$(series "$work/cut")" "$(series "$work/good")"
same 'what was there is unchanged' "$(head -n 12 "$work/cut/records.jsonl" | cksum)" "$(cksum <"$work/records")"

# Ctrl-C: stops at once, says how to go on.
FAKE_SLOW=1 "$assay" run "$work/mine.yaml" --targets "$work/targets.yaml" --target fake --out "$work/stopped" -p 1 >/dev/null 2>"$work/said" </dev/null &
pid=$!
for _ in {1..50}; do
	[[ -s $work/stopped/records.jsonl ]] && break
	sleep 0.1
done
kill -INT $pid
wait $pid
same 'status after an interrupt' $? 1
grep -q -- '--resume' "$work/said" || same 'how to go on after an interrupt' "$(cat "$work/said")" '…--resume…'
expect 0 'going on' "$assay" run --resume "$work/stopped"
same 'series after the interrupt' "$(series "$work/stopped")" "$(series "$work/good")"

# A full disk: no half of a line.
full() (
	ulimit -f 12
	measure --out "$work/full" -p 1
)
expect 1 'make room' full
same 'only whole lines on a full disk' "$(tail -c 1 "$work/full/records.jsonl" | od -An -c | tr -d ' ')" '\n'
same 'a page that was not written leaves nothing' "$(ls "$work/full" | tr '\n' ' ')" 'records.jsonl run.json '
expect 0 'going on' "$assay" run --resume "$work/full"
same 'series after the full disk' "$(series "$work/full")" "$(series "$work/good")"
expect 2 'cannot make the folder' measure --out /dev/null/out

# A probe that prints nonsense costs nothing but a line of complaint.
FAKE_GARBAGE=1 expect 0 'no JSON' measure --out "$work/garbage" --filter first

# A changed suite, a damaged store, a busy one.
cp -r "$work/good" "$work/changed"
cp "$work/mine.yaml" "$work/kept.yaml"
echo '# changed' >>"$work/mine.yaml"
expect 2 'changed since' "$assay" run --resume "$work/changed"
cp "$work/kept.yaml" "$work/mine.yaml"
sed -i '3s/.*/nonsense/' "$work/changed/records.jsonl"
expect 2 'records.jsonl:3' "$assay" run --resume "$work/changed"
expect 2 'records.jsonl:3' "$assay" report "$work/changed"
expect 2 'run.json' "$assay" run --resume "$work"
(flock 9; expect 2 'another run' measure --out "$work/good"; exit $failures) 9>>"$work/good/records.jsonl" ||
	failures=$((failures + 1))

# Misspelt names.
expect 2 "did you mean 'fake'" measure --target faek
expect 2 "did you mean 'other'" measure --target fake@othre
expect 2 "did you mean 'fp32'" measure --mode fp23
expect 2 "did you mean 'peers'" measure --kernels best,pers
expect 2 "did you mean 'square'" "$assay" run sqare
expect 2 "did you mean 'report'" "$assay" reprot
expect 2 "did you mean 'kernels'" "$assay" list kernel
expect 2 "did you mean 'html'" "$assay" report "$work/good" --format htlm
expect 2 "did you mean 'full'" "$assay" check --depth ful
expect 2 'first, second, third' measure --filter 'nothing*'
expect 2 'Usage' "$assay"
expect 2 'unrecognized option' "$assay" run --nonsense
expect 2 'leave the suite' "$assay" run quick --resume "$work/good"

# Targets that cannot be reached.
cat >"$work/far.yaml" <<YAML
targets:
  - {name: gone, reach: native, probe: $work/gone, lanes: [{name: native}]}
  - {name: emulated, reach: qemu, probe: $fake, sysroot: aarch64, program: qemu-nothing, lanes: [{name: max, cpu: max}]}
  - {name: unmade, reach: qemu, probe: $fake, sysroot: riscv64, program: qemu-nothing, lanes: [{name: max, cpu: max}]}
YAML
mkdir -p "$work/sysroot/usr"
export ASSAY_SYSROOT_aarch64=$work/sysroot ASSAY_SYSROOT_riscv64=$work/nothing
far() {
	"$assay" run "$work/mine.yaml" --targets "$work/far.yaml" --out "$work/far" --target "$1"
}
expect 2 'there is no program' far gone
expect 2 'the emulator qemu-nothing is not in PATH: run scripts/setup' far emulated
expect 2 'there is no sysroot' far unmade
same 'nothing is written for a target out of reach' "$(test -e "$work/far" || echo none)" none

# Two that build one target, one after the other.
mkdir -p "$work/tree/harness"
cat >"$work/tree/CMakeLists.txt" <<'CMAKE'
cmake_minimum_required(VERSION 3.21)
project(slow NONE)
add_custom_target(slow ALL COMMAND echo begin >>log COMMAND sleep 0.5 COMMAND echo end >>log)
CMAKE
cat >"$work/tree/CMakePresets.json" <<'JSON'
{"version": 3, "configurePresets": [{"name": "slow", "generator": "Ninja", "binaryDir": "${sourceDir}/build/slow"}]}
JSON
cat >"$work/tree/harness/targets.yaml" <<'YAML'
targets:
  - {name: slow, reach: native, preset: slow, lanes: [{name: native}]}
YAML
build() {
	ASSAY_ROOT=$work/tree "$assay" build --target slow
}
build >"$work/first" 2>&1 &
build >"$work/second" 2>&1
wait $!
same 'builds of one target' "$(tr '\n' ' ' <"$work/tree/build/slow/log")" 'begin end begin end '

# A board, with programs in place of ssh and scp that do the same here.
mkdir -p "$work/bin" "$work/board"
cat >"$work/bin/ssh" <<'SH'
#!/bin/bash
while [[ $1 == -* ]]; do shift; done
[[ $1 == board ]] || exit 255
shift
cd "$BOARD" && exec bash -c "$*"
SH
cat >"$work/bin/scp" <<'SH'
#!/bin/bash
while [[ $1 == -* ]]; do shift; done
cp -r "${@:1:$#-1}" "$BOARD/${*: -1:1}" 2>/dev/null || cp -r "${@:1:$#-1}" "$BOARD/$(sed 's/^board://' <<<"${*: -1:1}")"
SH
chmod +x "$work/bin/ssh" "$work/bin/scp"
cp "$fake" "$work/assay-probe"
cat >"$work/board.yaml" <<YAML
targets:
  - {name: board, reach: ssh, probe: $work/assay-probe, host: board, folder: probe.d, lanes: [{name: native}]}
YAML
board() {
	PATH=$work/bin:$PATH BOARD=$work/board "$assay" run "$work/mine.yaml" --targets "$work/board.yaml" --target board "$@"
}
expect 0 'report:' board --out "$work/boards" -p 1
same 'records of a board' "$(wc -l <"$work/boards/records.jsonl")" 33
sed -i 's/host: board/host: elsewhere/' "$work/board.yaml"
expect 2 'making the folder' board --out "$work/boards2"
sed -i 's/host: elsewhere/host: "x; touch pwned"/' "$work/board.yaml"
expect 2 'may hold letters' board --out "$work/boards2"

# check: a failure is status 1 and is shown; a filter that matches nothing is a failure, too.
check() {
	"$assay" check --targets "$work/targets.yaml" --target fake
}
expect 0 '2 combinations' check
FAKE_FAIL=1 expect 1 'off by one' check

# Help of every subcommand.
for command in '' list build check run compare report; do
	expect 0 'Usage: assay' "$assay" $command --help
	expect 0 'assay 0' "$assay" $command --version
	expect 0 'Usage: assay' "$assay" $command --usage
done
finish
