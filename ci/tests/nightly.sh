#!/bin/bash
# Nights in a row: the first makes the history, the second finds nothing, a planted fault of each kind is found and named,
# and what goes wrong is said in a line. Usage: nightly.sh ASSAY FAKE_PROBE
# shellcheck source=harness/tests/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/../../harness/tests/lib.sh"
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)

cat >"$work/mine.yaml" <<'YAML'
suite: mine
modes: [fp32, int8]
cases:
  - {name: first, op: gemm, m: 4, n: 4, k: 4}
  - {name: second, op: gemm, m: 8, n: 8, k: 8}
YAML
night() {
	"$root/ci/nightly.sh" --no-setup --quick --assay "$assay" --targets "$work/targets.yaml" --target fake --processes 8 \
		--suite "$work/mine.yaml" --baseline none --out "$work/night" --db "$work/history.db" "$@"
}
expect 0 'the first night' night
expect 0 '0 regressed, 0 error' night
for file in records.jsonl gate.txt gate.md gate.json gate.sarif gate.github gate.xml report.html report.md lnt/fake.json; do
	same "something in $file" "$(test -s "$work/night/$file" && echo yes)" yes
done
same 'steps have logs' "$(tail -n +2 "$work/night/steps.tsv" | cut -f 4 | while read -r log; do
	[[ -s $work/night/$log ]] || echo "$log"
done)" ''
same 'nights in the history' "$("$assay" history list --db "$work/history.db" --json | grep -c run_id)" 2

# plant SED: a history of one night that differs from tonight's by it, so that tonight is the one with the fault. The
# program itself has no way to be made wrong.
plant() {
	rm -rf "$work"/history.db*
	sed "$1" "$work/night/records.jsonl" >"$work/before.jsonl"
	cmp -s "$work/before.jsonl" "$work/night/records.jsonl" && same "planted by $1" nothing something
	"$assay" history add "$work/before.jsonl" --db "$work/history.db" >/dev/null
}
series=fake/first/gemm/int8/dense@0/best
kernel=$(grep -F "\"$series\"" "$work/night/records.jsonl" | sed 's/.*"kernel": *"\([^"]*\)".*/\1/')
here="\\|\"series_id\": *\"$series\"|"
# found WHAT: tonight names series and kernel in every format that says what is wrong.
found() {
	expect 1 "$series" night
	for file in gate.json gate.sarif gate.github gate.xml; do
		same "$1: series and kernel in $file" \
			"$(grep -qF "$series" "$work/night/$file" && grep -qF "$kernel" "$work/night/$file" && echo yes)" yes
	done
}
# Slower: before, the samples were half of what they are.
halved=$(grep -F "\"$series\"" "$work/night/records.jsonl" | sed 's/.*"samples": *\[\([^]]*\)\].*/\1/' | tr -d ' ' | tr ',' '\n' |
	awk '{ printf "%s%.1f", (NR > 1 ? ", " : ""), $1 / 2 }')
plant "$here s/\"samples\": *\[[^]]*\]/\"samples\": [$halved]/"
found slower
# Less accurate, at the same speed.
plant "$here s/\"rel_rms\": *[0-9.e-]*/\"rel_rms\": 0.0001/"
found 'less accurate'
# Wrong: FAKE_FAIL is of the test's own probe.
FAKE_FAIL=1 expect 1 'a kernel is wrong: see' night

# JUnit's files, also of hostile records, are what its readers take.
if command -v xmllint >/dev/null; then
	sed 's/"target": *"fake"/"target": "f\\u0001<a>\&\\"]]>ke"/; s/"message": *null/"message": "\\u001b[31m<\&>\\uffff"/' \
		"$work/night/records.jsonl" >"$work/hostile.jsonl"
	"$assay" report "$work/hostile.jsonl" --format junit -o "$work/hostile.xml"
	for file in "$work/night/gate.xml" "$work/hostile.xml"; do
		expect 0 validates xmllint --noout --schema "$root/reports/tests/junit.xsd" "$file"
	done
	grep -q 'f�&lt;a&gt;' "$work/hostile.xml" || same 'the hostile name' "$(head -c 400 "$work/hostile.xml")" 'f…&lt;a&gt;'
else
	echo 'xmllint is not installed (scripts/setup installs it): JUnit files are not validated'
fi

# What stops a night is said, with the log, and leaves the history as it was.
before=$("$assay" history list --db "$work/history.db" --json | cksum)
expect 2 '-run-none.log' night --suite none
same 'the history after a night that failed' "$("$assay" history list --db "$work/history.db" --json | cksum)" "$before"
(flock 9; expect 2 'another night' night; exit "$failures") 9>>"$work/history.db.lock" || failures=$((failures + 1))
expect 2 'no night wrote it' night --out "$work"
expect 2 "unknown argument '--sute'" night --sute
expect 2 '--db wants a value' night --db
echo nonsense >"$work/broken.db"
cp "$work/broken.db" "$work/broken.copy"
expect 2 '-base.log' night --db "$work/broken.db"
same 'a broken history' "$(cksum <"$work/broken.db")" "$(cksum <"$work/broken.copy")"
finish
