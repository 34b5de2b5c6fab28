# From a disassembly by llvm-objdump (x86-64, AT&T, without bytes) of one or more objects: for each object's kernel a
# line with its name, and the instructions and the multiply-accumulates of its hot loop. That is, of the innermost loops
# (backward jumps with no other loop that multiplies within), the one with the most multiply-accumulates, of equals the
# one with the fewest instructions; loops with less than half the multiply-accumulates an instruction of the best are
# edges, or code around a loop that the compiler put elsewhere.

/file format/ {
	end_of_function()
	end_of_object()
	kernel = $1
	sub(/^.*kernel_/, "", kernel)
	sub(/\.dir\/.*$/, "", kernel)
	next
}

/^[0-9a-f]+ <.*>:$/ {
	end_of_function()
	next
}

/^ +[0-9a-f]+:/ {
	sub(/[{]vex[}][ \t]+/, "") # where one mnemonic has two encodings
	count++
	address = $1
	sub(/:$/, "", address)
	at[address] = count
	total[count] = total[count - 1] + multiply_accumulates($2, $0)
	if ($2 ~ /^j/ && $3 ~ /^0x/) {
		target = substr($3, 3)
		if (target in at && at[target] < count) {
			loops++
			from[loops] = at[target]
			to[loops] = count
		}
	}
}

END {
	end_of_function()
	end_of_object()
}

# Lanes of a multiplication whose product is added: fused, or of a floating-point pair, or of integer pairs and fours.
# Without fused instructions the product alone tells.
function multiply_accumulates(name, line,    bytes) {
	bytes = line ~ /%zmm/ ? 64 : line ~ /%ymm/ ? 32 : line ~ /%xmm/ ? 16 : 0
	if (name ~ /^vf(n?m)(add|sub)[0-9]+ps$/ || name == "mulps") return bytes / 4
	if (name ~ /^vpdpbusds?$/ || name == "vpmaddubsw") return bytes
	if (name ~ /^vpdpwssds?$/ || name == "vpmaddwd" || name == "pmaddwd") return bytes / 2
	return 0
}

function end_of_function(    i, j, inner, macs) {
	for (i = 1; i <= loops; i++) {
		macs = total[to[i]] - total[from[i] - 1]
		if (macs == 0) continue
		inner = 1
		for (j = 1; j <= loops && inner; j++)
			if (j != i && from[j] >= from[i] && to[j] <= to[i] && total[to[j]] > total[from[j] - 1] &&
				!(from[j] == from[i] && to[j] == to[i])) inner = 0
		if (!inner) continue
		found++
		work[found] = macs
		size[found] = to[i] - from[i] + 1
		if (macs / size[found] > densest) densest = macs / size[found]
	}
	count = loops = 0
	split("", at)
	split("", total)
}

function end_of_object(    i, most, instructions) {
	for (i = 1; i <= found; i++) {
		if (work[i] / size[i] < densest / 2) continue
		if (work[i] > most || (work[i] == most && size[i] < instructions)) {
			most = work[i]
			instructions = size[i]
		}
	}
	if (kernel != "") printf "%s\t%d\t%d\n", kernel, instructions, most
	found = densest = 0
	kernel = ""
}
