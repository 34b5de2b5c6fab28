// In place of charts.js where the page was built without npm: tables alone.

export const haveCharts = false;

export function drawChart() {}

export function redrawCharts() {}

export function drawAllCharts() {}
