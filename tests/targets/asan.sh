#!/usr/bin/env bash
# Every kernel, in depth, under AddressSanitizer and UndefinedBehaviorSanitizer. Usage: asan.sh BUILD_DIR
set -euo pipefail
probe=$1/suites/assay-probe
[ -x "$probe" ] || { echo "skipped: $1 is not built (scripts/test builds it)"; exit 77; }
# A line for each case: only those that did not pass, and the summary, are of interest.
"$probe" check --no-peers --depth full | grep -v '"outcome":"\(pass\|unsupported\)"'
exit "${PIPESTATUS[0]}"
