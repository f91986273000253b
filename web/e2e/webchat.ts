// The chat on a plain page of somebody's site, served from another origin under a strict policy, as a customer and the
// staff see it.
import assert from "node:assert/strict";
import { createServer, type Server as HttpServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Browser, BrowserContext, Locator, Page } from "playwright-core";
import type { Server } from "./server";
import { LANGS, Visitor, type Width } from "./visitor";

/** What the documentation tells a site to allow, and nothing more. */
function policy(server: string): string {
  const socket = server.replace(/^http/, "ws");
  return `default-src 'none'; script-src ${server}; connect-src ${server} ${socket}; img-src ${server} blob:`;
}

/** A site with one page that holds the snippet. */
class Site {
  address = "";
  snippet = "";
  private readonly http: HttpServer;

  constructor(server: string) {
    this.http = createServer((_, answer) => {
      answer.setHeader("Content-Type", "text/html; charset=utf-8");
      answer.setHeader("Content-Security-Policy", policy(server));
      answer.end(
        `<!doctype html><html lang="uz"><head><meta name="viewport" content="width=device-width"><title>Sayt</title></head>
         <body><h1>Doʻkon</h1><p>Oddiy sahifa.</p>${this.snippet}</body></html>`,
      );
    });
  }

  async start(): Promise<this> {
    await new Promise<void>((done) => this.http.listen(0, "127.0.0.1", done));
    this.address = `http://127.0.0.1:${(this.http.address() as AddressInfo).port}`;
    return this;
  }

  stop(): void {
    this.http.closeAllConnections();
    this.http.close();
  }
}

/** The chat, in the words of whoever writes there. */
class Chat {
  constructor(readonly page: Page) {}

  private get last(): Locator {
    return this.page.locator("[data-karvon-chat] .ms > .m:not(.mine)").last();
  }

  async says(text: string): Promise<void> {
    await this.page.fill("[data-karvon-chat] textarea", text);
    await this.page.press("[data-karvon-chat] textarea", "Enter");
  }

  async sees(text: string | RegExp): Promise<void> {
    await this.page.locator("[data-karvon-chat] .m:not(.mine)").filter({ hasText: text }).last().waitFor();
  }

  async taps(label: string | RegExp): Promise<void> {
    await this.page.locator("[data-karvon-chat] .k button").filter({ hasText: label }).last().click();
  }

  async presses(label: string | RegExp): Promise<void> {
    await this.page.locator("[data-karvon-chat] .keys button").filter({ hasText: label }).first().click();
  }

  lastWords(): Promise<string | null> {
    return this.last.textContent();
  }
}

async function connect(visitor: Visitor, site: Site): Promise<string> {
  const { page } = visitor;
  await page.goto("/bots/1/web-chats/new");
  await page.fill("[name=title]", "Chorsu yordam");
  await page.fill("[name=origins]", site.address);
  await visitor.picture(`web-chat-new-${page.viewportSize()?.width}`);
  await page.locator("main form button[type=submit]").click();
  await page.locator("#web-chat-snippet").waitFor();
  await visitor.picture(`web-chat-${page.viewportSize()?.width}`);
  const snippet = (await page.locator("#web-chat-snippet").textContent()) ?? "";
  assert.match(snippet, /^<script src="http.*\/chat\.js" data-bot="\w+" async><\/script>$/);
  return snippet;
}

async function order(chat: Chat): Promise<void> {
  await chat.sees("Tilni tanlang");
  await chat.taps("Oʻzbekcha");
  await chat.sees("telefon raqamingizni ulashing");
  await chat.presses("Raqamni ulashish");
  const number = chat.page.locator("[data-karvon-chat] .phone input");
  await number.fill("12");
  await number.press("Enter");
  assert.ok(await number.isVisible(), "a number that is none is not sent");
  await number.fill("+998 90 123 45 67");
  await number.press("Enter");
  await chat.sees("Raqamingiz saqlandi");
  await chat.sees("Nima qidiramiz?");
  await chat.says("samsung televizor");
  await chat.sees("«samsung televizor»");
  await chat.taps("1.");
  await chat.sees(/Sotuvda bor|Oz qoldi/);
  await chat.page.waitForFunction(() => {
    const images = document.querySelector("[data-karvon-chat]")?.shadowRoot?.querySelectorAll("img") ?? [];
    return Array.from(images).every((image) => image.complete && image.naturalWidth > 0);
  });
  await chat.taps("Savatga qoʻshish");
  await chat.sees("Savatda:");
  await chat.taps("Savatga oʻtish");
  await chat.taps("Buyurtma berish");
  await chat.sees("Ismingiz nima?");
  await chat.says("Aziza Rahimova");
  await chat.sees("Buyurtmani qanday olasiz?");
  await chat.taps("Oʻzim olib ketaman");
  await chat.sees("izohingiz bormi");
  await chat.presses(/tkazib yuborish/);
  await chat.sees("Tasdiqlaysizmi?");
  await chat.taps("Buyurtma berish");
  await chat.sees("Buyurtmangiz qabul qilindi");
}

/** What is wrong with the chat as it is drawn: nothing without a name, nothing beside the screen, no contrast too low. */
function faults(): string[] {
  const root = document.querySelector("[data-karvon-chat]")?.shadowRoot;
  if (!root) return ["there is no chat"];
  const wrong: string[] = [];
  for (const control of Array.from(root.querySelectorAll<HTMLElement>("button,a,textarea,input"))) {
    if (control.offsetParent === null || control.hidden) continue;
    const name =
      control.getAttribute("aria-label") ||
      control.textContent?.trim() ||
      (control as HTMLInputElement).labels?.[0]?.textContent;
    if (!name) wrong.push(`no name: ${control.outerHTML.slice(0, 80)}`);
    const box = control.getBoundingClientRect();
    if (box.left < 0 || box.right > innerWidth + 1) wrong.push(`beside the screen: ${name}`);
    if (box.height < 24) wrong.push(`too small: ${name} ${box.height}`);
  }
  if (document.documentElement.scrollWidth > innerWidth) wrong.push("the page scrolls sideways");
  const style = getComputedStyle(document.querySelector("h1") as Element).fontFamily;
  if (/Segoe/.test(style)) wrong.push("our styles touch the page");
  return wrong;
}

async function customer(browser: Browser, width: Width): Promise<BrowserContext> {
  return browser.newContext({
    viewport: { width, height: width === 360 ? 740 : 800 },
    locale: "uz",
    timezoneId: "Asia/Tashkent",
    reducedMotion: "reduce",
    acceptDownloads: true,
  });
}

/** The whole story at one width. */
export async function chatOnASite(browser: Browser, server: Server, width: Width): Promise<void> {
  const site = await new Site(server.address).start();
  const stranger = await new Site(server.address).start();
  const staff = await Visitor.open(browser, server, width);
  const context = await customer(browser, width);
  const wrong: string[] = [];
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  page.on("pageerror", (error) => wrong.push(`script: ${error.message}`));
  page.on("console", (message) => {
    if (message.type() === "error") wrong.push(message.text());
  });
  const chat = new Chat(page);
  const shot = (name: string) => page.screenshot({ path: `e2e/out/site-${name}-${width}.png` });
  try {
    await staff.signIn("Admin");
    await staff.speak("uz");
    site.snippet = await connect(staff, site);
    stranger.snippet = site.snippet;
    const own = new URL(staff.page.url()).pathname;
    for (const lang of LANGS) {
      await staff.speak(lang);
      await staff.look(width, lang === "ru" ? "light" : "dark");
      for (const path of ["/bots/1", "/bots/1/web-chats/new", own, `${own}/edit`]) {
        assert.deepEqual(await staff.visit(path, lang), []);
      }
    }
    await staff.speak("uz");

    // A site that is not of the list shows nothing.
    const elsewhere = await context.newPage();
    const refused = elsewhere.waitForEvent("requestfailed", (request) => request.url().includes("/config"));
    await elsewhere.goto(stranger.address);
    await refused;
    assert.equal(await elsewhere.locator("[data-karvon-chat]").count(), 0);
    await elsewhere.close();

    await page.goto(site.address);
    await page.locator("[data-karvon-chat] .greet").waitFor();
    await shot("greeting");
    await page.locator("[data-karvon-chat] .open").click();
    await order(chat);
    assert.deepEqual(await page.evaluate(faults), []);
    await shot("order");
    assert.deepEqual(await context.cookies(), [], "no cookie of ours");

    // What was said stands there again, and nothing of it twice.
    const before = await page.locator("[data-karvon-chat] .ms > .m").count();
    await page.reload();
    await chat.sees("Buyurtmangiz qabul qilindi");
    assert.equal(await page.locator("[data-karvon-chat] .ms > .m").count(), before);

    // The staff answers from the inbox, and it appears.
    await staff.page.goto("/conversations");
    await staff.page.locator(".inbox-row").first().click();
    await staff.page.locator("#inbox-log").waitFor();
    assert.match((await staff.page.locator(".inbox-side").textContent()) ?? "", /Saytdagi chat/);
    await staff.page.fill(".inbox-write textarea", "Ertaga soat 10 da tayyor boʻladi");
    await staff.page.locator(".inbox-write button[type=submit]").click();
    await chat.sees("Ertaga soat 10 da tayyor");
    await page.locator("[data-karvon-chat] header small").filter({ hasText: "xodim" }).waitFor();

    // Files both ways.
    const picture = await page.screenshot();
    await page.locator("[data-karvon-chat] input[type=file]").setInputFiles({
      name: "chek.png",
      mimeType: "image/png",
      buffer: picture,
    });
    await page.locator("[data-karvon-chat] .mine img").waitFor();
    await staff.page.locator("#inbox-log .is-contact img").waitFor();
    await staff.page.locator(".inbox-file input").setInputFiles({
      name: "narxlar.pdf",
      mimeType: "application/pdf",
      buffer: Buffer.from("%PDF-1.7\n"),
    });
    const paper = page.locator("[data-karvon-chat] .d").filter({ hasText: "narxlar.pdf" });
    await paper.waitFor();
    const saved = page.waitForEvent("download");
    await paper.click();
    assert.equal((await saved).suggestedFilename(), "narxlar.pdf");
    await shot("files");

    // The panel is left with Escape and what comes meanwhile is counted.
    await page.keyboard.press("Escape");
    assert.equal(await page.locator("[data-karvon-chat] .panel").isVisible(), false);
    await staff.page.fill(".inbox-write textarea", "Yana savol bormi?");
    await staff.page.locator(".inbox-write button[type=submit]").click();
    await page.locator("[data-karvon-chat] .n").filter({ hasText: "1" }).waitFor();
    await shot("unread");
    await page.locator("[data-karvon-chat] .open").press("Enter");
    await chat.sees("Yana savol bormi?");
    assert.deepEqual(wrong, []);
    assert.deepEqual(staff.wrong, []);

    // The server goes away and comes back: nothing is lost, nothing is doubled.
    await server.restart(async () => {
      await page.locator("[data-karvon-chat] .offline").waitFor();
      await chat.says("Rahmat, kutaman");
      await page.locator("[data-karvon-chat] .m.sending").filter({ hasText: "Rahmat, kutaman" }).waitFor();
      await shot("offline");
    });
    await page.locator("[data-karvon-chat] .offline").waitFor({ state: "hidden", timeout: 60_000 });
    const said = page.locator("[data-karvon-chat] .m.mine").filter({ hasText: "Rahmat, kutaman" });
    await page.locator("[data-karvon-chat] .m.sending").waitFor({ state: "detached", timeout: 60_000 });
    assert.equal(await said.count(), 1);
    await staff.page.reload();
    await staff.page.locator("#inbox-log").waitFor();
    const heard = staff.page.locator("#inbox-log .is-contact").filter({ hasText: "Rahmat, kutaman" });
    await heard.waitFor();
    assert.equal(await heard.count(), 1, "taken once");
    await staff.page.fill(".inbox-write textarea", "Kutamiz");
    await staff.page.locator(".inbox-write button[type=submit]").click();
    await chat.sees("Kutamiz");

    // In the dark, and on a page of the server's own.
    await page.emulateMedia({ colorScheme: "dark" });
    await shot("dark");
    assert.deepEqual(await page.evaluate(faults), []);
    await page.goto(`${server.address}/chat/${/data-bot="(\w+)"/.exec(site.snippet)?.[1]}`);
    await page.locator("[data-karvon-chat] .panel").waitFor();
    await new Chat(page).sees("Tilni tanlang");
    await shot("own");

    // Where no socket gets through, requests that wait bring the same.
    const behindProxy = await context.newPage();
    await behindProxy.addInitScript(() => Reflect.deleteProperty(window, "WebSocket"));
    await behindProxy.goto(site.address);
    await behindProxy.locator("[data-karvon-chat] .open").click();
    await new Chat(behindProxy).sees("Kutamiz");
    await staff.page.fill(".inbox-write textarea", "Proksi orqali ham");
    await staff.page.locator(".inbox-write button[type=submit]").click();
    await new Chat(behindProxy).sees("Proksi orqali ham");
  } catch (error) {
    await shot("failed").catch(() => {});
    await staff.picture(`site-failed-staff-${width}`).catch(() => {});
    console.error(wrong.join("\n"), staff.wrong.join("\n"), server.log());
    throw error;
  } finally {
    await context.close();
    await staff.close();
    site.stop();
    stranger.stop();
  }
}
