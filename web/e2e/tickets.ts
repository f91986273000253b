// An agent's day at the support desk: a call becomes a ticket, is noted, answered, put aside and closed, while a colleague looks on.
import assert from "node:assert/strict";
import type { Browser } from "playwright-core";
import type { Server } from "./server";
import { Visitor, type Width } from "./visitor";

/** Writes it in the ticket that is open. */
async function write(visitor: Visitor, mode: "reply" | "note", words: string, then = false): Promise<void> {
  const { page } = visitor;
  const form = page.locator("#desk-composer");
  await form.locator(`input[value=${mode}]`).check();
  if (then) await form.locator("[name=then]").check();
  await form.locator("textarea").fill(words);
  await form.locator("button[type=submit]").click();
  await page.locator("#desk-log").filter({ hasText: words }).waitFor();
}

async function openTicket(visitor: Visitor, who: string, words: string): Promise<string> {
  const { page } = visitor;
  await page.goto("/desk/new");
  const field = page.locator("[name=contact_shown]");
  await field.pressSequentially(who);
  await page.locator("[role=option]").first().waitFor();
  await field.press("Enter");
  await page.selectOption("[name=category]", { index: 1 });
  await page.fill("[name=text]", words);
  await page.locator("main form button[type=submit]").last().click();
  await page.waitForURL(/\/desk\/\d+$/);
  return new URL(page.url()).pathname;
}

export async function workAtTheDesk(browser: Browser, server: Server, width: Width): Promise<void> {
  const [agent, colleague] = [
    await Visitor.open(browser, server, width),
    await Visitor.open(browser, server, width),
  ];
  await agent.signIn("Manager");
  await colleague.signIn("Admin");
  const { page } = agent;
  const words = `Buzuq keldi (${width})`;
  const path = await openTicket(agent, width === 1280 ? "малика" : "сардор", words);
  await page.locator("#desk-log").filter({ hasText: words }).waitFor();
  await agent.picture(`desk-new-${width}`);

  // The colleague has it open, too: both are told, and what is written comes by itself.
  await colleague.page.goto(path);
  await colleague.page.locator("#desk-present").filter({ hasText: "Jasur" }).waitFor();
  await write(agent, "note", `Omborni soʻradim (${width})`);
  await colleague.page
    .locator("#desk-log .is-note")
    .filter({ hasText: `Omborni soʻradim (${width})` })
    .waitFor();
  await write(agent, "reply", `Almashtirib beramiz (${width})`);

  // Who did not see that answer is not let answer beside it, and loses no word.
  colleague.expect(/status of 409/);
  const theirs = colleague.page.locator("#desk-composer textarea");
  await theirs.fill("Men ham javob beraman");
  await colleague.page.locator("#desk-composer button[type=submit]").click();
  await colleague.page.locator(".inbox-error").filter({ hasText: "Jasur" }).waitFor();
  assert.equal(await theirs.inputValue(), "Men ham javob beraman");
  await colleague.picture(`desk-meanwhile-${width}`);

  await page.locator('form[action$="/snooze?hours=1"] button').click();
  await page.locator('form[action$="/wake"] button').click();
  await page.locator('form[action$="/snooze?hours=1"] button').waitFor();
  await write(agent, "reply", `Rahmat, yopdik (${width})`, true);
  await page.locator('form[action$="/reopen"] button').waitFor();
  await agent.picture(`desk-closed-${width}`);
  if (width === 1280) {
    await page.goto("/desk?view=open");
    await agent.settled();
    await page.keyboard.press("j");
    await page.locator(".inbox-row.is-current").waitFor();
  }
  for (const visitor of [agent, colleague]) {
    assert.deepEqual(visitor.wrong, []);
    await visitor.close();
  }
}
