// A bot from nothing in the visual editor, without a line of code: it takes the booking of a table, is tried as a draft,
// and is published.
import assert from "node:assert/strict";
import type { Locator, Page } from "playwright-core";
import { BUTTON, CASE, type Field, KINDS, OPTION, OUTCOME } from "../src/pure/flow/kinds";
import { Simulator } from "./simulator";
import type { Visitor } from "./visitor";

type Words = readonly [uz: string, ru: string, en: string];

/** Somebody at the visual editor. */
export class Editor {
  constructor(readonly page: Page) {}

  get form(): Locator {
    return this.page.locator(".flow-side");
  }

  box(place: string): Locator {
    return this.page.locator(`.flow-box[data-place="${place}"]`);
  }

  field(path: string): Locator {
    return this.form.locator(`[data-path="${path}"]`).first();
  }

  async open(path: string): Promise<void> {
    await this.page.goto(path);
    await this.page.locator(".flow-canvas").waitFor();
  }

  async saved(): Promise<void> {
    await this.page.locator('.flow .blueprint-standing[data-standing="saved"]').waitFor();
  }

  /** Goes to a step by the search above the canvas. */
  async goTo(place: string): Promise<void> {
    await this.page.fill(".flow-find", place);
    await this.box(place).waitFor();
    await this.form.locator(".flow-form").waitFor();
  }

  /** Behind an exit of the open step: chosen as "a new step" in its form. */
  async addBehind(path: string, offer: string): Promise<void> {
    await this.field(path).locator("select").first().selectOption("+");
    await this.offer(offer);
  }

  async offer(offer: string): Promise<void> {
    await this.form.locator(`[data-offer="${offer}"]`).click();
    await this.form.locator(`[data-offer]`).first().waitFor({ state: "detached" });
  }

  async texts(path: string, words: Words): Promise<void> {
    for (const [index, lang] of ["uz", "ru", "en"].entries())
      await this.field(path)
        .locator(`textarea[data-lang="${lang}"]`)
        .fill(words[index] ?? "");
  }

  async name(name: string): Promise<void> {
    const input = this.form.locator(".flow-form > .field input").first();
    await input.fill(name);
    await input.press("Tab");
  }

  /** Keeps the answer in a variable of this name, which is made. */
  async save(name: string): Promise<void> {
    await this.field("save").locator("select").selectOption("+");
    await this.field("save").locator("input").fill(name);
    await this.field("save").locator("input").press("Enter");
    await this.field("save").locator("select").waitFor();
  }

  async problems(): Promise<number> {
    await this.saved();
    return Number(await this.page.locator(".flow-bar .badge").first().textContent());
  }
}

/** From the page of new bots to a published one. Gives its path. */
export async function buildBooking(visitor: Visitor): Promise<string> {
  const { page } = visitor;
  await page.goto("/bots/new");
  await page.locator('main a[href*="template=blank"]').first().click();
  await page.fill('[name="name"]', "Stol band qilish");
  await page.locator('main form button[type="submit"]').click();
  await page.waitForURL(/\/bots\/\d+$/);
  const path = new URL(page.url()).pathname;
  const editor = new Editor(page);
  await editor.open(`${path}/flow`);

  // The menu's first button leads to the booking.
  await editor.goTo("main.menu");
  await editor.form.locator("summary").first().click();
  await editor.texts("buttons.0.text", ["🍽 Stol band qilish", "🍽 Забронировать стол", "🍽 Book a table"]);
  await editor.addBehind("buttons.0.go", "text");
  await editor.name("guest");
  await editor.texts("text", ["Ismingiz?", "Ваше имя?", "Your name?"]);
  await editor.save("name");

  await editor.addBehind("go", "contact");
  await editor.texts("text", ["Telefon raqamingiz?", "Ваш телефон?", "Your phone?"]);
  await editor.save("phone");

  await editor.addBehind("go", "date");
  await editor.texts("text", ["Qaysi kunga?", "На какой день?", "For which day?"]);
  await editor.save("day");

  await editor.addBehind("go", "number");
  await editor.texts("text", ["Necha kishi?", "Сколько гостей?", "How many guests?"]);
  await editor.save("guests");
  await editor.field("min").locator("input").fill("1");
  await editor.field("max").locator("input").fill("12");

  await editor.addBehind("go", "confirm");
  await editor.texts("text", [
    "{name}, {day:date}, {guests} kishi. Toʻgʻrimi?",
    "{name}, {day:date}, гостей: {guests}. Верно?",
    "{name}, {day:date}, {guests} guests. Right?",
  ]);

  await editor.addBehind("yes", "tell_staff");
  // All variables go to the notice, and its words name some of them.
  await editor.form.locator('[data-path="args.with"] select').last().selectOption("*");
  await editor.texts("notifications.told.text", [
    "Yangi stol: {name}, {phone:phone}, {day:date}, {guests} kishi",
    "Новая бронь: {name}, {phone:phone}, {day:date}, гостей: {guests}",
    "New booking: {name}, {phone:phone}, {day:date}, {guests} guests",
  ]);

  await editor.addBehind("on.ok.go", "webhook");
  await editor.field("args.url").locator("input").fill("https://example.com/bookings");
  await editor.form.locator('[data-path="args.body"] select').last().selectOption("*");

  await editor.addBehind("on.ok.go", "message");
  await editor.texts("text", ["Rahmat! Sizni kutamiz.", "Спасибо! Ждём вас.", "Thank you! See you."]);
  await editor.name("thanks");
  await editor.field("go").locator("select").selectOption("home");

  // Whatever becomes of the two calls, the guest is thanked.
  await editor.goTo("main.webhook");
  await editor.field("on.failed.go").locator("select").selectOption("thanks");
  await editor.goTo("main.tell_staff");
  await editor.field("on.nobody.go").locator("select").selectOption("webhook");

  // What the blank bot brought and nothing leads to any more is deleted.
  await editor.goTo("main.about");
  await editor.form.locator(".flow-side-head button").nth(1).click();
  await editor.page.locator(".flow-bar .btn-ghost", { hasText: /\d/ }).click();
  assert.equal(await editor.problems(), 0, await editor.form.innerText());
  await visitor.picture("flow-1280", false);
  return path;
}

/** Talks with the draft, as a guest does. */
export async function tryBooking(visitor: Visitor, path: string): Promise<void> {
  const { page } = visitor;
  const chat = new Simulator(page);
  await chat.open(`${path}/trial`);
  await chat.says("/start");
  await chat.taps("English");
  await page.locator(".sim-keyboard button", { hasText: "Book a table" }).click();
  await chat.sees("Your name?");
  await chat.says("Aziz");
  await chat.sees("Your phone?");
  await page.locator(".sim-keyboard button").first().click();
  await chat.sees("For which day?");
  await page
    .locator(".sim-message.is-bot:last-child .sim-inline button", { hasText: /^\d+$/ })
    .last()
    .click();
  await chat.sees("How many guests?");
  await chat.says("13");
  await chat.says("4");
  await chat.sees(/Aziz, .*4 guests/);
  await page.locator(".sim-variables", { hasText: "guests" }).waitFor();
  await page.locator(".sim-message.is-bot:last-child .sim-inline button").first().click();
  // No staff chat is chosen and nobody listens at the address: the guest is thanked all the same.
  await chat.hasSeen(/Thank/);
}

/** Publishes what was built. */
export async function publish(visitor: Visitor, path: string): Promise<void> {
  const { page } = visitor;
  await page.goto(`${path}/flow`);
  await page.locator('main a[href$="/publish"]').click();
  await page.fill('[name="note"]', "Bron");
  await page.locator('main form button[type="submit"]').click();
  await page.waitForURL((url) => url.pathname === path || url.pathname.endsWith("/versions"));
  const answer = await page.request.get(`/api${path}/export`);
  const file = await answer.text();
  for (const words of [
    "max = 12",
    'kind = "date"',
    'call = "tell_staff"',
    "https://example.com/bookings",
    "# A bot to begin with",
  ])
    assert.ok(file.includes(words), `${words} is not in\n${file}`);
}

/** On a phone: a step is added behind another, written, undone, and the file shows the same draft. */
export async function editOnAPhone(visitor: Visitor, path: string): Promise<void> {
  const { page } = visitor;
  const editor = new Editor(page);
  await visitor.look(360, "dark");
  await editor.open(`${path}/flow`);
  await editor.goTo("main.thanks");
  await editor.addBehind("go", "message");
  await editor.texts("text", ["Xayr!", "До свидания!", "Bye!"]);
  await visitor.picture("flow-360", false);
  const wide = await page.evaluate(
    () => document.documentElement.scrollWidth > document.documentElement.clientWidth,
  );
  assert.equal(wide, false, "the page scrolls sideways");
  assert.equal(await editor.problems(), 0);
  await editor.form.locator(".flow-side-head button").last().click();
  await page.locator('.flow-views a[href$="/flow/file"]').click();
  await page.locator(".blueprint-editor").waitFor();
  await page.locator('.flow-views a[href$="/flow"]').click();
  await editor
    .box("main.message")
    .waitFor({ state: "attached" })
    .catch(() => {});
  await visitor.look(1280, "dark");
}

interface Schema {
  const?: string;
  properties?: Record<string, Schema>;
  items?: Schema;
  oneOf?: Schema[];
  $defs?: Record<string, Schema>;
}

/** The forms have a control for every field of every kind of step, and for nothing else. */
export async function everyField(visitor: Visitor): Promise<void> {
  const answer = await visitor.page.request.get("/api/blueprints/schema");
  const { $defs: defs = {} } = (await answer.json()) as Schema;
  const names = (fields: Record<string, unknown> | undefined) =>
    Object.keys(fields ?? {})
      .filter((name) => name !== "kind")
      .sort();
  const forms = (fields: readonly Field[]) => fields.map((field) => field.name).sort();
  const steps = defs.step_of_a_flow?.oneOf ?? [];
  assert.deepEqual(
    [...new Set(steps.map((step) => step.properties?.kind?.const ?? ""))].sort(),
    KINDS.map((kind) => kind.name).sort(),
  );
  for (const { properties } of steps) {
    const name = properties?.kind?.const ?? "";
    const kind = KINDS.find((kind) => kind.name === name);
    assert.deepEqual(forms(kind?.fields ?? []), names(properties), name);
  }
  const inside = (kind: string, field: string) =>
    steps.find((step) => step.properties?.kind?.const === kind)?.properties?.[field]?.items?.properties;
  assert.deepEqual(forms(BUTTON), names(defs.button?.properties));
  assert.deepEqual(forms(OPTION), names(inside("choice", "options")));
  assert.deepEqual(forms(CASE), names(inside("condition", "cases")));
  assert.deepEqual(forms(OUTCOME), names(defs.outcome?.oneOf?.[1]?.properties));
}

/** Waits until a box stands still: the graph moves to what was found. */
function still(box: Locator): Promise<void> {
  return box.evaluate(
    (element) =>
      new Promise<void>((done) => {
        let [last, frames] = ["", 0];
        const look = () => {
          const { x, y } = element.getBoundingClientRect();
          frames = last === `${x} ${y}` ? frames + 1 : 0;
          last = `${x} ${y}`;
          if (frames >= 6) done();
          else requestAnimationFrame(look);
        };
        look();
      }),
  );
}

/** By mouse: an exit is dragged onto a step, a step is copied and deleted, and all of it is undone. By keys, too. */
export async function drawByHand(visitor: Visitor, path: string): Promise<void> {
  const { page } = visitor;
  const editor = new Editor(page);
  await editor.open(`${path}/flow`);
  await editor.goTo("main.guest");
  await still(editor.box("main.guest"));
  const dot = await editor.box("main.guest").locator(".flow-dot").first().boundingBox();
  const self = await editor.box("main.guest").boundingBox();
  assert.ok(dot && self);
  await page.mouse.move(dot.x + 12, dot.y + 12);
  await page.mouse.down();
  await page.mouse.move(self.x + 60, self.y + 30, { steps: 4 });
  await page.mouse.up();
  assert.equal(await editor.field("go").locator("select").inputValue(), "guest", "dragged onto itself");
  await page.keyboard.press("Control+z");
  assert.equal(await editor.field("go").locator("select").inputValue(), "contact", "undone");
  await editor.form.locator(".flow-side-head button").nth(0).click();
  await editor.box("main.guest_2").waitFor();
  await page.locator(".flow-box.is-selected").press("Delete");
  await editor.box("main.guest_2").waitFor({ state: "detached" });
  // From step to step by keys.
  await editor.goTo("main.guest");
  await page.locator(".flow-canvas").press("ArrowRight");
  assert.equal(await page.locator(".flow-box.is-selected").getAttribute("data-place"), "main.contact");
  assert.equal(await editor.problems(), 0);
}

/** Somebody else changes the draft meanwhile: both changes stay. And what is typed in one view is there in the other. */
export async function twoAtOnce(visitor: Visitor, path: string): Promise<void> {
  const { page } = visitor;
  const editor = new Editor(page);
  await editor.open(`${path}/flow`);
  await editor.goTo("main.thanks");
  await editor.saved();
  const draft = `/api${path}/draft`;
  const { revision, source } = (await (await page.request.get(draft)).json()) as {
    revision: number;
    source: string;
  };
  const token = await page.locator('meta[name="csrf-token"]').getAttribute("content");
  const theirs = source.replace("Ismingiz?", "Ism-sharifingiz?");
  assert.notEqual(theirs, source);
  const headers = { "X-CSRF-Token": token ?? "" };
  assert.ok((await page.request.put(draft, { data: { source: theirs, revision }, headers })).ok());
  visitor.expect(/409/);
  await editor.texts("text", ["Rahmat!", "Спасибо!", "Thanks a lot!"]);
  await page.locator(".blueprint-notice .btn-primary").click();
  await editor.saved();
  const both = ((await (await page.request.get(draft)).json()) as { source: string }).source;
  assert.ok(both.includes("Ism-sharifingiz?") && both.includes("Thanks a lot!"), both);

  await page.locator('.flow-views a[href$="/flow/file"]').click();
  const lines = page.locator(".blueprint-editor .cm-content");
  await lines.click();
  await page.keyboard.press("Control+Home");
  await page.keyboard.type("# Typed in the file.\n");
  await page.locator('.flow-views a[href$="/flow"]').click();
  await page.locator(".flow-canvas").waitFor();
  const typed = ((await (await page.request.get(draft)).json()) as { source: string }).source;
  assert.ok(typed.startsWith("# Typed in the file.\n"), typed);
}
