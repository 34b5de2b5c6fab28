# shellcheck shell=bash disable=SC2034 # those that source it use what is set here
# What the tests of counts have in common. Called with SOURCE_DIR ARCH COUNTER LINES …: sets these, probe, cpu, prefix (for
# qemu -L) and work, a folder that goes at the end; or skips.
source_dir=$1 arch=$2 counter=$3 lines=$4
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
export ASSAY_EMULATED=1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
