// A university's day: somebody applies in the chat, the staff decides on a page, and the chat is told.
import assert from "node:assert/strict";
import { Simulator } from "./simulator";
import type { Visitor } from "./visitor";

/** What the staff writes beside the new status. */
const MESSAGE = "Hujjatlarni 1-sentyabrgacha olib keling";

async function register(chat: Simulator): Promise<void> {
  await chat.says("/start");
  await chat.sees("Tilni tanlang");
  await chat.taps("Oʻzbekcha");
  await chat.sees("Telefon raqamingizni");
  await chat.presses("Raqamni ulashish");
  await chat.sees("Ismingiz?");
  await chat.says("Sabohat");
  await chat.sees("Familiyangiz?");
  await chat.says("Sinova");
  await chat.sees("Jinsingiz?");
  await chat.taps("Ayol");
  await chat.sees("Qaysi hududdansiz?");
  await chat.taps("Andijon");
  await chat.sees("Tugʻilgan kuningiz?");
  await chat.says("17.05.2009");
  await chat.hasSeen("Roʻyxatdan oʻtdingiz");
  await chat.sees("Kerakli boʻlimni tanlang");
}

async function apply(chat: Simulator): Promise<void> {
  await chat.presses("Qabul 2026");
  await chat.sees("Trackni tanlang");
  await chat.taps("Italiya");
  await chat.sees("Yoʻnalishni tanlang");
  assert.equal(
    (await chat.buttons()).filter((label) => /🇮🇹|🇺🇿/.test(label)).length,
    8,
    "all eight directions",
  );
  await chat.taps("Mexanika");
  await chat.sees("Hududni tanlang");
  await chat.taps("Samarqand");
  await chat.sees("Ikkinchi telefon");
  await chat.says("90 765 43 21");
  await chat.sees(/Mexanika[\s\S]*Yuboraylikmi/);
  await chat.taps("Ha");
  await chat.hasSeen(/Raqami: \d+/);
  await chat.sees("Kerakli boʻlimni tanlang");
  await chat.presses("Arizalarim");
  await chat.hasSeen("Mexanika");
}

export async function applyAndDecide(visitor: Visitor): Promise<void> {
  const { page } = visitor;
  await page.goto("/bots");
  await page.locator("main tbody a").filter({ hasText: "Qabul" }).first().click();
  await page.locator('main a[href$="/simulator"]').first().click();
  const chat = new Simulator(page);
  await page.locator(".sim-composer textarea").waitFor();
  const simulator = new URL(page.url()).pathname;
  await register(chat);
  await apply(chat);
  await visitor.picture("admissions-chat");

  // Found by its name among all, decided with a word of one's own.
  await page.goto("/applications?q=sinova");
  const row = page.locator("main tbody tr").filter({ hasText: "Sinova" });
  assert.equal(await row.count(), 1);
  await visitor.picture("admissions-found");
  await row.locator("a").first().click();
  await page.locator("main").filter({ hasText: "Mexanika" }).waitFor();
  await page.selectOption("main [name=status]", "accepted");
  await page.fill("main [name=message]", MESSAGE);
  await page.locator('main form[action$="/status"] button[type=submit]').click();
  await page.locator("main").filter({ hasText: MESSAGE }).first().waitFor();
  await visitor.picture("admissions-decided");

  await chat.open(simulator);
  await chat.hasSeen(MESSAGE);
  await chat.hasSeen("Maʼqullandi");
}

/** Whether a page shows applicants or students; the others are looked at in the shop. */
export function isOfStudents(path: string): boolean {
  return /^\/(applications|applicants|surveys|students)\b/.test(path);
}
