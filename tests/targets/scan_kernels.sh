#!/usr/bin/env bash
# Every kernel's object holds only instructions of the ISA that its name declares. Usage: scan_kernels.sh SOURCE_DIR BUILD_DIR
# BUILD_DIR/kernel-objects.txt, written by the build, has a line an object: its ISA and its path.
set -euo pipefail
source_dir=$1 list=$2/kernel-objects.txt
[ -f "$list" ] || { echo "skipped: $2 is not built (scripts/test builds all targets)"; exit 77; }
status=0 scanned=0
mapfile -t isas < <(cut -d ' ' -f 1 "$list" | sort -u)
for isa in "${isas[@]}"; do
    mapfile -t objects < <(awk -v isa="$isa" '$1 == isa { print $2 }' "$list")
    "$source_dir/toolchains/scan/scan.sh" "$isa" "${objects[@]}" || status=1
    scanned=$((scanned + ${#objects[@]}))
done
[ "$scanned" -gt 0 ] || { echo "no kernel is listed in $list" >&2; exit 1; }
echo "$scanned kernels scanned"
exit "$status"
