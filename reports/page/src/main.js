import { el, fill, segments } from "./dom.js";
import { readData } from "./data.js";
import { formatDate } from "./format.js";
import { drawAllCharts, haveCharts, redrawCharts } from "./charts.js";
import { setTheme } from "./look.js";
import { heatmapSection } from "./heatmap.js";
import { historyOf, historySection } from "./history.js";
import { networksSection } from "./networks.js";
import { paretoSection } from "./pareto.js";
import { followAddress } from "./record.js";
import { rooflineSection } from "./roofline.js";
import { seriesSection } from "./series.js";
import { sparsitySection } from "./sparsity.js";
import { summarySections } from "./summary.js";

const sectionNames = { summary: "Summary", modes: "Modes", heatmap: "Cases", pareto: "Trade-offs", sparsity: "Sparsity", roofline: "Roofline", networks: "Networks", history: "History", series: "Table" };

function runText({ suite, started, commit, dirty }) {
  return [suite, formatDate(started), commit && `commit ${commit.slice(0, 10)}${dirty ? " with changes" : ""}`].filter(Boolean).join(" · ");
}

function start() {
  const data = readData(document.getElementById("data").textContent);
  const state = { target: "all" };
  const targetsShown = () => data.targets.filter((target) => state.target === "all" || target.name === state.target);
  const series = seriesSection(data, targetsShown);
  const showInTable = (filters) => series.show(filters);
  const parts = [heatmapSection, paretoSection, sparsitySection, rooflineSection, networksSection, historySection].map((make) => make(data, targetsShown)).filter(Boolean);
  parts.push(series);

  fill(document.getElementById("run"), runText(data.run ?? {}));
  document.title = `assay report: ${runText(data.run ?? {})}`;
  document.getElementById("content").append(...[
    !haveCharts && el("p", { class: "notice" }, "This page was built without npm, so it has tables and no charts."),
    ...summarySections(data, showInTable), ...parts.map((part) => part.element)].filter(Boolean));

  fill(document.getElementById("tools"),
    data.targets.length > 1 && segments("Target", [["all", "All targets"], ...data.targets.map(({ name }) => [name, name])], "all", (name) => {
      state.target = name;
      for (const part of parts) part.draw();
      redrawCharts();
    }),
    segments("Colours", [["auto", "Auto"], ["light", "Light"], ["dark", "Dark"]], "auto", (name) => {
      setTheme(name);
      redrawCharts();
    }));
  fill(document.getElementById("sections"), [...document.querySelectorAll("main > section")].map(({ id }) => el("a", { href: `#${id}` }, sectionNames[id])));

  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redrawCharts);
  window.addEventListener("beforeprint", drawAllCharts);
  followAddress(document.getElementById("record"), data, historyOf);
}

start();
