#!/usr/bin/env bash
# The fixture's network, judged by the executor. Usage: judge.sh JUDGE DIR
set -euo pipefail
right=$(sed -n 's/^shapes: top-1 .* (\([0-9]*\) of 1000 test samples)$/\1/p' "$2/said")
[ -n "$right" ] || { echo "$2/said does not say how many test samples are classified rightly" >&2; exit 1; }
exec "$1" "$2" "$right"
