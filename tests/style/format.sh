#!/usr/bin/env bash
# Every source file is formatted by clang-format with the tree's .clang-format. Usage: format.sh SOURCE_DIR
set -euo pipefail
cd "$1"
command -v clang-format-19 >/dev/null || { echo "skipped: clang-format-19 is not installed (scripts/setup installs it)"; exit 77; }
mapfile -t files < <(git ls-files '*.c' '*.h' '*.cc' '*.inc')
[ "${#files[@]}" -gt 0 ] || { echo "no source file found: is $1 a git checkout?" >&2; exit 1; }
clang-format-19 --dry-run -Werror "${files[@]}"
echo "${#files[@]} files are formatted"
