// The page's data as objects. C writes them as columns, with what repeats in a pool (reports/page/columns.c).

const pooledColumns = ["target", "op", "mode", "structure", "case", "role", "kernel", "origin", "metric", "outcome",
  "message", "emulated", "identity", "machine", "shape", "processes", "network"];
const memberColumns = ["bound", "error", "code", "performance", "counts", "accuracy"];

function members(cell, pool) {
  if (!cell) return null;
  return Object.fromEntries(pool[cell[0]].map((name, i) => [name, cell[i + 1]]));
}

function idOf(record) {
  const { target, op, mode, structure, sparsity, role, origin } = record;
  return `${target}/${record.case}/${op}/${mode}/${structure}@${sparsity}/${role}${role === "peer" ? `/${origin}` : ""}`;
}

function samplesOf(cell) {
  return cell ? cell.slice(1).map((above) => cell[0] * (1 + above / 1e4)) : [];
}

// "int8 1x4 80 %": a mode with the structure of its weights.
export function modeLabel(record) {
  if (record.structure === "dense") return record.mode;
  return `${record.mode} ${record.structure} ${+(record.sparsity * 100).toFixed(1)} %`;
}

function readRecord(columns, i, pool) {
  const record = { index: i };
  for (const name of Object.keys(columns)) record[name] = columns[name][i];
  for (const name of pooledColumns) record[name] = pool[record[name]];
  for (const name of memberColumns) record[name] = members(record[name], pool);
  if (record.id === 0) record.id = idOf(record);
  record.samples = samplesOf(record.samples);
  record.label = modeLabel(record);
  record.modeError = record.accuracy?.rel_rms ?? null;
  return record;
}

// Columns with an item a record, and a list of what is gone.
function readComparisons(raw, records, pool) {
  const { gone, ...columns } = raw;
  const compared = records.flatMap((record, i) => {
    if (pool[columns.verdict[i]] === null) return [];
    const [estimate = null, low = estimate, high = estimate] = columns.ratio[i] || [];
    record.comparison = {
      id: record.id, target: record.target, record, estimate, low, high,
      verdict: pool[columns.verdict[i]], aspect: pool[columns.aspect[i]], reason: columns.reason[i] || null, p: columns.p[i],
      remeasured: Boolean(columns.remeasured[i]), baseKernel: pool[columns.kernel[i]], baseValue: columns.value[i],
    };
    return [record.comparison];
  });
  return [...compared, ...gone.map(([id, verdict, aspect, reason]) => ({ id, target: id.split("/")[0], verdict, aspect, reason, record: null, estimate: null, p: null }))];
}

function distinct(items) {
  return [...new Set(items)];
}

export function readData(text) {
  const raw = JSON.parse(text);
  const records = raw.records.id.map((_, i) => readRecord(raw.records, i, raw.pool));
  const byId = new Map(records.map((record) => [record.id, record]));
  const comparisons = raw.comparisons && readComparisons(raw.comparisons, records, raw.pool);
  const targets = distinct(records.map((record) => record.target)).map((name) => {
    const { emulated, machine } = records.find((record) => record.target === name);
    return { name, emulated, machine };
  });
  const known = targets.map(({ name }) => name);
  const lost = distinct((comparisons ?? []).map((comparison) => comparison.target)).filter((name) => !known.includes(name));
  const comparedTargets = [...targets, ...lost.map((name) => ({ name, isLost: true }))];
  const newest = records.map((record) => record.identity).reduce((a, b) => (a && a.started >= b.started ? a : b), null);
  return { records, byId, comparisons, history: raw.history ?? null, targets, comparedTargets, run: newest };
}

// Layers of suites that selection's kernels computed.
export function bestOfSuites(records) {
  return records.filter((record) => record.role === "best" && !record.network);
}

export function wholeNetworks(records) {
  return records.filter((record) => record.network && (record.network.layer ?? null) === null);
}

// Items by key, in the order of first appearance.
export function groupBy(items, keyOf) {
  const groups = new Map();
  for (const item of items) {
    const key = keyOf(item);
    if (!groups.has(key)) groups.set(key, []);
    groups.get(key).push(item);
  }
  return groups;
}

export function recordLink(record) {
  return `#series=${encodeURIComponent(record.id)}`;
}
