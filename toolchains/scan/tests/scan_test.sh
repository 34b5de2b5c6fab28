#!/bin/bash
# The scan catches a foreign instruction of every kind, and lets clean objects pass.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
scan=$here/../scan.sh
failures=0
checks=0

if ! command -v clang-19 >/dev/null || ! command -v llvm-objdump-19 >/dev/null; then
	echo "scan_test.sh: clang-19 or llvm-objdump-19 is missing: run scripts/setup" >&2
	exit 77 # CTest: skipped
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# expect STATUS WHAT ISA OBJECT…
expect() {
	local wanted=$1 what=$2 status=0
	shift 2
	"$scan" "$@" >"$work/said" 2>&1 || status=$?
	checks=$((checks + 1))
	if [[ $status -ne $wanted ]]; then
		printf 'scan_test.sh: %s: scan.sh %s: exit status %d instead of %d; it said:\n' "$what" "$1" "$status" "$wanted" >&2
		cat "$work/said" >&2
		failures=$((failures + 1))
	fi
}

flags_of() { # all that the assembler knows, for the architecture
	case $1 in
	x86_64) echo --target=x86_64-linux-gnu ;;
	aarch64) echo --target=aarch64-linux-gnu -march=armv9.4-a+sve2+i8mm+bf16+fp16+dotprod+crypto+sme2+fp16fml ;;
	riscv64) echo --target=riscv64-linux-gnu -march=rv64gcv_zfh_zvfh_zba_zbb_zbs_zicond_zvbb_zvfbfwma_zfa ;;
	esac
}

declare -A made=()
objects=()
assemble() { # ARCH INSTRUCTIONS…: an object for each, into the array objects
	local arch=$1 flags text key
	shift
	read -ra flags <<<"$(flags_of "$arch")"
	objects=()
	for text in "$@"; do
		key="$arch $text"
		if [[ -z ${made[$key]:-} ]]; then
			made[$key]=$work/${#made[@]}.o
			printf '%b\n' "f:\n$text" | clang-19 "${flags[@]}" -c -x assembler -o "${made[$key]}" -
		fi
		objects+=("${made[$key]}")
	done
}

# caught ISA ARCH INSTRUCTION…: each alone is foreign to the ISA. passes: each alone is not.
# One call of the scan sees all; it names each object in which it found something.
caught() {
	local isa=$1 arch=$2 i
	shift 2
	assemble "$arch" "$@"
	expect 1 "foreign instructions" "$isa" "${objects[@]}"
	for ((i = 0; i < $#; i++)); do
		checks=$((checks + 1))
		if ! grep -qF "${objects[i]}: " "$work/said"; then
			printf "scan_test.sh: '%s' is foreign to %s, and was not caught\n" "${*:i+1:1}" "$isa" >&2
			failures=$((failures + 1))
		fi
	done
}
passes() {
	local isa=$1 arch=$2
	shift 2
	checks=$((checks + $# - 1))
	assemble "$arch" "$@"
	expect 0 "instructions that belong to it" "$isa" "${objects[@]}"
}

# shellcheck disable=SC2016  # the $ is the assembler's
above_sse2=('haddps %xmm0, %xmm1' 'pshufb %xmm0, %xmm1' 'pmulld %xmm0, %xmm1' 'crc32q %rax, %rbx' 'popcntl %eax, %eax'
	'lzcntl %eax, %eax' 'roundps $0, %xmm0, %xmm1' 'vaddps %xmm0, %xmm1, %xmm2' 'vaddps %ymm0, %ymm1, %ymm2'
	'andn %eax, %ebx, %ecx' 'movbe (%rax), %ecx' 'vzeroupper' 'vfmadd231ps %xmm0, %xmm1, %xmm2')
# shellcheck disable=SC2016
above_avx2=('vaddps %zmm0, %zmm1, %zmm2' 'vaddps %ymm16, %ymm1, %ymm2' 'vpternlogd $1, %xmm0, %xmm1, %xmm2'
	'kmovw %eax, %k1' 'kortestw %k0, %k1' 'vmovdqu8 (%rax), %ymm1' 'vpmullq %ymm0, %ymm1, %ymm2'
	'vaddps (%rax){1to8}, %ymm1, %ymm2' 'vpermi2d %ymm0, %ymm1, %ymm2' 'vcvtps2udq %xmm0, %xmm1'
	'{vex} vpdpbusd %xmm0, %xmm1, %xmm2' 'vfmaddps %xmm0, %xmm1, %xmm2, %xmm3' 'aesenc %xmm0, %xmm1'
	'vpclmulqdq $0, %ymm0, %ymm1, %ymm2')
above_avx512=('vpdpbusd %zmm0, %zmm1, %zmm2' 'vpdpwssds %ymm0, %ymm1, %ymm2 {%k1}')
# shellcheck disable=SC2016
above_vnni=('vdpbf16ps %zmm0, %zmm1, %zmm2' 'vaddph %zmm0, %zmm1, %zmm2' 'vfmadd231ph %zmm0, %zmm1, %zmm2'
	'vcmpeqph %zmm0, %zmm1, %k1' 'vpermb %zmm0, %zmm1, %zmm2' 'vpcompressb %zmm0, %zmm1' 'vpopcntd %zmm0, %zmm1'
	'vpopcntb %zmm0, %zmm1' 'vpmadd52luq %zmm0, %zmm1, %zmm2' 'vpshldd $1, %zmm0, %zmm1, %zmm2'
	'vgf2p8mulb %zmm0, %zmm1, %zmm2' 'vaesenc %zmm0, %zmm1, %zmm2' 'tdpbssd %tmm0, %tmm1, %tmm2' 'tilezero %tmm0'
	'vp2intersectd %zmm0, %zmm1, %k0')
caught sse2 x86_64 "${above_sse2[@]}" "${above_avx2[@]}" "${above_avx512[@]}" "${above_vnni[@]}"
caught avx2 x86_64 "${above_avx2[@]}" "${above_avx512[@]}" "${above_vnni[@]}"
caught avx512 x86_64 "${above_avx512[@]}" "${above_vnni[@]}"
caught avx512vnni x86_64 "${above_vnni[@]}"
# bsf with a rep prefix, which compilers write for any CPU, is the encoding of tzcnt.
passes sse2 x86_64 'addps %xmm0, %xmm1' 'pmaddwd %xmm0, %xmm1' 'rep bsfl %eax, %eax' 'rep movsb' 'cpuid' 'xgetbv' \
	'cvttps2dq %xmm0, %xmm1' 'lock xaddl %eax, (%rbx)' 'endbr64' 'nopw %cs:(%rax,%rax)'
# shellcheck disable=SC2016
passes avx2 x86_64 "${above_sse2[@]}" 'vcvtph2ps %xmm0, %ymm1' 'vcvtps2ph $0, %ymm0, %xmm1' 'vpmaddubsw %ymm0, %ymm1, %ymm2' \
	'vpgatherdd %ymm0, (%rax,%ymm1), %ymm2' 'pdep %rax, %rbx, %rcx' 'vpsllvd %ymm0, %ymm1, %ymm2'
# shellcheck disable=SC2016
passes avx512 x86_64 "${above_avx2[@]:0:10}" 'vcvtps2ph $0, %zmm0, %ymm1' 'vcvtph2ps %ymm0, %zmm1' 'vfmadd231ps %zmm0, %zmm1, %zmm2' \
	'vfmadd231ps %ymm0, %ymm1, %ymm2' 'vplzcntd %zmm0, %zmm1' 'vpmovdb %zmm0, %xmm1' 'vpconflictd %zmm0, %zmm1'
passes avx512vnni x86_64 "${above_avx512[@]}" 'vpmaddubsw %zmm0, %zmm1, %zmm2'

half=('fmla v0.8h, v1.8h, v2.8h' 'fadd h0, h1, h2' 'scvtf v0.8h, v1.8h')
dotprod=('sdot v0.4s, v1.16b, v2.16b' 'udot v0.2s, v1.8b, v2.4b[1]')
i8mm=('smmla v0.4s, v1.16b, v2.16b' 'usdot v0.4s, v1.16b, v2.16b')
sve=('ptrue p0.s' 'ld1w {z0.s}, p0/z, [x0]' 'whilelt p0.s, x0, x1' 'rdvl x0, #1' 'fmla z0.s, p0/m, z1.s, z2.s')
arm_other=('bfdot v0.4s, v1.8h, v2.8h' 'fmlal v0.4s, v1.4h, v2.4h' 'ldadd x0, x1, [x2]' 'crc32b w0, w1, w2'
	'aese v0.16b, v1.16b' 'sqrdmlah v0.4s, v1.4s, v2.4s' 'fcmla v0.4s, v1.4s, v2.4s, #0' 'ldapr x0, [x1]'
	'fjcvtzs w0, d0' 'smstart' 'fmopa za0.s, p0/m, p0/m, z0.s, z1.s' 'sqdmulh z0.s, z1.s, z2.s')
caught neon aarch64 "${half[@]}" "${dotprod[@]}" "${i8mm[@]}" "${sve[@]}" "${arm_other[@]}"
caught neonfp16 aarch64 "${dotprod[@]}" "${i8mm[@]}" "${sve[@]}" "${arm_other[@]}"
caught neondot aarch64 "${half[@]}" "${i8mm[@]}" "${sve[@]}" "${arm_other[@]}"
caught neoni8mm aarch64 "${sve[@]}" "${arm_other[@]}"
caught sve aarch64 "${dotprod[@]}" "${i8mm[@]}" "${arm_other[@]}"
passes neon aarch64 'fmla v0.4s, v1.4s, v2.4s' 'fcvtl v0.4s, v1.4h' 'sqrdmulh v0.4s, v1.4s, v2.4s' 'hint #96' 'paciasp' \
	'fcvt h0, s0' 'ret\n.word 0x4e829420\n.word 0xffffffff' 'ldr q0, 1f\nret\n.balign 16\n1: .quad 0x4e829420, -1'
passes neonfp16 aarch64 "${half[@]}"
passes neondot aarch64 "${dotprod[@]}"
passes neoni8mm aarch64 "${half[@]}" "${dotprod[@]}" "${i8mm[@]}"
passes sve aarch64 "${sve[@]}"

v=('vsetvli t0, x0, e32, m1, ta, ma' 'vadd.vv v0, v1, v2' 'vle8.v v0, (a0)' 'vl1r.v v0, (a0)' 'vwmacc.vv v0, v4, v8'
	'csrr a0, vlenb' 'vfwcvt.f.x.v v0, v4')
zvfh=('vsetvli t0, x0, e16, m1, ta, ma\nvfadd.vv v0, v1, v2' 'vsetivli t0, 4, e16, m1, ta, ma\nvfwmacc.vv v0, v4, v8'
	'vsetvli t0, x0, e16, m1, ta, ma\nvfncvt.f.f.w v0, v4' 'fadd.h fa0, fa0, fa0' 'flh fa0, (a0)'
	'vsetvli t0, x0, e8, m1, ta, ma\nvfwcvt.f.x.v v0, v4')
riscv_other=('sh1add a0, a1, a2' 'andn a0, a1, a2' 'bset a0, a1, a2' 'czero.eqz a0, a1, a2' 'vandn.vv v0, v1, v2'
	'vfwmaccbf16.vv v0, v4, v8' 'fli.s fa0, 1.0')
caught rv64gc riscv64 "${v[@]}" "${zvfh[@]}" "${riscv_other[@]}"
caught rvv riscv64 "${zvfh[@]}" "${riscv_other[@]}"
caught rvvzvfh riscv64 "${riscv_other[@]}"
passes rv64gc riscv64 'fmadd.d fa0, fa1, fa2, fa3' 'amoadd.w a0, a0, (a1)' 'rdcycle a0' 'fence.i' 'slti x0, x0, 0x5a0'
passes rvv riscv64 "${v[@]}" 'vsetvli t0, x0, e16, m1, ta, ma\nvfwcvt.f.x.v v0, v4\nvfncvt.x.f.w v0, v4' \
	'vsetvli t0, x0, e16, m1, ta, ma\nret\nvfadd.vv v0, v1, v2' \
	'vsetvli t0, x0, e16, m1, ta, ma\nvsetvli t0, x0, e32, m2, ta, ma\nvfadd.vv v0, v2, v4'
passes rvvzvfh riscv64 "${v[@]}" "${zvfh[@]}"

# Real code: what is compiled for an ISA is within it, and not within a lower one that lacks what it uses.
x86=(--target=x86_64-linux-gnu -march=x86-64)
avx2=("${x86[@]}" -mavx2 -mfma -mf16c -mbmi -mbmi2)
avx512=("${avx2[@]}" -mavx512f -mavx512bw -mavx512dq -mavx512vl -mprefer-vector-width=512)
arm=--target=aarch64-linux-gnu
riscv=--target=riscv64-linux-gnu
compile() { # ISA FLAG…
	clang-19 -O3 -ffreestanding -c "${@:2}" -o "$work/$1.o" "$here/loops.c"
	expect 0 "compiled for $1" "$1" "$work/$1.o"
}
compile sse2 "${x86[@]}"
compile avx2 "${avx2[@]}"
compile avx512 "${avx512[@]}"
compile avx512vnni "${avx512[@]}" -mavx512vnni
compile neon $arm -march=armv8-a
compile neonfp16 $arm -march=armv8-a+fp16
compile neondot $arm -march=armv8-a+dotprod
compile neoni8mm $arm -march=armv8-a+fp16+dotprod+i8mm
compile sve $arm -march=armv8-a+sve
compile rv64gc $riscv -march=rv64gc
compile rvv $riscv -march=rv64gcv
compile rvvzvfh $riscv -march=rv64gcv_zfh_zvfh
expect 1 "compiled for AVX2" sse2 "$work/avx2.o"
expect 1 "compiled for AVX-512" avx2 "$work/avx512.o"
expect 1 "compiled for SVE" neon "$work/sve.o"
expect 1 "compiled for RVV" rv64gc "$work/rvv.o"
expect 1 "one bad object among good ones" sse2 "$work/sse2.o" "$work/avx2.o" "$work/sse2.o"
# A clean object beside one whose attributes allow more must not widen what is allowed.
expect 1 "attributes of another object" rv64gc "$work/rv64gc.o" "$work/rvv.o"

# Static libraries.
rm -f "$work/lib.a"
llvm-ar-19 rc "$work/lib.a" "$work/sse2.o" "$work/avx2.o"
expect 0 "a library within its ISA" avx2 "$work/lib.a"
expect 1 "a library with a foreign member" sse2 "$work/lib.a"
grep -q 'lib.a(avx2.o): ' "$work/said" || {
	echo "scan_test.sh: the foreign member of a library is not named" >&2
	failures=$((failures + 1))
}

# Where nothing can be said, that is no success.
expect 2 "another architecture" neon "$work/avx2.o"
expect 2 "an unknown ISA" avx3 "$work/avx2.o"
expect 2 "no such object" avx2 "$work/none.o"
echo "no object" >"$work/text.o"
expect 2 "not an object" avx2 "$work/text.o"
expect 2 "not an object, of several" avx2 "$work/avx2.o" "$work/text.o"
echo 'const int data = 1;' | clang-19 --target=x86_64-linux-gnu -c -x c -o "$work/data.o" -
expect 2 "not one instruction" avx2 "$work/data.o"
expect 0 "an object of data beside others" avx2 "$work/data.o" "$work/avx2.o"

echo "scan_test.sh: $checks checks, $failures failures"
[[ $failures -eq 0 ]]
