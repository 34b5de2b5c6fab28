#!/bin/bash
# Makes the sysroots that the probes are built against: Debian 13 for each architecture, unpacked and never run.
#
# One Debian release for all three instruction sets means that glibc, libstdc++ and every peer library have the same
# version on each target, so that a difference between targets is a difference between targets.
set -euo pipefail

usage() {
	cat <<'EOF'
usage: sysroot.sh ARCH…           make the sysroots of these architectures, if they are not there yet
       sysroot.sh --print ARCH    print where the sysroot of ARCH is (or would be)
       sysroot.sh --check ARCH…   exit 0 if all are made and up to date, 1 if not; prints nothing
       sysroot.sh --help

ARCH is x86_64, aarch64 or riscv64. They are made below $ASSAY_CACHE/sysroots (default: $XDG_CACHE_HOME/assay, or
~/.cache/assay). $ASSAY_DEBIAN_MIRROR names the Debian archive to take them from; the default is the one that apt is
configured with on this machine.
EOF
}

fail() {
	printf 'sysroot.sh: %s\n' "$*" >&2
	exit 2
}

readonly suite=trixie
# libjansson4 follows from libjansson-dev; it is named because it is copied beside the probe onto a board.
readonly packages=(libc6-dev libstdc++-14-dev libgcc-14-dev linux-libc-dev libbenchmark-dev libhwloc-dev
	libopenblas-pthread-dev libxnnpack-dev libpthreadpool-dev libdnnl-dev libjansson-dev libjansson4
	libflatbuffers-dev flatbuffers-compiler)
# Raise it when what this script does to an unpacked sysroot changes.
readonly revision=2

if [[ -z ${ASSAY_CACHE:-} && -z ${XDG_CACHE_HOME:-} && -z ${HOME:-} ]]; then
	fail "there is no place for the sysroots: set ASSAY_CACHE (or HOME) to a folder with about 1 GB free"
fi
cache=${ASSAY_CACHE:-${XDG_CACHE_HOME:-${HOME:-}/.cache}/assay}
readonly root=$cache/sysroots

debian_arch() {
	case $1 in
	x86_64) echo amd64 ;;
	aarch64) echo arm64 ;;
	riscv64) echo riscv64 ;;
	*) fail "unknown architecture '$1': use x86_64, aarch64 or riscv64" ;;
	esac
}

# What a sysroot was made from. A sysroot with another stamp is remade.
stamp() {
	printf '%s\n' "$revision" "$suite" "$1" "${packages[@]}" | sha256sum | cut -d' ' -f1
}

is_made() {
	local have=
	[[ -r $root/$1/.assay-stamp ]] && read -r have <"$root/$1/.assay-stamp"
	[[ $have == "$(stamp "$1")" ]]
}

# The archive that apt itself uses. Only the plain suite is wanted, and the security archive does not have it.
mirror() {
	if [[ -n ${ASSAY_DEBIAN_MIRROR:-} ]]; then
		printf '%s\n' "$ASSAY_DEBIAN_MIRROR"
		return
	fi
	command -v apt-get >/dev/null || fail "apt-get is missing, and ASSAY_DEBIAN_MIRROR does not name a Debian archive"
	# The origin is only known once apt has the archive's lists; without them, the address must do.
	# shellcheck disable=SC2016  # $(…) are apt-get's fields, not the shell's
	apt-get indextargets --format '$(ORIGIN)|$(LABEL)|$(REPO_URI)' 'Created-By: Packages' | awk -F'|' '
		$3 ~ /security/ || $2 == "Debian-Security" { next }
		$1 == "Debian" { print $3; found = 1; exit }
		$1 == "" && other == "" { other = $3 }
		END { if (!found && other != "") print other }'
}

# A link to /lib/x means the sysroot's /lib/x; a linker that follows it as it stands would leave the sysroot.
make_links_relative() {
	local dir=$1 link target
	while IFS= read -r -d '' link; do
		target=$(readlink "$link")
		ln -sfn -r "$dir$target" "$link"
	done < <(find "$dir" -xdev -type l -lname '/*' -print0)
}

make_one() (
	arch=$1
	deb_arch=$(debian_arch "$arch")
	dir=$root/$arch
	mkdir -p "$root" || fail "cannot make the folder $root: set ASSAY_CACHE to a folder that can be written"
	exec 9>"$root/.$arch.lock"
	flock 9
	# Somebody else may have made it while this call waited for the lock.
	is_made "$arch" && exit 0

	command -v mmdebstrap >/dev/null || fail "mmdebstrap is missing: run scripts/setup, or apt-get install mmdebstrap"
	keyring=/usr/share/keyrings/debian-archive-keyring.gpg
	[[ -r $keyring ]] || fail "$keyring is missing: apt-get install debian-archive-keyring"
	from=$(mirror)
	[[ -n $from ]] || fail "apt is configured with no Debian archive: set ASSAY_DEBIAN_MIRROR to one"

	printf 'sysroot %s: unpacking Debian %s (about 20 s and 300 MB) into %s\n' "$arch" "$suite" "$dir" >&2
	# Left behind by a call that was killed; the lock says that nobody is using them.
	rm -rf "$root/.$arch.new" "$root/.$arch.old"
	work=$root/.$arch.new
	log=$root/.$arch.log
	trap 'rm -rf "$work"' EXIT
	# Nothing of it is ever run, so it needs no chroot and no root: "chrootless" only unpacks. Debian's links of /lib to
	# /usr/lib and so on come from a package that nothing here depends on; mmdebstrap's own hook for them needs root.
	# shellcheck disable=SC2016  # $1 is what mmdebstrap gives the hook
	if ! mmdebstrap --mode=chrootless --variant=extract \
		--setup-hook='for d in bin lib lib64 sbin; do mkdir -p "$1/usr/$d" && ln -s "usr/$d" "$1/$d"; done' \
		--architectures="$deb_arch" --include="$(IFS=, && echo "${packages[*]}")" \
		"$suite" "$work" "deb [signed-by=$keyring] $from $suite main" >"$log" 2>&1 9>&-; then
		tail -n 20 "$log" >&2
		fail "unpacking Debian $suite for $deb_arch from $from failed: see above and $log" \
			"(is the archive reachable? is there 1 GB free in $root?)"
	fi
	make_links_relative "$work"
	stamp "$arch" >"$work/.assay-stamp"
	if [[ -e $dir ]]; then
		mv -T "$dir" "$root/.$arch.old"
	fi
	mv -T "$work" "$dir"
	# Views made of the old sysroot by qemu/prefix.sh are views of nothing now.
	rm -rf "$root/.$arch.old" "$dir.qemu" "$log"
)

[[ $# -gt 0 ]] || {
	usage >&2
	exit 2
}
case $1 in
--help | -h)
	usage
	exit 0
	;;
--print)
	[[ $# -eq 2 ]] || fail "--print takes one architecture"
	debian_arch "$2" >/dev/null
	printf '%s\n' "$root/$2"
	exit 0
	;;
--check)
	shift
	for arch in "$@"; do
		debian_arch "$arch" >/dev/null
		is_made "$arch" || exit 1
	done
	exit 0
	;;
-*) fail "unknown option '$1': see sysroot.sh --help" ;;
esac

for arch in "$@"; do
	debian_arch "$arch" >/dev/null
done
pids=()
for arch in "$@"; do
	is_made "$arch" && continue
	make_one "$arch" &
	pids+=($!)
done
status=0
for pid in "${pids[@]}"; do
	wait "$pid" || status=2
done
exit "$status"
