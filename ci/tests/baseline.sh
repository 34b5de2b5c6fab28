#!/bin/bash
# The reviewed baseline: it is small, agrees with itself, and a count, an error or an answer that is not its own is found; of
# another compiler a count says nothing. Usage: baseline.sh ASSAY FAKE_PROBE
# shellcheck source=harness/tests/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/../../harness/tests/lib.sh"
baseline=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)/baseline/quick.jsonl

lines=$(wc -l <"$baseline")
same "a few hundred lines, not $lines" "$([[ $lines -ge 50 && $lines -le 500 ]] && echo yes)" yes
same 'lines that name their compiler' "$(grep -c '"machine":{"compiler":"' "$baseline")" "$lines"
same 'lines with a time' "$(grep -c '"metric":"ns"' "$baseline")" 0
gate() {
	"$assay" gate --baseline "$baseline" --new "$work/new.jsonl"
}
cp "$baseline" "$work/new.jsonl"
expect 0 "$lines unchanged" gate

# altered TEXT SED: the first line that holds TEXT, altered, must be told from the file's.
altered() {
	sed "0,\\|$1| {\\|$1| {$2}}" "$baseline" >"$work/new.jsonl"
	cmp -s "$baseline" "$work/new.jsonl" && same "$2 changed" nothing something
}
altered '"op":"gemm"' 's/"value":[0-9]\([0-9.]*\),"speedup"/"value":9\1,"speedup"/'
series=$(grep -m 1 '"op":"gemm"' "$baseline" | sed 's/.*"series_id":"\([^"]*\)".*/\1/')
expect 1 "$series" gate
# More of it, in another compiler's code.
sed -i 's/"compiler":"[^"]*"/"compiler":"Another 1.0"/' "$work/new.jsonl"
expect 0 'and this of Another 1.0' gate
altered '"mode":"int8"' 's/"rel_rms":[0-9.e-]*/"rel_rms":0.9/'
expect 1 'less accurate' gate
altered '"op":"model"' 's/"answers":"[01]*"/"answers":"00000000000000000000000000000000000000000000000000"/; s/"task_value":[0-9.]*/"task_value":0.0/'
expect 1 'no longer right' gate
finish
