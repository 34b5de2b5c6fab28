// A table that sorts by its headings, a page of rows at a time. A column: title, value(row) to sort by, cell(row) to show
// (the value where there is none), numeric, hint.
import { el, fill } from "./dom.js";

function compareValues(a, b, direction) {
  const missing = (value) => value === null || value === undefined || Number.isNaN(value);
  if (missing(a) || missing(b)) return missing(a) - missing(b); // behind the others, whatever the direction
  if (typeof a === "number" && typeof b === "number") return direction * (a - b);
  return direction * String(a).localeCompare(String(b), "en", { numeric: true });
}

// Left, right, Home and End go from heading to heading, as in a spreadsheet.
function moveAmongHeadings(event) {
  const buttons = [...event.currentTarget.querySelectorAll("th button")];
  const at = buttons.indexOf(event.target);
  const to = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: buttons.length - 1 }[event.key];
  if (at < 0 || to === undefined || !buttons[to]) return;
  event.preventDefault();
  buttons[to].focus();
}

function pager(state, pageSize, show) {
  const last = Math.max(0, Math.ceil(state.rows.length / pageSize) - 1);
  if (last === 0) return null;
  const step = (text, page) => el("button", { type: "button", disabled: page < 0 || page > last, onclick: () => show(page) }, text);
  const from = state.page * pageSize;
  return [
    step("Previous", state.page - 1),
    el("span", {}, `rows ${from + 1} to ${Math.min(from + pageSize, state.rows.length)} of ${state.rows.length.toLocaleString("en")}`),
    step("Next", state.page + 1),
  ];
}

export function makeTable({ caption, columns, rows, pageSize = 100, className = "" }) {
  const state = { rows, page: 0, column: -1, direction: 1 };
  const body = el("tbody");
  const foot = el("div", { class: "pager" });
  const headings = columns.map((column, i) =>
    el("th", { scope: "col", class: column.numeric && "number" },
      el("button", { type: "button", title: column.hint, onclick: () => sortBy(i) }, column.title)));

  function show(page) {
    state.page = page;
    const from = page * pageSize;
    fill(body, state.rows.slice(from, from + pageSize).map((row) => el("tr", {}, columns.map((column, i) =>
      el(i === 0 ? "th" : "td", { scope: i === 0 && "row", class: column.numeric ? "number" : column.className },
        (column.cell ?? column.value)(row) ?? "–")))));
    fill(foot, pager(state, pageSize, (to) => {
      show(to);
      scroller.scrollTop = 0;
    }));
  }

  function sortBy(i) {
    state.direction = state.column === i ? -state.direction : 1;
    state.column = i;
    headings.forEach((heading, at) => {
      if (at === i) heading.setAttribute("aria-sort", state.direction > 0 ? "ascending" : "descending");
      else heading.removeAttribute("aria-sort");
    });
    update(state.rows);
  }

  function update(newRows) {
    const column = columns[state.column];
    state.rows = column
      ? [...newRows].sort((a, b) => compareValues(column.value(a), column.value(b), state.direction))
      : newRows;
    show(0);
  }

  const table = el("table", { class: className },
    el("caption", { class: "unseen" }, caption),
    el("thead", { onkeydown: moveAmongHeadings }, el("tr", {}, headings)),
    body);
  const scroller = el("div", { class: "scroller", tabindex: "0", role: "region", "aria-label": `Table: ${caption}` }, table);
  update(rows);
  return { element: el("div", { class: "table" }, scroller, foot), update };
}
