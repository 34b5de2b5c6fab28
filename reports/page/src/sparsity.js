// Where sparse begins to win: against the same layer, dense, in the same mode.
import { el, fill, select } from "./dom.js";
import { bestOfSuites, groupBy, recordLink } from "./data.js";
import { formatPercent, formatRatio, formatValue } from "./format.js";
import { figure, modeLegend, pickRecord, section } from "./figure.js";
import { axis, modeColour, structureSymbol } from "./look.js";

// Between two points the logarithm of the speed-up is taken for straight.
function breakEven(points) {
  const known = points.filter((point) => point.sparsity > 0 || point.gain < 1);
  if (known.length < 2) return { text: "too few sparsities", at: NaN };
  if (known[0].gain >= 1) return { text: `at or below ${formatPercent(known[0].sparsity, 0)}`, at: known[0].sparsity };
  for (let i = 1; i < known.length; i++) {
    if (known[i].gain < 1) continue;
    const [a, b] = [known[i - 1], known[i]];
    const share = Math.log(a.gain) / (Math.log(a.gain) - Math.log(b.gain));
    const at = a.sparsity + share * (b.sparsity - a.sparsity);
    return { text: formatPercent(at), at };
  }
  return { text: `not by ${formatPercent(known.at(-1).sparsity, 0)}`, at: NaN };
}

function linesOf(records) {
  const dense = new Map(records.filter((record) => record.structure === "dense" && record.value > 0).map((record) => [`${record.case} ${record.mode}`, record]));
  const sparse = records.filter((record) => record.structure !== "dense" && record.value > 0 && dense.has(`${record.case} ${record.mode}`));
  return [...groupBy(sparse, (record) => `${record.case} ${record.mode} ${record.structure}`).values()].map((of) => {
    const { case: name, mode, structure } = of[0];
    const points = of.map((record) => ({ record, sparsity: record.sparsity, gain: dense.get(`${name} ${mode}`).value / record.value, dense: dense.get(`${name} ${mode}`) }))
      .sort((a, b) => a.sparsity - b.sparsity);
    return { case: name, mode, structure, points, even: breakEven(points) };
  });
}

function sparsityOption(lines) {
  return (look) => ({
    grid: { left: 60, right: 24, top: 24, bottom: 56 },
    xAxis: axis(look, "zeros among the weights", { type: "value", min: 0, max: 1, axisLabel: { color: look.quiet, formatter: (value) => formatPercent(value, 0) } }),
    yAxis: axis(look, "speed-up over dense, same mode", { type: "log", logBase: 2, nameGap: 44, axisLabel: { color: look.quiet, formatter: (value) => `${+value.toPrecision(3)}×` } }),
    tooltip: { formatter: ({ data }) => data?.about ?? "" },
    series: lines.map((line, i) => ({
      type: "line",
      symbol: structureSymbol(line.structure),
      symbolSize: 9,
      lineStyle: { color: modeColour(look, line.mode), width: 1.5 },
      itemStyle: { color: modeColour(look, line.mode) },
      data: line.points.map((point) => ({
        value: [point.sparsity, point.gain], link: recordLink(point.record),
        about: `${line.case}\n${point.record.label}\n${formatRatio(point.gain)} of dense ${line.mode}\nbreak-even: ${line.even.text}`,
      })),
      markLine: i === 0 ? {
        silent: true, symbol: "none", lineStyle: { color: look.text, type: "solid", width: 1 },
        label: { formatter: "break-even", position: "insideStartTop", color: look.quiet },
        data: [{ yAxis: 1 }],
      } : undefined,
    })),
  });
}

function sparsityFigure(target, lines, name) {
  const rows = lines.flatMap((line) => line.points.map((point) => ({ ...point, line })));
  return figure({
    title: `${name} on ${target.name}`,
    note: `Above 1 the sparse kernel beats the dense one of its own mode${target.emulated ? ", in instructions" : ""}. Break-even is read off between two measured sparsities, the logarithm taken for straight.`,
    label: `Speed-up of sparse over dense kernels against sparsity, ${lines.length} lines, on ${target.name}; the table below has the same numbers`,
    makeOption: sparsityOption(lines),
    pick: pickRecord,
    legend: modeLegend([...new Set(lines.map((line) => line.mode))], [...new Set(lines.map((line) => line.structure))]),
    table: {
      caption: `Sparse against dense on ${target.name}`,
      rows,
      columns: [
        { title: "case", value: (r) => r.line.case, cell: (r) => el("a", { href: recordLink(r.record) }, r.line.case) },
        { title: "mode", value: (r) => r.line.mode },
        { title: "structure", value: (r) => r.line.structure },
        { title: "sparsity", numeric: true, value: (r) => r.sparsity, cell: (r) => formatPercent(r.sparsity, 0) },
        { title: "sparse", numeric: true, value: (r) => r.record.value, cell: (r) => formatValue(r.record.value, r.record.metric) },
        { title: "dense", numeric: true, value: (r) => r.dense.value, cell: (r) => formatValue(r.dense.value, r.dense.metric) },
        { title: "sparse over dense", numeric: true, value: (r) => r.gain, cell: (r) => formatRatio(r.gain) },
        { title: "break-even", value: (r) => r.line.even.at, cell: (r) => r.line.even.text },
      ],
    },
  });
}

export function sparsitySection(data, targetsShown) {
  const records = bestOfSuites(data.records);
  const all = groupBy(data.targets.flatMap((target) => linesOf(records.filter((record) => record.target === target.name))), (line) => line.case);
  if (!all.size) return null;
  const host = el("div", { class: "figures" });
  const state = { name: [...all.keys()][0] };
  const draw = () => fill(host, targetsShown().map((target) => {
    const lines = linesOf(records.filter((record) => record.target === target.name && record.case === state.name));
    return lines.length > 0 && sparsityFigure(target, lines, state.name);
  }));
  draw();
  return {
    element: section("sparsity", "When sparse pays", null,
      all.size > 1 && el("div", { class: "controls" }, select("Case", [...all.keys()], state.name, (name) => { state.name = name; draw(); })), host),
    draw,
  };
}
