// Colours as they are now: of the chosen theme, as charts want them.

const theme = { chosen: "auto" };

// Computed, since light-dark() in a custom property is only resolved where a colour is used.
function colour(name) {
  const probe = document.createElement("span");
  probe.style.color = `var(${name})`;
  document.body.append(probe);
  const value = getComputedStyle(probe).color;
  probe.remove();
  return value;
}

export function lookNow() {
  const modes = ["fp32", "fp16w", "fp16", "hybrid", "int8", "int16x8", "mixed"];
  return {
    font: getComputedStyle(document.body).fontFamily,
    text: colour("--text"),
    quiet: colour("--quiet"),
    line: colour("--line"),
    grid: colour("--grid"),
    page: colour("--page"),
    raised: colour("--raised"),
    accent: colour("--accent"),
    bad: colour("--bad"),
    good: colour("--good"),
    modes: Object.fromEntries(modes.map((mode) => [mode, colour(`--mode-${mode}`)])),
  };
}

export function modeColour(look, mode) {
  return look.modes[mode] ?? look.quiet;
}

export function setTheme(name) {
  theme.chosen = name;
  if (name === "auto") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = name;
}

const symbols = { dense: "circle", random: "triangle", "1x4": "rect", "4x1": "diamond", "1x16": "roundRect" };

export function structureSymbol(structure) {
  return symbols[structure] ?? "pin";
}

// What axes have in common.
export function axis(look, name, more = {}) {
  return {
    name,
    nameLocation: "middle",
    nameGap: 34,
    nameTextStyle: { color: look.quiet, fontSize: 13 },
    axisLine: { lineStyle: { color: look.line } },
    axisTick: { show: false },
    axisLabel: { color: look.quiet, hideOverlap: true },
    splitLine: { lineStyle: { color: look.grid } },
    ...more,
  };
}
