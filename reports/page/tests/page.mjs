// The page in a real browser. node page.mjs ASSAY NODE_MODULES_FOLDER CHROMIUM PLAIN_TEMPLATE OUT
// What is shown is compared with the records as this file reads them, by formulas of its own.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import test, { after, before } from "node:test";
import { makeRecords } from "./records.mjs";

const [assay, packages, chromiumPath, plainTemplate, out] = process.argv.slice(2);
const require = createRequire(join(packages, "/"));
const { chromium } = require("playwright-core");
const axePath = require.resolve("axe-core/axe.min.js");

mkdirSync(out, { recursive: true });
const file = (name) => join(out, name);

function write(name, records) {
  writeFileSync(file(name), records.map((record) => `${JSON.stringify(record)}\n`).join(""));
  return file(name);
}

const base = makeRecords({ night: 0, hostile: true });
const now = makeRecords({ night: 1, hostile: true, slow: "case_0002" }).filter((record) => record.case !== "case_0001" || record.role !== "peer");
function run(...words) {
  return execFileSync(assay, words, { encoding: "utf8", maxBuffer: 2 ** 28, stdio: ["ignore", "pipe", "inherit"] });
}

// assay compare exits with 1 where something regressed.
function verdicts() {
  try {
    return JSON.parse(run("compare", file("base.jsonl"), file("now.jsonl"), "--all", "--format", "json"));
  } catch (error) {
    return JSON.parse(error.stdout);
  }
}

let server, browser;

async function startBrowser() {
  server = await chromium.launchServer({ executablePath: chromiumPath, args: ["--no-sandbox"] });
  browser = await chromium.connect(server.wsEndpoint());
}

// A browser hangs now and then where a machine is busy, and then answers nothing any more. What takes so long is tried
// once more, in another one; what fails in time has failed.
const PATIENCE_MS = 120_000;

function check(name, body) {
  test(name, async (t) => {
    const late = Symbol("late");
    for (let attempt = 1; attempt <= 2; attempt++) {
      let timer;
      const patience = new Promise((done) => { timer = setTimeout(done, PATIENCE_MS, late); });
      const run = body();
      run.catch(() => {}); // one that hung fails when its browser is killed
      const result = await Promise.race([run, patience]).finally(() => clearTimeout(timer));
      if (result !== late) return;
      t.diagnostic(`${name}: the browser hung, attempt ${attempt}`);
      await server.kill();
      await startBrowser();
    }
    assert.fail(`nothing for ${PATIENCE_MS / 1000} s, twice`);
  });
}

before(async () => {
  write("base.jsonl", base);
  write("now.jsonl", now);
  run("report", file("now.jsonl"), "--format", "html", "--compare", file("base.jsonl"), "-o", file("page.html"));
  run("report", file("now.jsonl"), "--format", "html", "-o", file("alone.html"));
  await startBrowser();
});
after(() => server?.kill());

// A page on which nothing may go wrong unseen.
async function open(name, { width = 1280, height = 900, colorScheme = "light", hash = "" } = {}) {
  const context = await browser.newContext({ viewport: { width, height }, colorScheme });
  const page = await context.newPage();
  page.problems = [];
  page.on("console", (message) => ["error", "warning"].includes(message.type()) && page.problems.push(message.text()));
  page.on("pageerror", (error) => page.problems.push(error.stack));
  page.on("dialog", (dialog) => { page.problems.push(`a dialog: ${dialog.message()}`); dialog.dismiss(); });
  page.on("request", (request) => !/^(file|data):/.test(request.url()) && page.problems.push(`asked for ${request.url()}`));
  await page.goto(`file://${file(name)}${hash}`);
  await page.waitForSelector("#series table");
  return page;
}

async function close(page) {
  assert.deepEqual(page.problems, []);
  await page.context().close();
}

// Charts are drawn when they come near the window.
async function seeAll(page) {
  await page.evaluate(async () => {
    for (let y = 0; y < document.body.scrollHeight; y += 500) {
      scrollTo(0, y);
      await new Promise((done) => { requestAnimationFrame(() => requestAnimationFrame(done)); });
    }
    scrollTo(0, 0);
  });
}

const units = { ns: 1, "µs": 1e3, ms: 1e6, s: 1e9 };

function shownValue(text) {
  const [number, unit] = text.replaceAll(",", "").split(" ");
  return Number(number) * (unit === undefined ? 1 : units[unit]);
}

function assertNear(shown, real, relative, what) {
  assert.ok(Math.abs(shown - real) <= relative * Math.abs(real), `${what}: ${shown} is shown, ${real} recorded`);
}

// Every row of the table, over all its pages: {id, cells by heading}.
async function allRows(page, selector) {
  const rows = [];
  for (;;) {
    rows.push(...await page.$$eval(`${selector} tbody tr`, (trs) => trs.map((tr) => {
      const names = [...tr.closest("table").querySelectorAll("thead th")].map((th) => th.textContent);
      const cells = Object.fromEntries([...tr.cells].map((cell, i) => [names[i], cell.textContent]));
      const href = tr.querySelector("a")?.getAttribute("href");
      return { id: href ? decodeURIComponent(href.slice("#series=".length)) : null, cells };
    })));
    const next = page.locator(`${selector} .pager button`, { hasText: "Next" });
    if (await next.count() === 0 || await next.isDisabled()) return rows;
    await next.click();
  }
}

function choice(page, label) {
  return page.locator("#series label", { has: page.locator("span", { hasText: new RegExp(`^${label}$`) }) }).locator("select");
}

// A history of the last night's series: `nights` runs, in which from the one of number `changedAt` on a case is slower.
function history(name, { count, nights, changedAt }) {
  const last = [];
  for (let night = 0; night < nights; night++) {
    const records = makeRecords({ count, night, slow: night >= changedAt ? "case_0001" : null, sampleCount: night === nights - 1 ? 36 : 3 });
    run("history", "add", write(`${name}-night.jsonl`, records), "--db", file(`${name}.db`));
    last.splice(0, last.length, ...records);
  }
  run("report", file(`${name}-night.jsonl`), "--format", "html", "--db", file(`${name}.db`), "-o", file(`${name}.html`));
  return last;
}

const byId = new Map(now.map((record) => [record.series_id, record]));

check("the table shows every series with the numbers of its record", async () => {
  const page = await open("alone.html");
  const rows = await allRows(page, "#series .table");
  assert.equal(rows.length, now.length);
  assert.deepEqual(new Set(rows.map((row) => row.id)), new Set(byId.keys()));
  for (const { id, cells } of rows) {
    const record = byId.get(id);
    assert.equal(cells.case, record.case);
    assert.equal(cells.target, record.target);
    assert.equal(cells.outcome, record.outcome);
    assert.equal(cells.kernel, record.kernel ?? "–");
    if (record.value === null) assert.equal(cells.value, "–");
    else assertNear(shownValue(cells.value), record.value, record.metric === "ns" ? 5e-4 : 0, id);
    if (record.speedup !== null) assert.ok(Math.abs(parseFloat(cells["vs fp32"]) - record.speedup) <= 0.00501, id);
    if (record.accuracy.rel_rms !== null) assertNear(Number(cells.error), record.accuracy.rel_rms, 0.051, id);
  }
  await close(page);
});

check("the heat map shows what selection takes", async () => {
  const page = await open("alone.html");
  const cells = await page.$$eval("#heatmap td a", (links) => links.map((a) => [decodeURIComponent(a.getAttribute("href").slice(8)), a.textContent]));
  const best = now.filter((record) => record.role === "best" && !record.network);
  assert.deepEqual(new Set(cells.map(([id]) => id)), new Set(best.map((record) => record.series_id)));
  for (const [id, text] of cells) {
    const { speedup, outcome } = byId.get(id);
    if (outcome === "pass") assert.ok(Math.abs(Number(text) - speedup) <= 0.00501, `${id}: ${text}, not ${speedup}`);
    else assert.equal(text, { unsupported: "none", error: "error" }[outcome]);
  }
  await page.getByRole("button", { name: "Error of the mode" }).click();
  const errors = await page.$$eval("#heatmap td a", (links) => links.map((a) => [decodeURIComponent(a.getAttribute("href").slice(8)), a.textContent]));
  for (const [id, text] of errors) if (byId.get(id).outcome === "pass") assertNear(Number(text), byId.get(id).accuracy.rel_rms, 0.051, id);
  await close(page);
});

check("the means of modes are those of their cases", async () => {
  const page = await open("alone.html");
  const rows = await page.$$eval("#summary .scroller:last-child tbody tr", (trs) => trs.map((tr) => [...tr.cells].map((cell) => cell.textContent)));
  for (const mode of ["fp16w", "fp16", "hybrid", "int8", "int16x8"]) {
    const row = rows.find(([name]) => name === mode);
    for (const [i, target] of ["x86_64", "aarch64@max", "riscv64@v256"].entries()) {
      const of = now.filter((r) => r.target === target && r.mode === mode && r.structure === "dense" && r.role === "best" && !r.network).map((r) => r.speedup);
      const mean = of.reduce((product, speedup) => product * speedup, 1) ** (1 / of.length);
      assert.ok(Math.abs(parseFloat(row[i + 1]) - mean) <= 0.00501, `${mode} on ${target}: ${row[i + 1]}, not ${mean}`);
      assert.match(row[i + 1], new RegExp(`in ${of.length} cases`));
    }
  }
  await close(page);
});

check("the first screen counts verdicts as assay compare does, and leads to them", async () => {
  const expected = verdicts().series;
  const count = (verdict, target) => expected.filter((c) => c.verdict === verdict && (!target || c.series_id.startsWith(`${target}/`))).length;
  assert.ok(count("regressed") > 0 && count("gone") > 0, "the records have something to show");
  const page = await open("page.html");
  const headline = await page.locator("#summary h1").textContent();
  assert.equal(headline, `${count("regressed") + count("error")} series regressed`);
  for (const target of ["x86_64", "aarch64@max", "riscv64@v256"]) {
    const card = page.locator("#summary .card", { has: page.getByRole("heading", { name: target }) });
    const shown = await card.locator(".counts li").allTextContents();
    for (const text of shown) {
      const [number, , verdict] = text.replace(",", "").split(" ");
      assert.equal(Number(number), count(verdict, target), `${verdict} on ${target}`);
    }
  }
  await page.locator("#summary .counts button", { hasText: "regressed" }).first().click();
  const listed = await allRows(page, "#series .table");
  const firstTarget = listed[0].cells.target;
  assert.deepEqual(new Set(listed.map((row) => row.id)), new Set(expected.filter((c) => c.verdict === "regressed" && c.series_id.startsWith(`${firstTarget}/`)).map((c) => c.series_id)));
  await page.evaluate(() => scrollTo(0, 0));
  const box = await page.locator("#summary .changes a").first().boundingBox();
  assert.ok(box && box.y < 900, "the first regression is on the first screen");
  await page.locator("#summary .changes a").first().click();
  await page.waitForSelector("dialog[open]");
  assert.match(await page.locator("dialog").textContent(), /Against the earlier run/);
  await page.keyboard.press("Escape");
  await page.waitForSelector("dialog[open]", { state: "detached" });
  assert.equal(new URL(page.url()).hash, "");
  await close(page);
});

check("the gate's verdicts are shown as they are, and what a policy requires and lacks", async () => {
  writeFileSync(file("policy.yaml"), "rules:\n  - {series: 'lost_target/*/best', required: true}\n");
  let gate;
  try {
    gate = run("gate", "--base", file("base.jsonl"), "--new", file("now.jsonl"), "--policy", file("policy.yaml"), "--all", "--format", "json");
  } catch (error) {
    gate = error.stdout;
  }
  writeFileSync(file("gate.json"), gate);
  const said = JSON.parse(gate).series;
  run("report", file("now.jsonl"), "--format", "html", "--verdicts", file("gate.json"), "-o", file("gate.html"));
  const page = await open("gate.html");
  const bad = said.filter(({ verdict }) => ["regressed", "error"].includes(verdict));
  assert.equal(await page.locator("#summary h1").textContent(), `${bad.length} series regressed or no longer run`);
  assert.match(await page.locator("#summary .card", { hasText: "lost_target" }).textContent(), /nothing was measured.*No longer runs: 1/);
  const rows = await allRows(page, "#series .table");
  assert.equal(rows.length, now.length + said.filter(({ series_id: id }) => !byId.has(id)).length);
  for (const { id, cells } of rows.filter((row) => row.id)) assert.ok(cells.verdict.endsWith(said.find((s) => s.series_id === id).verdict), id);
  await close(page);
});

check("filters leave what they say", async () => {
  const page = await open("page.html");
  await page.getByLabel("Contains").fill("int8 PEER");
  const expected = now.filter((r) => /int8/.test(r.series_id + r.kernel) && /peer/.test(r.series_id + r.kernel + r.origin));
  const gone = base.filter((r) => r.role === "peer" && r.mode === "int8" && !byId.has(r.series_id));
  assert.equal(gone.length, 3);
  assert.match(await page.locator("#shown").textContent(), new RegExp(`^${expected.length + gone.length} of`));
  const rows = await allRows(page, "#series .table");
  assert.deepEqual(new Set(rows.filter((row) => row.id).map((row) => row.id)), new Set(expected.map((r) => r.series_id)));
  assert.ok(rows.filter((row) => !row.id).every((row) => row.cells.verdict.endsWith("gone")));
  await page.getByLabel("Contains").fill("no such thing");
  assert.match(await page.locator("#shown").textContent(), /^0 of/);
  await page.getByLabel("Contains").fill("");
  await choice(page, "Mode").selectOption("fp16");
  await choice(page, "Role").selectOption("ref");
  await page.getByRole("button", { name: "aarch64@max" }).click();
  const kept = now.filter((r) => r.mode === "fp16" && r.role === "ref" && r.target === "aarch64@max");
  assert.deepEqual(new Set((await allRows(page, "#series .table")).map((row) => row.id)), new Set(kept.map((r) => r.series_id)));
  assert.equal(await page.locator("#heatmap .heat").count(), 1);
  await close(page);
});

check("headings sort, by mouse and by keys", async () => {
  const page = await open("alone.html");
  const heading = (name) => page.locator("#series thead button", { hasText: name });
  const values = async () => (await allRows(page, "#series .table")).map((row) => byId.get(row.id).value);
  const isSorted = (list, direction) => list.every((value, i) => i === 0 || value === null || (list[i - 1] !== null && direction * (value - list[i - 1]) >= 0));
  await heading("value").click();
  assert.equal(await page.locator("#series thead th", { hasText: "value" }).getAttribute("aria-sort"), "ascending");
  assert.ok(isSorted(await values(), 1), "ascending");
  await heading("value").focus();
  await page.keyboard.press("Enter");
  assert.equal(await page.locator("#series thead th", { hasText: "value" }).getAttribute("aria-sort"), "descending");
  assert.ok(isSorted(await values(), -1), "descending, what has no value last");
  await heading("value").focus();
  await page.keyboard.press("ArrowRight");
  assert.equal(await page.evaluate(() => document.activeElement.textContent.slice(0, 99)), "vs fp32");
  await page.keyboard.press("Home");
  await page.keyboard.press("Enter");
  assert.equal(await page.locator("#series thead th", { hasText: "case" }).getAttribute("aria-sort"), "ascending");
  assert.equal(await page.locator("#series th[aria-sort]").count(), 1);
  await close(page);
});

check("the page can be used without a mouse", async () => {
  const page = await open("page.html");
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement.className), "skip");
  await page.keyboard.press("Enter");
  assert.equal(await page.evaluate(() => document.activeElement.id), "content");
  const cell = page.locator("#heatmap td a[tabindex='0']").first();
  await cell.focus();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowRight");
  const at = await page.evaluate(() => [document.activeElement.closest("tr").sectionRowIndex, document.activeElement.closest("td").cellIndex]);
  assert.deepEqual(at, [1, 2]);
  assert.equal(await page.locator("#heatmap .heat").first().locator("[tabindex='0']:not(.scroller)").count(), 1);
  await page.keyboard.press("Enter");
  await page.waitForSelector("dialog[open]");
  assert.ok(await page.evaluate(() => document.querySelector("dialog").contains(document.activeElement)), "the focus is in the dialog");
  await page.keyboard.press("Escape");
  await page.waitForSelector("dialog[open]", { state: "detached" });
  await close(page);
});

check("a record is shown as it is, with its samples", async () => {
  const record = now.find((r) => r.metric === "ns" && r.role === "best" && r.mode === "hybrid" && r.case === "case_0002");
  const page = await open("page.html", { hash: `#series=${encodeURIComponent(record.series_id)}` });
  await page.waitForSelector("dialog[open]");
  const text = await page.locator("dialog").textContent();
  for (const part of [record.case, record.kernel, record.machine.cpu, record.machine.compiler, record.code.why, record.series_id, record.identity.commit]) assert.ok(text.includes(part), part);
  assert.equal(await page.locator("dialog .command code").textContent(), "assay run synthetic --mode hybrid --filter case_0002 --kernels best --target x86_64");
  await page.locator("dialog summary", { hasText: "Samples" }).click();
  const shown = await page.$$eval("dialog figure tbody tr", (trs) => trs.map((tr) => [tr.cells[1].textContent, tr.cells[2].textContent]));
  assert.equal(shown.length, record.performance.samples.length);
  shown.forEach(([process, value], i) => {
    assert.equal(Number(process), record.performance.processes[i]);
    assertNear(shownValue(value), record.performance.samples[i], 6e-4, `sample ${i}`);
  });
  assert.ok(await page.locator("dialog .chart svg path").count() >= record.performance.samples.length, "a mark a sample");
  await close(page);
});

check("the Pareto front holds what nothing beats", async () => {
  const page = await open("alone.html");
  const figure = page.locator("#pareto figure", { has: page.getByRole("heading", { name: "Networks on x86_64" }) });
  await figure.locator("summary").click();
  const shown = Object.fromEntries(await figure.locator("tbody tr").evaluateAll((trs) => trs.map((tr) => [tr.cells[1].textContent, tr.cells[6].textContent])));
  const nets = now.filter((r) => r.op === "model" && r.target === "x86_64");
  for (const a of nets) {
    const beaten = nets.some((b) => b !== a && b.value <= a.value && b.accuracy.task_value >= a.accuracy.task_value && b.code.model_bytes <= a.code.model_bytes);
    assert.equal(shown[a.mode], beaten ? "no" : "yes", a.mode);
  }
  await close(page);
});

check("break-even lies where sparse meets dense", async () => {
  const page = await open("alone.html");
  const figure = page.locator("#sparsity figure").first();
  await figure.locator("summary").click();
  const text = await figure.locator("tbody tr").first().locator("td").last().textContent();
  const hostileCase = now[0].case;
  const dense = now.find((r) => r.case === hostileCase && r.target === "x86_64" && r.mode === "fp32" && r.role === "best" && r.structure === "dense").value;
  const gains = now.filter((r) => r.case === hostileCase && r.target === "x86_64" && r.structure === "1x4").map((r) => [r.sparsity, Math.log(dense / r.value)]);
  const above = gains.findIndex(([, gain]) => gain >= 0);
  const [[s0, g0], [s1, g1]] = [gains[above - 1], gains[above]];
  assert.ok(Math.abs(parseFloat(text) / 100 - (s0 + ((s1 - s0) * -g0) / (g1 - g0))) < 0.001, text);
  await close(page);
});

check("every chart is drawn and named, and has its numbers in a table", async () => {
  const page = await open("page.html");
  await seeAll(page);
  const charts = await page.$$eval("main .chart", (hosts) => hosts.map((host) => ({
    role: host.getAttribute("role"), label: host.getAttribute("aria-label"), marks: host.querySelectorAll("svg path").length,
    rows: host.closest("figure").querySelectorAll("details tbody tr").length,
  })));
  assert.ok(charts.length >= 9, `${charts.length} charts`);
  for (const chart of charts) {
    assert.equal(chart.role, "img");
    assert.ok(chart.label.length > 20 && chart.marks > 2 && chart.rows > 0, JSON.stringify(chart));
  }
  await close(page);
});

check("a roofline's points are the records' work, time and bytes", async () => {
  const page = await open("alone.html");
  const figure = page.locator("#roofline figure").first();
  await figure.locator("summary").click();
  await page.waitForTimeout(50);
  const rows = await figure.locator("tbody tr").evaluateAll((trs) => trs.map((tr) => [decodeURIComponent(tr.querySelector("a").getAttribute("href").slice(8)), tr.cells[3].textContent, tr.cells[4].textContent]));
  assert.ok(rows.length > 20);
  for (const [id, intensity, rate] of rows) {
    const r = byId.get(id);
    assertNear(Number(intensity), r.bound.macs / (r.bound.read_bytes + r.bound.written_bytes), 6e-3, id);
    assertNear(Number(rate), r.bound.macs / r.value, 6e-4, id);
  }
  await close(page);
});

check("roofs are the machine's measured peaks, and of an emulated one the best of its points", async () => {
  const page = await open("alone.html");
  const figures = page.locator("#roofline figure");
  assert.match(await figures.nth(0).locator("figcaption").textContent(), /GB\/s: L1 200, L2 100, memory 20.0/);
  await seeAll(page);
  const labels = await figures.nth(0).locator("svg text").allTextContents();
  for (const label of ["i8 wide", "i16 wide", "f32, f16 wide", "memory"]) assert.ok(labels.includes(label), `${label} is not in ${labels}`);
  const emulated = figures.nth(1);
  assert.match(await emulated.locator("figcaption").textContent(), /nothing is known of time/);
  await emulated.locator("summary").click();
  const size = { fp32: 4, fp16w: 4, fp16: 2, hybrid: 4, int8: 1, int16x8: 2 };
  const rows = await emulated.locator("tbody tr").evaluateAll((trs) => trs.map((tr) => [decodeURIComponent(tr.querySelector("a").getAttribute("href").slice(8)), tr.cells[3].textContent, tr.cells[4].textContent]));
  for (const [id, intensity, rate] of rows) {
    const r = byId.get(id);
    const bytes = (r.shape.m * r.shape.k + r.shape.m * r.shape.n) * size[r.mode] + r.code.packed_bytes;
    assertNear(Number(intensity), r.performance.nonzero_macs / bytes, 6e-3, id);
    assertNear(Number(rate), r.performance.nonzero_macs / r.value, 6e-4, id);
  }
  await close(page);
});

check("the share of the bound is the record's, everywhere", async () => {
  const page = await open("alone.html");
  const shown = (share, by) => `${(share * 100).toFixed(0)} %${by === "memory" ? ", memory" : ""}`;
  for (const { id, cells } of await allRows(page, "#series .table")) {
    const { bound } = byId.get(id);
    assert.equal(cells["of bound"], bound ? shown(bound.share, bound.by) : "–", id);
  }
  await page.getByRole("button", { name: "Share of the bound" }).click();
  const cells = await page.$$eval("#heatmap td a", (links) => links.map((a) => [decodeURIComponent(a.getAttribute("href").slice(8)), a.textContent]));
  for (const [id, text] of cells) {
    const { bound, outcome } = byId.get(id);
    if (outcome === "pass") assert.equal(text, bound ? shown(bound.share) : "–", id);
  }
  const record = now.find((r) => r.bound?.by === "memory" && r.role === "best");
  await page.goto(`file://${file("alone.html")}#series=${encodeURIComponent(record.series_id)}`);
  await page.waitForSelector("dialog[open]");
  const text = await page.locator("dialog").textContent();
  for (const part of ["The least time on this core", `in L${record.bound.level}`, `(${record.bound.arithmetic}, ${record.bound.isa})`, "1.234 µs, as long as"]) assert.ok(text.includes(part), part);
  await close(page);
});

check("a series that got slower says since which run", async () => {
  rmSync(file("history.db"), { force: true });
  history("history", { count: 150, nights: 16, changedAt: 9 });
  const page = await open("history.html");
  const slower = makeRecords({ count: 150, night: 9 }).filter((r) => r.case === "case_0001" && r.mode === "int8").map((r) => r.series_id);
  const rows = await page.$$eval("#history .changes-table tbody tr", (trs) => trs.map((tr) => [...tr.cells].map((cell) => cell.textContent).concat(decodeURIComponent(tr.querySelector("a").getAttribute("href").slice(8)))));
  assert.deepEqual(new Set(rows.map((row) => row.at(-1))), new Set(slower));
  for (const row of rows) {
    assert.equal(row[3], "2026-01-10 02:30 UTC");
    assert.ok(Math.abs(parseFloat(row[5]) - 25) < 0.6, row[5]);
  }
  await page.locator("#history .changes-table button", { hasText: "show" }).nth(3).click();
  const id = rows[3].at(-1);
  await seeAll(page);
  await page.locator("#history figure summary").click();
  const shown = await page.$$eval("#history figure tbody tr", (trs) => trs.map((tr) => tr.cells[2].textContent));
  assert.equal(shown.length, 16);
  for (const [i, night] of [...Array(16).keys()].reverse().entries()) {
    const real = makeRecords({ count: 150, night, slow: night >= 9 ? "case_0001" : null, sampleCount: night === 15 ? 36 : 3 }).find((r) => r.series_id === id);
    assertNear(shownValue(shown[i]), real.value, 5e-4, `night ${night}`);
  }
  await page.screenshot({ path: file("history.png"), fullPage: true });
  await close(page);
});

check("a long history is left out as far as 3 MB demand, and is counted", async () => {
  rmSync(file("long.db"), { force: true });
  const last = history("long", { count: 5000, nights: 12, changedAt: 7 });
  const { size } = statSync(file("long.html"));
  assert.ok(size < 3e6, `${size} bytes`);
  const page = await open("long.html");
  const kept = await page.locator("#history select option").count();
  const text = await page.locator("#history .intro").textContent();
  assert.equal(Number(/([\d,]+) series without/.exec(text)[1].replace(",", "")) + kept, last.length);
  assert.equal(await page.locator("#history .changes-table tbody tr").count(), 12);
  await close(page);
  for (const name of ["long.db", "long-night.jsonl"]) rmSync(file(name)); // a hundred megabytes
});

check("nothing that axe knows is in the way of anybody", async () => {
  for (const colorScheme of ["light", "dark"]) {
    for (const hash of ["", `#series=${encodeURIComponent(now[0].series_id)}`]) {
      const page = await open("page.html", { colorScheme, hash });
      await page.addScriptTag({ path: axePath });
      // Of skip links: it takes links to records for some. Ours is used in a test above.
      const { violations } = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ["violations"], rules: { "skip-link": { enabled: false } } }));
      assert.deepEqual(violations.map(({ id, nodes }) => [id, nodes.length, nodes[0].html.slice(0, 200), nodes[0].failureSummary]), [], `${colorScheme} ${hash}`);
      await close(page);
    }
  }
});

check("light and dark are what was asked for", async () => {
  const lightness = (page) => page.evaluate(() => {
    const [r, g, b] = getComputedStyle(document.body).backgroundColor.match(/[\d.]+/g).map(Number);
    return (r + g + b) / 3 / 255;
  });
  const light = await open("page.html", { colorScheme: "light" });
  assert.ok(await lightness(light) > 0.9);
  await seeAll(light);
  await light.screenshot({ path: file("light.png"), fullPage: true });
  await light.getByRole("button", { name: "Dark" }).click();
  assert.ok(await lightness(light) < 0.15);
  await close(light);
  const dark = await open("page.html", { colorScheme: "dark" });
  assert.ok(await lightness(dark) < 0.15);
  await seeAll(dark);
  await dark.screenshot({ path: file("dark.png"), fullPage: true });
  await close(dark);
});

check("a phone shows it without scrolling sideways", async () => {
  const page = await open("page.html", { width: 390, height: 844 });
  await seeAll(page);
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
  await page.screenshot({ path: file("phone.png"), fullPage: true });
  await page.locator("#series tbody a").first().click();
  await page.waitForSelector("dialog[open]");
  assert.ok(await page.evaluate(() => { const d = document.querySelector("dialog"); return d.scrollWidth <= d.clientWidth && d.clientWidth <= innerWidth; }));
  await page.screenshot({ path: file("phone-record.png") });
  await close(page);
});

check("without npm it has the same tables, and says that it has no charts", async () => {
  const whole = readFileSync(file("page.html"), "utf8");
  const data = /<script type="application\/json" id="data">([^]*?)<\/script>/.exec(whole)[1];
  writeFileSync(file("plain.html"), readFileSync(plainTemplate, "utf8").replace("{{data}}", () => data));
  const page = await open("plain.html");
  assert.match(await page.locator(".notice").first().textContent(), /without npm/);
  assert.equal((await allRows(page, "#series .table")).filter((row) => row.id).length, now.length);
  assert.equal(await page.locator("main .chart").count(), 0);
  assert.ok(await page.locator("#roofline tbody tr").count() > 0);
  await close(page);
});

check("5,000 series are under 3 MB and load", async () => {
  write("many-base.jsonl", makeRecords({ count: 5000, night: 0 }));
  const many = makeRecords({ count: 5000, night: 1 });
  write("many.jsonl", many);
  run("report", file("many.jsonl"), "--format", "html", "--compare", file("many-base.jsonl"), "-o", file("many.html"));
  assert.ok(many.length >= 5000);
  const { size } = statSync(file("many.html"));
  assert.ok(size < 3e6, `${size} bytes`);
  const page = await open("many.html");
  assert.match(await page.locator("#shown").textContent(), new RegExp(`of ${many.length.toLocaleString("en")} series`));
  await page.getByLabel("Contains").fill("case_0007 int8 ref");
  assert.match(await page.locator("#shown").textContent(), /^3 of/);
  await page.screenshot({ path: file("many.png") });
  await close(page);
});
