// The story of the product: somebody finds goods in the chat and orders them, the order stands in the ERP with its stock
// reserved, it is cancelled there, and the chat says so.
import assert from "node:assert/strict";
import { Simulator } from "./simulator";
import type { Visitor } from "./visitor";

/** The picture of the README: what the reader of it sees first. */
const PICTURE = "docs/picture.png";
const PICTURE_LIMIT_BYTES = 300_000;

/** What the buyer says when the bot asks for a name. */
const BUYER = "Aziza Rahimova";

/** Why the shop cancels; the customer reads it. */
const REASON = "Ekrani singan ekan";

export interface Placed {
  number: string;
  chat: Simulator;
  path: string;
}

/** From the bots' page into its simulator, as one would click. */
export async function openSimulator(visitor: Visitor): Promise<Simulator> {
  const { page } = visitor;
  await page.goto("/bots");
  await page.locator("main tbody a").first().click();
  await page.locator('main a[href$="/simulator"]').first().click();
  const chat = new Simulator(page);
  await page.locator(".sim-composer textarea").waitFor();
  return chat;
}

export async function meetTheBot(chat: Simulator): Promise<void> {
  await chat.says("/start");
  await chat.sees("Tilni tanlang");
  await chat.taps("Oʻzbekcha");
  await chat.sees("telefon raqamingizni ulashing");
  await chat.presses("Raqamni ulashish");
  await chat.hasSeen("Raqamingiz saqlandi");
  await chat.sees("Nima qidiramiz?");
}

/** However it is typed, televisions of Samsung are found, a page at a time. */
export async function search(chat: Simulator): Promise<void> {
  for (const typed of ["самсунг телевизор", "samsng", "samsung televizor"]) {
    await chat.says(typed);
    const answer = await chat.sees(`«${typed}»`);
    assert.match(answer, /Samsung/, `“${typed}” finds something of Samsung`);
  }
  await chat.taps("Keyingi");
  await chat.sees(/2\/\d+-sahifa/);
  await chat.taps("Oldingi");
  await chat.sees(/1\/\d+-sahifa/);
}

/** Down the tree and back to its top. */
export async function browse(chat: Simulator): Promise<void> {
  await chat.says("/menu");
  await chat.sees("Nima qidiramiz?");
  await chat.presses("Katalog");
  await chat.sees("Boʻlimni tanlang");
  const sections = await chat.buttons();
  assert.ok(sections.length >= 3, `the catalog has sections: ${sections.join(", ")}`);
  await chat.taps(sections[0] ?? "");
  await chat.sees(/🗂 (?!Katalog)/);
  await chat.taps("Orqaga");
  await chat.sees("🗂 Katalog");
}

/** Two things into the cart, and the order. */
export async function order(chat: Simulator): Promise<Placed> {
  for (const wanted of ["artel muzlatgich", "samsung televizor"]) {
    await chat.says(wanted);
    await chat.sees(`«${wanted}»`);
    await chat.taps("1.");
    await chat.sees(/Sotuvda bor|Oz qoldi/);
    await chat.taps("Savatga qoʻshish");
    await chat.sees("Savatda:");
  }
  const path = new URL(chat.page.url()).pathname;
  await chat.taps("Savatga oʻtish");
  await chat.sees(/Savat.*2\. .*Jami:/s);
  await chat.taps("Buyurtma berish");
  await chat.sees("Ismingiz nima?");
  await chat.says(BUYER);
  await chat.sees("Buyurtmani qanday olasiz?");
  await chat.taps("Oʻzim olib ketaman");
  await chat.sees("izohingiz bormi");
  await chat.presses(/tkazib yuborish/);
  await chat.sees("Tasdiqlaysizmi?");
  await chat.taps("Buyurtma berish");
  await chat.hasSeen("Buyurtmangiz qabul qilindi");
  await chat.sees("Nima qidiramiz?");
  const done = await chat.page
    .locator(".sim-message.is-bot")
    .filter({ hasText: "Buyurtma raqami" })
    .last()
    .textContent();
  const number = /№ (\d+)/.exec(done ?? "")?.[1];
  assert.ok(number, `the order has a number: ${done}`);
  return { number, chat, path };
}

interface OrderOut {
  status: string;
  customer_id: number | null;
  tax_amount: number;
  lines: Array<{ product_id: number; quantity: number; reserved: number }>;
}

async function ask<T>(visitor: Visitor, path: string): Promise<T> {
  const answer = await visitor.page.request.get(path);
  assert.equal(answer.status(), 200, path);
  return (await answer.json()) as T;
}

interface Balance {
  product_id: number;
  reserved: number;
}

async function reserved(visitor: Visitor, products: number[]): Promise<number[]> {
  const of = async (product: number) => {
    const path = `/api/stock/balances?product_id=${product}`;
    const { results } = await ask<{ results: Balance[] }>(visitor, path);
    return results.reduce((sum, balance) => sum + balance.reserved, 0);
  };
  return Promise.all(products.map(of));
}

/** The order as the shop sees it, cancelled with a click; the chat is told. */
export async function cancelInTheShop(visitor: Visitor, placed: Placed): Promise<void> {
  const { page } = visitor;
  await page.goto("/");
  await page.locator('.side-nav a[href="/orders"]').click();
  await page.locator("main tbody a").filter({ hasText: placed.number }).first().click();
  await page.locator("main h1").filter({ hasText: placed.number }).waitFor();
  const found = await ask<OrderOut>(visitor, `/api/sales-orders/${placed.number}`);
  assert.equal(found.lines.length, 2);
  assert.ok(found.customer_id, "the order has its customer");
  assert.ok(found.tax_amount > 0, "the order has its VAT");
  const products = found.lines.map((line) => line.product_id);
  assert.deepEqual(await reserved(visitor, products), [1, 1], "one of each is reserved");
  await visitor.picture("story-order");

  await page.locator(".page-actions a[href$='/cancel']").click();
  await page.fill("main [name=reason]", REASON);
  await visitor.picture("story-cancel");
  await page.locator("main form button[type=submit]").click();
  await page.locator("main .alert").filter({ hasText: REASON }).waitFor();
  const cancelled = await ask<OrderOut>(visitor, `/api/sales-orders/${placed.number}`);
  assert.notEqual(cancelled.status, found.status);
  assert.deepEqual(await reserved(visitor, products), [0, 0], "nothing is reserved any more");
  await visitor.picture("story-cancelled");

  await placed.chat.open(placed.path);
  await placed.chat.hasSeen(new RegExp(`№ ${placed.number}.*${REASON}`, "s"));
  await visitor.picture("story-told", false);
}

/** The picture of the README, when it is asked for. */
export async function drawPicture(visitor: Visitor, chat: Simulator): Promise<void> {
  await visitor.look(1280, "dark");
  // High enough for a whole answer of the bot.
  await visitor.page.setViewportSize({ width: 1280, height: 1000 });
  await chat.open(new URL(visitor.page.url()).pathname);
  await chat.says("samsung televizor");
  await chat.sees("«samsung televizor»");
  await visitor.page.evaluate(() =>
    Promise.all(Array.from(document.images, (image) => image.decode().catch(() => {}))),
  );
  await visitor.picture("story-chat", false);
  if (process.env.UPDATE_PICTURE !== "1") return;
  const picture = await visitor.page.screenshot({ path: `../${PICTURE}` });
  assert.ok(picture.length < PICTURE_LIMIT_BYTES, `${PICTURE} weighs ${picture.length} bytes`);
}
