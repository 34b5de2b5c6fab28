// The first screen: what regressed and improved, per target; then what each mode gives and costs.
import { el } from "./dom.js";
import { bestOfSuites, groupBy, recordLink, wholeNetworks } from "./data.js";
import { formatBytes, formatChange, formatError, formatRatio, formatValue, geometricMean, median, plural } from "./format.js";
import { section, targetHeading } from "./figure.js";

const verdictOrder = ["regressed", "error", "improved", "inconclusive", "new", "gone", "unchanged"];
const verdictMarks = { regressed: "▼", error: "✕", improved: "▲", inconclusive: "?", new: "+", gone: "−", unchanged: "=" };
const mostListed = 5;

export function verdictBadge(verdict) {
  return el("span", { class: `badge ${verdict}` }, el("span", { "aria-hidden": "true" }, `${verdictMarks[verdict] ?? "•"} `), verdict);
}

function countVerdicts(comparisons) {
  return Object.fromEntries(verdictOrder.map((verdict) => [verdict, comparisons.filter((c) => c.verdict === verdict).length]));
}

// What is said of a change: how far, and how sure that is.
export function changeText(comparison) {
  if (comparison.estimate === null) return "";
  const exact = comparison.low === comparison.high;
  return exact ? formatChange(comparison.estimate)
    : `${formatChange(comparison.estimate)} (${formatChange(comparison.low)} to ${formatChange(comparison.high)})`;
}

// What selection takes before the kernels beside it, and then by how far it moved.
function byWeight(a, b) {
  const aside = (comparison) => (comparison.record?.role === "best" ? 0 : 1);
  const moved = ({ estimate }) => (estimate > 0 ? Math.abs(Math.log(estimate)) : Infinity); // no ratio: it is wrong, or crashed
  return aside(a) - aside(b) || moved(b) - moved(a) || 0;
}

function listItem(comparison) {
  const { record } = comparison;
  const name = record ? [record.case, record.label, record.role === "peer" ? record.origin : record.role].join(" · ") : comparison.id;
  return el("li", {},
    record ? el("a", { href: recordLink(record) }, name) : el("span", {}, name),
    el("strong", { class: comparison.verdict }, formatChange(comparison.estimate)),
    el("small", {}, comparison.reason));
}

function changedList(title, verdict, comparisons, showInTable) {
  const items = comparisons.filter((c) => c.verdict === verdict).sort(byWeight);
  if (!items.length) return null;
  const rest = items.length - mostListed;
  return [
    el("h3", { class: verdict }, `${title}: ${items.length.toLocaleString("en")}`),
    el("ul", { class: "changes" }, items.slice(0, mostListed).map(listItem)),
    rest > 0 && el("button", { type: "button", class: "more", onclick: () => showInTable({ verdict, target: items[0].target }) },
      `${rest.toLocaleString("en")} more in the table`),
  ];
}

function verdictBar(counts, target, showInTable) {
  const shown = verdictOrder.filter((verdict) => counts[verdict] > 0);
  return [
    el("div", { class: "stack", "aria-hidden": "true" },
      shown.map((verdict) => el("span", { class: verdict, style: { "flex-grow": counts[verdict] } }))),
    el("ul", { class: "counts" }, shown.map((verdict) => el("li", {},
      el("button", { type: "button", title: "Show them in the table", onclick: () => showInTable({ verdict, target: target.name }) },
        el("b", {}, counts[verdict].toLocaleString("en")), " ", verdictBadge(verdict))))),
  ];
}

function targetCard(target, comparisons, showInTable) {
  const counts = countVerdicts(comparisons);
  const quiet = counts.regressed + counts.error + counts.improved === 0;
  return el("article", { class: counts.regressed + counts.error > 0 ? "card alarm" : "card" },
    targetHeading(target, "h2"), verdictBar(counts, target, showInTable),
    changedList("Regressed", "regressed", comparisons, showInTable),
    changedList("No longer runs", "error", comparisons, showInTable),
    changedList("Improved", "improved", comparisons, showInTable),
    quiet && el("p", { class: "quiet" }, counts.inconclusive > 0
      ? `Nothing is known to have got better or worse; of ${plural(counts.inconclusive, "series", "series")} the data don't say.`
      : "Nothing got better or worse beyond what matters."));
}

function verdictSentence(comparisons, targets) {
  const counts = countVerdicts(comparisons);
  const bad = comparisons.filter((c) => c.verdict === "regressed" || c.verdict === "error");
  if (!bad.length) return [`No regressions`, `${plural(counts.improved, "series", "series")} improved, ${counts.unchanged.toLocaleString("en")} unchanged, ${counts.inconclusive.toLocaleString("en")} inconclusive.`];
  const hit = new Set(bad.map((c) => c.target)).size;
  return [`${bad.length.toLocaleString("en")} series regressed${counts.error > 0 ? " or no longer run" : ""}`,
    `on ${hit} of ${plural(targets.length, "target", "targets")}; ${counts.improved.toLocaleString("en")} improved, ${counts.unchanged.toLocaleString("en")} unchanged, ${counts.inconclusive.toLocaleString("en")} inconclusive.`];
}

function comparisonSection(data, showInTable) {
  const [headline, rest] = verdictSentence(data.comparisons, data.comparedTargets);
  const bad = data.comparisons.some((c) => c.verdict === "regressed" || c.verdict === "error");
  const byTarget = groupBy(data.comparisons, (c) => c.target);
  const cards = data.comparedTargets.map((target) => targetCard(target, byTarget.get(target.name) ?? [], showInTable));
  return el("section", { id: "summary", "aria-labelledby": "summary-title" },
    el("div", { class: bad ? "verdict alarm" : "verdict calm" }, el("h1", { id: "summary-title" }, headline), el("p", {}, rest)),
    el("div", { class: "cards" }, cards));
}

function failures(data, showInTable) {
  const failed = data.records.filter((record) => record.outcome === "fail" || record.outcome === "error");
  if (!failed.length) return null;
  return el("div", { class: "notice alarm", role: "note" },
    el("strong", {}, `${plural(failed.length, "series", "series")} gave a wrong answer or none. `),
    el("button", { type: "button", class: "more", onclick: () => showInTable({ outcome: "failed" }) }, "Show them in the table"));
}

function whyNoSpeedup(records) {
  if (!records.length) return "–";
  const failed = records.find(({ outcome }) => outcome === "fail" || outcome === "error");
  if (failed) return failed.outcome === "fail" ? "wrong answers" : "errors";
  return records.every(({ outcome }) => outcome === "unsupported") ? "no kernel" : "no fp32 to compare with";
}

// Of a mode on a target: the mean speed-up over cases, and the error of the middle case.
function headlineCell(records, most) {
  const speedups = records.map((record) => record.speedup).filter((value) => value > 0);
  const errors = records.map((record) => record.modeError).filter((value) => value !== null);
  if (!speedups.length) return el("td", {}, el("span", { class: "quiet" }, whyNoSpeedup(records)));
  const mean = geometricMean(speedups);
  const range = `${Math.min(...speedups).toFixed(2)} to ${Math.max(...speedups).toFixed(2)}`;
  return el("td", {}, meterLine(mean, most, [
    speedups.length > 1 ? `${range} in ${plural(speedups.length, "case", "cases")}` : "1 case", `error ${formatError(median(errors))}`]));
}

function meterLine(speedup, most, notes) {
  return el("div", { class: "headline" },
    el("span", { class: speedup < 0.995 ? "meter slower" : "meter", style: { "--share": `${Math.min(100, 100 * speedup / most).toFixed(1)}%` } },
      el("b", {}, formatRatio(speedup))),
    el("small", {}, notes.map((note) => el("span", {}, note))));
}

function headlineTable(caption, data, rows) {
  return el("div", { class: "scroller", tabindex: "0", role: "region", "aria-label": caption },
    el("table", { class: "headlines" },
      el("caption", { class: "unseen" }, caption),
      el("thead", {}, el("tr", {}, el("th", { scope: "col" }, "mode"), data.targets.map((target) => el("th", { scope: "col" }, target.name,
        el("small", { class: target.emulated ? "emulated" : undefined }, target.emulated ? "ratio of instructions" : "ratio of times"))))),
      el("tbody", {}, rows)));
}

function networkCell(whole, most) {
  if (!whole) return el("td", {}, el("span", { class: "quiet" }, "–"));
  const { task_metric: metric, task_value: task } = whole.accuracy ?? {};
  const notes = [formatValue(whole.value, whole.metric), Number.isFinite(task) && `${metric ?? "task"} ${task}`, whole.code?.model_bytes > 0 && formatBytes(whole.code.model_bytes)].filter(Boolean);
  if (!(whole.speedup > 0)) return el("td", {}, el("small", { class: whole.outcome }, whole.outcome === "pass" ? notes.join(" · ") : whole.outcome));
  return el("td", {}, meterLine(whole.speedup, most, notes));
}

function networksHeadline(data) {
  const wholes = wholeNetworks(data.records).filter((record) => record.role === "best");
  if (!wholes.length) return null;
  const most = Math.max(1, ...wholes.map((record) => record.speedup ?? 0));
  const rows = [...groupBy(wholes, (record) => `${record.case} ${record.label}`)].map(([name, records]) => el("tr", {}, el("th", { scope: "row" }, name),
    data.targets.map((target) => networkCell(records.find((record) => record.target === target.name), most))));
  return headlineTable("Whole networks: speed-up over fp32, accuracy and size, by mode and target", data, rows);
}

function layersHeadline(data) {
  const best = bestOfSuites(data.records).filter((record) => record.op !== "quantize");
  const byLabel = new Map([...groupBy(best, (record) => record.label)].filter(([label]) => label !== "fp32")
    .sort(([, [a]], [, [b]]) => (a.structure !== "dense") - (b.structure !== "dense")));
  if (!byLabel.size) return null;
  const cells = (records) => data.targets.map((target) => records.filter((record) => record.target === target.name));
  const most = Math.max(1, ...[...byLabel.values()].flatMap(cells).map((records) =>
    geometricMean(records.map((record) => record.speedup).filter((value) => value > 0))).filter((value) => !Number.isNaN(value)));
  const rows = [...byLabel].map(([label, records]) => el("tr", {}, el("th", { scope: "row" }, label), cells(records).map((of) => headlineCell(of, most))));
  return [
    el("p", { class: "intro" }, "Layers: the geometric mean over cases, and its range; the error is that of the numbers, of the middle case: what zeros among the weights cost is not in it. Means over different cases are not to be compared."),
    headlineTable("Layers: speed-up over fp32 and error, by mode and target", data, rows)];
}

function headlineSection(data, isFirst) {
  const parts = [networksHeadline(data), layersHeadline(data)].filter(Boolean);
  if (!parts.length) return null;
  return section(isFirst ? "summary" : "modes", "What each mode gives and costs", "Speed-up over fp32 with the best kernels of each.", parts);
}

export function summarySections(data, showInTable) {
  return [
    data.comparisons && comparisonSection(data, showInTable),
    failures(data, showInTable),
    headlineSection(data, !data.comparisons),
  ];
}
