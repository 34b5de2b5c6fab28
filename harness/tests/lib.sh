# shellcheck shell=bash disable=SC2034 # those that source it use what is set here
# What the tests of the command have in common. Each is called with the paths of assay and of the fake probe.
set -uo pipefail
assay=$1
fake=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failures=0

cat >"$work/targets.yaml" <<YAML
targets:
  - {name: fake, reach: native, probe: $fake, lanes: [{name: native}, {name: other}]}
YAML

# expect STATUS TEXT COMMAND…: runs it; its status must be STATUS, and its output must hold TEXT (a bash pattern).
expect() {
	local status=$1 text=$2 said got=0
	shift 2
	said=$("$@" 2>&1 </dev/null) || got=$?
	if [[ $got -ne $status ]]; then
		printf 'FAIL: exit status %s, not %s: %s\n%s\n' "$got" "$status" "$*" "$said"
		failures=$((failures + 1))
	fi
	if [[ $said != *$text* ]]; then
		printf 'FAIL: no "%s" in the output of: %s\n%s\n' "$text" "$*" "$said"
		failures=$((failures + 1))
	fi
}

# same WHAT A B
same() {
	[[ $2 == "$3" ]] && return
	printf 'FAIL: %s: "%s", not "%s"\n' "$1" "$2" "$3"
	failures=$((failures + 1))
}

finish() {
	if [[ $failures -gt 0 ]]; then
		printf '%s checks failed\n' "$failures"
		exit 1
	fi
	exit 0
}
