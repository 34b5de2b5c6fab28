#!/bin/bash
# assay gate: a night that is as the last one passes, what was planted is named, and policies are read to the letter.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

cat >"$work/mine.yaml" <<'YAML'
suite: mine
modes: [fp32, int8]
cases:
  - {name: first, op: gemm, m: 4, n: 4, k: 4}
YAML
"$assay" run "$work/mine.yaml" --targets "$work/targets.yaml" --target fake --out "$work/base" >/dev/null 2>&1
same 'records to judge' "$(test -s "$work/base/records.jsonl" && echo yes)" yes
gate() {
	"$assay" gate --base "$work/base" --new "$@"
}
expect 0 '0 regressed' gate "$work/base"
expect 0 '"regressed": 0' gate "$work/base" --format json

# Wrong is a regression, however fast; so is less accurate.
sed '1s/"outcome": *"pass"/"outcome": "fail"/' "$work/base/records.jsonl" >"$work/wrong.jsonl"
expect 1 'fail now' gate "$work/wrong.jsonl"
sed 's/"rel_rms": *0.01/"rel_rms": 0.0102/' "$work/base/records.jsonl" >"$work/worse.jsonl"
expect 1 'less accurate' gate "$work/worse.jsonl"
expect 1 'less accurate' "$assay" gate --baseline "$work/base" --new "$work/worse.jsonl"
cat >"$work/lenient.yaml" <<'YAML'
accuracy: 5 %
YAML
expect 0 '0 regressed' gate "$work/worse.jsonl" --policy "$work/lenient.yaml"

# What is gone matters only if it is required.
tail -n +2 "$work/base/records.jsonl" >"$work/fewer.jsonl"
expect 0 '1 gone' gate "$work/fewer.jsonl"
printf 'rules:\n  - {series: "fake/*", required: true}\n' >"$work/policy.yaml"
expect 1 'line 2 of the policy' gate "$work/fewer.jsonl" --policy "$work/policy.yaml"
printf 'rules:\n  - {series: "*", ignore: true}\n' >"$work/policy.yaml"
expect 0 '0 series' gate "$work/wrong.jsonl" --policy "$work/policy.yaml"

# Policies that are none.
policy() {
	printf '%b' "$1" >"$work/policy.yaml"
	expect 2 "$2" gate "$work/base" --policy "$work/policy.yaml"
}
policy 'rules:\n  - {series: "*"}\n  - {series: "*", requird: true}\n' "policy.yaml:3:*did you mean 'required'"
policy 'tmie: 3%\n' "did you mean 'time'"
policy 'time: three\n' 'time must be a number'
policy 'time: 3 percent\n' 'time must be a number'
policy 'time: -1 %\n' 'time must be a number'
policy 'alpha: 2\n' 'alpha must be a number'
policy 'rules:\n  - {time: 3%}\n' "no 'series'"
policy 'rules: {series: "*"}\n' 'rules must be a list'
policy 'rules:\n  - {series: "*", ignore: true, required: true}\n' 'keep one'
policy '' 'nothing in the file'
expect 2 'cannot be read' gate "$work/base" --policy "$work/nowhere.yaml"

# A history as the base, and none.
expect 2 'nowhere' "$assay" gate --db "$work/nowhere.db" --new "$work/base"
expect 2 'cannot be read' "$assay" gate --base "$work/nowhere" --new "$work/base"
expect 2 '--new' "$assay" gate --base "$work/base"
expect 2 '--base' "$assay" gate --new "$work/base"
expect 2 "did you mean 'json'" gate "$work/base" --format jsn
finish
