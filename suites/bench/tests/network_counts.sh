#!/usr/bin/env bash
# network_counts.sh SOURCE_DIR ARCH COUNTER LINES SEEDS: the probe of build/ARCH counts whole networks and their layers under
# QEMU: the same in every run, to the instruction, and the layers make up the whole.
set -euo pipefail
RUNS=3
. "$(dirname "${BASH_SOURCE[0]}")/emulated.sh"
seeds=$5

fail() {
	printf 'network_counts.sh: %s\n' "$*" >&2
	for file in out1 counts1; do printf -- '--- %s\n' "$file" >&2 && cat "$work/$file" >&2; done
	exit 1
}

"$seeds" "$work"
series() { printf '{"key":"%s","file":"%s/%s.tflite","kernel":"%s"}' "$1" "$work" "$2" "$3"; }
printf '{"type":"model","id":1,"metric":"instructions","name":"n","series":[%s,%s,%s]}\n' \
	"$(series best int8 best)" "$(series ref int8 ref)" "$(series state variables best)" >"$work/plan"

for ((run = 1; run <= RUNS; run++)); do
	"qemu-$arch" -L "$prefix" -cpu "$cpu" -plugin "$counter,out=$work/counts$run" "$probe" bench --no-peers \
		<"$work/plan" >"$work/out$run"
	"$lines" instructions <"$work/out$run" >"$work/outcomes$run" || fail "a line is not as documented"
	sed 's/"pid":[0-9]*,//' "$work/counts$run" >"$work/without$run"
done
printf '%s\n' 'pass best' 'pass ref' 'pass state' >"$work/expected"
cmp -s "$work/expected" "$work/outcomes1" || fail "other outcomes than expected"
! grep -q '"complete":false\|"multithreaded":true' "$work/without1" || fail "a region has no count"
for ((run = 2; run <= RUNS; run++)); do
	cmp -s "$work/without1" "$work/without$run" || fail "run $run has other counts"
done

# Regions of the whole are labelled 1 and those of layers 2. Between a layer's end and the next one's beginning there is only
# the executor's loop: what the whole has beyond the sum of its layers, or they beyond it, is below 50 instructions a layer.
awk '
	function judge() {
		difference = whole > sum ? whole - sum : sum - whole
		if (layers == 0 || whole == 0 || difference > 50 * layers) {
			printf "whole %d, %d layers %d\n", whole, layers, sum
			bad = 1
		}
	}
	{
		match($0, /"instructions": *[0-9]+/)
		count = substr($0, RSTART, RLENGTH)
		sub(/.*[: ]/, "", count)
	}
	/"id": *1,/ { if (NR > 1) judge(); whole = count; sum = layers = 0; networks++ }
	/"id": *2,/ { sum += count; layers++ }
	END { judge(); exit bad || networks != 3 }
' "$work/without1" || fail "the layers do not make up the whole"
echo "3 networks counted $RUNS times, the same; their layers make up the whole"
