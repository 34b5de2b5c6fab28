#!/bin/bash
# Checks that objects hold no instruction outside of the ISA that their file's name declares.
#
# A kernel that is compiled with flags of another file, an intrinsic that slips past a target attribute, inline assembly:
# each makes a program that works here and dies on the older CPU that it says it supports.
set -euo pipefail

usage() {
	cat <<'EOF'
usage: scan.sh ISA OBJECT…     check objects (or static libraries) against ISA
       scan.sh --list          print the ISAs that are known, and what each allows

Exit status: 0 all within the ISA; 1 foreign instructions, one line for each (at most 10 an object); 2 nothing could be
said: an unknown ISA, an unreadable object, one of another architecture, or not one instruction in all of them.
$LLVM_OBJDUMP and $LLVM_READELF name the tools (default: llvm-objdump-19, llvm-readelf-19).
EOF
}

fail() {
	printf 'scan.sh: %s\n' "$*" >&2
	exit 2
}

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
objdump=${LLVM_OBJDUMP:-llvm-objdump-19}
readelf=${LLVM_READELF:-llvm-readelf-19}

case ${1:-} in
--help | -h)
	usage
	exit 0
	;;
--list)
	grep -v '^#' "$here/isa.tsv"
	exit 0
	;;
-*) fail "unknown option '$1': see scan.sh --help" ;;
esac
[[ $# -ge 2 ]] || {
	usage >&2
	exit 2
}
isa=$1
shift

row=$(awk -F'\t' -v isa="$isa" '!/^#/ && $1 == isa { print $2 "\t" $3 }' "$here/isa.tsv")
[[ -n $row ]] || fail "unknown ISA '$isa': use one of $(awk -F'\t' '!/^#/ { printf "%s ", $1 }' "$here/isa.tsv")(or add it to $here/isa.tsv)"
arch=${row%%$'\t'*}
allowed=${row#*$'\t'}
for tool in "$objdump" "$readelf"; do
	command -v "$tool" >/dev/null || fail "$tool is missing: run scripts/setup, or apt-get install llvm-19"
done
objects=()
for object in "$@"; do
	[[ -r $object ]] || fail "cannot read '$object'"
	# The tools would take such a name for an option, and know no "--".
	[[ $object == -* ]] && object=./$object
	objects+=("$object")
done

case $arch in
x86_64)
	classes=x86.awk
	format=elf64-x86-64
	options=()
	;;
aarch64)
	classes=llvm.awk
	format=elf64-littleaarch64
	options=(--mattr="$allowed")
	;;
riscv64)
	classes=llvm.awk
	format=elf64-littleriscv
	# The disassembler also takes for allowed what an object's attributes say that it was compiled for. All of that is
	# taken away first, and what the ISA has is added after.
	stated=$("$readelf" --arch-specific "${objects[@]}" 2>/dev/null | awk '
		/Value: rv64/ {
			sub(/.*Value: rv64/, "")
			n = split($0, part, "_")
			for (i = 1; i <= n; i++) {
				sub(/[0-9]+p[0-9]+$/, "", part[i])
				# The base is what cannot be taken away.
				if (part[i] != "i" && !(part[i] in seen)) { seen[part[i]]; printf "-%s,", part[i] }
			}
		}')
	options=(--mattr="$stated$allowed")
	;;
*) fail "isa.tsv: unknown architecture '$arch' in the line of $isa" ;;
esac

# A failure of the disassembler must not pass as an object without instructions.
"$objdump" --disassemble "${options[@]}" "${objects[@]}" |
	awk -v isa="$isa" -v allowed="$allowed" -v format="$format" -v most=10 -f "$here/report.awk" -f "$here/$classes" ||
	{
		status=("${PIPESTATUS[@]}")
		[[ ${status[0]} -eq 0 ]] || fail "$objdump failed: see above"
		[[ ${status[1]} -eq 1 ]] && exit 1
		exit 2
	}
