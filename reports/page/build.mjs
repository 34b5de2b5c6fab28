// Makes page.html, the template: index.html with the style and the bundled script in their places. What C puts in the
// place of {{data}} comes later, once a report.
import { build } from "esbuild";
import { readFile, writeFile } from "node:fs/promises";

const bundle = await build({
  entryPoints: ["src/main.js"],
  bundle: true,
  minify: true,
  format: "esm",
  target: "es2022",
  legalComments: "inline", // the licence of the library stays with its code
  write: false,
});
const script = bundle.outputFiles[0].text;
if (/<\/script/i.test(script)) throw new Error("the script would end its own element");
const parts = { style: await readFile("src/style.css", "utf8"), script };
const page = await readFile("src/index.html", "utf8");
await writeFile("page.html", page.replace(/\{\{(style|script)\}\}/g, (_, name) => parts[name]));
