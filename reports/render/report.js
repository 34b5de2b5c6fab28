// In a block, for its names are then not the window's, some of which (top) may not be declared again.
"use strict";
{
  const rows = [...document.querySelectorAll("tbody tr")]; // of the grid of layers, and of networks
  const body = document.querySelector("#grid tbody"); // null: the page has networks alone
  const gridRows = body ? [...body.rows] : [];
  const filter = document.querySelector("#filter");
  const shown = document.querySelector("#shown");

  function applyFilter() {
    const words = filter.value.toLowerCase().split(/\s+/).filter(Boolean);
    let count = 0;
    for (const row of rows) {
      const text = row.textContent.toLowerCase();
      row.hidden = !words.every((word) => text.includes(word));
      count += !row.hidden;
    }
    shown.textContent = `${count} of ${rows.length} rows`;
  }

  // Cells that are no number sort behind those that are.
  function compareCells(a, b, direction) {
    const x = parseFloat(a), y = parseFloat(b);
    if (!isNaN(x) && !isNaN(y)) return direction * (x - y);
    if (!isNaN(x) || !isNaN(y)) return isNaN(x) ? 1 : -1;
    return direction * a.localeCompare(b);
  }

  function sortBy(column, heading) {
    const descending = heading.getAttribute("aria-sort") === "ascending";
    document.querySelectorAll("th[aria-sort]").forEach((th) => th.removeAttribute("aria-sort"));
    heading.setAttribute("aria-sort", descending ? "descending" : "ascending");
    gridRows.sort((a, b) => compareCells(a.cells[column].textContent, b.cells[column].textContent, descending ? -1 : 1));
    body.append(...gridRows);
  }

  // The first heading row has the three row columns, the second one those of the targets. Networks keep their order.
  const [upper, lower] = document.querySelectorAll("#grid thead tr");
  const headings = body ? [...upper.cells].slice(0, 3).concat([...lower.cells]) : [];
  headings.forEach((heading, column) => {
    heading.tabIndex = 0;
    heading.addEventListener("click", () => sortBy(column, heading));
    heading.addEventListener("keydown", (event) => { if (event.key === "Enter") sortBy(column, heading); });
  });
  filter.addEventListener("input", applyFilter);
  applyFilter();
}
