# What the scans of all architectures share. A scan's own file defines foreign(mnemonic, operands, bytes), which returns
# what is wrong with an instruction, or "", and new_code(), which is told where one function's code ends.
#
# Input: llvm-objdump -d. Variables: isa, format (the object format expected), most (lines printed for each object).

BEGIN { FS = "\t" }

/:\tfile format / {
	finish_object()
	object = $1
	sub(/:$/, "", object)
	objects++
	found = 0
	if ($2 != "file format " format) {
		printf "scan.sh: %s: is %s, but %s is for %s\n", object, substr($2, 13), isa, format > "/dev/stderr"
		unfit = 1
	}
	skip = $2 != "file format " format
	new_code()
	next
}

/^[0-9a-f]+ <.*>:$/ {
	symbol = substr($0, index($0, "<") + 1)
	sub(/>:$/, "", symbol)
	new_code()
	next
}

/^ *[0-9a-f]+:/ && NF >= 2 && !skip {
	# A prefix that is printed like an instruction of its own, before the real one: rep, {vex}.
	at = 2
	if ($2 ~ /^[{]/ || $2 ~ /^rep/) {
		for (i = 3; i <= NF && $i == ""; i++) { }
		if (i <= NF) at = i
	}
	mnemonic = $at
	operands = $(at + 1)
	# Data between the instructions, marked as such.
	if (mnemonic ~ /^[.]/) next
	instructions++
	bytes = $1
	sub(/^ *[0-9a-f]+: */, "", bytes)
	sub(/ +$/, "", bytes)
	why = foreign(mnemonic, operands, bytes)
	if (why != "") {
		found++
		total++
		if (found <= most) {
			address = $1
			sub(/^ */, "", address)
			sub(/:.*/, "", address)
			printf "%s: %s at 0x%s: %s%s: %s\n", object, symbol, address, mnemonic, operands == "" ? "" : " " operands, why
		}
	}
}

function finish_object() {
	if (found > most) printf "%s: and %d more\n", object, found - most
	if (found > 0) bad++
}

END {
	finish_object()
	if (unfit) exit 2
	if (instructions == 0 && NR > 0) {
		print "scan.sh: there is not one instruction in these objects: nothing was scanned" > "/dev/stderr"
		exit 2
	}
	if (total > 0) {
		printf "scan %s: %d instructions outside of it, in %d of %d objects\n", isa, total, bad, objects
		exit 1
	}
	printf "scan %s: all %d instructions of %d objects are within it\n", isa, instructions, objects
}
