#!/usr/bin/env bash
# native.sh PROBE LINES PLUGIN: `assay-probe bench` on this machine: every operation and mode, a plugin that misbehaves,
# plans that are cut or wrong.
set -euo pipefail
probe=$1 lines=$2 plugin=$3
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

fail() {
	printf 'native.sh: %s\n' "$*" >&2
	for file in "$work"/*; do printf -- '--- %s\n' "${file##*/}" >&2 && cat "$file" >&2; done
	exit 1
}

# job ID CASE SERIES
job() { printf '{"type":"job","id":%d,"rounds":2,"round_ns":20000,"case":{%s},"series":[%s]}\n' "$@"; }
# series KEY MODE KERNEL MORE
series() { printf '{"key":"%s","mode":"%s","kernel":"%s"%s}' "$@"; }
# bench WANTED_STATUS OPTION...: runs the plan in $work/plan.
bench() {
	local wanted=$1 status=0
	shift
	"$probe" bench "$@" <"$work/plan" >"$work/out" 2>"$work/err" || status=$?
	[[ $status -eq $wanted ]] || fail "exit status $status, not $wanted"
}
check() { "$lines" ns <"$work/out" >"$work/outcomes" || fail "a line is not as documented"; }

readonly gemm='"op":"gemm","m":5,"n":17,"k":9'
readonly image='"in_h":7,"in_w":6,"in_c":5,"kernel_h":3,"kernel_w":3,"pad_top":1,"pad_left":1,"out_h":7,"out_w":6'

# Every operation, every mode that it has, the three ways to choose a kernel.
all=
for mode in fp32 fp16w fp16 hybrid int8 int16x8; do
	for kernel in best ref auto; do
		all+=${all:+,}$(series "$mode/$kernel" $mode $kernel "")
	done
done
sparse=
for mode in fp32 hybrid int8; do
	for structure in random 1x4 4x1 1x16 16x4; do
		sparse+=${sparse:+,}$(series "$mode/$structure" $mode best ",\"op\":\"spmm\",\"structure\":\"$structure\",\"sparsity\":0.5")
	done
done
{
	job 1 "$gemm" "$all"
	job 2 "\"op\":\"conv\",\"out_c\":6,\"activation\":\"relu6\",$image" "$all"
	job 3 "\"op\":\"dwconv\",\"multiplier\":2,$image" "$all"
	job 4 "$gemm" "$sparse"
	job 5 '"op":"quantize","conversion":"f32i8","rows":3,"columns":50' "$(series q int8 best "")"
} >"$work/plan"
bench 0 --no-peers
check
[[ $(grep -c '^pass ' "$work/outcomes") -eq 70 ]] || fail "not every series passed"

# The same by two threads, where there is enough to share: every answer is still judged.
shared='"op":"gemm","m":300,"n":70,"k":60'
cut_image='"in_h":30,"in_w":30,"in_c":20,"kernel_h":3,"kernel_w":3,"pad_top":1,"pad_left":1,"out_h":30,"out_w":30'
{
	job 1 "$shared" "$all"
	job 2 "\"op\":\"conv\",\"out_c\":40,$cut_image" "$all"
	job 3 "\"op\":\"dwconv\",\"multiplier\":1,$cut_image" "$all"
	job 4 "$shared" "$sparse"
} | sed 's/"rounds"/"threads":2,&/' >"$work/threads"
mv "$work/plan" "$work/kept" && mv "$work/threads" "$work/plan"
bench 0 --no-peers
check
[[ $(grep -c '^pass ' "$work/outcomes") -eq 69 ]] || fail "not every series of two threads passed"
[[ $(grep -c '"parts": *2' "$work/out") -ge 50 ]] || fail "few layers were cut for two threads"
mv "$work/kept" "$work/plan"
bench 0 --no-peers

# What explain says of the choice is what bench does.
explained=$("$probe" explain --no-peers <"$work/plan" | sed -n '/"chosen": *true/s/.*"key": *"\([^"]*best\)".*"kernel": *"\([^"]*\)".*/\1 \2/p' | sort)
measured=$(sed -n 's/.*"key": *"\([^"]*best\)".*"kernel": *"\([^"]*\)".*/\1 \2/p' "$work/out" | sort)
[[ -n $explained && $explained == "$measured" ]] || fail "explain chooses other kernels: $explained"
# A kernel that refuses a layer is no error, one that is not there is.
job 1 "$gemm" "$(series a int8 gemm_i8_ref ""),$(series b fp32 gemm_i8_ref "")" >"$work/plan"
bench 0 --no-peers
check
printf '%s\n' 'pass a' 'unsupported b' >"$work/expected"
cmp -s "$work/expected" "$work/outcomes" || fail "a kernel that refuses"

# Crashes, wrong answers and failures are told, and what stands beside them is measured.
vendor() { series "$1" fp32 "$2" ",\"origin\":\"$3\""; }
job 1 "$gemm" "$(vendor a gemm_f32_crash vendor),$(series b fp32 best ""),$(vendor c gemm_f32_crash_later vendor),\
$(vendor d gemm_f32_nothing assay),$(vendor e gemm_f32_unpacked vendor),$(vendor f gemm_f32_misspelt vendor),\
$(vendor g best nobody)" >"$work/plan"
bench 1 --no-peers --plugin "$plugin"
check
printf '%s\n' 'error a' 'pass b' 'error c' 'fail d' 'error e' 'error f' 'unsupported g' >"$work/expected"
cmp -s "$work/expected" "$work/outcomes" || fail "other outcomes than expected"

# A bad line ends the run with 2 and its number; the jobs before it are there.
{
	job 1 "$gemm" "$(series a fp32 ref "")"
	printf '\n%s\n' '{"type":"job","id":2,"case":{"op":"gemm"},"series":[]}'
} >"$work/plan"
bench 2 --no-peers
check
grep -q 'plan line 3: series' "$work/err" || fail "the message does not name line and member"
head -c 2000000 /dev/zero >"$work/plan"
bench 2 --no-peers
rm "$work/plan"

# Nothing measured is no success.
: >"$work/plan"
bench 1 --no-peers
echo "bench: 67 series of five operations, a misbehaving plugin, bad plans"
