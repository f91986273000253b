// Every page that a role can reach from its menu, in every width, language and theme.
import assert from "node:assert/strict";
import { linksOf } from "./checks";
import { LANGS, type Theme, type Visitor, WIDTHS } from "./visitor";

/** Pages that stand in no menu of the side. */
const OTHERS = ["/profile", "/workspaces", "/api"];
/** Not pages: they answer with a file or change something. */
const NO_PAGE = /^\/(files|language|sign-out|assets|api)\//;
const CLICKS_AWAY = 3;
/** Pictures in Uzbek always; in the other languages for whoever wants to look. */
const EVERY_PICTURE = process.env.E2E_PICTURES === "all";

/** The same page of another row is the same page. */
function kindOf(path: string): string {
  return path.replace(/[0-9a-f]{8}-[0-9a-f-]{27}|\d+/g, "*");
}

/** The pages that this member can open: the menu, and what lies behind it, one of each kind. */
export async function reachable(visitor: Visitor): Promise<string[]> {
  const { page } = visitor;
  await page.goto("/");
  const menu = await page
    .locator(".side-nav a")
    .evaluateAll((links) => links.map((link) => (link as HTMLAnchorElement).pathname));
  assert.ok(menu.length > 0, "the menu is empty");
  const found = new Map([...menu, ...OTHERS].map((path) => [kindOf(path), path]));
  let fresh = Array.from(found.values());
  for (let click = 0; click < CLICKS_AWAY && fresh.length > 0; click += 1) {
    const next: string[] = [];
    for (const path of fresh) {
      await page.goto(path);
      await visitor.settled();
      for (const link of await page.evaluate(linksOf)) {
        if (found.has(kindOf(link)) || NO_PAGE.test(link)) continue;
        found.set(kindOf(link), link);
        next.push(link);
      }
    }
    fresh = next;
  }
  return Array.from(found.values());
}

function fileName(path: string): string {
  return path === "/" ? "home" : kindOf(path).slice(1).replaceAll("/", "-").replaceAll("*", "one");
}

/** Each page once a width and language, the theme alternating; gives everything that is wrong. */
export async function visitAll(visitor: Visitor, paths: string[]): Promise<string[]> {
  const wrong: string[] = [];
  let turn = 0;
  for (const lang of LANGS) {
    await visitor.speak(lang);
    for (const width of WIDTHS) {
      const theme: Theme = turn % 3 === 0 ? "dark" : "light";
      turn += 1;
      await visitor.look(width, theme);
      for (const path of paths) {
        wrong.push(...(await visitor.visit(path, lang)).map((fault) => `${width} px: ${fault}`));
        if (lang === "uz" || EVERY_PICTURE)
          await visitor.picture(`${fileName(path)}-${width}-${lang}-${theme}`);
      }
    }
  }
  await visitor.speak("uz");
  return wrong;
}

/** Each page once, on a phone. */
export async function visitOnce(visitor: Visitor, paths: string[]): Promise<string[]> {
  const wrong: string[] = [];
  await visitor.speak("uz");
  await visitor.look(360, "dark");
  for (const path of paths) wrong.push(...(await visitor.visit(path, "uz")));
  return wrong;
}
