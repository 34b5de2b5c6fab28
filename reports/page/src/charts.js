// Charts by ECharts, of which only what is used here is bundled. SVG: sharp on paper and on every screen.
import { init, use } from "echarts/core";
import { LineChart, ScatterChart } from "echarts/charts";
import { AriaComponent, GridComponent, MarkLineComponent, TooltipComponent } from "echarts/components";
import { SVGRenderer } from "echarts/renderers";

use([LineChart, ScatterChart, AriaComponent, GridComponent, MarkLineComponent, TooltipComponent, SVGRenderer]);

export const haveCharts = true;

const drawn = new Map(); // host -> what draws it

function common(look) {
  return {
    animation: false,
    textStyle: { fontFamily: look.font, color: look.text },
    tooltip: {
      renderMode: "richText", // as text: names in records are not to become markup
      confine: true,
      backgroundColor: look.raised,
      borderColor: look.line,
      textStyle: { color: look.text, fontSize: 13 },
    },
  };
}

function paint(host) {
  const item = drawn.get(host);
  item.chart ??= init(host, null, { renderer: "svg" });
  const look = item.lookNow();
  item.chart.setOption({ ...common(look), ...item.makeOption(look) }, true);
  item.chart.off("click");
  item.chart.on("click", (event) => item.pick?.(event.data));
}

const whenSeen = new IntersectionObserver((entries) => {
  for (const { isIntersecting, target } of entries) {
    if (!isIntersecting) continue;
    whenSeen.unobserve(target);
    if (drawn.has(target)) paint(target);
  }
}, { rootMargin: "400px" });

const whenResized = new ResizeObserver((entries) => {
  for (const { target } of entries) drawn.get(target)?.chart?.resize();
});

// Draws once the host comes near the window.
export function drawChart(host, lookNow, makeOption, pick) {
  drawn.set(host, { lookNow, makeOption, pick });
  whenSeen.observe(host);
  whenResized.observe(host);
}

// After a change of colours; charts whose host has gone are given up.
export function redrawCharts() {
  for (const [host, item] of drawn) {
    if (!host.isConnected) {
      item.chart?.dispose();
      drawn.delete(host);
    } else if (item.chart) {
      paint(host);
    }
  }
}

export function drawAllCharts() {
  for (const host of drawn.keys()) if (host.isConnected) paint(host);
}
