// Accuracy against latency against size: of whole networks where their answers were judged; of layers, by mode.
import { el, fill } from "./dom.js";
import { bestOfSuites, groupBy, modeLabel, recordLink, wholeNetworks } from "./data.js";
import { formatBytes, formatError, formatPercent, formatRatio, formatValue, geometricMean, median } from "./format.js";
import { figure, modeLegend, pickRecord, section } from "./figure.js";
import { axis, modeColour, structureSymbol } from "./look.js";

// Of three costs, less is better: a point that no other beats or equals in all of them is on the front.
function markFront(points) {
  for (const p of points) {
    p.front = !points.some((q) => q !== p && q.costs.every((cost, i) => cost <= p.costs[i]) && q.costs.some((cost, i) => cost < p.costs[i]));
  }
  return points;
}

function bubble(points, size) {
  const most = Math.max(...points.map((point) => point.size || 0), 1);
  return 9 + 17 * Math.sqrt((size || 0) / most);
}

// Of front points those that speed and accuracy alone decide: the stairs between them.
function stairs(points) {
  const line = [];
  for (const point of [...points].sort((a, b) => a.costs[0] - b.costs[0] || a.costs[1] - b.costs[1])) {
    if (!line.length || point.costs[1] < line.at(-1).costs[1]) line.push(point);
  }
  return line.map((point) => [point.x, point.y]);
}

function paretoOption(points, axes) {
  return (look) => ({
    grid: { left: 64, right: 28, top: 24, bottom: 56 },
    xAxis: axis(look, axes.x.name, { type: axes.x.type, scale: true, axisLabel: { color: look.quiet, hideOverlap: true, formatter: axes.x.format } }),
    yAxis: axis(look, axes.y.name, { type: axes.y.type, scale: true, inverse: axes.y.inverse, nameGap: 50, axisLabel: { color: look.quiet, formatter: axes.y.format } }),
    tooltip: { formatter: ({ data }) => data?.about ?? "" },
    series: [
      { type: "line", data: stairs(points), step: "end", showSymbol: false, silent: true, lineStyle: { color: look.accent, type: "dashed", width: 1.5 }, z: 1 },
      {
        type: "scatter", z: 2,
        data: points.map((point) => ({
          value: [point.x, point.y], link: point.link, about: point.about, symbol: structureSymbol(point.structure), symbolSize: bubble(points, point.size),
          itemStyle: { color: modeColour(look, point.mode), opacity: point.front ? 0.95 : 0.4, borderColor: point.front ? look.text : look.page, borderWidth: point.front ? 2 : 1 },
        })),
      },
    ],
  });
}

function networkPoints(records) {
  return markFront(records.filter((record) => record.value > 0 && Number.isFinite(record.accuracy?.task_value)).map((record) => {
    const { task_value: task, task_metric: metric } = record.accuracy;
    const size = record.code?.model_bytes;
    return {
      record, mode: record.mode, structure: record.structure, x: record.value, y: task, size,
      costs: [record.value, -task, size ?? Infinity], link: recordLink(record),
      about: `${record.case}, ${modeLabel(record)}\n${metric ?? "task"} ${task}\n${formatValue(record.value, record.metric)}\n${formatBytes(size)}`,
    };
  }));
}

function networkFigure(target, records, notJudged) {
  const points = networkPoints(records);
  const metric = records.find((record) => record.accuracy?.task_metric)?.accuracy.task_metric ?? "task accuracy";
  const unit = target.emulated ? "instructions" : "latency";
  return figure({
    title: `Networks on ${target.name}`,
    note: `Up and left is better. Filled with an outline: on the Pareto front of ${unit}, ${metric} and size; the area of a mark is the file's size.${notJudged ? ` ${notJudged} without a judgement of their answers are left out.` : ""}`,
    label: `Scatter plot of ${metric} against ${unit} of ${points.length} networks on ${target.name}; the table below has the same numbers`,
    makeOption: paretoOption(points, {
      x: { name: unit, type: "value", format: (value) => formatValue(value, target.emulated ? "instructions" : "ns") },
      y: { name: metric, type: "value" },
    }),
    pick: pickRecord,
    legend: modeLegend([...new Set(points.map((point) => point.mode))]),
    table: {
      caption: `${metric}, ${unit} and size of networks on ${target.name}`,
      rows: points,
      columns: [
        { title: "network", value: (p) => p.record.case, cell: (p) => el("a", { href: p.link }, p.record.case) },
        { title: "mode", value: (p) => modeLabel(p.record) },
        { title: "kernels", value: (p) => p.record.role },
        { title: metric, numeric: true, value: (p) => p.y },
        { title: unit, numeric: true, value: (p) => p.x, cell: (p) => formatValue(p.x, p.record.metric) },
        { title: "size", numeric: true, value: (p) => p.size, cell: (p) => formatBytes(p.size) },
        { title: "front", value: (p) => (p.front ? "yes" : "no") },
      ],
    },
  });
}

// A mode over those cases that have a dense fp32 kernel to be told against.
function modePoints(records) {
  const bytesOf = (record) => record.code?.packed_bytes || null;
  const dense = new Map(records.filter((record) => record.label === "fp32").map((record) => [record.case, record]));
  return markFront([...groupBy(records.filter((record) => record.speedup > 0 && record.modeError > 0), (record) => record.label)].map(([label, ofMode]) => {
    const sizes = ofMode.map((record) => bytesOf(record) / bytesOf(dense.get(record.case) ?? {})).filter((share) => share > 0 && Number.isFinite(share));
    const time = 1 / geometricMean(ofMode.map((record) => record.speedup));
    const error = median(ofMode.map((record) => record.modeError));
    const size = sizes.length ? geometricMean(sizes) : null;
    return {
      label, mode: ofMode[0].mode, structure: ofMode[0].structure, count: ofMode.length, x: time, y: error, size,
      costs: [time, error, size ?? Infinity],
      about: `${label}, ${ofMode.length} cases\n${formatPercent(time)} of fp32's cost\nerror ${formatError(error)}\n${formatPercent(size)} of fp32's packed weights`,
    };
  }));
}

function modeFigure(target, records) {
  const points = modePoints(records);
  if (points.length < 2) return null;
  const unit = target.emulated ? "instructions" : "time";
  return figure({
    title: `Layers on ${target.name}`,
    note: `A mark a mode, over all its dense cases. Up and left is better. Filled with an outline: on the Pareto front of ${unit}, error and bytes of packed weights, which the area of a mark shows.`,
    label: `Scatter plot of error against ${unit} relative to fp32, of ${points.length} modes on ${target.name}; the table below has the same numbers`,
    makeOption: paretoOption(points, {
      x: { name: `${unit}, fp32 = 1 (geometric mean)`, type: "value" },
      y: { name: "error of the mode (median)", type: "log", inverse: true, format: (value) => value.toExponential(0) },
    }),
    legend: modeLegend([...new Set(points.map((point) => point.mode))]),
    table: {
      caption: `Error, ${unit} and size of modes on ${target.name}`,
      rows: points,
      columns: [
        { title: "mode", value: (p) => p.label },
        { title: "cases", numeric: true, value: (p) => p.count },
        { title: `${unit}, fp32 = 1`, numeric: true, value: (p) => p.x, cell: (p) => p.x.toFixed(3) },
        { title: "speed-up", numeric: true, value: (p) => 1 / p.x, cell: (p) => formatRatio(1 / p.x) },
        { title: "error (median)", numeric: true, value: (p) => p.y, cell: (p) => formatError(p.y) },
        { title: "packed weights, fp32 = 1", numeric: true, value: (p) => p.size, cell: (p) => (p.size === null ? "–" : p.size.toFixed(3)) },
        { title: "front", value: (p) => (p.front ? "yes" : "no") },
      ],
    },
  });
}

export function paretoSection(data, targetsShown) {
  const networks = wholeNetworks(data.records);
  const judged = networks.filter((record) => Number.isFinite(record.accuracy?.task_value));
  // Dense ones: what a network loses by zeros among its weights, no layer tells.
  const layers = bestOfSuites(data.records).filter((record) => record.op !== "quantize" && record.structure === "dense");
  if (!judged.length && !layers.some((record) => record.speedup !== null)) return null;
  const host = el("div", { class: "figures" });
  const draw = () => fill(host, targetsShown().map((target) => {
    const of = (records) => records.filter((record) => record.target === target.name);
    const left = of(networks).filter((record) => record.role === "best").length - of(judged).filter((record) => record.role === "best").length;
    return [of(judged).length > 0 && networkFigure(target, of(judged), left), modeFigure(target, of(layers))];
  }));
  draw();
  return { element: section("pareto", "Accuracy, latency and size", "What has to be given for what. Nothing on the front is beaten in all three at once.", host), draw };
}
