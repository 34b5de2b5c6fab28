#!/bin/bash
# Runs page.mjs where there is a browser and what npm brings. page.sh ASSAY NODE_MODULES_FOLDER PLAIN_TEMPLATE OUT
set -euo pipefail

skip() {
	printf 'skipped: %s\n' "$*"
	exit 77
}

[[ $# -eq 4 ]] || {
	printf 'usage: page.sh ASSAY NODE_MODULES_FOLDER PLAIN_TEMPLATE OUT\n' >&2
	exit 2
}
command -v node >/dev/null || skip "no node (Debian: nodejs)"
browser=$(command -v chromium) || skip "no chromium (Debian: chromium)"
[[ -d $2/node_modules/playwright-core ]] || skip "npm has installed nothing in $2: the page was built without it"

exec node "$(dirname "${BASH_SOURCE[0]}")/page.mjs" "$1" "$2" "$browser" "$3" "$4"
