// Whole networks with their layers: where the time goes.
import { el, fill, select } from "./dom.js";
import { groupBy, recordLink, wholeNetworks } from "./data.js";
import { formatBytes, formatPercent, formatRatio, formatValue } from "./format.js";
import { section } from "./figure.js";
import { boundText } from "./peaks.js";
import { makeTable } from "./table.js";

function layersOf(data, whole) {
  return data.records.filter((record) => record.network?.name === whole.network.name && (record.network.layer ?? null) !== null
    && record.target === whole.target && record.mode === whole.mode && record.structure === whole.structure
    && record.sparsity === whole.sparsity && record.role === whole.role && record.kernel !== undefined
    && (whole.role !== "named" || record.id.endsWith(whole.id.slice(whole.id.indexOf("/named/"))))
    && (whole.role !== "peer" || record.id.endsWith(`/peer/${whole.origin}`)))
    .sort((a, b) => a.network.layer - b.network.layer);
}

function shareCell(share) {
  return el("span", { class: "meter", style: { "--share": `${(100 * share).toFixed(1)}%` } }, formatPercent(share));
}

function networkTable(data, whole) {
  const layers = layersOf(data, whole);
  return makeTable({
    caption: `Layers of ${whole.case}, ${whole.label}, ${whole.role === "peer" ? whole.origin : whole.role} kernels, on ${whole.target}`,
    rows: layers,
    columns: [
      { title: "layer", value: (r) => r.network.layer, cell: (r) => el("a", { href: recordLink(r) }, `${r.network.layer} ${(r.network.operator ?? r.op).toLowerCase()}`) },
      { title: whole.metric === "ns" ? "time" : "instructions", numeric: true, value: (r) => r.value, cell: (r) => formatValue(r.value, r.metric) },
      { title: "share", numeric: true, value: (r) => r.value / whole.value, cell: (r) => (r.value > 0 ? shareCell(r.value / whole.value) : "–") },
      { title: "vs fp32", numeric: true, value: (r) => r.speedup, cell: (r) => formatRatio(r.speedup) },
      layers.some((r) => r.bound) && { title: "of bound", numeric: true, hint: "the least time that this core needs / its time", value: (r) => r.bound?.share, cell: boundText },
      { title: "kernel", value: (r) => r.kernel, className: "code" },
    ].filter(Boolean),
  });
}

function networkCard(data, whole) {
  const facts = [
    formatValue(whole.value, whole.metric), whole.speedup !== null && `${formatRatio(whole.speedup)} fp32`,
    whole.bound && `${boundText(whole)} of the bound`,
    Number.isFinite(whole.accuracy?.task_value) && `${whole.accuracy.task_metric ?? "task"} ${whole.accuracy.task_value}`,
    whole.code?.model_bytes > 0 && `file ${formatBytes(whole.code.model_bytes)}`,
    whole.code?.activation_bytes > 0 && `activations ${formatBytes(whole.code.activation_bytes)}`,
    whole.outcome !== "pass" && whole.message,
  ].filter(Boolean);
  return el("article", { class: "card wide" },
    el("h3", {}, el("a", { href: recordLink(whole) }, `${whole.case} ${whole.label}`), el("span", { class: "tag" }, `${whole.target}, ${whole.role}`)),
    el("p", { class: "facts" }, facts.join(" · ")), networkTable(data, whole).element);
}

export function networksSection(data, targetsShown) {
  const wholes = wholeNetworks(data.records);
  if (!wholes.length) return null;
  const roles = [...groupBy(wholes, (record) => record.role).keys()];
  const state = { role: roles.includes("best") ? "best" : roles[0] };
  const host = el("div", { class: "figures" });
  const draw = () => fill(host, targetsShown().map((target) =>
    wholes.filter((whole) => whole.target === target.name && whole.role === state.role).map((whole) => networkCard(data, whole))));
  draw();
  return {
    element: section("networks", "Networks, layer by layer", "Share: of the whole network, which is timed without looking between its layers.",
      roles.length > 1 && el("div", { class: "controls" }, select("Kernels", roles, state.role, (role) => { state.role = role; draw(); })), host),
    draw,
  };
}
