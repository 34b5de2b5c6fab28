// One series' record: what ran, where, how often, what came out, and how to do it again.
import { el, fill } from "./dom.js";
import { recordLink } from "./data.js";
import { formatBytes, formatChange, formatCount, formatDate, formatError, formatPercent, formatRatio, formatTime, formatValue } from "./format.js";
import { figure } from "./figure.js";
import { axis, modeColour } from "./look.js";
import { boundText, levelName } from "./peaks.js";
import { changeText, verdictBadge } from "./summary.js";

function facts(title, pairs) {
  const kept = pairs.filter(([, value]) => value !== null && value !== undefined && value !== "" && value !== "–");
  return kept.length > 0 && el("section", { class: "fact-list" }, el("h3", {}, title),
    el("dl", {}, kept.map(([name, value]) => [el("dt", {}, name), el("dd", {}, value)])));
}

// A word that a shell takes as it is.
function quoted(word) {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

// As assay eval calls a mode with zeros: int8,0.8:1x16.
function evaluatedMode({ mode, structure, sparsity }) {
  return structure === "dense" ? mode : `${mode},${sparsity}:${structure}`;
}

const kernelChoices = { best: "best", auto: "auto", ref: "ref", peer: "peers" };

export function commandOf(record) {
  const words = ["assay", "run"];
  if (record.accuracy?.dataset_sha256 && record.network) {
    words.splice(1, 1, "eval", `${record.network.name}.tflite`, "--data", "DATA.assay", "--mode", evaluatedMode(record));
  } else if (record.network) {
    words.push("--model", `${record.mode}=${record.network.name}.tflite`);
    if (record.code?.threads > 1) words.push("--threads", String(record.code.threads));
    if (record.code?.batch > 1) words.push("--batch", String(record.code.batch));
  } else {
    words.push(record.identity?.suite ?? "SUITE", "--mode", record.mode, "--filter", record.case);
    if (kernelChoices[record.role]) words.push("--kernels", kernelChoices[record.role]);
  }
  words.push("--target", record.target);
  if (record.identity?.seed > 1) words.push("--seed", String(record.identity.seed));
  return words.map(quoted).join(" ");
}

function copyButton(text) {
  const button = el("button", { type: "button", onclick: async () => {
    try {
      await navigator.clipboard.writeText(text);
      button.textContent = "Copied";
    } catch { // a browser may forbid it to a file
      button.textContent = "Select it, and copy";
    }
  } }, "Copy");
  return button;
}

function reproduce(record) {
  const command = commandOf(record);
  const { commit, dirty } = record.identity ?? {};
  return el("section", { class: "fact-list" }, el("h3", {}, "To measure it again"),
    el("p", { class: "command" }, el("code", {}, command), copyButton(command)),
    commit && el("p", { class: "quiet" }, `at commit ${commit}${dirty ? ", which had changes that were not committed" : ""}`));
}

// A small shift to the side keeps equal samples apart; by index, so that it is the same each time.
function strip(record) {
  const points = record.samples.map((value, i) => ({ value, i, process: record.processes?.[i] ?? 0 }));
  const processes = [...new Set(points.map((point) => point.process))];
  const least = Math.min(...record.samples);
  const most = Math.max(...record.samples);
  const isSpread = most > 2 * least; // by a few that were disturbed: the others are to be told apart all the same
  return figure({
    title: "Samples",
    note: `${points.length} samples in ${processes.length === 1 ? "1 process" : `${processes.length} processes`}, of ${formatCount(record.performance?.iterations)} runs each. The value is the least.`,
    label: `Strip plot of ${points.length} samples by process, from ${formatTime(least)} to ${formatTime(most)}`,
    makeOption: (look) => ({
      grid: { left: 72, right: 20, top: 16, bottom: 48 },
      xAxis: axis(look, isSpread ? "time of a run (logarithmic)" : "time of a run", { type: isSpread ? "log" : "value", scale: true, ...(isSpread ? { min: least / 1.1, max: most * 1.1 } : {}), axisLabel: { color: look.quiet, hideOverlap: true, formatter: formatTime } }),
      yAxis: axis(look, "process", { type: "value", min: -1, max: processes.length, interval: 1, nameGap: 40, inverse: true, axisLabel: { color: look.quiet, formatter: (value) => (Number.isInteger(value) && processes[value] !== undefined ? String(processes[value]) : "") }, splitLine: { show: false } }),
      tooltip: { formatter: ({ data }) => data?.about ?? "" },
      series: [{
        type: "scatter", symbolSize: 8, itemStyle: { color: modeColour(look, record.mode), opacity: 0.7 },
        data: points.map((point) => ({
          value: [point.value, processes.indexOf(point.process) + ((point.i * 7) % 11 - 5) / 16],
          about: `sample ${point.i + 1}, process ${point.process}\n${formatTime(point.value)} (${formatChange(point.value / least)})`,
        })),
        markLine: { silent: true, symbol: "none", label: { show: false }, lineStyle: { color: look.accent, type: "dashed" }, data: [{ xAxis: least }] },
      }],
    }),
    table: {
      caption: "Samples in the order in which they were taken",
      rows: points,
      columns: [
        { title: "sample", numeric: true, value: (p) => p.i + 1 },
        { title: "process", numeric: true, value: (p) => p.process },
        { title: "time", numeric: true, value: (p) => p.value, cell: (p) => formatTime(p.value) },
        { title: "above the least", numeric: true, value: (p) => p.value / least, cell: (p) => formatChange(p.value / least) },
      ],
    },
  });
}

function oracleText({ error }) {
  if (!error) return null;
  if (error.bound === 0) return error.value === 0 ? "exact" : `${formatCount(error.value)} ${error.metric}`;
  return `${error.value === null ? "–" : error.value.toPrecision(2)} of the bound ${error.bound} (${error.metric})`;
}

function siblings(data, record) {
  const same = data.records.filter((other) => other !== record && other.target === record.target && other.case === record.case
    && other.op === record.op && other.label === record.label && other.value > 0);
  if (!same.length || !(record.value > 0)) return null;
  return el("section", { class: "fact-list" }, el("h3", {}, "Beside it"),
    el("table", {}, el("caption", { class: "unseen" }, "Other kernels of the same case and mode"),
      el("thead", {}, el("tr", {}, ["kernel", "role", "value", "its value / this one's"].map((title, i) => el("th", { scope: "col", class: i > 1 && "number" }, title)))),
      el("tbody", {}, same.map((other) => el("tr", {},
        el("th", { scope: "row", class: "code" }, el("a", { href: recordLink(other) }, other.kernel ?? other.role)),
        el("td", {}, other.role === "peer" ? other.origin : other.role),
        el("td", { class: "number" }, formatValue(other.value, other.metric)),
        el("td", { class: "number" }, formatRatio(other.value / record.value)))))));
}

function plain(value) {
  if (Array.isArray(value)) return value.map(plain).join(", ");
  if (value !== null && typeof value === "object") return Object.entries(value).map(([name, item]) => `${name} ${plain(item)}`).join(" ");
  return value === null || value === undefined ? "" : String(value);
}

function machineFacts({ machine }) {
  if (!machine) return null;
  const { cpu, arch, features, vector_bytes: vector, cores, core, caches, memory_bytes: memory, os, os_release: release, governor, compiler, build_flags: flags, libc, libraries, plugins } = machine;
  return facts("Environment", [
    ["CPU", cpu], ["architecture", arch], ["features", plain(features)], ["vector", vector > 0 ? `${vector} bytes` : null],
    ["cores", cores === null ? null : `${cores}, pinned to ${core}`],
    ["caches", (caches ?? []).map(({ level, bytes }) => `L${level} ${formatBytes(bytes)}`).join(", ")],
    ["memory", formatBytes(memory)], ["system", [os, release].filter(Boolean).join(" ")], ["frequency policy", governor],
    ["compiler", compiler], ["flags", flags], ["C library", libc], ["libraries", plain(libraries)],
    ["peers", (plugins ?? []).map(({ name, release: of }) => `${name} ${of}`).join(", ")],
  ]);
}

function result(record) {
  return facts("Result", [
      [record.metric === "ns" ? "time of one run" : "instructions of one run", formatValue(record.value, record.metric)],
      ["outcome", record.outcome], ["message", record.message],
      ["speed-up over fp32", formatRatio(record.speedup)], ["against the oracle", oracleText(record)],
      ["of the bound", boundText(record)],
      ["error of the mode", formatError(record.modeError)],
      ...Object.entries(record.accuracy ?? {}).filter(([name]) => name !== "rel_rms").map(([name, value]) => [name.replaceAll("_", " "), plain(value)]),
    ]);
}

function boundFacts({ bound }) {
  return bound && facts("The least time on this core", [
    ["bound", formatTime(bound.ns)], ["by", bound.by], ["reached", formatPercent(bound.share)],
    ["arithmetic alone", bound.arithmetic && `${formatTime(bound.arithmetic_ns)}: ${formatCount(bound.macs)} at ${bound.macs_per_ns?.toPrecision(4)} GMAC/s (${bound.arithmetic}, ${bound.isa})`],
    ["memory alone", bound.level !== undefined && `${formatTime(bound.memory_ns)}: ${formatBytes(bound.read_bytes)} read, ${formatBytes(bound.written_bytes)} written, in ${levelName(bound.level)}`],
  ]);
}

function described(record) {
  const { code, performance, counts, network, shape } = record;
  return [
    facts("Kernel", [
      ["kernel", record.kernel], ["origin", record.origin], ["why it", code?.why],
      ["packed weights", code?.packed_bytes > 0 ? formatBytes(code.packed_bytes) : null],
      ["packing", code?.pack_ns > 0 ? `${formatTime(code.pack_ns)}, as long as ${(code.pack_ns / record.value).toPrecision(2)} runs` : null],
      ...Object.entries(code ?? {}).filter(([name]) => !["why", "packed_bytes", "pack_ns"].includes(name)).map(([name, value]) => [name.replaceAll("_", " "), plain(value)]),
    ]),
    facts("Case", [["operation", record.op], ["mode", record.label], ["role", record.role], ["operator", network?.operator], ["tensor", network?.tensor],
      ["shape", Object.entries(shape ?? {}).map(([name, value]) => `${name} ${plain(value)}`).join(", ")],
      ["multiply-accumulates", performance?.macs > 0 ? formatCount(performance.macs) : null],
      ["of which not by zero", performance?.nonzero_macs < performance?.macs ? formatCount(performance.nonzero_macs) : null]]),
    boundFacts(record),
    counts && facts("Executed", Object.entries(counts).map(([name, value]) => [name.replaceAll("_", " "), typeof value === "number" ? formatCount(value) : plain(value)])),
    machineFacts(record),
    facts("Run", [["suite", record.identity?.suite], ["started", formatDate(record.identity?.started)], ["run", record.identity?.run_id], ["seed", plain(record.identity?.seed)], ["series", record.id]]),
  ];
}

function comparisonFacts({ comparison, metric }) {
  if (!comparison) return null;
  return facts("Against the earlier run", [
    ["verdict", verdictBadge(comparison.verdict)], ["change", changeText(comparison)], ["because", comparison.reason],
    ["p, adjusted", comparison.p === null ? null : comparison.p.toPrecision(2)], ["measured again", comparison.remeasured ? "yes, interleaved" : null],
    ["before", formatValue(comparison.baseValue, metric)], ["kernel before", comparison.baseKernel],
  ]);
}

function showRecord(dialog, data, record, history) {
  fill(dialog,
    el("header", {},
      el("div", {}, el("h2", { id: "record-title" }, record.case), el("p", { class: "quiet" }, `${record.label} on ${record.target} · ${record.role === "peer" ? record.origin : record.role}`)),
      el("button", { type: "button", class: "close", "aria-label": "Close", onclick: () => dialog.close() }, "✕")),
    el("div", { class: "record-body" },
      result(record), comparisonFacts(record),
      record.samples.length > 0 && strip(record),
      history(record),
      siblings(data, record),
      reproduce(record),
      el("div", { class: "columns" }, described(record))));
  if (!dialog.open) dialog.showModal();
  dialog.scrollTop = 0;
}

// The address names the record: a link to it can be passed on, and going back closes it.
export function followAddress(dialog, data, history) {
  function follow() {
    const id = location.hash.startsWith("#series=") ? decodeURIComponent(location.hash.slice(8)) : null;
    const record = data.byId.get(id);
    if (record) showRecord(dialog, data, record, history);
    else if (dialog.open) dialog.close();
  }
  dialog.addEventListener("close", () => {
    if (location.hash.startsWith("#series=")) window.history.replaceState(null, "", location.pathname + location.search);
  });
  dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
  window.addEventListener("hashchange", follow);
  follow();
}
