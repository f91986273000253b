// The staff's day with a bot in Telegram: it is connected, people write, the inbox answers, everybody gets a broadcast.
import assert from "node:assert/strict";
import type { Browser } from "playwright-core";
import type { Server } from "./server";
import type { Person, Telegram } from "./telegram";
import { LANGS, Visitor, type Width } from "./visitor";

/** The smallest picture there is. */
const PICTURE = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
  "base64",
);

/** Connects a new bot; answers its page. */
async function connect(visitor: Visitor, width: Width): Promise<string> {
  const { page } = visitor;
  await page.goto("/bots/new/simple?template=blank");
  await page.fill("[name=name]", `Telegramdagi ${width}`);
  await page.locator("main form button[type=submit]").last().click();
  await page.waitForURL(/\/bots\/\d+$/);
  const bot = new URL(page.url()).pathname;
  await page.goto(`${bot}/channels/new`);
  visitor.expect(/status of 422/);
  await page.fill("[name=token]", "bu token emas");
  await page.locator("main form button[type=submit]").last().click();
  await page.locator("main .invalid-feedback").first().waitFor();
  await page.fill("[name=token]", `${width}:AAHfakeTokenOfTheBrowserTestWith35Chars`);
  await visitor.picture(`telegram-connect-${width}`);
  await page.locator("main form button[type=submit]").last().click();
  await page.waitForURL(new RegExp(`${bot}$`));
  assert.match((await page.locator("main").textContent()) ?? "", /sinov_\d+_bot/);
  return bot;
}

async function choose(telegram: Telegram, person: Person, label: string, hello: string): Promise<void> {
  telegram.says(person, "/start");
  await telegram.sees(person, "Tilni tanlang");
  telegram.taps(person, label);
  await telegram.sees(person, hello);
}

/** A label and a canned reply, both new. */
async function prepare(visitor: Visitor, width: Width): Promise<void> {
  const { page } = visitor;
  await page.goto("/conversations/labels?new=1");
  await page.fill("main form [name=name]", `Ulgurji ${width}`);
  await page.locator('main form[action="/conversations/labels"] button[type=submit]').click();
  await page
    .locator("main")
    .filter({ hasText: `Ulgurji ${width}` })
    .waitFor();
  await page.goto("/conversations/canned/new");
  await page.fill("[name=shortcut]", `manzil${width}`);
  await page.fill("[name=uz]", "Bizning manzil: Chorsu, 5-doʻkon.");
  await page.locator("main form button[type=submit]").last().click();
  await page.waitForURL(/\/conversations\/canned$/);
}

async function answerFromTheInbox(
  visitor: Visitor,
  telegram: Telegram,
  person: Person,
  width: Width,
): Promise<void> {
  const { page } = visitor;
  telegram.says(person, "Улгуржи нархлар борми?");
  // Found in the other script.
  const row = page.locator(".inbox-row").filter({ hasText: person.name }).first();
  for (let look = 0; look < 40 && !(await row.isVisible()); look += 1) {
    await page.goto("/conversations?view=all&q=ulgurji+narxlar");
  }
  await row.click();
  await page.locator("#inbox-log .is-contact").filter({ hasText: "Улгуржи" }).waitFor();
  await page.locator('form[action$="/take-over"] button').first().click();
  await page.locator('form[action$="/hand-back"] button').first().waitFor();

  const field = page.locator(".inbox-write textarea");
  await field.pressSequentially(`/manzil${width}`);
  await page.locator(".inbox-canned button").first().waitFor();
  await field.press("Enter");
  assert.equal(await field.inputValue(), "Bizning manzil: Chorsu, 5-doʻkon.");
  await visitor.picture(`inbox-canned-${width}`);
  await page.locator(".inbox-write button[type=submit]").click();
  await telegram.sees(person, "Chorsu, 5-doʻkon");

  await page.locator('.inbox-modes input[value="note"]').check();
  await field.fill("VIP mijoz, chegirma berish mumkin");
  await page.locator(".inbox-write button[type=submit]").click();
  await page.locator("#inbox-log").filter({ hasText: "VIP mijoz" }).waitFor();
  assert.ok(!telegram.sent.some((one) => one.text.includes("VIP")), "a note stays with the staff");

  await sayWho(visitor, width);

  await page.locator('.inbox-choose:has(form[action$="/labels"]) summary').click();
  await page
    .locator(".inbox-choose label")
    .filter({ hasText: `Ulgurji ${width}` })
    .click();
  await page.locator('form[action$="/labels"] button[type=submit]').click();
  await page
    .locator(".inbox-labels")
    .filter({ hasText: `Ulgurji ${width}` })
    .waitFor();
  await visitor.picture(`inbox-${width}`);
  await page.locator('form[action$="/hand-back"] button').first().click();
  await page.locator('form[action$="/take-over"] button').first().waitFor();
}

/** The agent knows who this is: one of the contacts that there are. */
async function sayWho(visitor: Visitor, width: Width): Promise<void> {
  const { page } = visitor;
  const card = page.locator('.inbox-choose:has(form[action$="/contact"])');
  await card.locator("summary").click();
  const field = card.locator("[name=contact_id_shown]");
  visitor.expect(/status of 422/);
  await card.locator('form[action$="/contact"] button[type=submit]').click();
  await card.locator(".invalid-feedback").waitFor();
  await field.pressSequentially("азиза");
  await card.locator("[role=option]").first().waitFor();
  await visitor.picture(`inbox-contact-${width}`);
  await field.press("Enter");
  const name = await field.inputValue();
  await card.locator('form[action$="/contact"] button[type=submit]').click();
  await page.locator(".inbox-side .facts a").filter({ hasText: name }).waitFor();
}

async function broadcast(
  visitor: Visitor,
  telegram: Telegram,
  [uz, ru]: readonly [Person, Person],
  width: Width,
): Promise<string> {
  const { page } = visitor;
  await page.goto("/broadcasts/new");
  await page.fill("[name=name]", `Kuzgi chegirma ${width}`);
  const channels = page.locator("[name=channel] option").filter({ hasText: `Telegramdagi ${width}` });
  await page.selectOption("[name=channel]", (await channels.first().getAttribute("value")) ?? "");
  await page.fill("[name=text_uz]", `Kuzgi chegirma 20 % (${width})`);
  await page.fill("[name=text_ru]", `Осенняя скидка 20 % (${width})`);
  await page.fill("[name=text_en]", `Autumn sale 20 % (${width})`);
  await page.locator("main form button[type=submit]").last().click();
  await page.waitForURL(/\/broadcasts\/\d+$/);
  const path = new URL(page.url()).pathname;
  await page.locator('form[action$="/file"] input[type=file]').setInputFiles({
    name: "kuz.png",
    mimeType: "image/png",
    buffer: PICTURE,
  });
  await page.locator('form[action$="/file"] button[type=submit]').click();
  await page.locator(".broadcast-previews img").first().waitFor();
  assert.equal(
    await page.locator(".broadcast-previews .sim-bubble").count(),
    3,
    "a preview in each language",
  );
  await visitor.picture(`broadcast-preview-${width}`);
  await page.locator('form[action$="/start"] button').first().click();
  await page.locator("#confirm [data-confirm-yes-button]").click();
  for (const [person, words] of [
    [uz, `Kuzgi chegirma 20 % (${width})`],
    [ru, `Осенняя скидка 20 % (${width})`],
  ] as const) {
    const got = await telegram.sees(person, words.split(" (")[0] ?? "");
    assert.equal(got.method, "sendPhoto");
    const times = telegram.sent.filter((one) => one.chat === person.id && one.text === words);
    assert.equal(times.length, 1, "once");
  }
  await page.goto(`${path}/people`);
  for (const person of [uz, ru]) await page.locator("main").filter({ hasText: person.name }).waitFor();
  await visitor.picture(`broadcast-people-${width}`);
  return path;
}

/** The whole day at one width. */
export async function deskAndBroadcast(
  browser: Browser,
  server: Server,
  telegram: Telegram,
  width: Width,
): Promise<void> {
  const visitor = await Visitor.open(browser, server, width);
  const anvar: Person = { bot: width, id: 9_000 + width, name: `Anvar ${width}`, lang: "uz" };
  const olga: Person = { bot: width, id: 19_000 + width, name: `Olga ${width}`, lang: "ru" };
  try {
    await visitor.signIn("Admin");
    await visitor.speak("uz");
    const bot = await connect(visitor, width);
    await choose(telegram, anvar, "Oʻzbekcha", "Assalomu alaykum");
    await choose(telegram, olga, "Русский", "Здравствуйте");
    await prepare(visitor, width);
    await answerFromTheInbox(visitor, telegram, anvar, width);
    const sent = await broadcast(visitor, telegram, [anvar, olga], width);
    for (const lang of LANGS) {
      await visitor.speak(lang);
      await visitor.look(width, lang === "ru" ? "light" : "dark");
      for (const path of [bot, "/conversations", sent, `${sent}/people`, `${bot}/analytics`, "/broadcasts"])
        assert.deepEqual(await visitor.visit(path, lang), []);
    }
    assert.deepEqual(visitor.wrong, []);
  } catch (error) {
    await visitor.picture(`desk-failed-${width}`).catch(() => {});
    console.error(visitor.wrong.join("\n"), server.log());
    throw error;
  } finally {
    await visitor.close();
  }
}
