# Tells which extension of x86-64 an instruction belongs to. LLVM's x86 disassembler decodes all of them whatever it is
# asked for, so the encoding (legacy, VEX, EVEX) and the name decide here. Variable: allowed (classes, by commas).
# Names of instructions are AT&T's, which may end in b, w, l or q for the size.

BEGIN {
	n = split(allowed, list, ",")
	for (i = 1; i <= n; i++) is_allowed[list[i]] = 1

	put("sse3", "addsubpd addsubps haddpd haddps hsubpd hsubps lddqu movddup movshdup movsldup monitor mwait")
	put("sse3", "fisttps fisttpl fisttpll")
	put("ssse3", "pabsb pabsw pabsd palignr phaddw phaddd phaddsw phsubw phsubd phsubsw pmaddubsw pmulhrsw pshufb")
	put("ssse3", "psignb psignw psignd")
	put("sse41", "blendpd blendps blendvpd blendvps dppd dpps extractps insertps movntdqa mpsadbw packusdw pblendvb")
	put("sse41", "pblendw pcmpeqq pextrb pextrd pextrq phminposuw pinsrb pinsrd pinsrq pmaxsb pmaxsd pmaxud pmaxuw")
	put("sse41", "pminsb pminsd pminud pminuw pmovsxbw pmovsxbd pmovsxbq pmovsxwd pmovsxwq pmovsxdq pmovzxbw pmovzxbd")
	put("sse41", "pmovzxbq pmovzxwd pmovzxwq pmovzxdq pmuldq pmulld ptest roundpd roundps roundsd roundss")
	put("sse42", "pcmpgtq pcmpestri pcmpestrm pcmpistri pcmpistrm crc32b crc32w crc32l crc32q")
	put("popcnt", "popcnt popcntw popcntl popcntq")
	put("lzcnt", "lzcnt lzcntw lzcntl lzcntq")
	put("movbe", "movbe movbew movbel movbeq")
	put("cx16", "cmpxchg16b")
	put("adx", "adcxl adcxq adoxl adoxq")
	put("sse4a", "extrq insertq movntsd movntss")
	put("aes", "aesenc aesenclast aesdec aesdeclast aesimc aeskeygenassist")
	put("pclmul", "pclmulqdq pclmullqlqdq pclmulhqlqdq pclmullqhqdq pclmulhqhqdq")
	put("gfni", "gf2p8mulb gf2p8affineqb gf2p8affineinvqb")
	put("sha", "sha1rnds4 sha1nexte sha1msg1 sha1msg2 sha256rnds2 sha256msg1 sha256msg2")
	put("rdrnd", "rdrandw rdrandl rdrandq rdseedw rdseedl rdseedq")
}

function put(class, names,    i, n, each) {
	n = split(names, each, " ")
	for (i = 1; i <= n; i++) legacy[each[i]] = class
}

function new_code() { }

function foreign(mnemonic, operands, bytes,    key, class, count, byte, at, encoding) {
	count = split(bytes, byte, " ")
	for (at = 1; at < count && byte[at] ~ /^(26|2e|36|3e|64|65|66|67|f0|f2|f3)$/; at++) { }
	encoding = "legacy"
	if (byte[at] == "62") encoding = "evex" map_of(byte[at + 1])
	else if (byte[at] == "c4" || byte[at] == "c5") encoding = "vex"
	else if (byte[at] == "8f" && byte[at + 1] ~ /^.[89a-f]$|^[13579bdf]./) encoding = "xop"
	else if (byte[at] == "d5") encoding = "rex2"
	# What the answer depends on, so that each kind of instruction is looked at once.
	key = mnemonic " " encoding (operands ~ /%tmm/ ? "t" : operands ~ /%ymm/ ? "y" : "") (operands ~ /%k[0-7]/ ? "k" : "")
	if (!(key in known)) known[key] = class_of(mnemonic, operands, encoding)
	class = known[key]
	return class in is_allowed ? "" : class " is not in " isa
}

# The low three bits of the byte after 62.
function map_of(hex) {
	return (index("0123456789abcdef", substr(hex, 2, 1)) - 1) % 8
}

function class_of(name, operands, encoding) {
	if (name == "<unknown>") return "an unknown encoding"
	if (encoding == "legacy") return name in legacy ? legacy[name] : "base"
	if (encoding == "xop") return "xop"
	if (encoding == "rex2" || encoding == "evex4") return "apx"
	if (operands ~ /%tmm/ || name ~ /^(tile|ldtilecfg|sttilecfg|tdp)/) return "amx"
	if (name ~ /^v(aes|sm[34]|sha512|pclmul|gf2p8)/) {
		if (name ~ /^vgf2p8/) return "gfni"
		if (name ~ /^vaes/) return encoding == "vex" && operands !~ /%ymm/ ? "aes" : "vaes"
		if (name ~ /^vpclmul/) return encoding == "vex" && operands !~ /%ymm/ ? "pclmul" : "vpclmulqdq"
		return "sha512, sm3 or sm4"
	}
	return encoding == "vex" ? class_of_vex(name, operands) : class_of_evex(name, encoding)
}

function class_of_vex(name, operands) {
	if (operands ~ /%k[0-7]/) return "avx512"
	if (name ~ /^vfn?m(add|sub)|^vfmaddsub|^vfmsubadd/) return name ~ /(132|213|231)/ ? "fma" : "fma4"
	if (name == "vcvtph2ps" || name == "vcvtps2ph") return "f16c"
	if (name ~ /^vpdp(busd|wssd)s?$/) return "avxvnni"
	if (name ~ /^vpdp/) return "avxvnniint8 or avxvnniint16"
	if (name ~ /^vpmadd52/) return "avxifma"
	if (name ~ /^v(bcstne|cvtne)/) return "avxneconvert"
	if (name ~ /^(andn|bextr|bls|bzhi|mulx|pdep|pext|rorx|sarx|shlx|shrx)/) return "bmi"
	if (name ~ /^v/) return "avx2"
	return "an unknown VEX instruction"
}

function class_of_evex(name, encoding) {
	if (name ~ /^vpdp(busd|wssd)s?$/) return "avx512vnni"
	if (name ~ /^(vdpbf16ps|vcvtneps2bf16|vcvtne2ps2bf16)/) return "avx512bf16"
	# The maps 5 and 6 were made for it; the rest of it shares map 3 with others.
	if (encoding == "evex5" || encoding == "evex6" || (name ~ /(ph|sh)$/ && name != "vcvtps2ph")) return "avx512fp16"
	if (name ~ /^vpmadd52/) return "avx512ifma"
	if (name ~ /^(vperm(b|i2b|t2b)$|vpmultishiftqb)/) return "avx512vbmi"
	if (name ~ /^(vp(compress|expand)[bw]$|vpsh[lr]d)/) return "avx512vbmi2"
	if (name ~ /^(vpopcnt[bw]$|vpshufbitqmb)/) return "avx512bitalg"
	if (name ~ /^vpopcnt[dq]$/) return "avx512vpopcntdq"
	if (name ~ /^vp2intersect/) return "avx512vp2intersect"
	if (name ~ /^(v4f|vp4dp|vexp2p|vrcp28|vrsqrt28|vgatherpf|vscatterpf)/) return "an extension of Xeon Phi"
	if (name ~ /^(vpdp|vmpsadbw|vminmax|vcvtb|vcvttp[sd]2u?[dq]qs)/) return "avx10.2"
	return "avx512"
}
