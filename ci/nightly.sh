#!/bin/bash
# The nightly job: build, check, run, gate, report. The first night makes the history, every further one is compared with
# the night before and with the reviewed baseline. docs/ci.md tells what is left in the folder of artifacts.
set -euo pipefail

usage() {
	cat <<'EOF'
usage: ci/nightly.sh [--out DIR] [--db FILE] [--target NAME[@LANE]]… [--targets FILE] [--suite NAME|FILE]… [--policy FILE]
                     [--baseline FILE|none] [--quick] [--processes N]
                     [--no-setup] [--assay PROGRAM]

  --out DIR         artifacts; what an earlier night left there is replaced (default: out/nightly)
  --db FILE         history; kept from night to night (default: out/history.db)
  --target T        repeatable (default: x86_64, aarch64@max, riscv64@vlen256)
  --targets FILE    more targets, as of assay run
  --suite S         repeatable (default: quick)
  --policy FILE     of assay gate
  --baseline FILE   reviewed counts and accuracy (default: all of ci/baseline; none: no baseline)
  --quick           check only the lanes that are measured, and measure only the best kernels; no networks
  --processes N     native: processes that measure each case (default: 10). With few of them no change of a time can be told
                    from chance, and the more series there are, the more it takes: docs/gates.md
  --no-setup        install nothing: take what is there
  --assay PROGRAM   this program, in place of building build/host/assay

Exit status: 0 nothing regressed; 1 something did, or a kernel is wrong; 2 there is no verdict: the last lines say which
step failed, and where its log is.
EOF
}

fail() {
	printf 'ci/nightly.sh: %s\n' "$*" >&2
	exit 2
}

out=out/nightly db=out/history.db policy='' baseline='' quick=no setup=yes program='' processes=10
targets=() suites=() more=()
here=$PWD
while [[ $# -gt 0 ]]; do
	case $1 in
	--quick) quick=yes ;;
	--no-setup) setup=no ;;
	--help | -h)
		usage
		exit 0
		;;
	--out | --db | --target | --targets | --suite | --policy | --baseline | --processes | --assay)
		[[ -n ${2:-} ]] || fail "$1 wants a value: see ci/nightly.sh --help"
		# Files are the caller's, who may stand elsewhere.
		file=$2
		[[ $file == /* ]] || file=$here/$file
		case $1 in
		--out) out=$file ;;
		--db) db=$file ;;
		--target) targets+=("$2") ;;
		--targets) more=(--targets "$file") ;;
		--suite) if [[ -e $file ]]; then suites+=("$file"); else suites+=("$2"); fi ;;
		--policy) policy=$file ;;
		--baseline) if [[ $2 == none ]]; then baseline=none; else baseline=$file; fi ;;
		--processes) processes=$2 ;;
		--assay) program=$file ;;
		esac
		shift
		;;
	*) fail "unknown argument '$1': see ci/nightly.sh --help" ;;
	esac
	shift
done
[[ ${#targets[@]} -gt 0 ]] || targets=(x86_64 aarch64@max riscv64@vlen256)
[[ ${#suites[@]} -gt 0 ]] || suites=(quick)

cd "$(dirname "${BASH_SOURCE[0]}")/.."
. scripts/common.sh
assay=${program:-$PWD/build/host/assay}

# One night at a time: two would build into the same folders and measure each other.
mkdir -p "$(dirname "$db")" "$out" || fail "cannot make the folders of $out and $db"
exec 9>>"$db.lock"
flock -n 9 || fail "another night is at work with $db (it holds $db.lock): wait for it"

# What an earlier night left, and nothing else.
if [[ ! -e $out/steps.tsv && -n $(ls -A "$out") ]]; then
	fail "$out is not empty, and no night wrote it: choose another --out"
fi
rm -rf "$out"/{logs,runs,lnt,steps.tsv,records.jsonl,base.jsonl,baseline.jsonl,gate.txt,gate.md,gate.json,gate.sarif,gate.github,gate.xml,report.html,report.md}
mkdir -p "$out/logs" "$out/runs" "$out/lnt"
printf 'step\tstatus\tseconds\tlog\n' >"$out/steps.tsv"

# step NAME COMMAND…: its output goes to a log, its time to steps.tsv. The status is the command's.
count=0 log=''
step() {
	local name=$1 begin=$SECONDS got=0
	shift
	count=$((count + 1))
	log=$(printf 'logs/%02d-%s.log' "$count" "$name")
	printf '# %s\n# %s\n' "$(date -u +%Y-%m-%dT%H:%M:%SZ)" "$(printf '%q ' "$@")" >"$out/$log"
	"$@" >>"$out/$log" 2>&1 </dev/null 9>&- || got=$?
	printf '%s\t%s\t%s\t%s\n' "$name" "$got" $((SECONDS - begin)) "$log" >>"$out/steps.tsv"
	printf '%-14s %5d s  status %s  %s\n' "$name" $((SECONDS - begin)) "$got" "$out/$log"
	return $got
}

# For steps without which there is no verdict. Up to `most`, a status tells what was found, and not that it broke.
need() {
	local most=$1 got=0
	shift
	step "$@" || got=$?
	[[ $got -le $most ]] || {
		tail -n 20 "$out/$log" >&2
		fail "step $1 failed with status $got, so there is no verdict: all of its log is in $out/$log"
	}
	return 0
}

status=0
chosen=() probes=()
for target in "${targets[@]}"; do
	chosen+=(--target "$target")
	probes+=(--target "${target%%@*}")
done

[[ $setup == no ]] || need 0 setup ./scripts/setup
if [[ -z $program ]]; then
	need 0 configure cmake --preset host
	need 0 build cmake --build build/host --parallel "$jobs"
	need 0 probes "$assay" build "${probes[@]}"
fi

# A wrong kernel is a verdict, and the night goes on: the others' figures are wanted all the same.
checked=("${chosen[@]}")
[[ $quick == yes ]] || checked=("${probes[@]}")
step check "$assay" check "${more[@]}" "${checked[@]}" || status=1
check_log=$out/$log

kernels=()
[[ $quick == no ]] || kernels=(--kernels best)
for suite in "${suites[@]}"; do
	name=$(basename "$suite" .yaml)
	need 1 "run-$name" "$assay" run "$suite" "${more[@]}" "${chosen[@]}" "${kernels[@]}" --processes "$processes" \
		--out "$out/runs/$name"
done
if [[ $quick == no ]]; then
	need 0 zoo "$assay" zoo shapes -o "$out/runs/zoo"
	need 1 eval "$assay" eval "$out/runs/zoo/shapes.tflite" --data "$out/runs/zoo/shapes.test.assay" \
		--calibrate "$out/runs/zoo/shapes.calibration.assay" "${more[@]}" "${chosen[@]}" \
		--processes "$processes" --out "$out/runs/eval"
fi
cat "$out"/runs/*/records.jsonl >"$out/records.jsonl"

# The values that a member of the records has.
values() {
	sed -n "s/.*\"$1\": *\"\([^\"]*\)\".*/\1/p" "$out/records.jsonl" | sort -u
}

# The records of the newest run of each suite that was measured tonight. Called by step.
# shellcheck disable=SC2317
load_base() {
	local runs suite
	runs=$("$assay" history list --db "$db" --json | tr -d '\n' | sed 's/}/}\n/g') || return
	: >"$out/base.jsonl"
	while read -r suite; do
		run=$(sed -n "s/.*\"run_id\": *\"\([^\"]*\)\".*\"suite\": *\"$suite\".*/\1/p" <<<"$runs" | tail -n 1)
		[[ -z $run ]] || "$assay" history show "$run" --db "$db" --format jsonl >>"$out/base.jsonl" || return
		printf '%s: %s\n' "$suite" "${run:-not measured before}"
	done < <(values suite)
}
[[ ! -e $db ]] || need 0 base load_base

reviewed=(ci/baseline/*.jsonl)
[[ -n $baseline || -e ${reviewed[0]} ]] || baseline=none
references=()
[[ ! -s $out/base.jsonl ]] || references+=(--base "$out/base.jsonl")
case $baseline in
none) ;;
'') cat "${reviewed[@]}" >"$out/baseline.jsonl" && references+=(--baseline "$out/baseline.jsonl") ;;
*) references+=(--baseline "$baseline") ;;
esac
[[ -z $policy ]] || references+=(--policy "$policy")

if [[ -s $out/base.jsonl || $baseline != none ]]; then
	# What seems slower or faster than the night before is measured again, both revisions in turn, before it is said.
	[[ ! -s $out/base.jsonl ]] || references+=(--remeasure "${more[@]}")
	need 1 gate "$assay" gate "${references[@]}" --new "$out/records.jsonl" --write table="$out/gate.txt" \
		--write markdown="$out/gate.md" --write json="$out/gate.json" --write junit="$out/gate.xml" \
		--write sarif="$out/gate.sarif" --write github="$out/gate.github"
	[[ $(tail -n 1 "$out/steps.tsv" | cut -f 2) -eq 0 ]] || status=1
fi

# Added only now: a night is compared with those before it.
need 0 history "$assay" history add "$out/records.jsonl" --db "$db"

page=(--db "$db")
[[ ! -s $out/base.jsonl ]] || page+=(--compare "$out/base.jsonl")
[[ ! -s $out/gate.json ]] || page+=(--verdicts "$out/gate.json")
need 0 page "$assay" report "$out/records.jsonl" --format html "${page[@]}" -o "$out/report.html"
need 0 markdown "$assay" report "$out/records.jsonl" --format markdown -o "$out/report.md"
while read -r target; do
	need 0 "lnt-$target" "$assay" report "$out/records.jsonl" --target "$target" --format lnt -o "$out/lnt/$target.json"
done < <(values target)

if [[ -s $out/gate.txt ]]; then
	cat "$out/gate.txt"
else
	printf 'the first night: there is nothing to compare with yet; %s has it now\n' "$db"
fi
grep -q '^check	0' "$out/steps.tsv" || printf 'a kernel is wrong: see %s\n' "$check_log"
printf 'artifacts: %s\nreport:    %s\n' "$out" "$out/report.html"
exit $status
