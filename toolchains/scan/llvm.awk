# AArch64 and RISC-V: the disassembler decodes only what the ISA has, so what it can't decode is foreign. RISC-V's
# vectors need more, since an encoding does not tell the width of the elements.
# Variable: allowed (features of the disassembler, by commas).

BEGIN {
	has_vectors = ("," allowed ",") ~ /,[+]v,/
	has_half = ("," allowed ",") ~ /,[+]zvfh,/
}

# The last vset before an instruction in the text is in force if the code just goes on. Where it may not (after a jump,
# a call or a return), nothing is assumed: some half-precision code may be missed, but none is found where there is none.
function new_code() { sew = "" }

function foreign(mnemonic, operands, bytes) {
	if (mnemonic == "<unknown>") return bytes " is not in " isa
	# Decoded with any features, as an access to a system register.
	if (mnemonic ~ /^sm(start|stop)$/) return "sme is not in " isa
	if (format !~ /riscv/) return ""
	if (!has_vectors && mnemonic ~ /^csr/ && operands ~ /(^|[, ])(vl|vtype|vlenb|vstart|vxsat|vxrm|vcsr)(,|$)/)
		return "a vector register of control is not in " isa
	if (!has_vectors || has_half) return ""
	if (mnemonic ~ /^vset/) {
		sew = match(operands, /(^|[ ,])e(8|16|32|64)(,|$)/) ? substr(operands, RSTART, RLENGTH) : ""
		gsub(/[ ,e]/, "", sew)
		return ""
	}
	if (mnemonic ~ /^(j|jr|jal|jalr|ret|call|tail)$/) {
		new_code()
		return ""
	}
	if (mnemonic !~ /^vf/) return ""
	# Conversions between integers of 16 bits and floats of 32 need no half precision; the opposite widths do.
	if (sew == 16 && mnemonic !~ /^vfwcvt[.]f[.]xu?[.]v$/ && mnemonic !~ /^vfncvt[.](rtz[.])?xu?[.]f[.]w$/)
		return "with elements of 16 bits it is zvfh, which is not in " isa
	if (sew == 8 && (mnemonic ~ /^vfwcvt[.]f[.]xu?[.]v$/ || mnemonic ~ /^vfncvt[.](rtz[.])?xu?[.]f[.]w$/))
		return "with elements of 8 bits it is zvfh, which is not in " isa
	return ""
}
