#!/usr/bin/env bash
# network_counts.sh SOURCE_DIR ARCH COUNTER LINES SEEDS: the probe of build/ARCH counts whole networks and their layers under
# QEMU: the same in every run, to the instruction, and the layers make up the whole.
set -euo pipefail
RUNS=3
source_dir=$1 arch=$2 counter=$3 lines=$4 seeds=$5
probe=$source_dir/build/$arch/suites/assay-probe

skip() {
	printf 'skipped: %s\n' "$*"
	exit 77
}
[[ -x $probe ]] || skip "build/$arch is not built (scripts/test builds all targets)"
command -v "qemu-$arch" >/dev/null || skip "qemu-$arch is missing (scripts/setup installs it)"
sysroot=$("$source_dir/toolchains/sysroot.sh" --print "$arch")
[[ -d $sysroot/usr ]] || skip "there is no sysroot of $arch (scripts/setup makes it)"

case $arch in
aarch64) cpu=max ;;
*) cpu=rv64,v=true,vext_spec=v1.0,vlen=256 ;;
esac
prefix=$("$source_dir/toolchains/qemu/prefix.sh" "$sysroot" "$arch" "$cpu")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

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
