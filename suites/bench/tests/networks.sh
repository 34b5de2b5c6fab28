#!/usr/bin/env bash
# networks.sh PROBE LINES SEEDS CRASHING: `assay-probe bench` of whole networks on this machine: what is told of them, of files
# that are none, and (by CRASHING, a probe whose networks of batch 3 crash) of those that fault as they run.
set -euo pipefail
probe=$1 lines=$2 seeds=$3 crashing=$4
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

fail() {
	printf 'networks.sh: %s\n' "$*" >&2
	for file in plan out err outcomes; do [[ -f $work/$file ]] && printf -- '--- %s\n' "$file" >&2 && cat "$work/$file" >&2; done
	exit 1
}

# bench WANTED_STATUS: runs the plan on standard input; its outcomes are in $work/outcomes.
bench() {
	local wanted=$1 status=0
	cat >"$work/plan"
	"$probe" bench --no-peers <"$work/plan" >"$work/out" 2>"$work/err" || status=$?
	[[ $status -eq $wanted ]] || fail "exit status $status, not $wanted"
	"$lines" ns <"$work/out" >"$work/outcomes" || fail "a line is not as documented"
}
outcomes() {
	printf '%s\n' "$@" >"$work/expected"
	cmp -s "$work/expected" "$work/outcomes" || fail "other outcomes than expected"
}
# has TEXT: the output holds it.
has() { grep -qF -- "$1" "$work/out" || fail "the output lacks $1"; }

"$seeds" "$work"
head -c 300 "$work/int8.tflite" >"$work/cut.tflite"

series() { printf '{"key":"%s","file":"%s"%s}' "$1" "$work/$2.tflite" "${3:-}"; }
# model SERIES,…
model() { printf '{"type":"model","id":1,"rounds":3,"round_ns":20000,"name":"n","series":[%s]}\n' "$1"; }

# 222 multiply-accumulates are counted by hand (harness/tests/inspect.sh); three inputs take three times as many.
model "$(series a int8),$(series b int8 ',"kernel":"ref"'),$(series c int8 ',"batch":3')" | bench 0
outcomes 'pass a' 'pass b' 'pass c'
has '"macs":222,"weight_bytes":72,'
has '"batch":3'
has '"macs":666'
has 'conv_i8_ref'

# Threads: as many as are asked for, the same layers.
model "$(series a int8),$(series b int8 ',"threads":2')" | bench 0
outcomes 'pass a' 'pass b'
has '"threads":2'

# State that a network keeps, weights that are stored sparse: layers that constants decide are none.
model "$(series a variables),$(series b sparse)" | bench 0
outcomes 'pass a' 'pass b'

# What is no network is an error or unsupported, by the reader's word, and costs the others nothing.
model "$(series a cut),$(series b int8),$(series c nowhere),$(series d int8 ',"kernel":"misspelt*"')" | bench 1
outcomes 'error a' 'pass b' 'error c' 'unsupported d'
has 'cut.tflite: '
has 'nowhere.tflite: cannot be opened: No such file'
has "matches 'misspelt*'"

# A network that faults is an error, at whatever run, and those beside it are measured.
for at in 1 2 5 20; do
	model "$(series a int8),$(series b int8 ',"batch":3'),$(series c int8)" |
		probe=$crashing CRASH_AT=$at bench 1
	outcomes 'pass a' 'error b' 'pass c'
	has SIGSEGV
done

# Nothing measured is no success.
model "$(series a cut)" | bench 1
# A layer's job goes on as before beside a network's.
{
	model "$(series a int8)"
	printf '{"type":"job","id":2,"rounds":2,"round_ns":20000,"case":{"op":"gemm","m":5,"n":17,"k":9},"series":[{"key":"l","mode":"fp32"}]}\n'
} | bench 0
outcomes 'pass a' 'pass l'
echo "bench: networks of three kinds, damaged ones among them"
