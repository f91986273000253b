// Single things that people do: a bad import, a call of the API, work without a mouse.
import assert from "node:assert/strict";
import type { Visitor } from "./visitor";

const NOT_GOODS = "rang,hajm\nqizil,katta\n";

export async function badImport(visitor: Visitor): Promise<void> {
  const { page } = visitor;
  const count = async () =>
    (await (await page.request.get("/api/products?page_size=1")).json()).count as number;
  const before = await count();
  visitor.expect(/status of 4\d\d/);
  await page.goto("/products");
  await page.locator('.page-actions a[href*="import"]').first().click();
  await page.locator("main input[type=file]").setInputFiles({
    name: "rang.csv",
    mimeType: "text/csv",
    buffer: Buffer.from(NOT_GOODS),
  });
  await page.locator("main form button[type=submit]").click();
  await page.waitForURL(/\/imports\/\d+$/);
  // Read in the background; the page is looked at again until it says what it lacks.
  await page.locator("main .alert-danger, main .alert-warning, main .invalid-feedback").first().waitFor();
  await visitor.picture("import-refused");
  assert.equal(await count(), before);
}

export async function tryApi(visitor: Visitor): Promise<void> {
  const { page } = visitor;
  await page.goto("/api");
  const operation = page.locator('.api-operation[data-words^="get /api/products "]').first();
  await operation.locator("summary").first().click();
  await operation.locator(".api-form button[type=submit]").click();
  await operation.locator(".api-status .badge").filter({ hasText: "200" }).waitFor();
  await visitor.picture("api-answer", false);
  assert.match((await operation.locator(".api-answer pre").textContent()) ?? "", /"count": 200/);
}

/** Skips to the content, finds a product, opens it, all by keys. */
export async function keyboard(visitor: Visitor): Promise<void> {
  const { page } = visitor;
  const focused = (selector: string) => page.locator(`${selector}:focus`).waitFor();
  await page.goto("/products");
  await page.keyboard.press("Tab");
  await focused(".skip-link");
  await page.keyboard.press("Enter");
  await focused("#main");
  await page.keyboard.press("/");
  await focused("[data-search]");
  await page.keyboard.type("muzlatkich");
  await page.waitForURL(/q=muzlatkich/);
  await visitor.settled();
  const row = page.locator("main tbody a").first();
  for (let press = 0; press < 30; press += 1) {
    if (await row.evaluate((link) => link === document.activeElement)) break;
    await page.keyboard.press("Tab");
  }
  await focused("main tbody a");
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/products\/\d+$/);

  // A menu opens and closes, and the order's form is reached and its first field takes letters.
  await page.locator("header.top details.menu summary").first().focus();
  await page.keyboard.press("Enter");
  await page.locator("header.top details.menu[open]").first().waitFor();
  await page.keyboard.press("Escape");
  await page.locator("header.top details.menu[open]").waitFor({ state: "detached" });
  await page.goto("/orders");
  await page.locator(".page-actions a").first().focus();
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/orders\/new$/);
  for (let press = 0; press < 50; press += 1) {
    if (await page.evaluate(() => document.activeElement?.matches("main form input:not([type=hidden])")))
      break;
    await page.keyboard.press("Tab");
  }
  await focused("main form input");
}

export async function forbidden(visitor: Visitor): Promise<void> {
  visitor.expect(/status of 403/);
  const answer = await visitor.page.goto("/members/new");
  assert.equal(answer?.status(), 403);
  const words = await visitor.page.locator("main").textContent();
  assert.ok((words ?? "").trim().length > 20, "the refusal has words");
}
