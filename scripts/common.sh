# shellcheck shell=bash
# What bench and test share. Sourced from the root of the tree.

jobs=${JOBS:-$(nproc)}
[[ $jobs =~ ^[1-9][0-9]*$ ]] || {
	printf '%s: JOBS is "%s", which is no number of jobs\n' "$0" "$jobs" >&2
	exit 2
}

# quietly LOG WHAT COMMAND…: what a build says is of interest only when it fails.
quietly() {
	local log=$1 what=$2 begin=$SECONDS
	shift 2
	mkdir -p "$(dirname "$log")"
	if ! "$@" >"$log" 2>&1; then
		tail -n 100 "$log" >&2
		printf '%s: %s failed: see above, all of it is in %s\n' "$0" "$what" "$log" >&2
		exit 1
	fi
	if ((SECONDS - begin >= 2)); then
		printf '%s (%d s)\n' "$what" $((SECONDS - begin))
	fi
}

# build PRESET CMAKE-ARGUMENT…: into build/PRESET.
build() {
	local preset=$1
	shift
	quietly "build/$preset.log" "configuring $preset" cmake --preset "$preset" "$@"
	quietly "build/$preset.log" "building $preset" cmake --build "build/$preset" --parallel "$jobs"
}
