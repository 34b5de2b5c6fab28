// Sections, and charts with their tables.
import { el } from "./dom.js";
import { drawChart, haveCharts } from "./charts.js";
import { lookNow } from "./look.js";
import { makeTable } from "./table.js";

export function section(id, title, intro, ...children) {
  return el("section", { id, "aria-labelledby": `${id}-title` },
    el(id === "summary" ? "h1" : "h2", { id: `${id}-title` }, title), intro && el("p", { class: "intro" }, intro), children);
}

// A chart for the eye, its legend, and its numbers as a table for everybody.
export function figure({ title, label, makeOption, pick, legend, note, table, tall = false }) {
  const host = el("div", { class: tall ? "chart tall" : "chart", role: "img", "aria-label": label });
  if (haveCharts) drawChart(host, lookNow, makeOption, pick);
  return el("figure", {},
    el("figcaption", {}, el("h3", {}, title), note && el("p", {}, note)),
    haveCharts && legend, haveCharts && host,
    el("details", { open: !haveCharts }, el("summary", {}, `Table: ${title}`), makeTable(table).element));
}

export function targetHeading(target, level = "h3") {
  const what = target.isLost ? "nothing was measured" : target.emulated ? "emulated: instructions, not time" : "hardware: time";
  return el(level, { class: "target" }, target.name, el("span", { class: target.emulated ? "tag emulated" : "tag" }, what));
}

export function modeLegend(modes, structures = []) {
  return el("ul", { class: "legend" },
    modes.map((mode) => el("li", {}, el("i", { class: "dot", style: { background: `var(--mode-${mode}, var(--quiet))` } }), mode)),
    structures.map((structure) => el("li", {}, el("i", { class: `shape ${structure === "dense" ? "dense" : "sparse"}`, "data-structure": structure }), structure)));
}

export function pickRecord(datum) {
  if (datum?.link) location.hash = datum.link;
}
