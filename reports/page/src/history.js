// Series over time, with the runs from which on they stood at another level.
import { el, fill, select } from "./dom.js";
import { recordLink } from "./data.js";
import { formatChange, formatDate, formatError, formatValue } from "./format.js";
import { figure, section } from "./figure.js";
import { axis } from "./look.js";
import { makeTable } from "./table.js";

function expand(values) {
  if (!values) return null;
  const full = [];
  for (const value of values) full.push(value === "" ? full.at(-1) : value);
  return full;
}

function readChanges(changes) {
  return changes.map(([index, before, after, p]) => ({ index, before, after, p, ratio: after / before }));
}

function readHistory(data) {
  const { series, runs, spans, omitted } = data.history;
  const all = runs.map(([id, started, commit]) => ({ id, started, commit }));
  const lines = series.map(([id, metric, span, values, changes, errors, errorChanges, tasks]) => ({
    id, metric, runs: spans[span].map((run) => all[run]), record: data.byId.get(id) ?? null,
    values: expand(values), changes: readChanges(changes), errors: expand(errors), errorChanges: readChanges(errorChanges), tasks: expand(tasks),
  }));
  return { lines, omitted, runCount: all.length };
}

function runName(run) {
  return run.commit ? run.commit.slice(0, 8) : formatDate(run.started);
}

function historyOption(values, runs, changes, show) {
  return (look) => ({
    grid: { left: 84, right: 24, top: 24, bottom: 56 },
    xAxis: axis(look, "run", { type: "category", data: runs.map((run) => (run.started ?? "").slice(0, 10)), splitLine: { show: false } }),
    yAxis: axis(look, "", { type: "value", scale: true, axisLabel: { color: look.quiet, formatter: show } }),
    tooltip: { formatter: ({ data }) => data?.about ?? "" },
    series: [{
      type: "line", symbol: "circle", symbolSize: 5, lineStyle: { color: look.accent, width: 1.2 }, itemStyle: { color: look.accent },
      data: values.map((value, i) => ({ value, about: `${formatDate(runs[i].started)}\ncommit ${runs[i].commit ?? "unknown"}\n${show(value)}` })),
      markLine: {
        silent: true, symbol: "none",
        data: changes.map((change) => ({
          xAxis: change.index,
          lineStyle: { color: change.ratio > 1 ? look.bad : look.good, type: "solid", width: 2 },
          label: { show: changes.length <= mostTold, formatter: formatChange(change.ratio), color: change.ratio > 1 ? look.bad : look.good, position: "end" },
        })),
      },
    }],
  });
}

const mostTold = 3;

function changesNote(changes, runs) {
  if (!changes.length) return "No change point was found.";
  const told = changes.slice(-mostTold).reverse().map(({ ratio, index }) => `${formatChange(ratio)} from ${formatDate(runs[index].started)} on, ${runName(runs[index])}`);
  const rest = changes.length - told.length;
  return `${told.join("; ")}${rest > 0 ? `; and ${rest} before, which the table has` : ""}.`;
}

function lineFigure(title, what, runs, values, changes, show) {
  const marked = new Map(changes.map((change) => [change.index, change]));
  return figure({
    title,
    note: changesNote(changes, runs),
    label: `${what} over ${runs.length} runs, ${changes.length} change points; the table below has the same numbers`,
    makeOption: historyOption(values, runs, changes, show),
    table: {
      caption: `${what} by run`,
      rows: runs.map((run, i) => ({ run, value: values[i], change: marked.get(i) })).reverse(),
      columns: [
        { title: "started", value: (r) => r.run.started, cell: (r) => formatDate(r.run.started) },
        { title: "commit", value: (r) => r.run.commit, cell: (r) => r.run.commit?.slice(0, 10), className: "code" },
        { title: what, numeric: true, value: (r) => r.value, cell: (r) => show(r.value) },
        { title: "new level", numeric: true, value: (r) => r.change?.ratio, cell: (r) => formatChange(r.change?.ratio) },
      ],
    },
  });
}

function figuresOf(line) {
  const show = (value) => formatValue(value, line.metric);
  const name = line.record ? `${line.record.case}, ${line.record.label} on ${line.record.target}` : line.id;
  return [
    line.values && lineFigure(name, line.metric === "ns" ? "time" : "instructions", line.runs, line.values, line.changes, show),
    line.errorChanges.length > 0 && lineFigure(`${name}: error of the mode`, "error", line.runs, line.errors, line.errorChanges, formatError),
    line.tasks && lineFigure(`${name}: answers`, "task", line.runs, line.tasks, [], (value) => (value === null ? "–" : String(value))),
  ];
}

// Not what selection takes.
function isBeside({ id }) {
  return id.endsWith("/best") ? 0 : 1;
}

function changeRows(lines) {
  return lines.flatMap((line) => [
    ...line.changes.map((change) => ({ line, change, what: line.metric === "ns" ? "time" : "instructions", show: (value) => formatValue(value, line.metric) })),
    ...line.errorChanges.map((change) => ({ line, change, what: "error", show: formatError })),
  ]).sort((a, b) => (b.line.runs[b.change.index].started ?? "").localeCompare(a.line.runs[a.change.index].started ?? "") || isBeside(a.line) - isBeside(b.line) || b.change.ratio - a.change.ratio);
}

function nameOf({ record, id }) {
  return record ? `${record.case} · ${record.label} · ${record.role === "peer" ? record.origin : record.role}` : id;
}

function changesTable(rows, choose) {
  return makeTable({
    caption: "Change points, newest first",
    rows,
    columns: [
      { title: "series", value: (r) => nameOf(r.line), cell: (r) => (r.line.record ? el("a", { href: recordLink(r.line.record) }, nameOf(r.line)) : r.line.id) },
      { title: "target", value: (r) => r.line.record?.target ?? r.line.id.split("/")[0] },
      { title: "what", value: (r) => r.what },
      { title: "from", value: (r) => r.line.runs[r.change.index].started, cell: (r) => formatDate(r.line.runs[r.change.index].started) },
      { title: "commit", value: (r) => r.line.runs[r.change.index].commit, cell: (r) => r.line.runs[r.change.index].commit?.slice(0, 10), className: "code" },
      { title: "change", numeric: true, value: (r) => r.change.ratio, cell: (r) => el("span", { class: r.change.ratio > 1 ? "regressed" : "improved" }, formatChange(r.change.ratio)) },
      { title: "before", numeric: true, value: (r) => r.change.before, cell: (r) => r.show(r.change.before) },
      { title: "after", numeric: true, value: (r) => r.change.after, cell: (r) => r.show(r.change.after) },
      { title: "chart", value: (r) => r.line.id, cell: (r) => el("button", { type: "button", class: "small", "aria-label": `Show ${r.line.id} over time`, onclick: () => choose(r.line.id) }, "show") },
    ],
  });
}

export function historySection(data, targetsShown) {
  if (!data.history) return null;
  const { lines, omitted, runCount } = readHistory(data);
  for (const line of lines) if (line.record) line.record.line = line;
  if (!lines.length) return null;
  const host = el("div", { class: "figures" });
  const controls = el("div", { class: "controls" });
  const changes = el("div", { class: "changes-table" });
  const state = { id: null };
  const left = omitted > 0 ? ` ${omitted.toLocaleString("en")} series without change points are left out of this page; assay history trend has them.` : "";
  const draw = () => {
    const names = new Set(targetsShown().map((target) => target.name));
    const shown = lines.filter((line) => names.has(line.record?.target ?? line.id.split("/")[0]));
    const rows = changeRows(shown);
    const ids = [...new Set([...rows.map((row) => row.line.id), ...shown.map((line) => line.id)])];
    if (!ids.includes(state.id)) state.id = ids[0] ?? null;
    const line = shown.find(({ id }) => id === state.id);
    fill(changes, rows.length > 0 && changesTable(rows, choose).element);
    fill(controls, ids.length > 0 && select("Series", ids, state.id, choose));
    fill(host, line && figuresOf(line));
  };
  const choose = (id) => {
    state.id = id;
    draw();
    controls.querySelector("select").focus();
  };
  draw();
  return {
    element: section("history", "Over time", `Up to ${runCount} runs a series. A line marks the run from which on a series stood at another level.${left}`, changes, controls, host),
    draw,
  };
}

// For a record's page.
export function historyOf(record) {
  return record.line ? figuresOf(record.line) : null;
}
