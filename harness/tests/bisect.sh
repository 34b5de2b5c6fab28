#!/bin/bash
# bisect.sh ASSAY FAKE_PROBE SEEDS FAKE_PROBE_SOURCE REMEASURE_AGAIN: `assay bisect` on a repository made here, whose revisions build a probe
# that computes nothing, as slow as the revision says, and a kernel whose machine code the revision says.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
seeds=$3 source=$4 again=$5
tree=$work/tree
export ASSAY_ROOT=$tree ASSAY_CACHE=$work/cache
export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null
export GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@example.org GIT_COMMITTER_NAME=a GIT_COMMITTER_EMAIL=a@example.org
for tool in git cmake ninja tar; do
	command -v "$tool" >/dev/null || {
		printf '%s is missing: nothing was tested\n' "$tool"
		exit 77
	}
done

mkdir -p "$tree/harness" "$tree/suites" "$tree/kernels"
cp "$source" "$tree/probe.c"
cat >"$tree/harness/targets.yaml" <<'YAML'
targets:
  - {name: fake, reach: native, preset: fake, lanes: [{name: native}]}
YAML
cat >"$tree/CMakePresets.json" <<'JSON'
{"version": 6, "configurePresets": [{"name": "fake", "generator": "Ninja", "binaryDir": "${sourceDir}/build/fake"}]}
JSON
cat >"$tree/CMakeLists.txt" <<'CMAKE'
cmake_minimum_required(VERSION 3.25)
project(fake C)
add_subdirectory(kernels)
add_subdirectory(suites)
CMAKE
printf 'add_library(kernels STATIC kernel.c)\n' >"$tree/kernels/CMakeLists.txt"
cat >"$tree/suites/CMakeLists.txt" <<'CMAKE'
include(../speed.cmake)
add_executable(assay-probe ../probe.c)
target_compile_definitions(assay-probe PRIVATE _GNU_SOURCE FAKE_FACTOR=${factor} FAKE_OUTCOME="${outcome}")
target_link_libraries(assay-probe PRIVATE jansson kernels)
CMAKE
cat >"$tree/suites/mine.yaml" <<'YAML'
suite: mine
modes: [fp32, int8]
cases:
  - {name: first, op: gemm, m: 4, n: 4, k: 4}
YAML
git init -q -b main "$tree"

# commit TITLE FACTOR CODE [OUTCOME]: a revision; factor "broken" does not build.
commit() {
	printf 'set(factor %s)\nset(outcome %s)\n' "$2" "${4:-pass}" >"$tree/speed.cmake"
	[[ $2 != broken ]] || printf 'message(FATAL_ERROR "nothing is right here")\n' >>"$tree/speed.cmake"
	printf 'static int run(int x) { return x * %s; }\nstruct k { int (*run)(int); };\nconst struct k gemm_fake_ref = {run};\n' \
		"$3" >"$tree/kernels/kernel.c"
	git -C "$tree" add -A
	git -C "$tree" commit -q --allow-empty -m "$1"
	git -C "$tree" tag "$1"
}

series=fake/first/gemm/fp32/dense@0/best
bisect() { FAKE_NOISE=5 "$assay" bisect --series $series "$@"; }

# finds TITLE WORDS…: what is said to be found, and not only on the way.
finds() {
	local title=$1
	shift
	expect 0 " $title
  against the commit before it" "$@"
}

# Nine revisions, each with other code; one does not build; the seventh is slower.
for i in 1 2 3 4; do commit "r$i" 1.0 "10$i"; done
commit r5 broken 105
commit r6 1.0 106
commit r7 1.25 107
commit r8 1.25 108
commit r9 1.25 109
touch "$tree/untracked"
before=$(git -C "$tree" status --porcelain; git -C "$tree" rev-parse HEAD; git -C "$tree" worktree list; ls "$tree")
finds r7 bisect --good r1 --bad r9
same 'the tree is as it was' "$(git -C "$tree" status --porcelain; git -C "$tree" rev-parse HEAD; git -C "$tree" worktree list; ls "$tree")" \
	"$before"

# Again: nothing need be built but what does not build, and the answer is the same.
said=$(bisect --good r1 --bad HEAD --json 2>"$work/said")
[[ $said == *'"found": {'*"\"commit\": \"$(git -C "$tree" rev-parse r7)\""*'"before": "'"$(git -C "$tree" rev-parse r6)"* ]] ||
	same 'the commit' "$said" 'r7, after r6'
[[ $said == *'"builds": 1,'* && $(<"$work/said") == *'nothing is right here'* ]] || same 'the builds' "$said" 'one build, that fails'
[[ $said == *'"judgement": "skipped"'*'it does not build'* ]] || same 'the skip' "$said" 'r5 is skipped'
[[ $said == *'"kernel": {'*'"before": "gemm_fake_ref"'* ]] || same 'the kernel' "$said" 'named'

# With at most log2(n) + 2 builds where all build.
export ASSAY_CACHE=$work/other
said=$(bisect --good r6 --bad r9 2>&1)
[[ $said == *' r7
  against'* && $said =~ ([0-9]+)\ builds && ${BASH_REMATCH[1]} -le 4 ]] || same 'builds' "$said" 'at most four'

# The same direction the other way: what got faster is found as well.
commit r10 1.0 110
finds r10 bisect --good r8 --bad r10
# A smaller change than what matters is none.
expect 1 'not reproducible' bisect --good r6 --bad r7 --effect 40
# No change at all, with other code and with the same.
expect 1 'not reproducible' bisect --good r1 --bad r4
commit r11 1.0 110
expect 1 'the machine code is the same' bisect --good r10 --bad r11
# A revision with code that was judged is not measured.
commit r12 1.0 110
commit r13 1.0 110
commit r14 1.3 114
expect 0 'the same machine code as' bisect --good r10 --bad r14
finds r14 bisect --good r10 --bad r14

# Revisions around the culprit that can't be judged: several are left.
commit r15 broken 115
commit r16 1.0 116
expect 1 'could not be told apart' bisect --good r14 --bad r16
# Ends that can't be judged.
expect 2 'cannot be measured: it does not build' bisect --good r14 --bad r15
commit r17 1.0 117 fail
expect 2 'cannot be measured: the series is fail' bisect --good r16 --bad r17
expect 2 'is not before' bisect --good r9 --bad r1
expect 2 'is not before' bisect --good r9 --bad r9
expect 2 "knows no revision 'r99'" bisect --good r99
expect 2 "knows no revision '--all'" bisect --good=--all
expect 2 "knows no revision '\$(touch x)'" bisect --good='$(touch x)'
expect 2 '--good is missing' bisect
expect 2 '8 to 100' bisect --good r1 --processes 2
expect 2 'percentage' bisect --good r1 --effect -3
expect 2 'is no series_id' "$assay" bisect --good r1 --series nonsense
expect 2 'is no series_id' "$assay" bisect --good r1 --series fake/first
expect 2 "no shipped suite has" "$assay" bisect --good r1 --series fake/second/gemm/fp32/dense@0/best
expect 2 'makes no series' "$assay" bisect --good r1 --bad r2 --series fake/first/gemm/fp16/dense@0/best
expect 2 'is of a peer' "$assay" bisect --good r1 --series fake/first/gemm/fp32/dense@0/peer/rival
expect 2 'is too much' bisect --good r1 r2
sed -i 's/name: fake,/name: finished,/' "$work/targets.yaml"
expect 2 'finished probe' "$assay" bisect --good r1 --bad r2 --targets "$work/targets.yaml" --target finished \
	--series fake/first/gemm/fp32/dense@0/best

# A network and its layers.
"$seeds" "$work" >/dev/null || exit 1
said=$(FAKE_NOISE=5 "$assay" bisect --good r6 --bad r8 --model "$work/int8.tflite" --series fake/int8/model/int8/dense@0/best 2>&1)
[[ $said == *' r7
  against'*'layer fake/int8/000_conv/conv/int8/dense@0/best'* ]] || same 'the network' "$said" 'r7, and its first layer'
finds r7 bisect --good r6 --bad r8 --model "$work/int8.tflite" --series fake/int8/000_conv/conv/int8/dense@0/best
expect 1 'not reproducible' bisect --good r6 --bad r8 --model "$work/int8.tflite" \
	--series fake/int8/003_softmax/softmax/int8/dense@0/best
expect 2 'cannot be measured: its probe does not measure the series' bisect --good r6 --bad r8 --model "$work/int8.tflite" \
	--series fake/int8/009_softmax/softmax/int8/dense@0/best

# What a gate measures again: both revisions that the records name, or the tree itself where it had changes.
record() { # record REVISION FOLDER
	git -C "$tree" checkout -q "$1"
	expect 0 'records:' "$assay" run mine --target fake --kernels best --out "$2"
}
record r6 "$work/old"
record r8 "$work/new"
git -C "$tree" checkout -q main
expect 0 'fp32/dense@0/best 4 pairs, 1.25' "$again" "$work/old/records.jsonl" "$work/new/records.jsonl"
expect 0 'int8/dense@0/best 4 pairs, 1.25' "$again" "$work/old/records.jsonl" "$work/new/records.jsonl"
git -C "$tree" checkout -q r6
printf 'set(factor 1.5)\n' >>"$tree/speed.cmake"
expect 0 'records:' "$assay" run mine --target fake --kernels best --out "$work/changed"
expect 0 'fp32/dense@0/best 4 pairs, 1.5' "$again" "$work/old/records.jsonl" "$work/changed/records.jsonl"
expect 0 'changes that are no commit' "$again" "$work/changed/records.jsonl" "$work/old/records.jsonl"
finish
