#!/usr/bin/env bash
# emulated.sh SOURCE_DIR ARCH: every loop of build/ARCH that the emulated CPU can run does, and counts what it did. What it
# measures there is QEMU's speed, and means nothing: told that it is emulated, the probe says no peak.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/../../bench/tests/emulated.sh" "$1" "$2" - -

env_of() { "qemu-$arch" -L "$prefix" -cpu "$cpu" "$probe" env --no-peers; }
[[ $(env_of) == *'"emulated":true'*'"peaks":null'* ]] || { echo "peaks were told under emulation" >&2 && exit 1; }

case $arch in
aarch64) isas='neon neonfp16 neondot neoni8mm sve' ;;
*) isas='rv64gc rvv' cpu=${cpu/vlen=256/vlen=1024} ;; # the longest vectors are emulated fastest
esac
said=$(ASSAY_EMULATED=0 env_of)
for isa in $isas; do
	[[ $said =~ \"isa\":\"$isa\",\"per_ns\":[0-9.e-]*[1-9] ]] || { echo "nothing of $isa in $said" >&2 && exit 1; }
done
echo "$isas: all loops ran"
