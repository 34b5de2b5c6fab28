#!/usr/bin/env bash
# counts.sh SOURCE_DIR ARCH COUNTER LINES: the probe of build/ARCH, counted RUNS times under QEMU, gives the same counts to
# the instruction for every kernel of ours. Peers are counted, too, but what they do besides is theirs: OpenBLAS on AArch64
# wavers between two counts, 29 instructions of 8,150 apart.
set -euo pipefail
RUNS=10 OURS=3
. "$(dirname "${BASH_SOURCE[0]}")/emulated.sh"

peer() { printf ',{"key":"%s/%s","mode":"%s","origin":"%s"}' "$1" "$2" "$1" "$2"; }
{
	printf '{"type":"job","id":1,"metric":"instructions","case":{"op":"gemm","m":17,"n":33,"k":40},"series":['
	printf '{"key":"fp32","mode":"fp32"},{"key":"int8","mode":"int8"},{"key":"ref","mode":"fp32","kernel":"ref"}'
	peer fp32 openblas
	peer int8 xnnpack
	peer fp32 onednn
	printf ']}\n'
} >"$work/plan"

for ((run = 1; run <= RUNS; run++)); do
	"qemu-$arch" -L "$prefix" -cpu "$cpu" -E "LD_LIBRARY_PATH=/usr/lib/$arch-linux-gnu/openblas-pthread" \
		-plugin "$counter,out=$work/counts$run" "$probe" bench <"$work/plan" >"$work/out$run"
	"$lines" instructions <"$work/out$run" >"$work/outcomes$run"
	sed 's/"pid":[0-9]*,//' "$work/counts$run" >"$work/without$run"
done
grep -q '^pass fp32$' "$work/outcomes1" || { cat "$work/out1" >&2 && exit 1; }
passed=$(grep -c '^pass' "$work/outcomes1")
[[ $(wc -l <"$work/without1") -eq $passed ]] || { echo "there are not as many counts as counted series" >&2 && exit 1; }
! grep -q '"complete":false\|"multithreaded":true' "$work/without1" || { cat "$work/without1" >&2 && exit 1; }
for ((run = 2; run <= RUNS; run++)); do
	diff <(head -n "$OURS" "$work/without1") <(head -n "$OURS" "$work/without$run")
done
echo "$OURS series of ours counted $RUNS times, the same; $((passed - OURS)) of peers counted"
