#!/bin/bash
# networks.sh ASSAY FAKE_PROBE SEEDS PROBE: `assay run --model`: what becomes of files and options, with a probe that computes
# nothing; then the whole way with a real one.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
seeds=$3 probe=$4
"$seeds" "$work" || exit 1
cp "$work/int8.tflite" "$work/other.tflite"
head -c 300 "$work/int8.tflite" >"$work/cut.tflite"

measure() {
	"$assay" run --targets "$work/targets.yaml" --target fake "$@"
}
series() {
	grep -o '"series_id": *"[^"]*"' "$1/records.jsonl" | sort
}
# count N WHAT FOLDER PATTERN
count() { same "$2" "$(grep -c -- "$4" "$3/records.jsonl")" "$1"; }

# A file in three roles, the whole and two layers each; three processes.
expect 0 "report:  $work/good/report.html" measure --model "$work/int8.tflite" --kernels best,auto,ref --out "$work/good"
count 9 'records of a network' "$work/good" '"network":'
count 3 'records of the whole' "$work/good" '"op": *"model"'
count 1 'the id of the whole' "$work/good" '"series_id": *"fake/int8/model/int8/dense@0/best"'
count 1 'the id of a layer' "$work/good" '"series_id": *"fake/int8/003_softmax/softmax/int8/dense@0/ref"'
count 3 'kernels/ names its operations' "$work/good" '"case": *"int8/000_conv", *"role"'
count 3 'samples of three processes' "$work/good" '"processes": *\[0, *0, *0, *1, *1, *1, *2, *2, *2\]'
count 6 'samples of layers' "$work/good" '"processes": *\[0, *0, *1, *1, *2, *2\]'
count 3 'sizes' "$work/good" '"activation_bytes": *128'
count 9 "the file's sum" "$work/good" '"model_sum": *"[0-9a-f]\{16\}"'
count 0 'a speed-up without a float network' "$work/good" '"speedup": *[0-9]'
said=$("$assay" report "$work/good")
[[ $said == *'sum of layers'*'90.0 %'*'000 conv'*'70.0 %'*'conv_fake_ref'* ]] || same 'the table' "$said" 'the layers with their shares'
[[ $said != *oracle* ]] || same 'no empty table of layers' "$said" ''
for format in json csv markdown html gbench; do
	expect 0 '' "$assay" report "$work/good" --format "$format" -o "$work/page"
	same "the network in the report as $format" "$(grep -c 'softmax' "$work/page" | sed 's/[1-9][0-9]*/some/')" some
done
# The same machine code, so that only noise could differ. Without its hash, the two smallest layers are within what a look at
# the clock takes: no verdict.
expect 0 ' 0 inconclusive, 0 improved, 0 new, 0 gone, 9 unchanged' "$assay" compare "$work/good" "$work/good"
mkdir "$work/unhashed"
sed 's/"hash": *"[0-9a-f]*"/"hash": null/' "$work/good/records.jsonl" >"$work/unhashed/records.jsonl"
expect 0 ' 2 inconclusive, 0 improved, 0 new, 0 gone, 7 unchanged' "$assay" compare "$work/unhashed" "$work/unhashed"

# Beside a suite's records in one folder, both are there.
printf 'suite: mine\nmodes: [fp32]\ncases:\n  - {name: first, op: gemm, m: 4, n: 4, k: 4}\n' >"$work/mine.yaml"
cp -r "$work/good" "$work/both"
expect 0 'first' measure "$work/mine.yaml" --out "$work/both"
said=$("$assay" report "$work/both")
[[ $said == *first*'sum of layers'* ]] || same 'both tables' "$said" 'layers of the suite, then networks'

# Kernels, names, batch and threads.
expect 0 '' measure --model "$work/int8.tflite" --isa avx2 --kernel '*_x' --isa ref --name net --batch 3 --out "$work/named"
count 3 'a kernel by name' "$work/named" '/named/\*_avx2_\*"'
count 1 'beside the best' "$work/named" '"series_id": *"fake/net+batch3/model/int8/dense@0/best"'
count 1 'references by --isa' "$work/named" '"series_id": *"fake/net+batch3/model/int8/dense@0/ref"'
count 12 'nothing else' "$work/named" .
expect 0 'int8 \*_avx2_\*' "$assay" report "$work/named"
expect 0 '' measure --model "$work/int8.tflite" --kernels best --threads 4 --out "$work/threads"
count 3 'threads are another case' "$work/threads" '"case": *"int8+threads4'

# By peers: as many series as the target has of them. What a peer left to us is not told against it.
expect 0 'vs peer' measure --model "$work/int8.tflite" --kernels best,peers --out "$work/peers"
count 1 "a peer's whole" "$work/peers" '"series_id": *"fake/int8/model/int8/dense@0/peer/rival".*"origin": *"rival"'
count 1 'what the peer computed' "$work/peers" '"peer_macs": *700'
count 1 "a peer's layer" "$work/peers" '"origin": *"rival".*"case": *"int8/000_conv"\|"case": *"int8/000_conv".*"origin": *"rival"'
expect 0 'by peers' "$assay" report "$work/peers"

# Against the float network: the fake one has as many multiply-accumulates as every other, and takes twice as long. Without
# weights a network is what its input is.
expect 0 '' measure --model "$work/int8.tflite" --model "fp32=$work/variables.tflite" --kernels best --out "$work/against"
count 3 'slower than the float network, which came second' "$work/against" '"case": *"int8.*"speedup": *0.5,'
count 3 'the float network against itself' "$work/against" '"case": *"variables.*"speedup": *1.0,'

# Modes that are said and those that are.
expect 0 '' measure --model "int8=$work/int8.tflite" --model "$work/other.tflite" --kernels best --out "$work/two"
count 6 'two networks' "$work/two" '"mode": *"int8"'
expect 2 'its layers are int8, not fp32' measure --model "fp32=$work/int8.tflite" --out "$work/none"
expect 2 "did you mean 'int8'" measure --model "int9=$work/int8.tflite" --out "$work/none"
expect 2 'would be the same series' measure --model "$work/int8.tflite" --model "$work/int8.tflite" --out "$work/none"
expect 2 'would be the same series' measure --model "$work/int8.tflite" --model "$work/other.tflite" --name x --out "$work/none"

# What is no network, and options that do not go together.
expect 2 'cut.tflite: ' measure --model "$work/cut.tflite" --out "$work/none"
expect 2 'nowhere.tflite: cannot be opened' measure --model "$work/nowhere.tflite" --out "$work/none"
cp "$work/int8.tflite" "$work/"$'bad\xff.tflite'
expect 2 'is not UTF-8' measure --model "$work/"$'bad\xff.tflite' --out "$work/none"
expect 2 'is not UTF-8' measure --model "$work/int8.tflite" --name $'\xff' --out "$work/none"
expect 2 'is not UTF-8' measure --model "$work/int8.tflite" --kernel $'\xff' --out "$work/none"
expect 2 'the FILE is missing' measure --model fp32= --out "$work/none"
expect 2 'a suite or networks' measure quick --model "$work/int8.tflite" --out "$work/none"
expect 2 "a suite's cases" measure --mode int8 --model "$work/int8.tflite" --out "$work/none"
expect 2 'name one by --model' measure --batch 2 --out "$work/none"
expect 2 'number from 1 to' measure --model "$work/int8.tflite" --threads 0 --out "$work/none"
expect 2 "without '/'" measure --model "$work/int8.tflite" --name a/b --out "$work/none"
same 'nothing is written for what is refused' "$(test -e "$work/none" || echo none)" none

# A probe killed in the middle: an error each, and --resume completes the run.
touch "$work/kill"
FAKE_KILL=$work/kill expect 1 'killed by SIGKILL' measure --model "$work/int8.tflite" --kernels best,auto,ref --out "$work/killed"
count 2 'unfinished series are errors' "$work/killed" '"outcome": *"error"'
expect 0 '0 of 1 targets' "$assay" run --resume "$work/killed"
same 'every series has a record' "$(series "$work/killed" | uniq)" "$(series "$work/good")"
expect 0 '1 of 1 targets' "$assay" run --resume "$work/killed"
echo >>"$work/other.tflite"
expect 2 'other.tflite changed since' "$assay" run --resume "$work/two"
FAKE_GARBAGE=1 expect 0 'no JSON' measure --model "$work/int8.tflite" --out "$work/garbage"

# An emulator counts one thread. It is refused before anything of the target is looked for.
cat >"$work/emulated.yaml" <<YAML
targets:
  - {name: emulated, reach: qemu, probe: $fake, sysroot: aarch64, program: qemu-nothing, lanes: [{name: max, cpu: max}]}
YAML
expect 2 'counted of one thread' "$assay" run --model "$work/int8.tflite" --threads 2 --targets "$work/emulated.yaml" --target emulated \
	--out "$work/none"

# The whole way.
cat >"$work/here.yaml" <<YAML
targets:
  - {name: here, reach: native, probe: $probe, lanes: [{name: native}]}
YAML
expect 0 'sum of layers' "$assay" run --model "$work/int8.tflite" --model "$work/variables.tflite" --model "$work/sparse.tflite" \
	--targets "$work/here.yaml" --target here --kernels best,ref --out "$work/real"
count 2 'real convolutions' "$work/real" '"case": *"int8/000_conv"'
count 1 "the reference's kernel" "$work/real" '"kernel": *"conv_i8_ref"'
count 2 'no speed-up against another network' "$work/real" '"op": *"model".*"mode": *"int8".*"speedup": *null'
count 0 'all went well' "$work/real" '"outcome": *"\(error\|fail\)"'
expect 0 '' "$assay" compare "$work/real" "$work/real"
finish
