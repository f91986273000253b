// Somebody at a browser: opens pages, and remembers everything that went wrong behind them.
import { mkdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";
import { faultsOf } from "./checks";
import type { Server } from "./server";

/** The browser without a window: the whole one draws only when it finds something to draw, and pictures may wait for that. */
const BROWSER = "/usr/bin/chromium-headless-shell";
/** Chromium without what speaks to its makers; a machine of tests has no way out. */
const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--disable-dev-shm-usage",
  "--hide-scrollbars",
];
/** What a page may take on a loaded machine. */
const PAGE_LIMIT_MS = 30_000;
const OUT = resolve("e2e/out");

export const WIDTHS = [360, 1280] as const;
export const LANGS = ["uz", "ru", "en"] as const;
export type Width = (typeof WIDTHS)[number];
export type Lang = (typeof LANGS)[number];
export type Theme = "dark" | "light";

export function launch(): Promise<Browser> {
  return chromium.launch({ executablePath: process.env.CHROMIUM ?? BROWSER, args: FLAGS });
}

export class Visitor {
  /** What was logged as an error, refused by the policy, thrown by a script, or answered with a 5xx. */
  readonly wrong: string[] = [];
  private expected: RegExp[] = [];

  private constructor(
    readonly server: Server,
    readonly context: BrowserContext,
    readonly page: Page,
  ) {
    page.setDefaultTimeout(PAGE_LIMIT_MS);
    page.on("console", (message) => {
      if (message.type() === "error") this.note(`console: ${message.text()} ${message.location().url}`);
    });
    page.on("pageerror", (error) => this.note(`script: ${error.message}`));
    page.on("response", (answer) => {
      if (answer.status() >= 500) this.note(`${answer.status()} ${answer.url()}`);
    });
  }

  static async open(browser: Browser, server: Server, width: Width = 1280): Promise<Visitor> {
    const context = await browser.newContext({
      baseURL: server.address,
      viewport: { width, height: width === 360 ? 740 : 800 },
      locale: "uz",
      timezoneId: "Asia/Tashkent",
      reducedMotion: "reduce",
      permissions: ["clipboard-write"],
    });
    return new Visitor(server, context, await context.newPage());
  }

  private note(what: string): void {
    if (!this.expected.some((pattern) => pattern.test(what))) this.wrong.push(`${this.page.url()}: ${what}`);
  }

  /** Lets one kind of error be: the refusal that a test asks for. */
  expect(pattern: RegExp): void {
    this.expected.push(pattern);
  }

  async signIn(role: string): Promise<void> {
    const email = this.server.people.get(role);
    if (!email) throw new Error(`the demo has no ${role}`);
    await this.page.goto("/sign-in");
    await this.page.fill('[name="login"]', email);
    await this.page.fill('[name="password"]', this.server.password);
    await this.page.press('[name="password"]', "Enter");
    await this.page.waitForURL((url) => url.pathname !== "/sign-in");
    await this.page.locator("main").waitFor();
  }

  async look(width: Width, theme: Theme): Promise<void> {
    await this.page.setViewportSize({ width, height: width === 360 ? 740 : 800 });
    await this.page.evaluate((wanted) => localStorage.setItem("karvon.theme", wanted), theme);
  }

  async speak(lang: Lang): Promise<void> {
    await this.page.goto(`/language/${lang}?back=/`);
  }

  /** Opens a page and gives what is wrong with it; islands are waited for. */
  async visit(path: string, lang: Lang): Promise<string[]> {
    const answer = await this.page.goto(path);
    if (!answer?.ok()) return [`${path} answers ${answer?.status()}`];
    await this.settled();
    return (await this.page.evaluate(faultsOf, lang)).map((fault) => `${path} (${lang}): ${fault}`);
  }

  /** Until islands have drawn themselves and nothing is asked of the server any more. */
  async settled(): Promise<void> {
    if (await this.page.locator("[data-island]").count()) {
      await this.page
        .locator(".sim-composer, .api-operation, #inbox-log, .desk, .flow-canvas, .blueprint-editor")
        .first()
        .waitFor();
      await this.page.locator("[data-island]:not([data-mounted])").first().waitFor({ state: "detached" });
    }
    await this.page.locator(".htmx-request").waitFor({ state: "detached" });
  }

  /** For somebody who looks at it later: that the browser did not draw it is told, and no fault of the page. */
  async picture(name: string, whole = true): Promise<void> {
    await mkdir(OUT, { recursive: true });
    await this.page
      .screenshot({ path: join(OUT, `${name}.png`), fullPage: whole })
      .catch((error: Error) => console.error(`no picture ${name}: ${error.message}`));
  }

  async close(): Promise<void> {
    await this.context.close();
  }
}
