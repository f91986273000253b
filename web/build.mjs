// Builds web/dist: bundled scripts, styles and the icon sprite under content-hashed names, each with its
// .gz and .br beside it, and manifest.json, which maps "app.js" to "app-3F2A….js". Prints what a first
// visit weighs and fails when that passes the budget.
//
//   node build.mjs            the whole of dist
//   node build.mjs --tests    only test/*.test.ts, bundled for node --test
//   node build.mjs --e2e      only e2e/main.ts and e2e/measure.ts, the tests and measures in a browser
import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { basename, extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { build } from "esbuild";
import { compileAsync } from "sass";

const root = fileURLToPath(new URL(".", import.meta.url));
const dist = join(root, "dist");

/** Scripts, styles and icons of a first visit may weigh this much on the wire; the HTML comes on top. */
const FIRST_VISIT_BUDGET_BYTES = 100_000;
/** Each island alone, loaded by its page only; the blueprint's brings a code editor. */
const ISLAND_BUDGET_BYTES = {
  "apidocs.js": 15_000,
  "simulator.js": 20_000,
  "inbox.js": 8_000,
  "desk.js": 4_000,
  "blueprint.js": 150_000,
  "flow.js": 30_000,
};
/** What pages of others load; a slow phone pays for it on every site that shows a chat. */
const CHAT_BUDGET_BYTES = 30_000;
const FIRST_VISIT = ["theme.js", "app.js", "app.css", "icons.svg", "favicon.svg"];

const shared = {
  bundle: true,
  minify: true,
  target: "es2020",
  legalComments: "none",
  write: false,
  logLevel: "warning",
  absWorkingDir: root,
};

async function script(entry, format) {
  const out = await build({ ...shared, entryPoints: [entry], format });
  return Buffer.from(out.outputFiles[0].contents);
}

async function styles(entry) {
  const css = await compileAsync(join(root, entry), {
    loadPaths: [join(root, "node_modules")],
    quietDeps: true,
    silenceDeprecations: ["import", "global-builtin", "color-functions", "if-function"],
  });
  const out = await build({
    ...shared,
    target: ["chrome87", "firefox85", "safari14"],
    stdin: { contents: css.css, loader: "css", resolveDir: root },
  });
  return Buffer.from(out.outputFiles[0].contents);
}

/** The chat on sites of others: one file with its styles in it, which they load by one line. */
async function chat() {
  const css = await build({
    ...shared,
    entryPoints: ["src/chat/style.css"],
    target: ["chrome87", "firefox85", "safari14"],
  });
  const styles = JSON.stringify(css.outputFiles[0].text.trim());
  const entryPoints = ["src/chat/index.ts"];
  const out = await build({ ...shared, entryPoints, format: "iife", define: { CHAT_STYLES: styles } });
  return Buffer.from(out.outputFiles[0].contents);
}

/** One <symbol> per name of icons.txt, taken from the bootstrap-icons package. */
async function sprite() {
  const names = (await readFile(join(root, "icons.txt"), "utf8")).split("\n").filter(Boolean);
  const symbols = await Promise.all(
    names.map(async (name) => {
      const svg = await readFile(join(root, "node_modules/bootstrap-icons/icons", `${name}.svg`), "utf8");
      const inner = svg.replace(/^[\s\S]*?<svg[^>]*>/, "").replace(/<\/svg>\s*$/, "");
      return `<symbol id="${name}" viewBox="0 0 16 16">${inner.replace(/\n\s*/g, "")}</symbol>`;
    }),
  );
  return Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>`);
}

async function statics() {
  const names = await readdir(join(root, "static"));
  return Promise.all(names.map(async (name) => [name, await readFile(join(root, "static", name))]));
}

async function buildTests() {
  const names = (await readdir(join(root, "test"))).filter((name) => name.endsWith(".test.ts"));
  const outdir = join(root, "node_modules/.test");
  await rm(outdir, { recursive: true, force: true });
  await build({
    ...shared,
    minify: false,
    write: true,
    platform: "node",
    format: "esm",
    outExtension: { ".js": ".mjs" },
    entryPoints: names.map((name) => join(root, "test", name)),
    outdir,
  });
}

/** Bundled as a whole; the driver of the browser stays a package. */
async function buildE2e() {
  await build({
    ...shared,
    target: "node20",
    minify: false,
    write: true,
    platform: "node",
    format: "esm",
    packages: "external",
    outExtension: { ".js": ".mjs" },
    entryPoints: [join(root, "e2e/main.ts"), join(root, "e2e/measure.ts")],
    outdir: join(root, "node_modules/.e2e"),
  });
}

async function buildDist() {
  const files = new Map([
    ["theme.js", await script("src/theme.ts", "iife")],
    ["app.js", await script("src/app.ts", "iife")],
    ["simulator.js", await script("src/islands/simulator/index.ts", "esm")],
    ["inbox.js", await script("src/islands/inbox/index.ts", "esm")],
    ["desk.js", await script("src/islands/desk/index.ts", "esm")],
    ["blueprint.js", await script("src/islands/blueprint/index.ts", "esm")],
    ["chat.js", await chat()],
    ["flow.js", await script("src/islands/flow/index.ts", "esm")],
    ["apidocs.js", await script("src/islands/apidocs/index.ts", "esm")],
    ["app.css", await styles("styles/app.scss")],
    ["icons.svg", await sprite()],
    ...(await statics()),
  ]);
  await rm(dist, { recursive: true, force: true });
  await mkdir(dist, { recursive: true });
  const manifest = {};
  const wire = {};
  for (const [name, bytes] of [...files].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const hash = createHash("sha256").update(bytes).digest("hex").slice(0, 12);
    const hashed = `${basename(name, extname(name))}-${hash}${extname(name)}`;
    const gz = gzipSync(bytes, { level: 9 });
    const br = brotliCompressSync(bytes, {
      params: {
        [constants.BROTLI_PARAM_QUALITY]: 11,
        [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
      },
    });
    manifest[name] = hashed;
    wire[name] = { raw: bytes.length, gz: gz.length, br: br.length };
    await writeFile(join(dist, hashed), bytes);
    await writeFile(join(dist, `${hashed}.gz`), gz);
    await writeFile(join(dist, `${hashed}.br`), br);
  }
  await writeFile(join(dist, "manifest.json"), `${JSON.stringify(manifest, null, 2)}\n`);
  report(wire);
}

function report(wire) {
  const kb = (n) => `${(n / 1000).toFixed(1).padStart(7)}`;
  console.log(`${"file".padEnd(16)}${"raw kB".padStart(7)}${"gzip".padStart(8)}${"brotli".padStart(8)}`);
  for (const [name, size] of Object.entries(wire)) {
    console.log(`${name.padEnd(16)}${kb(size.raw)} ${kb(size.gz)} ${kb(size.br)}`);
  }
  const total = (kind) => FIRST_VISIT.reduce((sum, name) => sum + wire[name][kind], 0);
  console.log(`${"first visit".padEnd(16)}${kb(total("raw"))} ${kb(total("gz"))} ${kb(total("br"))}`);
  const over = Object.entries(ISLAND_BUDGET_BYTES).filter(([name, limit]) => wire[name].gz > limit);
  if (wire["chat.js"].gz > CHAT_BUDGET_BYTES) over.push(["chat.js", CHAT_BUDGET_BYTES]);
  if (total("gz") > FIRST_VISIT_BUDGET_BYTES) over.push(["first visit", FIRST_VISIT_BUDGET_BYTES]);
  for (const [name, limit] of over) console.error(`${name} is over its budget of ${limit} bytes gzipped`);
  if (over.length > 0) process.exitCode = 1;
}

const [wanted] = process.argv.slice(2);
await (wanted === "--tests" ? buildTests() : wanted === "--e2e" ? buildE2e() : buildDist());
