// The least time that a core needs for a record's work, and the peaks that it is made of (docs/measuring.md).
import { formatPercent } from "./format.js";

export const arithmeticModes = { f32: "fp32", f16: "fp16", i8: "int8", i16: "int16x8" }; // whose colour it has

export function levelName(level) {
  return level === 0 ? "memory" : `L${level}`;
}

// "92 %", "85 %, memory".
export function boundText(record) {
  if (!record.bound) return "–";
  return `${formatPercent(record.bound.share, 0)}${record.bound.by === "memory" ? ", memory" : ""}`;
}

function keepLargest(map, key, rate, item) {
  if (rate > 0 && !(map.get(key)?.rate >= rate)) map.set(key, { ...item, rate });
}

// What was measured of the machine in any run of these records. ceilings: {arithmetic, isa, rate, best}, slopes:
// {level, rate}, fastest first. Of a level the most bytes, whether they are read, written or both.
export function peaksOf(records) {
  const ceilings = new Map();
  const slopes = new Map();
  for (const peaks of new Set(records.map((record) => record.machine?.peaks).filter(Boolean))) {
    for (const { arithmetic, isa, per_ns: rate } of peaks.macs ?? []) keepLargest(ceilings, `${arithmetic} ${isa}`, rate, { arithmetic, isa });
    for (const { level, read, write, copy } of peaks.memory ?? []) keepLargest(slopes, level, Math.max(read, write, 2 * copy), { level });
  }
  for (const { bound } of records) {
    if (bound?.arithmetic) keepLargest(ceilings, `${bound.arithmetic} ${bound.isa}`, bound.macs_per_ns, { arithmetic: bound.arithmetic, isa: bound.isa });
  }
  const sorted = [...ceilings.values()].sort((a, b) => b.rate - a.rate);
  for (const ceiling of sorted) ceiling.best = sorted.find(({ arithmetic }) => arithmetic === ceiling.arithmetic) === ceiling;
  return { ceilings: sorted, slopes: [...slopes.values()].sort((a, b) => b.rate - a.rate) };
}
