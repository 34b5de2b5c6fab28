#!/usr/bin/env bash
# The fixture `zoo`: makes the built-in network and its dataset once, for all tests that need them. Usage: make.sh ASSAY DIR
set -euo pipefail
rm -rf "$2"
mkdir -p "$2"
# What it says belongs to the fixture: the trainer's own top-1, which judge.sh compares with.
"$1" zoo -o "$2" | tee "$2/said"
