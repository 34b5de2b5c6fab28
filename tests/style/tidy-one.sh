#!/usr/bin/env bash
# clang-tidy of one file, for tidy.sh. Usage: tidy-one.sh BUILD_DIR FILE, in the folder of the sources, with clang-tidy's
# version and its list of checks in TIDY_BASIS. A file that is tidy leaves a checksum in BUILD_DIR/tidy, of itself, every
# header that it includes, its compile command and TIDY_BASIS; as long as that is the same, so is the answer.
set -euo pipefail
build_dir=$(realpath "$1") file=$2
stamp=$build_dir/tidy/${file//\//_}

# The entry's line before that of the file, without JSON's escapes, a word a line.
command=$(grep -B 1 -F -m 1 "\"file\": \"$PWD/$file\"" "$build_dir/compile_commands.json" | sed -n 's/^ *"command": "\(.*\)",$/\1/p' |
	sed 's/\\\(["\\]\)/\1/g')
mapfile -t words < <(xargs printf '%s\n' <<<"$command")

# The file and its headers, as the compiler lists them in place of compiling.
sources() {
	local lister=() i
	for ((i = 0; i < ${#words[@]}; i++)); do
		if [ "${words[i]}" = -o ]; then
			i=$((i + 1))
		elif [ "${words[i]##*/}" != ccache ]; then
			lister+=("${words[i]}")
		fi
	done
	(cd "$build_dir" && "${lister[@]}" -M) | sed 's/^[^ ]*: *//; s/\\$//' | xargs printf '%s\n'
}

if sums=$(cd "$build_dir" && sources | xargs sha256sum); then
	sum=$(printf '%s\n' "$TIDY_BASIS" "$command" "$sums" | sha256sum)
else
	sum=
fi
if [ -n "$sum" ] && [ -e "$stamp" ] && [ "$(<"$stamp")" = "$sum" ]; then
	exit 0
fi
clang-tidy-19 -p "$build_dir" --quiet --warnings-as-errors='*' "$file"
mkdir -p "$build_dir/tidy"
[ -z "$sum" ] || printf '%s\n' "$sum" >"$stamp"
