// How long the visual editor takes for what a person does, with a flow of three hundred steps: from the event to the
// next picture, as the browser measures it, and how long its script, styles and layout keep the processor for one event,
// which a busy machine does not stretch. `npm run measure` (docs/BENCHMARKS.md).
import type { Page } from "playwright-core";
import { Editor } from "./flow";
import { Mailbox } from "./mailbox";
import { startServer } from "./server";
import { launch, Visitor } from "./visitor";

const STEPS = 300;
const LIMIT_MS = 100;

/** Questions in a row, with menus that lead ahead and back, and conditions. */
function blueprint(): string {
  const texts = (words: string) => `{ uz = "${words}", ru = "${words}", en = "${words}" }`;
  const steps = Array.from({ length: STEPS }, (_, index) => {
    const [next, ahead, back] = [1, 7, -5].map((by) => `s${Math.min(STEPS - 1, Math.max(0, index + by))}`);
    const head = `[flows.main.s${index}]\n`;
    if (index === STEPS - 1) return `${head}kind = "end"\ntext = ${texts("Tamom")}\n`;
    if (index % 5 === 0)
      return `${head}kind = "menu"\ntext = ${texts(`Savol ${index}`)}\nbuttons = [\n    { id = "a", text = ${texts("Davom")}, go = "${next}" },\n    { id = "b", text = ${texts("Oldinga")}, go = "${ahead}" },\n    { id = "c", text = ${texts("Orqaga")}, go = "${back}" },\n]\n`;
    if (index % 5 === 3)
      return `${head}kind = "condition"\ncases = [{ when = "v${index % 20}", go = "${next}" }]\notherwise = "${ahead}"\n`;
    return `${head}kind = "text"\nsave = "v${index % 20}"\ntext = ${texts(`Javobingiz ${index}?`)}\ngo = "${next}"\n`;
  });
  const variables = Array.from({ length: 20 }, (_, index) => `v${index} = {}`).join("\n");
  const head = `format = 1\nid = "measure"\nversion = 1\nlanguage = "uz"\nstart = "main.s0"\nhome = "main.s0"\nname = ${texts("Oʻlchov")}\n`;
  const commands = `[commands]\nstart = { go = "main.s0", text = ${texts("Boshlash")} }\n`;
  return `${head}\n[variables]\n${variables}\n\n${commands}\n${steps.join("\n")}`;
}

interface Measured {
  what: string;
  /** The slowest event, up to the next picture. */
  worst: number;
  /** The longest task that held the page up. */
  long: number;
  /** The processor's time for script, styles and layout, for one event. */
  own: number;
}

/** The longest of what the browser noted since it was asked last, in milliseconds. */
async function worst(page: Page): Promise<{ worst: number; long: number }> {
  await page.waitForTimeout(400);
  return page.evaluate(() => {
    const noted = (window as unknown as { noted: { event: number; long: number } }).noted;
    const found = { worst: noted.event, long: noted.long };
    noted.event = 0;
    noted.long = 0;
    return found;
  });
}

/** Notes the duration of events up to the next picture, and of tasks that held the page up. */
async function watch(page: Page): Promise<void> {
  await page.evaluate(() => {
    const noted = { event: 0, long: 0 };
    (window as unknown as { noted: typeof noted }).noted = noted;
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) noted.event = Math.max(noted.event, entry.duration);
    }).observe({ type: "event", durationThreshold: 16 } as PerformanceObserverInit);
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) noted.long = Math.max(noted.long, entry.duration);
    }).observe({ type: "longtask" });
  });
}

async function measure(visitor: Visitor): Promise<Measured[]> {
  const { page } = visitor;
  const editor = new Editor(page);
  await page.goto("/bots/import");
  const file = { name: "measure.toml", mimeType: "application/toml", buffer: Buffer.from(blueprint()) };
  await page.setInputFiles('input[type="file"]', file);
  await page.fill('[name="name"]', "Oʻlchov");
  await page.locator('main form button[type="submit"]').click();
  await page.waitForURL(/\/bots\/\d+$/);
  await editor.open(`${new URL(page.url()).pathname}/flow`);
  await editor.box("main.s0").waitFor();
  await watch(page);
  const all: Measured[] = [];
  const session = await page.context().newCDPSession(page);
  await session.send("Performance.enable", { timeDomain: "threadTicks" });
  const thread = async () => {
    const { metrics } = await session.send("Performance.getMetrics");
    const parts = metrics.filter(({ name }) => /^(Script|Layout|RecalcStyle)Duration$/.test(name));
    return parts.reduce((sum, { value }) => sum + 1000 * value, 0);
  };
  const does = async (what: string, run: () => Promise<unknown>, events = 1) => {
    await worst(page);
    const before = await thread();
    await run();
    const found = await worst(page);
    all.push({ what, ...found, own: ((await thread()) - before) / events });
  };
  const canvas = await page.locator(".flow-canvas").boundingBox();
  if (!canvas) throw new Error("there is no canvas");
  const [x, y] = [canvas.x + 40, canvas.y + canvas.height - 40];
  const bar = (label: number) => page.locator(".flow-bar button").nth(label);

  await does("open a step", () => editor.box("main.s0").click({ position: { x: 80, y: 20 } }));
  await does("unfold a button", () => editor.form.locator("summary").first().click());
  await does(
    "type a text",
    () => editor.field("text").locator("textarea").first().pressSequentially(" yana soʻz"),
    10,
  );
  await does("lead an exit elsewhere", () =>
    editor.field("buttons.0.go").locator("select").selectOption("s120"),
  );
  await does("find a step", () => editor.goTo("main.s150"));
  await does("copy a step", () => editor.form.locator(".flow-side-head button").nth(0).click());
  await does("delete a step", () => editor.form.locator(".flow-side-head button").nth(1).click());
  await does("undo", () => page.keyboard.press("Control+z"));
  await does("redo", () => page.keyboard.press("Control+y"));
  await editor.goTo("main.s151");
  await does("rename a step", () => editor.name("renamed"));
  await does("list of new steps", () => editor.field("go").locator("select").first().selectOption("+"));
  await does("add a step", () => editor.offer("message"));
  await does("settings", () => bar(3).click());
  await does("variables", () => editor.form.locator("summary").first().click());
  await does("close the side", () => page.keyboard.press("Escape"));
  await does(
    "move the graph",
    async () => {
      await page.mouse.move(x, y);
      await page.mouse.down();
      for (let step = 1; step <= 30; step += 1) await page.mouse.move(x + step * 12, y - step * 12);
      await page.mouse.up();
    },
    32,
  );
  await does(
    "scroll by wheel",
    async () => {
      for (let turn = 0; turn < 30; turn += 1) await page.mouse.wheel(40, 120);
    },
    30,
  );
  await does(
    "zoom out",
    async () => {
      for (let turn = 0; turn < 12; turn += 1) await bar(5).click();
    },
    12,
  );
  await does("show all", () => bar(7).click());
  await does(
    "move all of it",
    async () => {
      await page.mouse.move(x, y);
      await page.mouse.down();
      for (let step = 1; step <= 30; step += 1) await page.mouse.move(x + step * 6, y - step * 6);
      await page.mouse.up();
    },
    32,
  );
  await does(
    "zoom in",
    async () => {
      for (let turn = 0; turn < 16; turn += 1) await bar(6).click();
    },
    16,
  );
  await does(
    "step to step by keys",
    async () => {
      await page.locator(".flow-canvas").focus();
      for (let turn = 0; turn < 12; turn += 1) await page.keyboard.press("ArrowRight");
    },
    12,
  );
  await does("list of problems", () => bar(4).click());
  await editor.saved();

  return all;
}

const mailbox = new Mailbox();
const server = await startServer(await mailbox.start());
const browser = await launch();
try {
  const visitor = await Visitor.open(browser, server);
  await visitor.signIn("Admin");
  const all = await measure(visitor);
  console.log(`${"what, with 300 steps".padEnd(26)}event to picture, ms   longest task, ms   own work, ms`);
  for (const { what, worst, long, own } of all)
    console.log(
      `${what.padEnd(26)}${worst.toFixed(0).padStart(20)}${long.toFixed(0).padStart(19)}${own.toFixed(0).padStart(17)}`,
    );
  const slow = all.filter((one) => Math.max(one.worst, one.long, one.own) > LIMIT_MS);
  if (slow.length > 0) {
    console.error(`slower than ${LIMIT_MS} ms: ${slow.map((one) => one.what).join(", ")}`);
    process.exitCode = 1;
  }
} finally {
  await browser.close();
  await server.stop();
  await mailbox.stop();
}
