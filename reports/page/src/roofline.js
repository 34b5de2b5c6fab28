// How near kernels come to what the machine can do: multiply-accumulates a time against those a byte.
import { el, fill, select } from "./dom.js";
import { groupBy, recordLink } from "./data.js";
import { formatValue } from "./format.js";
import { figure, modeLegend, pickRecord, section } from "./figure.js";
import { axis, modeColour, structureSymbol } from "./look.js";

const activationBytes = { fp32: 4, fp16w: 4, fp16: 2, hybrid: 4, int8: 1, int16x8: 2 };

// Elements of input and output together; NaN for a shape that is not of a product or a convolution.
function activationElements({ m, n, k, batch, in_h, in_w, in_c, out_h, out_w, out_c, multiplier }) {
  if (m && n && k) return m * k + m * n;
  return batch * (in_h * in_w * in_c + out_h * out_w * (out_c ?? in_c * multiplier));
}

// Each byte of input, output and packed weights counted once, as if caches held what is used again.
function rooflinePoint(record) {
  const macs = record.performance?.nonzero_macs ?? record.performance?.macs;
  const weights = record.code?.packed_bytes || record.code?.weight_bytes;
  const bytes = activationElements(record.shape ?? {}) * activationBytes[record.mode] + weights;
  if (!(macs > 0 && bytes > 0 && record.value > 0)) return null;
  return { record, macs, bytes, intensity: macs / bytes, rate: macs / record.value };
}

function roofsOf(points) {
  const byMode = [...groupBy(points, (point) => point.record.mode)].map(([mode, of]) => ({ mode, rate: Math.max(...of.map((point) => point.rate)) }));
  return { byMode, bandwidth: Math.max(...points.map((point) => point.rate / point.intensity)) };
}

function rooflineOption(points, unit) {
  const { byMode, bandwidth } = roofsOf(points);
  const intensities = points.map((point) => point.intensity);
  const [least, most] = [Math.min(...intensities) / 1.6, Math.max(...intensities) * 1.6];
  return (look) => ({
    grid: { left: 68, right: 24, top: 24, bottom: 56 },
    xAxis: axis(look, "multiply-accumulates a byte", { type: "log", min: least, max: most, axisLabel: { color: look.quiet, hideOverlap: true, formatter: (value) => `${+value.toPrecision(2)}` } }),
    yAxis: axis(look, unit.name, { type: "log", nameGap: 50, axisLabel: { color: look.quiet, formatter: (value) => `${+value.toPrecision(3)}` } }),
    tooltip: { formatter: ({ data }) => data?.about ?? "" },
    series: [
      ...byMode.map(({ mode, rate }) => ({
        type: "line", silent: true, showSymbol: false, z: 1,
        data: [[Math.max(least, rate / bandwidth), rate], [most, rate]],
        lineStyle: { color: modeColour(look, mode), width: 1.5, type: "dashed" },
      })),
      {
        type: "line", silent: true, showSymbol: false, z: 1,
        data: [[least, least * bandwidth], ...(() => {
          const end = Math.min(most, Math.max(...byMode.map(({ rate }) => rate)) / bandwidth);
          return end > least ? [[end, end * bandwidth]] : [];
        })()],
        lineStyle: { color: look.quiet, width: 1.5 },
      },
      {
        type: "scatter", z: 2,
        data: points.map((point) => ({
          value: [point.intensity, point.rate], link: recordLink(point.record), symbol: structureSymbol(point.record.structure), symbolSize: 10,
          about: `${point.record.case}\n${point.record.label}, ${point.record.kernel}\n${point.rate.toPrecision(3)} ${unit.short}\n${point.intensity.toPrecision(3)} a byte`,
          itemStyle: { color: modeColour(look, point.record.mode), opacity: 0.85, borderColor: look.page, borderWidth: 1 },
        })),
      },
    ],
  });
}

function rooflineFigure(target, points) {
  const unit = target.emulated
    ? { name: "multiply-accumulates an instruction", short: "MAC/instruction" }
    : { name: "10⁹ multiply-accumulates a second", short: "GMAC/s" };
  const note = target.emulated
    ? "Under emulation nothing is known of time: this is work an executed instruction, and the roofs are the best of the points."
    : "The records hold no measured peaks, so roofs are the best that was measured: dashed for each mode's rate, the slope for bytes a time. The machine's own lie at or above them.";
  return figure({
    title: target.name,
    note: `${note} Sparse kernels are counted by what they multiply, not by the zeros they skip.`,
    label: `Roofline of ${points.length} kernels on ${target.name}: ${unit.name} against multiply-accumulates a byte; the table below has the same numbers`,
    makeOption: rooflineOption(points, unit),
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
        { title: target.emulated ? "instructions" : "time", numeric: true, value: (p) => p.record.value, cell: (p) => formatValue(p.record.value, p.record.metric) },
      ],
    },
  });
}

export function rooflineSection(data, targetsShown) {
  const points = data.records.filter((record) => !record.network && record.outcome === "pass").map(rooflinePoint).filter(Boolean);
  if (!points.length) return null;
  const state = { role: "best" };
  const roles = [...new Set(points.map((point) => point.record.role))];
  const host = el("div", { class: "figures" });
  const draw = () => fill(host, targetsShown().map((target) => {
    const of = points.filter((point) => point.record.target === target.name && point.record.role === state.role);
    return of.length > 0 && rooflineFigure(target, of);
  }));
  draw();
  return {
    element: section("roofline", "Roofline", "A kernel under the slope waits for memory; one under a flat roof for arithmetic. Bytes are those of input, output and packed weights, each once.",
      roles.length > 1 && el("div", { class: "controls" }, select("Kernels", roles, state.role, (role) => { state.role = role; draw(); })), host),
    draw,
  };
}
