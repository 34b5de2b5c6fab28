#!/bin/bash
# counts.sh PLUGIN ARCH: the plugin counts exactly, the same each time, whatever the environment is.
set -euo pipefail

plugin=$1
arch=$2
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
failures=0

say() { printf 'counts.sh: %s\n' "$*" >&2; }

case $arch in
aarch64)
	march=armv8-a+fp16
	cpu=max
	;;
riscv64)
	march=rv64gcv
	cpu=rv64,v=true,vext_spec=v1.0,vlen=128
	;;
*)
	say "unknown architecture '$arch': use aarch64 or riscv64"
	exit 2
	;;
esac
for tool in clang-19 "qemu-$arch"; do
	if ! command -v "$tool" >/dev/null; then
		say "$tool is missing: run scripts/setup"
		exit 77 # CTest: skipped
	fi
done

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
clang-19 --target="$arch-linux-gnu" -march=$march -fuse-ld=lld -nostdlib -static -ffreestanding -O2 -Wall -Wextra \
	-Werror -o "$work/regions" "$here/regions.c"

# run FILE OPTIONS: the lines of one run, without the process number, which no two runs share.
run() {
	local file=$work/$1
	rm -f "$file"
	"qemu-$arch" -cpu "$cpu" -plugin "$plugin,out=$file$2" "$work/regions"
	sed -e 's/"pid":[0-9]*,//' "$file"
}

expect() {
	local what=$1 wanted=$2 got=$3
	if [[ $got != "$wanted" ]]; then
		say "$arch: $what: expected, then got:"
		printf '%s\n---\n%s\n' "$wanted" "$got" >&2
		failures=$((failures + 1))
	fi
}

counts() { # of instructions, vector, loads of them, stores of them, vset, scalar floating point
	printf '"multithreaded":false,"instructions":%d,"vector":%d,"vector_loads":%d,"vector_stores":%d,' "${@:1:4}"
	printf '"vector_config":%d,"scalar_fp":%d' "${@:5}"
}

bytes() { # loads, stores, bytes of both, are they complete
	printf ',"loads":%d,"stores":%d,"load_bytes":%d,"store_bytes":%d,"memory_complete":%s' "$@"
}

lmul() { # m1 m2 m4 m8 unknown mf8 mf4 mf2, weighted
	[[ $arch == riscv64 ]] || return 0
	printf ',"vector_by_lmul":{"m1":%d,"m2":%d,"m4":%d,"m8":%d,"unknown":%d,"mf8":%d,"mf4":%d,"mf2":%d}' "${@:1:8}"
	[[ -z ${9:-} ]] || printf ',"vector_lmul_weighted":%d' "$9"
}

# The lines that regions.c must give, with all that was asked for.
wanted() {
	local mem=$1 forms loop long none
	local m0=bytes l0=lmul
	[[ $mem == mem ]] || m0=: l0=:
	if [[ $arch == aarch64 ]]; then
		loop="$(counts 7001 3000 1000 1000 0 2000)$($m0 3000 2000 24000 16000 true)"
		# QEMU 7.2 shows the parts of wide accesses one by one, so the bytes are right and the accesses are not.
		forms="$(counts 21 10 6 2 0 7)$($m0 27 10 180 59 true)"
		long="$(counts 4 4 1 1 0 0)$($m0 0 0 0 0 false)"
	else
		loop="$(counts 8001 3000 1000 1000 1000 2000)$($m0 17000 16000 72000 64000 true)$($l0 0 0 3000 0 0 0 0 0 12000)"
		forms="$(counts 19 9 0 0 6 2)$($m0 3 1 16 8 true)$($l0 2 3 0 1 0 1 1 1 19)"
		long="$(counts 4 1 0 0 1 0)$($m0 0 0 0 0 true)$($l0 0 0 0 0 1 0 0 0)"
	fi
	none="$(counts 0 0 0 0 0 0)$($m0 0 0 0 0 true)$($l0 0 0 0 0 0 0 0 0 0)"
	local a="\"arch\":\"$arch\",\"complete\""
	printf '{"region":%d,"id":%d,%s:true,%s}\n' 0 1 "$a" "$loop" 1 1 "$a" "$loop" 2 0 "$a" "$none"
	printf '{"region":%d,"id":%d,%s:false}\n' 3 15 "$a"
	printf '{"region":%d,"id":%d,%s:true,%s}\n' 4 2 "$a" "$forms"
	printf '{"region":%d,"id":%d,%s:false}\n' 5 4 "$a"
	printf '{"region":%d,"id":%d,%s:true,%s}\n' 6 6 "$a" "$long"
	printf '{"region":%d,"id":%d,%s:false}\n' 7 7 "$a"
}

plain=$(wanted plain)
full=$(wanted mem)
expect "plain counts" "$plain" "$(run plain '')"
for n in 1 2 3 4 5 6 7 8 9 10; do
	expect "run $n with everything" "$full" "$(run full ,mem=on,lmul=on)"
done
expect "an empty environment" "$plain" "$(env -i PATH="$PATH" "qemu-$arch" -cpu "$cpu" -plugin \
	"$plugin,out=$work/empty" "$work/regions" && sed -e 's/"pid":[0-9]*,//' "$work/empty")"
large=$(printf '%60000s' x)
expect "a large environment" "$plain" "$(ASSAY_TEST_LARGE=$large run large '')"

# Lines are appended: a second process must not lose the first one's.
"qemu-$arch" -cpu "$cpu" -plugin "$plugin,out=$work/large" "$work/regions"
expect "two processes, one file" 16 "$(wc -l <"$work/large")"

# The blocks of a region add up to its instructions.
sums=$(run blocks ,blocks=on | awk '
	!/"complete":true/ { next }
	{
		match($0, /"instructions":[0-9]+/)
		total = substr($0, RSTART + 15, RLENGTH - 15)
		sum = 0
		n = split($0, part, /\{"address":/)
		for (i = 2; i <= n; i++) {
			match(part[i], /"instructions":[0-9]+/)
			size = substr(part[i], RSTART + 15, RLENGTH - 15)
			match(part[i], /"count":[0-9]+/)
			count = substr(part[i], RSTART + 8, RLENGTH - 8)
			sum += size * count
		}
		print (sum == total ? "equal" : "sum " sum " but total " total)
	}' | sort | uniq -c | tr -s ' ')
expect "blocks add up" " 5 equal" "$sums"

# A full disk and bad arguments are said in one line.
if [[ -w /dev/full ]]; then
	said=$("qemu-$arch" -cpu "$cpu" -plugin "$plugin,out=/dev/full" "$work/regions" 2>&1 >/dev/null)
	expect "a full disk" "assay_count: cannot write region 0 to '/dev/full': No space left on device" "$said"
fi
for bad in "" ",out=$work/no/such/folder" ",out=$work/x,mem=maybe" ",out=$work/x,other=on"; do
	said=$("qemu-$arch" -plugin "$plugin$bad" "$work/regions" 2>&1) && said="accepted"
	expect "bad arguments '$bad'" "assay_count" "${said%%:*}"
done

# Needs a C library, so only where the sysroot has been made.
sysroot_variable=ASSAY_SYSROOT_$arch
sysroot=${!sysroot_variable:-$("$here/../../sysroot.sh" --print "$arch")}
if [[ -d $sysroot/usr/include ]]; then
	clang-19 --target="$arch-linux-gnu" --sysroot="$sysroot" -march=$march -fuse-ld=lld -O2 -Wall -Wextra -Werror \
		-pthread -o "$work/threads" "$here/threads.c"
	"qemu-$arch" -cpu "$cpu" -L "$sysroot" -plugin "$plugin,out=$work/lines" "$work/threads"
	expect "threads" $'false\ntrue\nfalse' "$(sed -e 's/.*"multithreaded":\([a-z]*\).*/\1/' "$work/lines")"
else
	say "no sysroot for $arch in $sysroot: threads are not tested (scripts/setup makes it)"
fi

if [[ $failures -gt 0 ]]; then
	say "$arch: $failures failures"
	exit 1
fi
