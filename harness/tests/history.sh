#!/bin/bash
# assay history: what runs is added, found again and followed; what is no history is refused in one line and stays.
# shellcheck source=harness/tests/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
db=$work/history.db
export ASSAY_HISTORY=$db

cat >"$work/mine.yaml" <<'YAML'
suite: mine
modes: [fp32, int8]
cases:
  - {name: first, op: gemm, m: 4, n: 4, k: 4}
YAML
"$assay" run "$work/mine.yaml" --targets "$work/targets.yaml" --target fake --out "$work/run" >/dev/null 2>&1
count=$(wc -l <"$work/run/records.jsonl")
series='fake/first/gemm/int8/dense@0/best'
time_line='"series_id":"[^"]*/int8/dense@0/best"'

# night N FACTOR: the records of the run as those of night N, with the series FACTOR times as slow.
night() {
	local day
	day=$(printf '2026-%02d-%02dT03:00:00Z' $((1 + $1 / 28)) $((1 + $1 % 28)))
	sed -E "s/\"run_id\":\"[^\"]*\"/\"run_id\":\"night$1\"/; s/\"started\":\"[^\"]*\"/\"started\":\"$day\"/" "$work/run/records.jsonl" |
		awk -v factor="$2" -v line="$time_line" '
			$0 ~ line && match($0, /"value":[0-9.e+]+/) {
				value = substr($0, RSTART + 8, RLENGTH - 8) * factor
				$0 = substr($0, 1, RSTART + 7) sprintf("%.6f", value) substr($0, RSTART + RLENGTH)
			}
			{ print }' >"$work/night$1.jsonl"
}

expect 2 "assay history add makes a history" "$assay" history list
expect 0 "added 1 run, $count records" "$assay" history add "$work/run"
expect 0 "added 0 runs, 0 records; $count were there" "$assay" history add "$work/run/records.jsonl"
expect 0 "mine" "$assay" history list
expect 0 '"suite": "mine"' "$assay" history list --json
expect 0 "first" "$assay" history show latest
same "what comes out" "$("$assay" history show latest --format jsonl | cksum)" "$(cksum <"$work/run/records.jsonl")"
rm "$db"

# Thirty nights; from the twentieth on 5 % slower, in noise of half a percent.
files=()
for n in $(seq 0 29); do
	night "$n" "$(awk -v n="$n" 'BEGIN { print (1 + (n * 7919 % 11 - 5) / 1000) * (n < 20 ? 1 : 1.05) }')"
	files+=("$work/night$n.jsonl")
done
expect 0 "added 1 run, $count records" "$assay" history add "${files[@]}"
same "runs" "$("$assay" history list | wc -l)" 31
expect 0 "> 2026-01-21T03:00:00Z" "$assay" history trend '*/int8/*/best'
expect 0 "slower: " "$assay" history trend "$series"
expect 0 '"index": 20' "$assay" history trend "$series" --json
same "points of one series" "$("$assay" history trend "$series" | grep -c '^  2026')" 30
same "the last points" "$("$assay" history trend "$series" --last 7 | grep -c '^  2026')" 7
same "lines of all series" "$("$assay" history trend '*' | grep -c '^  2026')" 0
same "no other series changed" "$("$assay" history trend '*' | grep -c '^>')" 1
expect 0 "sound: version" "$assay" history check
expect 0 "first" "$assay" history show night7
expect 2 "several runs begin with 'night'" "$assay" history show night --db "$db" --output "$work/page"
expect 0 "" "$assay" history show night29 --output "$work/page" --format csv

expect 0 "would remove 10 runs" "$assay" history prune --keep 20 --dry-run
same "runs after a rehearsal" "$("$assay" history list | wc -l)" 31
expect 0 "removed 10 runs" "$assay" history prune --keep 20
same "runs after pruning" "$("$assay" history list | wc -l)" 21
expect 0 "removed 0 runs" "$assay" history prune --older-than 1000y

# Of several files those before a bad one are added, and the bad one is not.
cp "$work/night1.jsonl" "$work/bad.jsonl"
echo '{"a": 1}' >>"$work/bad.jsonl"
expect 2 "bad.jsonl:$((count + 1)):" "$assay" history add "$work/night0.jsonl" "$work/bad.jsonl" "$work/night1.jsonl"
same "runs after a bad file" "$("$assay" history list | wc -l)" 22

before=$(cksum <"$db")
: >"$work/empty.jsonl"
expect 2 'holds no record' "$assay" history add "$work/empty.jsonl" --db "$work/none.db"
same 'a history of nothing' "$(ls "$work"/none.db* 2>/dev/null)" ''
head -c -9 "$work/night1.jsonl" >"$work/unfinished.jsonl"
same 'how often a cut is told' \
	"$("$assay" history add "$work/unfinished.jsonl" --db "$work/other.db" 2>&1 | grep -c 'the last line is unfinished')" 1

cp "$db" "$work/cut.db"
truncate -s 5000 "$work/cut.db"
expect 2 "cut.db: is damaged" "$assay" history list --db "$work/cut.db"
expect 2 "cut.db: is damaged" "$assay" history add "$work/night1.jsonl" --db "$work/cut.db"
expect 2 "is no history" "$assay" history add "$work/night1.jsonl" --db "$work/run/records.jsonl"
expect 2 "not a regular file" "$assay" history list --db "$work"
expect 2 "holds no record" "$assay" history add /dev/null
expect 2 "did you mean 'trend'" "$assay" history trned x
expect 2 "no series matches" "$assay" history trend 'nothing*'
expect 2 "say which series" "$assay" history trend
expect 2 "--last" "$assay" history trend x --last 0
expect 2 "did you mean 'json'" "$assay" history show latest --format jsno
expect 2 "no run's id and no commit" "$assay" history show zzz
expect 2 "it holds 21 runs" "$assay" history show latest~21
expect 2 "is no age" "$assay" history prune --older-than 90
expect 2 "say what to keep" "$assay" history prune
expect 2 "--keep" "$assay" history prune --keep 0
expect 2 "say what to do" "$assay" history
expect 2 "too much" "$assay" history list x
same "the history after all that" "$(cksum <"$db")" "$before"
finish
