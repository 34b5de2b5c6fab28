#!/usr/bin/env bash
# The kernels of SSE4.1 on an emulated CPU that has nothing after it: an instruction of another extension stops there,
# where a newer CPU that only leaves out features would execute it. Usage: old_cpu.sh PROBE
set -euo pipefail
probe=$1
command -v qemu-x86_64 >/dev/null || { echo "skipped: qemu-x86_64 is missing (scripts/setup installs it)"; exit 77; }
status=0
output=$(qemu-x86_64 -cpu Penryn "$probe" check --no-peers --depth=quick --filter='*_sse41*') || status=$?
grep -v '"outcome":"pass"' <<<"$output" || true
kernels=$(grep -o '"kernel":"[a-z0-9_]*"' <<<"$output" | sort -u | wc -l)
echo "$kernels kernels ran on it"
[ "$kernels" -ge 40 ] || { echo "at least 40 were expected" >&2; exit 1; }
exit "$status"
