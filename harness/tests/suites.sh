#!/bin/bash
# Suites: those shipped are read and expanded, and hostile files get one line with file, line and column, and status 2.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

# bad LINE:COLUMN TEXT, the file on standard input. The message must be that one line alone.
bad() {
	local file=$work/bad.yaml said got=0
	cat >"$file"
	said=$("$assay" run "$file" --targets "$work/targets.yaml" --target fake --out "$work/out" 2>&1) || got=$?
	if [[ $got -ne 2 || $said != "$file:$1: "*"$2"* || $said == *$'\n'* ]]; then
		printf 'FAIL: status %s (want 2), or not one line at %s with "%s":\n%s\n--- for\n' "$got" "$1" "$2" "$said"
		head -c 400 "$file"
		failures=$((failures + 1))
	fi
}

head_='suite: bad
cases:
'
bad 1:1 'nothing in the file' </dev/null
bad 1:1 'nothing in the file' <<<'# only a comment'
bad 1:1 'must be a map' <<<'[1, 2]'
bad 1:1 'must be a map' <<<'just text'
bad 1:1 "no 'suite'" <<<'cases: []'
bad 1:1 "no 'cases'" <<<'suite: bad'
bad 2:8 'list of 1 to' <<<$'suite: bad\ncases: []'
bad 1:8 'may hold letters' <<<$'suite: ../../etc\ncases: [{name: a, op: gemm, m: 1, n: 1, k: 1}]'
bad 2:1 "did you mean 'cases'" <<<$'suite: bad\ncasse: []'
bad 2:1 'here twice' <<<$'suite: bad\nsuite: bad'
bad 3:5 "no 'op'" <<<"$head_  - {name: a}"
bad 3:19 "did you mean 'gemm'" <<<"$head_  - {name: a, op: gem, m: 1, n: 1, k: 1}" 
bad 3:5 "no 'k'" <<<"$head_  - {name: a, op: gemm, m: 1, n: 1}"
bad 3:28 'from 1 to 1048576' <<<"$head_  - {name: a, op: gemm, m: 0, n: 1, k: 1}"
bad 3:28 'whole number' <<<"$head_  - {name: a, op: gemm, m: -3, n: 1, k: 1}"
bad 3:28 'whole number' <<<"$head_  - {name: a, op: gemm, m: 1.5, n: 1, k: 1}"
bad 3:28 'whole number' <<<"$head_  - {name: a, op: gemm, m: 0x10, n: 1, k: 1}"
bad 3:28 'whole number' <<<"$head_  - {name: a, op: gemm, m: '8', n: 1, k: 1}"
bad 3:28 'from 1 to' <<<"$head_  - {name: a, op: gemm, m: 99999999999999999999999999, n: 1, k: 1}"
bad 3:28 'must be a plain value' <<<"$head_  - {name: a, op: gemm, m: [1], n: 1, k: 1}"
bad 3:5 'larger than 2 GiB' <<<"$head_  - {name: a, op: gemm, m: 1000000, n: 1000000, k: 1}"
bad 3:5 'more than 2^40' <<<"$head_  - {name: a, op: gemm, m: 20000, n: 20000, k: 20000}"
bad 3:25 'unknown key' <<<"$head_  - {name: a, op: gemm, in: [1, 1, 1], m: 1, n: 1, k: 1}"
bad 3:29 '[height, width, channels]' <<<"$head_  - {name: a, op: conv, in: [8, 8], out: 4, kernel: 3}"
bad 3:5 'does not fit' <<<"$head_  - {name: a, op: conv, in: [2, 2, 1], out: 4, kernel: 3, padding: valid}"
bad 3:68 'padding' <<<"$head_  - {name: a, op: conv, in: [8, 8, 1], out: 4, kernel: 3, padding: sane}"
bad 3:50 '[height, width]' <<<"$head_  - {name: a, op: dwconv, in: [8, 8, 1], kernel: [1, 2, 3]}"
bad 4:5 'two cases are named' <<<"$head_  - {name: a, op: gemm, m: 1, n: 1, k: 1}
  - {name: a, op: gemm, m: 2, n: 1, k: 1}"
bad 3:5 "no 'sparsities'" <<<"$head_  - {name: a, op: spmm, m: 1, n: 1, k: 1}"
bad 3:56 'from 0 to 0.99' <<<"$head_  - {name: a, op: spmm, m: 1, n: 1, k: 1, sparsities: [1.5]}"
bad 3:56 'from 0 to 0.99' <<<"$head_  - {name: a, op: spmm, m: 1, n: 1, k: 1, sparsities: [nan]}"
bad 3:61 'must ascend' <<<"$head_  - {name: a, op: spmm, m: 1, n: 1, k: 1, sparsities: [0.5, 0.5]}"
bad 2:8 "did you mean 'int8'" <<<$'suite: bad\nmodes: int9\ncases: []'
bad 2:15 'twice' <<<$'suite: bad\nmodes: [int8, int8]\ncases: []'
bad 2:8 'empty list' <<<$'suite: bad\nmodes: []\ncases: []'
bad 2:8 'anchors' <<<$'suite: bad\ncases: &a [*a]'
bad 1:8 'aliases' <<<'suite: *nobody'
bad 1:8 'tags' <<<'suite: !!python/object bad'
bad 2:1 'second document' <<<$'suite: bad\n--- {}'
bad 2:1 'not YAML' <<<$'suite: bad\n\tcases: []'
bad 1:1 'not YAML' <<<$'\tsuite: bad'
bad 3:1 'not YAML' <<<$'suite: [1, 2\n'
printf 'suite: bad\ncases: \xff\xfe\n' | bad 2:8 'not text'
printf 'suite: "a\\0b"\ncases: []\n' | bad 1:8 'zero byte'
head -c 4096 /dev/urandom | tr -d '\n' | (printf '\x7fELF\x01'; cat) | bad 1:1 'not text'
printf 'suite: bad\ncases: %s%s\n' "$(printf '[%.0s' {1..5000})" "$(printf ']%.0s' {1..5000})" | bad 2:23 'nested deeper'

# Included suites and goals.
cat >"$work/plain.yaml" <<<$'suite: plain\nmodes: [fp32]\nkernels: [best]\ncases: [{name: a, op: gemm, m: 1, n: 1, k: 1}]'
cat >"$work/nested.yaml" <<<$'suite: nested\ninclude: [./plain.yaml]'
bad 2:10 'list of 1 to' <<<$'suite: bad\ninclude: []'
bad 2:12 "no 'suite'" <<<$'suite: bad\ninclude: [ {} ]'
bad 2:12 'no case of the suite plain' <<<$'suite: bad\ninclude: [ {suite: ./plain.yaml, cases: b*} ]'
bad 2:12 'no case of the suite plain' <<<$'suite: bad\ninclude: [ {suite: ./plain.yaml, modes: int8} ]'
bad 2:27 "unknown key" <<<$'suite: bad\ninclude: [ {suite: plain, goals: []} ]'
bad 2:26 'two cases are named' <<<$'suite: bad\ninclude: [ ./plain.yaml, ./plain.yaml]'
goals_='suite: bad
include: [./plain.yaml]
goals:
'
bad 3:8 'list of 1 to' <<<$'suite: bad\ninclude: [./plain.yaml]\ngoals: []'
bad 4:5 "no 'goal'" <<<"$goals_  - {against: peers, mean: 1}"
bad 4:5 "no 'against'" <<<"$goals_  - {goal: g, mean: 1}"
bad 4:5 'asks for nothing' <<<"$goals_  - {goal: g, against: peers}"
bad 4:24 "did you mean 'peers'" <<<"$goals_  - {goal: g, against: pers, mean: 1}"
bad 4:37 'from 0 to 1000' <<<"$goals_  - {goal: g, against: peers, mean: fast}"
bad 4:37 'from 0 to 1000' <<<"$goals_  - {goal: g, against: peers, mean: -1}"
bad 4:42 'from 0 to 1,' <<<"$goals_  - {goal: g, against: peers, breakeven: 75}"
bad 4:44 "did you mean 'int8'" <<<"$goals_  - {goal: g, against: dense, mean: 1, of: int9}"
bad 4:44 'goes with peers and dense' <<<"$goals_  - {goal: g, against: bound, mean: 1, of: int8}"
bad 4:46 "did you mean 'gemm'" <<<"$goals_  - {goal: g, against: peers, mean: 1, ops: [gem]}"
bad 4:24 "'pairs' tells" <<<"$goals_  - {goal: g, against: case, mean: 1}"
bad 4:24 "'pairs' tells" <<<"$goals_  - {goal: g, against: bound, mean: 1, pairs: {a: b}}"
bad 4:46 'must be a map' <<<"$goals_  - {goal: g, against: case, mean: 1, pairs: [a]}"
bad 4:47 "more than one '*'" <<<"$goals_  - {goal: g, against: case, mean: 1, pairs: {'*a*': b}}"
bad 4:50 'stands for nothing' <<<"$goals_  - {goal: g, against: case, mean: 1, pairs: {a: '*'}}"
bad 4:24 "'published' lists" <<<"$goals_  - {goal: g, against: published, mean: 1}"
bad 4:89 'from 0 to 1000' <<<"$goals_  - {goal: g, against: published, mean: 1, published: [{cases: a, sparsity: 0.5, share: x}]}" 
bad 5:5 'two goals are named' <<<"$goals_  - {goal: g, against: peers, mean: 1}
  - {goal: g, against: peers, mean: 2}"

# A goal that is met, one that is missed, and the exit status.
cat >"$work/goals.yaml" <<'YAML'
suite: goals
kernels: [best, peers]
include: [{suite: ./plain.yaml}]
cases: [{name: own, op: gemm, m: 2, n: 2, k: 2, modes: [fp32, int8]}]
goals:
  - {goal: even, modes: fp32, cases: own, against: peers, mean: 1}
  - {goal: twice, modes: int8, against: dense, of: fp32, least: 5}
YAML
goal_run() {
	"$assay" run "$work/goals.yaml" --targets "$work/targets.yaml" --target fake --out "$work/goals" "$@"
}
expect 0 'twice, cases that fall short' goal_run
expect 1 'twice, cases that fall short' goal_run --require-goals
same 'included cases are named after their suite' "$(grep -c '"case": *"plain.a"' "$work/goals/records.jsonl")" 2
expect 0 'going on' "$assay" run --resume "$work/goals"
echo '# changed' >>"$work/plain.yaml"
expect 2 'changed since' "$assay" run --resume "$work/goals"
expect 0 'even' "$assay" report "$work/goals" --goals "$work/goals.yaml" --all
expect 1 '"missed"' "$assay" report "$work/goals" --goals "$work/goals.yaml" --require-goals --format json
expect 0 '| NO |' "$assay" report "$work/goals" --goals "$work/goals.yaml" --format markdown
expect 2 'declares no goals' "$assay" report "$work/goals" --goals square
expect 2 'table, markdown or json' "$assay" report "$work/goals" --goals peers --format csv
expect 2 'goes with --goals' "$assay" report "$work/goals" --all
expect 2 'may not include more' "$assay" run <(printf 'suite: bad\ninclude: [%s]\n' "$work/nested.yaml") --targets "$work/targets.yaml" --target fake

# A suite's structures and sparsities are for sparse cases alone.
printf 'suite: mixed\nkernels: [best]\nsparsities: [0.5]\ncases: [{name: c, op: quantize, conversion: f32i8, rows: 1, columns: 1}]\n' \
	>"$work/mixed.yaml"
expect 0 'records:' "$assay" run "$work/mixed.yaml" --targets "$work/targets.yaml" --target fake --out "$work/mixed"
same 'a conversion is dense' "$(grep -c '"op": *"quantize"' "$work/mixed/records.jsonl")" 1

# A bad file in any other way.
expect 2 'No such file' "$assay" run "$work/none.yaml"
expect 2 'a folder without a name' "$assay" run quick --targets "$work/targets.yaml" --target fake --out ''
expect 2 'Is a directory' "$assay" run "$work/"
(printf 'suite: x\n'; head -c 5000000 /dev/zero | tr '\0' '#') >"$work/large.yaml"
expect 2 'larger than 4 MiB' "$assay" run "$work/large.yaml"
same 'nothing was written for a bad suite' "$(ls "$work/out" 2>&1 | head -c 10)" "ls: cannot"

# Those shipped: read, expanded to jobs and measured by the fake probe.
suites=$("$assay" list suites | tail -n +2 | cut -d' ' -f1)
same 'the shipped suites' "${suites//$'\n'/ }" 'bert_tiny breakeven edges gates mlperf_tiny mobilenet_v1 mobilenet_v2 peers quick sparsity square threads'
for suite in $suites; do
	expect 0 'records:' "$assay" run "$suite" --targets "$work/targets.yaml" --target fake --out "$work/$suite" -p 1
	cases=$("$assay" list suites --json | sed -n "/\"name\": \"$suite\"/,/}/s/.*\"cases\": \([0-9]*\).*/\1/p")
	same "cases of $suite that have records" \
		"$(grep -o '"case": *"[^"]*"' "$work/$suite/records.jsonl" | sort -u | wc -l)" "$cases"
done
finish
