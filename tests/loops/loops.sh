#!/bin/bash
# The hot loop of each x86-64 kernel takes no more instructions a multiply-accumulate than it did when it was reviewed.
#
# A compiler that spills, or packs pointers into vectors, and a commit that adds a load to a loop, both keep every result
# right and cost a tenth or a half of the speed. Times would show it only on an idle machine; the object shows it always.
set -euo pipefail

usage() {
	cat <<'USAGE'
usage: loops.sh [--bounds FILE] LIST            check the kernels of LIST against the table of bounds
       loops.sh [--bounds FILE] --update LIST   write the table anew: look at the difference before you commit it
       loops.sh --print LIST                    each kernel's loop: instructions, multiply-accumulates, and their ratio

LIST has a line an object, "isa path", as the build writes it to kernel-objects.txt. Looked at are our kernels of gemm,
conv, dwconv and spmm for x86-64. Table (default: bounds.tsv beside this script): kernel; the multiply-accumulates of its
hot loop, at least; instructions for each of them, at most, with the slack of 5 % that --update adds.
Exit status: 0 all within their bounds; 1 some are not, or are missing in the table or among the objects; 2 bad usage.
USAGE
}

fail() {
	printf 'loops.sh: %s\n' "$*" >&2
	exit 2
}

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
bounds=$here/bounds.tsv
action=check
while [[ ${1:-} == -* ]]; do
	case $1 in
	--bounds)
		[[ $# -ge 2 ]] || fail "--bounds takes a file"
		bounds=$2
		shift
		;;
	--update | --print) action=${1#--} ;;
	--help)
		usage
		exit 0
		;;
	*) fail "unknown option '$1': see loops.sh --help" ;;
	esac
	shift
done
[[ $# -eq 1 ]] || {
	usage >&2
	exit 2
}
[[ -r $1 ]] || fail "cannot read '$1'"
objdump=${LLVM_OBJDUMP:-llvm-objdump-19}
command -v "$objdump" >/dev/null || fail "$objdump is missing: run scripts/setup, or apt-get install llvm-19"

mapfile -t objects < <(awk '$1 ~ /^(sse|avx)/ && $2 ~ /kernel_(gemm|conv|dwconv|spmm)_/ && $2 !~ /_(ref|auto)\.dir/ { print $2 }' "$1")
[[ ${#objects[@]} -gt 0 ]] || fail "$1 lists no kernel for x86-64"
found=$("$objdump" -d --no-show-raw-insn "${objects[@]}" | awk -f "$here/loops.awk" | LC_ALL=C sort)

case $action in
print)
	awk -F'\t' '{ printf "%-40s %4d %5d %s\n", $1, $2, $3, ($3 ? sprintf("%.4f", $2 / $3) : "no loop") }' <<<"$found"
	exit 0
	;;
update)
	without=$(awk -F'\t' '$3 == 0 { print $1 }' <<<"$found")
	[[ -z $without ]] || fail "no loop with a multiply-accumulate was found in: ${without//$'\n'/ }"
	{
		printf '# Hot loops of kernels: multiply-accumulates (at least), instructions for each (at most).\n'
		printf '# Written by loops.sh --update, which adds 5 %% to the instructions that it finds.\n'
		awk -F'\t' '{ printf "%s\t%d\t%.4f\n", $1, $3, 1.05 * $2 / $3 }' <<<"$found"
	} >"$bounds"
	echo "$(wc -l <<<"$found") loops written to $bounds"
	exit 0
	;;
esac

[[ -r $bounds ]] || fail "cannot read '$bounds': make it with --update"
awk -F'\t' -v table="$bounds" '
	BEGIN {
		while ((getline line < table) > 0) {
			if (line ~ /^#/) continue
			split(line, field, "\t")
			least[field[1]] = field[2]
			bound[field[1]] = field[3]
		}
	}
	function complain(what) {
		printf "loops.sh: %s\n", what > "/dev/stderr"
		bad++
	}
	{
		seen[$1] = 1
		if (!($1 in bound))
			complain($1 " is not in the table: add it with loops.sh --update, and review what that writes")
		else if ($3 == 0)
			complain($1 ": no loop with a multiply-accumulate was found")
		else if ($3 < least[$1])
			complain(sprintf("%s: its hot loop has %d multiply-accumulates, and had %d: another one is ahead of it now", $1, $3, least[$1]))
		else if ($2 / $3 > bound[$1])
			complain(sprintf("%s: %d instructions for %d multiply-accumulates, %.4f each; the bound is %s", $1, $2, $3, $2 / $3, bound[$1]))
	}
	END {
		for (kernel in bound)
			if (!(kernel in seen)) complain(kernel " is in the table, but not among the objects: run loops.sh --update")
		printf "%d loops\n", NR
		exit bad > 0
	}' <<<"$found"
