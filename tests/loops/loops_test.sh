#!/bin/bash
# loops.sh catches a kernel whose hot loop was spoilt, and lets one pass that was not.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
failures=0

if ! command -v clang-19 >/dev/null || ! command -v llvm-objdump-19 >/dev/null; then
	echo "loops_test.sh: clang-19 or llvm-objdump-19 is missing: run scripts/setup" >&2
	exit 77 # CTest: skipped
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# make_kernel NAME ASSEMBLY: its object, and a line of the list
make_kernel() {
	local object=$work/kernel_$1.dir/$1.c.o
	mkdir -p "${object%/*}"
	printf 'f:\n%b\n' "$2" | clang-19 --target=x86_64-linux-gnu -c -x assembler -o "$object" -
	grep -qsF "$object" "$work/list" || printf 'avx512 %s\n' "$object" >>"$work/list"
}

# expect STATUS TEXT OPTION…: what loops.sh says of the list
expect() {
	local wanted=$1 text=$2 status=0
	shift 2
	"$here/loops.sh" --bounds "$work/bounds" "$@" "$work/list" >"$work/said" 2>&1 || status=$?
	if [[ $status -ne $wanted ]] || ! grep -q -e "$text" "$work/said"; then
		printf 'loops_test.sh: exit status %d instead of %d, or not a word of "%s"; it said:\n' "$status" "$wanted" "$text" >&2
		cat "$work/said" >&2
		failures=$((failures + 1))
	fi
}

add='vfmadd231ps (%rsi), %zmm0, %zmm1\n vfmadd231ps 64(%rsi), %zmm0, %zmm2\n'
next='addq $128, %rsi\n cmpq %rdi, %rsi\n'
dot='vpdpbusd %zmm3, %zmm4, %zmm5\n vpdpbusd %zmm3, %zmm6, %zmm7\n vpdpbusd %zmm3, %zmm8, %zmm9\n'
good="1: $add $next jne 1b\n ret"
make_kernel gemm_f32_avx512_2x32 "$good"
make_kernel gemm_i8_avx512vnni_3x16 "2: $add $next 1: $dot $next jne 1b\n cmpq %rax, %rsi\n jne 2b\n ret"
make_kernel gemm_f32_ref 'ret' # a baseline: not looked at

expect 2 'make it with --update'
expect 0 '2 loops written' --update
expect 0 '2 loops'
expect 0 'gemm_f32_avx512_2x32 *5 *32 0.1562' --print
expect 0 'gemm_i8_avx512vnni_3x16 *6 *192 0.0312' --print # the inner loop, not the outer

# A sum that is spilt.
make_kernel gemm_f32_avx512_2x32 "1: $add vmovups %zmm1, (%rsp)\n vmovups (%rsp), %zmm1\n $next jne 1b\n ret"
expect 1 'gemm_f32_avx512_2x32: 7 instructions for 32 multiply-accumulates'
# One that is spoilt so far that a loop of fewer rows looks better.
make_kernel gemm_f32_avx512_2x32 "1: $add $(printf 'vpextrq $1, %%xmm2, %%rax\\n %.0s' {1..20}) $next jne 1b
	1: vfmadd231ps (%rsi), %zmm0, %zmm1\n $next jne 1b\n ret"
expect 1 'hot loop has 16 multiply-accumulates, and had 32'
# A loop that is unrolled has as many instructions or fewer for each: no complaint.
make_kernel gemm_f32_avx512_2x32 "1: $add $add $next jne 1b\n ret"
expect 0 '2 loops'
# No loop at all; a kernel without a line; a line without a kernel.
make_kernel gemm_f32_avx512_2x32 'ret'
expect 1 'no loop with a multiply-accumulate'
make_kernel gemm_f32_avx512_2x32 "$good"
make_kernel spmm_f32_csr_avx512_16x1 "$good"
expect 1 'spmm_f32_csr_avx512_16x1 is not in the table'
sed -i '/spmm/d; /gemm_f32_avx512/d' "$work/list"
expect 1 'gemm_f32_avx512_2x32 is in the table, but not among the objects'
: >"$work/list"
expect 2 'lists no kernel'

[[ $failures -eq 0 ]] || exit 1
echo "loops.sh says what it should"
