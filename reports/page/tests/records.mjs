// Records that were never measured, for tests of the page: the same for the same arguments.

// Numbers from 0 to 1: those of neighbouring seeds have nothing in common.
function random(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x9e3779b9) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 16), 0x85ebca6b);
    mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
    return ((mixed ^ (mixed >>> 16)) >>> 0) / 2 ** 32;
  };
}

const targets = [
  { name: "x86_64", emulated: false, cpu: "A CPU <script>alert(1)</script>" },
  { name: "aarch64@max", emulated: true, cpu: "an emulated one" },
  { name: "riscv64@v256", emulated: true, cpu: "another \"emulated\" one" },
];
const modes = ["fp32", "fp16w", "fp16", "hybrid", "int8", "int16x8"];
const errors = { fp32: 1e-7, fp16w: 2e-4, fp16: 4e-4, hybrid: 1e-2, int8: 1.5e-2, int16x8: 5e-3 };
const factors = { fp32: 1, fp16w: 1.1, fp16: 0.6, hybrid: 0.5, int8: 0.4, int16x8: 0.9 };

const round9 = (value) => Number(value.toPrecision(9));

function identity(night) {
  const started = new Date(Date.UTC(2026, 0, 1 + night, 2, 30)).toISOString().replace(".000", "");
  return { run_id: `${started}-77`, suite: "synthetic", started, seed: 1, commit: (0xabc0000 + night).toString(16).padEnd(40, "0"), dirty: false };
}

const peaks = {
  macs: [["f32", "narrow", 30], ["f32", "wide", 60], ["i8", "wide", 240], ["i16", "wide", 120]].map(([arithmetic, isa, rate]) => ({ arithmetic, isa, per_ns: rate })),
  memory: [[1, 32768, 200], [2, 2 ** 20, 100], [0, null, 20]].map(([level, bytes, read]) => ({ level, bytes, read, write: read / 2, copy: read / 4 })),
};
const arithmetics = { fp32: "f32", fp16w: "f32", fp16: "f16", hybrid: "i8", int8: "i8", int16x8: "i16" };

// Of every third series memory is the bound. Values in nanoseconds, as if the shape were another.
function bound(mode, value, m, n, k) {
  const share = 0.3 + 0.5 * random(Math.round(value))();
  const by = Math.round(value) % 3 ? "arithmetic" : "memory";
  const ns = round9(value * share);
  const other = round9(ns / 2);
  return {
    ns, by, arithmetic_ns: by === "memory" ? other : ns, memory_ns: by === "memory" ? ns : other, arithmetic: arithmetics[mode], isa: "wide",
    macs: m * n * k, macs_per_ns: { f32: 60, f16: 60, i8: 240, i16: 120 }[arithmetics[mode]], read_bytes: m * k + n * k, written_bytes: m * n, level: 1, share: round9(ns / value),
  };
}

function machine(target) {
  return {
    arch: target.name.split("@")[0], cpu: target.cpu, features: ["one", "two"], vector_bytes: 32, cores: 4, core: 3,
    caches: [{ level: 1, bytes: 32768, line: 64 }], memory_bytes: 2 ** 34, os: "Linux", os_release: "6.1", governor: null,
    peaks: target.emulated ? null : peaks, compiler: "Clang 19", build_flags: "-O3", libc: "2.41", emulated: target.emulated, plugins: [], libraries: { hwloc: "2" },
  };
}

function performance(target, value, macs, sampleCount, next) {
  if (target.emulated) return { iterations: 1, macs, nonzero_macs: macs, counts: { instructions: value, vector: Math.floor(value / 2), loads: Math.floor(value / 3), memory_complete: true } };
  const samples = Array.from({ length: sampleCount }, () => round9(value * (1 + 0.04 * next() ** 2)));
  samples[Math.floor(next() * sampleCount)] = value;
  return { iterations: 100, macs, nonzero_macs: macs, samples, processes: samples.map((_, i) => Math.floor((3 * i) / sampleCount)) };
}

// A layer in one mode, by one kernel. `slower`: by what factor its value is wrong.
function layer({ target, name, mode, structure = "dense", sparsity = 0, role, origin = "assay", kernel, value, fp32, night, sampleCount, next, message = null, outcome = "pass" }) {
  const op = structure === "dense" ? "gemm" : "spmm";
  const [m, n, k] = [16, 64, 256];
  const known = outcome === "pass";
  const rounded = target.emulated ? Math.round(value) : round9(value);
  const id = `${target.name}/${name}/${op}/${mode}/${structure}@${sparsity}/${role}${role === "peer" ? `/${origin}` : ""}`;
  return {
    schema_version: 2, series_id: id, target: target.name, op, mode, structure, sparsity, case: name, role,
    metric: target.emulated ? "instructions" : "ns", emulated: target.emulated, kernel, origin,
    value: known ? rounded : null, speedup: known ? round9(fp32 / rounded) : null,
    bound: known && !target.emulated ? bound(mode, rounded, m, n, k) : null,
    error: known ? { metric: "error_over_bound", value: round9(0.1 * next()), bound: 1 } : null, outcome, message,
    identity: identity(night), code: { why: "highest rank that runs", packed_bytes: n * k * 2, weight_bytes: n * k, pack_ns: target.emulated ? null : 1234 },
    machine: machine(target), shape: { m, n, k, activation: "relu" },
    performance: known ? performance(target, rounded, m * n * k, sampleCount, random(rounded)) : { iterations: 0, macs: m * n * k },
    accuracy: { rel_rms: known ? round9(errors[mode] * (0.9 + 0.2 * next())) : null },
  };
}

function whole(target, mode, i, night, next) {
  const value = 1e5 * factors[mode];
  const counted = target.emulated ? Math.round(value) : round9(value * (1 + 0.004 * next()));
  return {
    ...layer({ target, name: "net", mode, role: "best", kernel: null, value: counted, fp32: 1e5, night, sampleCount: 9, next }),
    series_id: `${target.name}/net/model/${mode}/dense@0/best`, op: "model", shape: {}, error: null,
    bound: target.emulated ? null : { ns: round9(counted / 2), by: "layers", share: 0.5 },
    network: { name: "net", layer: null },
    code: { why: "as the layers", packed_bytes: 1000, weight_bytes: 1000, threads: 1, batch: 1, model_sum: "00", model_bytes: 200000 - 20000 * i, activation_bytes: 5000, scratch_bytes: 100 },
    accuracy: { rel_rms: null, task: "classification", task_metric: "top1", task_value: round9(0.92 - 0.01 * i * next()), samples: 1000, answers: "1".repeat(1000) },
  };
}

// `count` series or a few more. Of night 0 and the following: `slow` names a case that is slower in mode int8 by a quarter.
export function makeRecords({ count = 300, night = 0, slow = null, hostile = false, sampleCount = 36, networks = true } = {}) {
  const records = [];
  for (let i = 0; records.length < count; i++) {
    const name = hostile && i === 0 ? "</script><img src=x onerror=alert(1)> 'c\" & $(x) {{data}}" : `case_${String(i).padStart(4, "0")}`;
    for (const target of targets) {
      const next = random(1000 * i + target.name.length);
      const noise = random(7919 * night + 31 * i + target.name.length);
      const fp32 = target.emulated ? Math.round(20000 + 300000 * next()) : round9(1000 + 50000 * next());
      const put = (options) => {
        const wobble = target.emulated || options.value === fp32 ? 1 : 1 + 0.004 * noise();
        const late = options.name === slow && options.mode === "int8" ? 1.25 : 1;
        records.push(layer({ target, name, fp32, night, sampleCount, next, ...options, value: options.value * wobble * late }));
      };
      for (const mode of modes) {
        const value = mode === "fp32" ? fp32 : fp32 * factors[mode] * (0.8 + 0.4 * next());
        put({ name, mode, role: "best", kernel: `gemm_${mode}_simd_6x16`, value });
        put({ name, mode, role: "auto", kernel: `gemm_${mode}_auto`, value: value * 2 });
        put({ name, mode, role: "ref", kernel: `gemm_${mode}_ref`, value: value * 9 });
        put({ name, mode, role: "peer", origin: "peerlib", kernel: `gemm_${mode}_peer`, value: value * 1.1 });
      }
      if (i % 4 === 0) {
        for (const sparsity of [0.5, 0.7, 0.9]) put({ name, mode: "fp32", structure: "1x4", sparsity, role: "best", kernel: "spmm_f32_bsr1x4_simd", value: fp32 * 2.2 * (1 - sparsity) + fp32 * 0.1 });
      }
      if (i % 5 === 0) put({ name, mode: "int8", structure: "1x16", sparsity: 0.8, role: "best", kernel: null, value: 1, outcome: i % 10 ? "unsupported" : "error", message: "signal 11 <b>here</b>" });
    }
  }
  const next = random(5 + night);
  if (networks) for (const target of targets) modes.forEach((mode, i) => records.push(whole(target, mode, i, night, next)));
  return records;
}
