#!/usr/bin/env bash
# The shell scripts of the tree, as shellcheck looks at them. Usage: shell.sh SOURCE_DIR
set -euo pipefail
cd "$1"
command -v shellcheck >/dev/null || { echo "skipped: shellcheck is not installed (scripts/setup installs it)"; exit 77; }
# By name, or by what the first line says.
mapfile -t files < <({ git ls-files '*.sh'; git grep --cached -lIE '^#!.*\b(ba)?sh\b'; } | sort -u)
[ "${#files[@]}" -gt 0 ] || { echo "no script found: is $1 a git checkout?" >&2; exit 1; }
# Left out: functions that only another function calls by name look unreachable (SC2317); ls of folders that a test has made
# itself (SC2012); texts in single quotes that hold a dollar sign on purpose (SC2016).
shellcheck --exclude=SC2317,SC2012,SC2016 --external-sources --source-path=SCRIPTDIR --source-path="$PWD" "${files[@]}"
echo "${#files[@]} scripts are fine"
