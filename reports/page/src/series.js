// Every series: a table to sort and to filter.
import { el, fill, select } from "./dom.js";
import { recordLink } from "./data.js";
import { formatChange, formatError, formatRatio, formatValue } from "./format.js";
import { section } from "./figure.js";
import { boundText } from "./peaks.js";
import { changeText, verdictBadge } from "./summary.js";
import { makeTable } from "./table.js";

// A series that is gone has no record: what its id tells stands in.
function goneRow(comparison) {
  const [, name = comparison.id] = comparison.id.split("/");
  return { id: comparison.id, case: name, target: comparison.target, label: "", role: "", op: "", comparison, outcome: "gone", value: null, speedup: null, modeError: null };
}

function seriesColumns(withComparison, withBounds) {
  return [
    { title: "case", value: (r) => r.case, cell: (r) => (r.index === undefined ? r.case : el("a", { href: recordLink(r) }, r.case)) },
    withComparison && { title: "verdict", value: (r) => r.comparison?.verdict, cell: (r) => r.comparison && verdictBadge(r.comparison.verdict) },
    withComparison && { title: "change", numeric: true, hint: "now / before; the interval in brackets", value: (r) => r.comparison?.estimate, cell: (r) => (r.comparison ? el("span", { title: changeText(r.comparison) }, formatChange(r.comparison.estimate)) : "–") },
    { title: "target", value: (r) => r.target },
    { title: "op", value: (r) => r.op },
    { title: "mode", value: (r) => r.label },
    { title: "role", value: (r) => (r.role === "peer" ? r.origin : r.role) },
    { title: "kernel", value: (r) => r.kernel, className: "code" },
    { title: "value", numeric: true, hint: "time of one run, or instructions where emulated", value: (r) => r.value, cell: (r) => formatValue(r.value, r.metric) },
    { title: "vs fp32", numeric: true, value: (r) => r.speedup, cell: (r) => formatRatio(r.speedup) },
    withBounds && { title: "of bound", numeric: true, hint: "the least time that this core needs / its time", value: (r) => r.bound?.share, cell: boundText },
    { title: "error", numeric: true, hint: "of the mode, relative RMS", value: (r) => r.modeError, cell: (r) => formatError(r.modeError) },
    { title: "outcome", value: (r) => r.outcome, cell: (r) => el("span", { class: r.outcome, title: r.message }, r.outcome) },
  ].filter(Boolean);
}

const choices = [
  ["mode", "Mode", (row) => row.mode],
  ["op", "Operation", (row) => row.op],
  ["role", "Role", (row) => row.role],
  ["verdict", "Verdict", (row) => row.comparison?.verdict],
  ["outcome", "Outcome", (row) => row.outcome],
];

function passes(row, state, targets) {
  if (!targets.has(row.target)) return false;
  for (const [key, , of] of choices) {
    if (state[key] === "all") continue;
    if (key === "outcome" && state.outcome === "failed" ? !["fail", "error"].includes(row.outcome) : of(row) !== state[key]) return false;
  }
  return state.words.every((word) => row.searched.includes(word));
}

function choiceOptions(rows, key, of) {
  const values = [...new Set(rows.map(of).filter(Boolean))];
  return ["all", ...(key === "outcome" ? ["failed"] : []), ...values];
}

export function seriesSection(data, targetsShown) {
  const rows = [...data.records, ...(data.comparisons ?? []).filter((c) => !c.record).map(goneRow)];
  for (const row of rows) row.searched = `${row.id} ${row.label} ${row.kernel ?? ""} ${row.origin ?? ""} ${row.outcome} ${row.message ?? ""} ${row.comparison?.verdict ?? ""}`.toLowerCase();
  const state = { words: [], mode: "all", op: "all", role: "all", verdict: "all", outcome: "all" };
  const table = makeTable({ caption: "All series", columns: seriesColumns(Boolean(data.comparisons), rows.some((row) => row.bound)), rows: [], className: "series" });
  const shown = el("output", { "aria-live": "polite", id: "shown" });
  const controls = el("div", { class: "controls" });
  const search = el("input", { type: "search", placeholder: "int8 conv avx512", id: "filter", oninput: () => { state.words = search.value.toLowerCase().split(/\s+/).filter(Boolean); draw(); } });

  function draw() {
    const chosen = targetsShown();
    const targets = new Set((chosen.length === data.targets.length ? data.comparedTargets : chosen).map((target) => target.name));
    const kept = rows.filter((row) => passes(row, state, targets));
    table.update(kept);
    shown.textContent = `${kept.length.toLocaleString("en")} of ${rows.length.toLocaleString("en")} series`;
  }

  function drawControls() {
    fill(controls, el("label", { class: "control search" }, el("span", {}, "Contains"), search),
      choices.map(([key, label, of]) => {
        const options = choiceOptions(rows, key, of);
        return options.length > 2 && select(label, options, state[key], (value) => { state[key] = value; draw(); });
      }), shown);
  }

  drawControls();
  draw();
  const element = section("series", "All series", "Click a heading, or press Enter on it, to sort; a case leads to its record.", controls, table.element);
  return {
    element,
    draw,
    show(filters) {
      for (const [key] of choices) state[key] = filters[key] ?? "all";
      search.value = filters.target ? `${filters.target}/` : "";
      state.words = search.value ? [search.value.toLowerCase()] : [];
      drawControls();
      draw();
      element.scrollIntoView();
      search.focus({ preventScroll: true });
    },
  };
}
