// Case x mode of a target, a cell each, coloured by speed-up or error. A table, so that it reads itself aloud.
import { el, fill, segments, select } from "./dom.js";
import { bestOfSuites, groupBy, recordLink } from "./data.js";
import { formatError, formatPercent } from "./format.js";
import { section, targetHeading } from "./figure.js";

const measures = {
  speedup: {
    name: "Speed-up over fp32", legend: ["⅛×", "slower", "1×", "faster", "8×"], scale: "diverging",
    text: (record) => (record.speedup === null ? "–" : record.speedup.toFixed(record.speedup >= 10 ? 1 : 2)),
    position: (record) => (record.speedup > 0 ? Math.max(-1, Math.min(1, Math.log2(record.speedup) / 3)) : null),
  },
  error: {
    name: "Error of the mode", legend: ["1e-7", "", "3e-4", "", "1"], scale: "sequential",
    text: (record) => formatError(record.modeError),
    position: (record) => (record.modeError > 0 ? Math.max(0, Math.min(1, (Math.log10(record.modeError) + 7) / 7)) : null),
  },
  bound: {
    name: "Share of the bound", legend: ["0 %", "", "50 %", "", "100 %"], scale: "sequential",
    text: (record) => formatPercent(record.bound?.share, 0),
    position: (record) => (record.bound ? Math.max(0, Math.min(1, record.bound.share)) : null),
  },
};

function failedText(record) {
  return { fail: "wrong", error: "error", unsupported: "none" }[record.outcome];
}

// Strong colours need light text; both are set by the style, by how far the value is from the middle.
function heatCell(record, measure) {
  if (!record) return el("td", { class: "empty", tabindex: "-1" }, el("span", { class: "unseen" }, "not measured"));
  const failed = failedText(record);
  const position = failed ? null : measure.position(record);
  const kind = failed ? (record.outcome === "unsupported" ? "empty" : "failed") : position === null ? "empty" : measure.scale;
  const side = position === null ? "" : position < 0 ? " low" : " high";
  return el("td", { class: kind + side, style: position === null ? {} : { "--strength": `${Math.round(Math.abs(position) * 100)}%` } },
    el("a", { href: recordLink(record), tabindex: "-1", title: `${record.case}, ${record.label}: ${record.kernel ?? record.message ?? ""}` },
      failed ?? measure.text(record)));
}

// One stop for the tabulator; arrows go from cell to cell.
function moveAmongCells(event) {
  const step = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] }[event.key];
  if (!step) return;
  const body = event.currentTarget;
  const stopOf = (cell) => cell.querySelector("a") ?? cell;
  const cell = event.target.closest("td");
  const next = cell && body.rows[cell.parentNode.sectionRowIndex + step[0]]?.cells[cell.cellIndex + step[1]];
  if (!next || next.tagName !== "TD") return;
  event.preventDefault();
  stopOf(cell).tabIndex = -1;
  stopOf(next).tabIndex = 0;
  stopOf(next).focus();
}

// A layer's number differs between modes, which put QUANTIZE and DEQUANTIZE between layers; its tensor does not.
function rowOf(record) {
  return record.network ? `${record.network.tensor ?? record.case}` : record.case;
}

function heatTable(target, records, measure) {
  const labels = [...groupBy(records, (record) => record.label).keys()];
  const body = el("tbody", { onkeydown: moveAmongCells }, [...groupBy(records, rowOf)].map(([name, ofCase]) =>
    el("tr", {}, el("th", { scope: "row", title: name }, name),
      labels.map((label) => heatCell(ofCase.find((record) => record.label === label), measure)))));
  const first = body.querySelector("td a") ?? body.querySelector("td");
  if (first) first.tabIndex = 0;
  return el("div", { class: "heat" }, targetHeading(target),
    el("div", { class: "scroller" },
      el("table", {},
        el("caption", { class: "unseen" }, `${measure.name}, by case and mode, on ${target.name}`),
        el("thead", {}, el("tr", {}, el("th", { scope: "col" }, "case"), labels.map((label) => {
          const [mode, ...structure] = label.split(" ");
          return el("th", { scope: "col" }, mode, structure.length > 0 && el("small", {}, structure.join(" ")));
        }))),
        body)));
}

function heatLegend(measure) {
  const steps = measure.scale === "diverging" ? [-1, -0.66, -0.33, 0, 0.33, 0.66, 1] : [0, 0.17, 0.33, 0.5, 0.67, 0.83, 1];
  const ends = measure.legend;
  return el("div", { class: "heat-legend", "aria-hidden": "true" }, el("span", {}, ends[0]),
    steps.map((at) => el("i", { class: `${measure.scale} ${at < 0 ? "low" : "high"}`, style: { "--strength": `${Math.round(Math.abs(at) * 100)}%` } })),
    el("span", {}, ends.at(-1)));
}

export function heatmapSection(data, targetsShown) {
  const suites = bestOfSuites(data.records);
  const layers = data.records.filter((record) => record.network && (record.network.layer ?? null) !== null && record.role === "best");
  const sources = new Map();
  if (suites.length) sources.set("", suites);
  for (const [name, records] of groupBy(layers, (record) => record.network.name)) sources.set(name, records);
  if (!sources.size) return null;
  const state = { measure: "speedup", source: [...sources.keys()][0], structure: "all" };
  const host = el("div");
  const structures = [...groupBy(suites, (record) => record.structure).keys()];
  const draw = () => {
    const measure = measures[state.measure];
    const records = sources.get(state.source).filter((record) => state.structure === "all" || record.structure === state.structure);
    fill(host, heatLegend(measure), targetsShown().map((target) => {
      const ofTarget = records.filter((record) => record.target === target.name);
      return ofTarget.length > 0 && heatTable(target, ofTarget, measure);
    }));
  };
  const names = [...sources.keys()].map((name) => [name, name === "" ? "layers of suites" : `layers of ${name}`]);
  const element = section("heatmap", "Case by case",
    "What selection takes for each case and mode. Blue is faster than dense fp32, orange slower; arrow keys move between cells, Enter opens the record.",
    el("div", { class: "controls" },
      segments("Measure", Object.entries(measures).filter(([key]) => key !== "bound" || data.records.some((record) => record.bound)).map(([key, { name }]) => [key, name]), state.measure, (key) => { state.measure = key; draw(); }),
      names.length > 1 && select("Cases", names, state.source, (key) => { state.source = key; draw(); }),
      structures.length > 1 && select("Structure", ["all", ...structures], state.structure, (key) => { state.structure = key; draw(); })),
    host);
  draw();
  return { element, draw };
}
