#!/bin/bash
# The pipelines are YAML that yamllint finds nothing in, and what they name is in the tree. Usage: pipelines.sh SOURCE_DIR
set -euo pipefail
cd "$1"
command -v yamllint >/dev/null || {
	echo 'skipped: yamllint is not installed (scripts/setup installs it)'
	exit 77
}
files=(ci/*.yml ci/lnt/*.yaml)
yamllint --strict -d '{extends: default, rules: {line-length: {max: 128}, document-start: disable, braces: {max-spaces-inside: 1}}}' \
	"${files[@]}"
named=0
while read -r path; do
	[[ -e $path ]] || {
		echo "a pipeline names $path, which is not in the tree" >&2
		exit 1
	}
	named=$((named + 1))
done < <(grep -ohE '(ci|toolchains|scripts)/[a-z-]+\.(sh|yml)' ci/*.yml | sort -u)
[[ $named -gt 0 ]] || {
	echo 'no pipeline names any file of the tree' >&2
	exit 1
}
echo "${#files[@]} files are well-formed, and the $named scripts that they name are there"
