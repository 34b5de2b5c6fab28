#!/bin/bash
# The hash of a kernel's machine code: the same for the same code wherever it is built, another after any change of the
# kernel or of what it calls, and untouched by changes of other kernels.
# code.sh CODE_HASH ASSAY_PROBE COMPILER
set -euo pipefail
code_hash=$1
probe=$2
compiler=$3
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failures=0

fail() {
	printf 'FAIL: %s\n' "$*"
	failures=$((failures + 1))
}

# A tree like kernels/: a kernel whose descriptor points to its code, a driver that both kernels call, and what the driver
# calls in turn.
plant() {
	mkdir -p "$1"
	cat >"$1/one.c" <<'C'
int driver(int);
extern int beyond[];
static int run(int x) { return driver(x) + 3 * beyond[1]; }
struct kernel { const char *name; int (*run)(int); };
const struct kernel one = {"one", run};
C
	cat >"$1/two.c" <<'C'
int driver(int);
static const double table[] = {1.5, 2.5, 3.5, 4.5};
static int run(int x) { return driver(x) ^ (int)table[x & 3]; }
struct kernel { const char *name; int (*run)(int); };
const struct kernel two = {"two", run};
C
	cat >"$1/driver.c" <<'C'
int deeper(int);
int driver(int x) { return deeper(x) * 7; }
C
	cat >"$1/deeper.c" <<'C'
int beyond[] = {1, 2, 3};
int deeper(int x) { return x + 11; }
C
}

# build FOLDER FLAG…: its library.
build() {
	local folder=$1 source
	shift
	rm -f "$folder/library.a" "$folder"/*.o
	for source in one two driver deeper; do
		"$compiler" -O2 -fPIC "$@" -c "$folder/$source.c" -o "$folder/$source.o"
	done
	ar rc "$folder/library.a" "$folder"/*.o
}

hash_of() { "$code_hash" library "$1/library.a" "$2" | cut -d' ' -f2; }

# after WHAT FILE FROM TO SAME DIFFERENT: a change of a file, the kernels it leaves alone, and those that it changes.
after() {
	local what=$1 file=$2 kernel
	plant "$work/changed"
	sed -i "s/$3/$4/g" "$work/changed/$file"
	cmp -s "$work/changed/$file" "$work/here/$file" && fail "$what: the test changed nothing"
	build "$work/changed" "${flags[@]}"
	for kernel in $5; do
		[[ $(hash_of "$work/changed" "$kernel") == "$(hash_of "$work/here" "$kernel")" ]] || fail "$what: $kernel has another hash"
	done
	for kernel in $6; do
		[[ $(hash_of "$work/changed" "$kernel") != "$(hash_of "$work/here" "$kernel")" ]] || fail "$what: $kernel has the same hash"
	done
}

try_all() {
	plant "$work/here"
	plant "$work/far/away/from/it"
	build "$work/here" "${flags[@]}"
	local kernel
	for kernel in one two; do
		[[ $(hash_of "$work/here" $kernel) =~ ^[0-9a-f]{32}$ ]] || fail "${flags[*]}: $kernel has no hash"
	done
	[[ $(hash_of "$work/here" one) != "$(hash_of "$work/here" two)" ]] || fail "both kernels have the same hash"
	[[ $(hash_of "$work/here" three) == none ]] || fail "a kernel that is not there has a hash"

	# The same source elsewhere, with debug information, built on another day, its objects in another order.
	build "$work/far/away/from/it" "${flags[@]}" -g
	rm "$work/far/away/from/it/library.a"
	(cd "$work/far/away/from/it" && touch -d 2001-01-01 ./*.o && ar rcU library.a two.o one.o deeper.o driver.o)
	for kernel in one two; do
		[[ $(hash_of "$work/far/away/from/it" $kernel) == "$(hash_of "$work/here" $kernel)" ]] ||
			fail "${flags[*]}: $kernel has another hash in another folder"
	done
	after "a comment" driver.c '^int driver' '\/* why *\/ int driver' "one two" ""
	after "a static function's name" one.c run calculate "one two" ""
	after "an instruction of one kernel" one.c 'driver(x) +' 'driver(x) -' "two" "one"
	after "a constant of one kernel" two.c 4.5 4.25 "one" "two"
	after "another place in the same array" one.c 'beyond\[1\]' 'beyond[2]' "two" "one"
	after "the driver" driver.c '\* 7' '* 9' "" "one two"
	after "what the driver calls" deeper.c '+ 11' '+ 12' "" "one two"
}

flags=()
try_all
# What the other targets' objects are like: other relocations.
if [[ $("$compiler" --version) == *clang* ]]; then
	for triple in aarch64-linux-gnu riscv64-linux-gnu; do
		flags=("--target=$triple")
		try_all
	done
fi

printf 'no library\n' >"$work/here/library.a"
[[ $(hash_of "$work/here" one) == none ]] || fail "a file that is no library gives a hash"
head -c 2000 "$work/changed/library.a" >"$work/here/library.a"
hash_of "$work/here" one >/dev/null || fail "a library that is cut off ends the program"

# Each kernel of the probe that is ours has one; peers have none.
mapfile -t ours < <("$probe" list | sed -n 's/.*"name": *"\([^"]*\)", *"origin": *"assay".*/\1/p')
[[ ${#ours[@]} -gt 20 ]] || fail "the probe lists ${#ours[@]} kernels"
none=$("$code_hash" probe "$probe" "${ours[@]}" | grep -c ' none$' || true)
[[ $none -eq 0 ]] || fail "$none of the probe's own kernels have no hash"
[[ $("$code_hash" probe "$probe" openblas_gemm_f32) == *none ]] || fail "a peer's kernel has a hash"

# A library that is newer than the probe tells nothing of it.
mkdir -p "$work/build/suites" "$work/build/kernels"
cp "$work/changed/library.a" "$work/build/kernels/libkernels.a"
touch -d '1 minute ago' "$work/build/suites/assay-probe"
[[ $("$code_hash" probe "$work/build/suites/assay-probe" one) == *none ]] || fail "a library newer than the probe gives a hash"
touch "$work/build/suites/assay-probe"
[[ $("$code_hash" probe "$work/build/suites/assay-probe" one) != *none ]] || fail "the probe's library gives no hash"

[[ $failures -eq 0 ]] || {
	printf '%s checks failed\n' "$failures"
	exit 1
}
