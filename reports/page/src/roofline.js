// How near kernels come to what the machine can do: multiply-accumulates a time against those a byte.
import { el, fill, select } from "./dom.js";
import { groupBy, recordLink } from "./data.js";
import { formatValue } from "./format.js";
import { figure, modeLegend, pickRecord, section } from "./figure.js";
import { axis, modeColour, structureSymbol } from "./look.js";
import { arithmeticModes, boundText, levelName, peaksOf } from "./peaks.js";

const activationBytes = { fp32: 4, fp16w: 4, fp16: 2, hybrid: 4, int8: 1, int16x8: 2 };

// Elements of input and output together; NaN for a shape that is not of a product or a convolution.
function activationElements({ m, n, k, batch, in_h, in_w, in_c, out_h, out_w, out_c, multiplier }) {
  if (m && n && k) return m * k + m * n;
  return batch * (in_h * in_w * in_c + out_h * out_w * (out_c ?? in_c * multiplier));
}

// Work and bytes as the bound has them. Without one, each byte of input, output and packed weights counted once.
function workOf(record) {
  if (record.bound?.macs >= 0) return { macs: record.bound.macs, bytes: record.bound.read_bytes + record.bound.written_bytes };
  const weights = record.code?.packed_bytes || record.code?.weight_bytes;
  return {
    macs: record.performance?.nonzero_macs ?? record.performance?.macs,
    bytes: activationElements(record.shape ?? {}) * activationBytes[record.mode] + weights,
  };
}

function rooflinePoint(record) {
  const { macs, bytes } = workOf(record);
  if (!(macs > 0 && bytes > 0 && record.value > 0)) return null;
  return { record, macs, bytes, intensity: macs / bytes, rate: macs / record.value };
}

// Arithmetics of the same rate share a roof: halves are computed as floats where there is nothing better.
function flatRoofs(ceilings) {
  const strong = ceilings.filter(({ best }) => best);
  return ceilings.flatMap((ceiling) => {
    const mode = arithmeticModes[ceiling.arithmetic];
    if (!ceiling.best) return [{ rate: ceiling.rate, mode, strong: false, name: "" }];
    const same = strong.filter(({ rate }) => Math.abs(rate / ceiling.rate - 1) < 0.01);
    return same[0] === ceiling ? [{ rate: ceiling.rate, mode, strong: true, name: `${same.map(({ arithmetic }) => arithmetic).join(", ")} ${ceiling.isa}` }] : [];
  });
}

// Roofs as lines: where one was measured, that of the machine; else the best of the points.
function roofsOf(points) {
  const { ceilings, slopes } = peaksOf(points.map((point) => point.record));
  if (ceilings.length && slopes.length) {
    return {
      measured: true,
      flat: flatRoofs(ceilings),
      slopes: slopes.map(({ level, rate }) => ({ rate, name: levelName(level) })),
    };
  }
  return {
    measured: false,
    flat: [...groupBy(points, (point) => point.record.mode)].map(([mode, of]) => ({ mode, rate: Math.max(...of.map((point) => point.rate)), strong: false, name: "" })),
    slopes: [{ rate: Math.max(...points.map((point) => point.rate / point.intensity)), name: "" }],
  };
}

function roofLine(from, to, style, label) {
  return {
    type: "line", silent: true, symbol: "circle", symbolSize: 0.1, z: 1, lineStyle: style,
    data: [{ value: from, label: label.at === "from" ? label : undefined }, { value: to, label: label.at === "to" ? label : undefined }],
  };
}

function roofLines(roofs, least, most, lowest, look) {
  const steepest = roofs.slopes[0].rate;
  const highest = Math.max(...roofs.flat.map(({ rate }) => rate));
  const label = (text, more) => ({ show: text !== "", formatter: text, color: look.quiet, fontSize: 11, ...more });
  return [
    ...roofs.flat.map(({ rate, mode, strong, name }) => roofLine([Math.min(most, Math.max(least, rate / steepest)), rate], [most, rate],
      { color: modeColour(look, mode), width: strong ? 2 : 1, type: strong ? "solid" : "dashed", opacity: strong ? 1 : 0.6 },
      label(name, { at: "to", position: "top", align: "right", distance: 3 }))),
    ...roofs.slopes.filter(({ rate }) => Math.min(most, highest / rate) > Math.max(least, lowest / rate)).map(({ rate, name }) => {
      const [start, end] = [Math.max(least, (1.2 * lowest) / rate), Math.min(most, highest / rate)];
      return roofLine([start, start * rate], [end, end * rate], { color: look.quiet, width: 1.5 }, label(name, { at: "from", position: "right", distance: 6 }));
    }),
  ];
}

function aboutPoint({ record, intensity, rate }, unit) {
  const bound = record.bound ? `\n${boundText(record)} of the bound; it fits ${levelName(record.bound.level)}` : "";
  return `${record.case}\n${record.label}, ${record.kernel}\n${rate.toPrecision(3)} ${unit.short}\n${intensity.toPrecision(3)} a byte${bound}`;
}

function rooflineOption(points, roofs, unit) {
  const intensities = points.map((point) => point.intensity);
  const [least, most] = [Math.min(...intensities) / 1.6, Math.max(...intensities) * 1.6];
  const highest = Math.max(...roofs.flat.map(({ rate }) => rate), ...points.map((point) => point.rate)) * 1.6;
  const lowest = Math.min(...points.map((point) => point.rate)) / 2;
  return (look) => ({
    grid: { left: 68, right: 24, top: 24, bottom: 56 },
    xAxis: axis(look, "multiply-accumulates a byte", { type: "log", min: least, max: most, axisLabel: { color: look.quiet, hideOverlap: true, formatter: (value) => `${+value.toPrecision(2)}` } }),
    yAxis: axis(look, unit.name, { type: "log", min: lowest, max: highest, nameGap: 50, axisLabel: { color: look.quiet, hideOverlap: true, formatter: (value) => `${+value.toPrecision(2)}` } }),
    tooltip: { formatter: ({ data }) => data?.about ?? "" },
    series: [
      ...roofLines(roofs, least, most, lowest, look),
      {
        type: "scatter", z: 2,
        data: points.map((point) => ({
          value: [point.intensity, point.rate], link: recordLink(point.record), symbol: structureSymbol(point.record.structure), symbolSize: 10,
          about: aboutPoint(point, unit),
          itemStyle: { color: modeColour(look, point.record.mode), opacity: 0.85, borderColor: look.page, borderWidth: 1 },
        })),
      },
    ],
  });
}

function noteOf(target, roofs) {
  if (target.emulated) return "Under emulation nothing is known of time: this is work an executed instruction, and the roofs are the best of the points.";
  if (!roofs.measured) return "These records hold no measured peaks, so roofs are the best that was measured: dashed for each mode's rate, the slope for bytes a time. The machine's own lie at or above them.";
  const slopes = roofs.slopes.map(({ name, rate }) => `${name} ${rate.toPrecision(3)}`).join(", ");
  return `Roofs are this core's measured peaks: flat ones of each arithmetic with its best instruction set (dashed: with lesser ones), slopes of each level of memory (GB/s: ${slopes}).`;
}

function rooflineFigure(target, points) {
  const unit = target.emulated
    ? { name: "multiply-accumulates an instruction", short: "MAC/instruction" }
    : { name: "10⁹ multiply-accumulates a second", short: "GMAC/s" };
  const roofs = roofsOf(points);
  return figure({
    title: target.name,
    note: `${noteOf(target, roofs)} Sparse kernels are counted by what they multiply, not by the zeros they skip.`,
    label: `Roofline of ${points.length} kernels on ${target.name}: ${unit.name} against multiply-accumulates a byte; the table below has the same numbers`,
    makeOption: rooflineOption(points, roofs, unit),
    pick: pickRecord,
    legend: modeLegend([...new Set(points.map((point) => point.record.mode))], [...new Set(points.map((point) => point.record.structure))]),
    tall: true,
    table: {
      caption: `Roofline on ${target.name}`,
      rows: points,
      columns: [
        { title: "case", value: (p) => p.record.case, cell: (p) => el("a", { href: recordLink(p.record) }, p.record.case) },
        { title: "mode", value: (p) => p.record.label },
        { title: "kernel", value: (p) => p.record.kernel, className: "code" },
        { title: "MAC a byte", numeric: true, value: (p) => p.intensity, cell: (p) => p.intensity.toPrecision(3) },
        { title: unit.short, numeric: true, value: (p) => p.rate, cell: (p) => p.rate.toPrecision(4) },
        roofs.measured && { title: "of bound", numeric: true, value: (p) => p.record.bound?.share, cell: (p) => boundText(p.record) },
        roofs.measured && { title: "fits", value: (p) => (p.record.bound ? levelName(p.record.bound.level) : null) },
        { title: target.emulated ? "instructions" : "time", numeric: true, value: (p) => p.record.value, cell: (p) => formatValue(p.record.value, p.record.metric) },
      ].filter(Boolean),
    },
  });
}

export function rooflineSection(data, targetsShown) {
  const points = data.records.filter((record) => record.outcome === "pass").map(rooflinePoint).filter(Boolean);
  if (!points.length) return null;
  const sources = groupBy(points, (point) => point.record.network?.name ?? "");
  const state = { role: "best", source: sources.has("") ? "" : [...sources.keys()][0] };
  const host = el("div", { class: "figures" });
  const controls = el("div", { class: "controls" });
  const draw = () => fill(host, targetsShown().map((target) => {
    const of = sources.get(state.source).filter((point) => point.record.target === target.name && point.record.role === state.role);
    return of.length > 0 && rooflineFigure(target, of);
  }));
  const drawControls = () => {
    const roles = [...new Set(sources.get(state.source).map((point) => point.record.role))];
    if (!roles.includes(state.role)) state.role = roles[0];
    const names = [...sources.keys()].map((name) => [name, name === "" ? "layers of suites" : `layers of ${name}`]);
    fill(controls,
      names.length > 1 && select("Cases", names, state.source, (name) => { state.source = name; drawControls(); draw(); }),
      roles.length > 1 && select("Kernels", roles, state.role, (role) => { state.role = role; draw(); }));
  };
  drawControls();
  draw();
  return {
    element: section("roofline", "Roofline", "A kernel under a slope waits for that memory; one under a flat roof for arithmetic. Bytes are those that must be read and written, each once.", controls, host),
    draw,
  };
}
