// Numbers as people read them. A missing one is a dash.

const none = "–";

function isMissing(value) {
  return value === null || value === undefined || Number.isNaN(value);
}

function digits(value, count) {
  return value.toLocaleString("en", { maximumSignificantDigits: count, minimumSignificantDigits: count });
}

export function formatTime(ns) {
  if (isMissing(ns)) return none;
  if (ns === 0) return "0";
  const units = [[1e9, "s"], [1e6, "ms"], [1e3, "µs"], [1, "ns"]];
  const [size, unit] = units.find(([least]) => Math.abs(ns) >= least) ?? units.at(-1);
  return `${digits(ns / size, 4)} ${unit}`;
}

export function formatCount(value) {
  return isMissing(value) ? none : value.toLocaleString("en", { maximumFractionDigits: 0 });
}

export function formatValue(value, metric) {
  return metric === "ns" ? formatTime(value) : formatCount(value);
}

export function formatBytes(bytes) {
  if (isMissing(bytes)) return none;
  if (bytes < 1024) return `${bytes} B`;
  if (bytes < 1024 * 1024) return `${digits(bytes / 1024, 3)} KiB`;
  if (bytes < 1024 ** 3) return `${digits(bytes / 1024 ** 2, 3)} MiB`;
  return `${digits(bytes / 1024 ** 3, 3)} GiB`;
}

export function formatRatio(ratio) {
  return isMissing(ratio) ? none : `${ratio.toFixed(2)}×`;
}

export function formatError(error) {
  if (isMissing(error)) return none;
  return error === 0 ? "0" : error.toExponential(1);
}

export function formatPercent(share, fraction = 1) {
  return isMissing(share) ? none : `${(share * 100).toFixed(fraction)} %`;
}

// now / base of something whose growth is bad.
export function formatChange(ratio) {
  if (isMissing(ratio)) return none;
  const percent = (ratio - 1) * 100;
  const shown = Math.abs(percent) < 0.995 ? Math.abs(percent).toFixed(2) : Math.abs(percent).toFixed(1);
  return `${percent < 0 ? "−" : "+"}${shown} %`;
}

export function formatDate(iso) {
  return iso ? iso.replace("T", " ").replace(/:\d\dZ$/, " UTC") : none;
}

// What a series' value is, in words.
export function unitOf(record) {
  return record.metric === "ns" ? "time" : "instructions";
}

export function plural(count, one, many) {
  return `${count.toLocaleString("en")} ${count === 1 ? one : many}`;
}

export function geometricMean(values) {
  return values.length ? Math.exp(values.reduce((sum, value) => sum + Math.log(value), 0) / values.length) : NaN;
}

export function median(values) {
  if (!values.length) return NaN;
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
