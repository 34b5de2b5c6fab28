#!/bin/bash
# Makes what `qemu -L` gets: links to a sysroot, and beside them the /proc/cpuinfo of the emulated core.
#
# QEMU looks for each absolute path of the program under -L first. Without this the program would read the
# /proc/cpuinfo of the machine that QEMU runs on.
set -euo pipefail

usage() {
	cat <<'EOF'
usage: prefix.sh SYSROOT ARCH CPU

Prints the folder to give to `qemu-ARCH -L`, made beside the sysroot if it is not there yet. ARCH is aarch64 or
riscv64; CPU is what -cpu gets, with its options (for example max,sve256=on or rv64,v=true,vlen=256).
EOF
}

fail() {
	printf 'prefix.sh: %s\n' "$*" >&2
	exit 2
}

case ${1:-} in
--help | -h)
	usage
	exit 0
	;;
esac
[[ $# -eq 3 ]] || {
	usage >&2
	exit 2
}
sysroot=${1%/}
arch=$2
cpu=$3
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

[[ -d $sysroot/usr ]] || fail "there is no sysroot in '$sysroot': run scripts/setup, or toolchains/sysroot.sh $arch"
sysroot=$(cd "$sysroot" && pwd)

core=${cpu%%,*}
if [[ $arch == riscv64 && $core == rv64 && ",$cpu," =~ ,v=(true|on|yes), ]]; then
	core=rv64v
fi
[[ $core =~ ^[A-Za-z0-9_.-]+$ ]] || fail "'$cpu' does not begin with a name of a CPU"
data=$here/cpuinfo/$arch/$core.txt
[[ -d $here/cpuinfo/$arch ]] || fail "there is no emulated architecture '$arch': use aarch64 or riscv64"
[[ -r $data ]] || fail "there is no /proc/cpuinfo for the core '$core' of $arch: write $data (see README.md there)"

# The name holds what it is made of, so that a changed file makes a new folder and none is ever changed in place.
sum=$(cat "${BASH_SOURCE[0]}" "$data" | cksum)
parent=$sysroot.qemu
prefix=$parent/$core-${sum%% *}
if [[ -e $prefix/proc/cpuinfo ]]; then
	printf '%s\n' "$prefix"
	exit 0
fi

mkdir -p "$parent" || fail "cannot make the folder $parent: is $(dirname "$sysroot") writable?"
work=$(mktemp -d "$parent/.new-XXXXXX")
trap 'rm -rf "$work"' EXIT
# Not all of the sysroot: its empty /tmp, /dev and /var would stand before the real ones.
for name in usr lib lib64 bin sbin; do
	if [[ -e $sysroot/$name ]]; then
		ln -s "$sysroot/$name" "$work/$name"
	fi
done
# Only cpuinfo: a made-up /sys/devices/system/cpu without all of its topology makes hwloc abort.
mkdir -p "$work/proc"
cp "$data" "$work/proc/cpuinfo"
chmod 755 "$work"
# If another call made it meanwhile, theirs is the same.
mv -T "$work" "$prefix" 2>/dev/null || [[ -e $prefix/proc/cpuinfo ]] || fail "cannot make $prefix"
printf '%s\n' "$prefix"
