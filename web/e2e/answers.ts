// A bot is given knowledge and asked, first without a language model and then with one.
import assert from "node:assert/strict";
import type { Browser } from "playwright-core";
import { Model } from "./model";
import type { Server } from "./server";
import { Simulator } from "./simulator";
import { LANGS, Visitor, type Width } from "./visitor";

const KEY = "sk-sinov-uchun-kalit-1234";

/** A PDF of one page with one line of ASCII. */
function pdf(line: string): Buffer {
  const page = `BT /F1 12 Tf 72 720 Td (${line}) Tj ET`;
  const parts = [
    "<< /Type /Catalog /Pages 2 0 R >>",
    "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
    "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
    `<< /Length ${page.length} >>\nstream\n${page}\nendstream`,
    "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
  ];
  let text = "%PDF-1.4\n";
  const places = parts.map((part, number) => {
    const at = text.length;
    text += `${number + 1} 0 obj\n${part}\nendobj\n`;
    return at;
  });
  const from = text.length;
  const rows = places.map((at) => `${String(at).padStart(10, "0")} 00000 n \n`).join("");
  text += `xref\n0 6\n0000000000 65535 f \n${rows}trailer\n<< /Size 6 /Root 1 0 R >>\nstartxref\n${from}\n%%EOF\n`;
  return Buffer.from(text, "latin1");
}

async function saves(visitor: Visitor, to: RegExp): Promise<void> {
  await visitor.page.locator("main form button[type=submit]").last().click();
  await visitor.page.waitForURL(to);
}

async function makeBot(visitor: Visitor): Promise<string> {
  const { page } = visitor;
  await page.goto("/bots/new");
  await page.locator('main a[href$="template=answers"]').click();
  await page.fill("[name=name]", "Maslahatchi");
  await saves(visitor, /\/bots\/\d+$/);
  return new URL(page.url()).pathname;
}

async function teach(visitor: Visitor, width: Width): Promise<string[]> {
  const { page } = visitor;
  await page.goto("/knowledge/pairs/new");
  await page.fill("[name=question]", "Mashina yuvish xizmatingiz bormi?");
  await page.fill("[name=answer]", "Ha, hovlimizda mashinani 40 000 soʻmga yuvamiz.");
  await saves(visitor, /\/knowledge\/\d+$/);
  const pair = new URL(page.url()).pathname;
  await page.goto("/knowledge/files/new");
  const file = page.locator("main input[type=file]");
  await file.setInputFiles({
    name: "avtoturargoh.pdf",
    mimeType: "application/pdf",
    buffer: pdf("Avtoturargoh tunda yopiladi, kaliti qorovulda turadi."),
  });
  await saves(visitor, /\/knowledge\/\d+$/);
  const paper = new URL(page.url()).pathname;
  // It is read behind the page.
  for (let look = 0; look < 60; look += 1) {
    if ((await page.locator("main").textContent())?.includes("qorovulda")) break;
    await page.waitForTimeout(250);
    await page.reload();
  }
  assert.match((await page.locator("main").textContent()) ?? "", /kaliti qorovulda/);
  await visitor.picture(`knowledge-pdf-${width}`);
  return [pair, paper];
}

/** Connects the model, or lets go of it. */
async function connect(visitor: Visitor, model: Model, isOn: boolean, width: Width): Promise<void> {
  const { page } = visitor;
  await page.goto("/ai");
  await page.selectOption("[name=provider]", "openai");
  await page.fill("[name=base_url]", model.address);
  await page.fill("[name=model]", "sinov-1");
  await page.fill("[name=key]", KEY);
  await page.fill("[name=input_price]", "0.15");
  await page.fill("[name=output_price]", "0.60");
  await page.setChecked("[name=is_on]", isOn);
  await page.locator('main form[action="/ai"] button[type=submit]').click();
  await page.locator(".toast, .alert-success").first().waitFor();
  await visitor.picture(`ai-${width}`);
  assert.ok(!(await page.content()).includes(KEY), "the key is not shown again");
}

/** Takes a document away: the same one again would leave open which of the two answers. */
async function forget(visitor: Visitor, document: string): Promise<void> {
  const { page } = visitor;
  await page.goto(document);
  await page.locator('main form[action$="/delete"] button').click();
  await page.locator("#confirm [data-confirm-yes-button]").click();
  await page.waitForURL(/\/knowledge$/);
}

/** The whole story at one width. */
export async function askTheBot(browser: Browser, server: Server, width: Width): Promise<void> {
  const visitor = await Visitor.open(browser, server, width);
  const model = await new Model().start();
  try {
    await visitor.signIn("Admin");
    await visitor.speak("uz");
    await connect(visitor, model, false, width);
    const bot = await makeBot(visitor);
    const documents = await teach(visitor, width);
    const chat = new Simulator(visitor.page);
    await chat.open(`${bot}/simulator`);
    await chat.says("/start");
    await chat.sees("Tilni tanlang");
    await chat.taps("Oʻzbekcha");
    await chat.says("мошина ювасизларми");
    await chat.sees("40 000 soʻmga yuvamiz");
    await chat.taps("📖 1");
    await chat.sees("Mashina yuvish xizmatingiz bormi?");
    await chat.says("Avtoturargoh kaliti kimda?");
    await chat.sees(/qorovulda[\s\S]*1-bet/);
    await visitor.picture(`answers-${width}`);
    await chat.says("Marsga uchasizmi?");
    await chat.sees("menda maʼlumot yoʻq");
    assert.equal(model.asked.length, 0, "nobody is asked who is not connected");

    await connect(visitor, model, true, width);
    model.says = "Ha, mashinangizni **40 000 soʻmga** yuvib beramiz [1].";
    await chat.open(`${bot}/simulator`);
    await chat.says("Mashinamni yuvdirsam boʻladimi?");
    await chat.sees(/yuvib beramiz \[1\][\s\S]*Mashina yuvish xizmatingiz bormi/);
    assert.ok(model.asked[0]?.includes("40 000 soʻmga yuvamiz"), "the passage goes along");
    const { page } = visitor;
    await page.goto("/ai/calls");
    await page.locator("main tbody a, main .table-row a").filter({ hasText: "Maslahatchi" }).first().click();
    await page.waitForURL(/\/ai\/calls\/\d+$/);
    assert.match(
      (await page.locator("main").textContent()) ?? "",
      /Mashinamni yuvdirsam[\s\S]*yuvib beramiz/,
    );
    const call = new URL(page.url()).pathname;
    await page.goto(`${bot}/analytics?channel=simulator`);
    assert.match((await page.locator("main").textContent()) ?? "", /Til modeli javob bergan\s*1/);
    for (const lang of LANGS) {
      await visitor.speak(lang);
      await visitor.look(width, lang === "ru" ? "light" : "dark");
      const pages = ["/ai", "/ai/calls", call, "/knowledge", ...documents, `${documents[0]}/edit`, bot];
      for (const path of [...pages, "/knowledge/try?q=mashina", `${bot}/analytics?channel=simulator`])
        assert.deepEqual(await visitor.visit(path, lang), []);
    }
    await visitor.speak("uz");
    await connect(visitor, model, false, width);
    for (const document of documents) await forget(visitor, document);
    assert.deepEqual(visitor.wrong, []);
  } catch (error) {
    await visitor.picture(`answers-failed-${width}`).catch(() => {});
    console.error(visitor.wrong.join("\n"), server.log());
    throw error;
  } finally {
    await visitor.close();
    model.stop();
  }
}
