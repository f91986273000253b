// People and workspaces: sign up, confirm by the letter, invite a colleague, who joins, makes a workspace of their own and
// switches between the two; a forgotten password.
import assert from "node:assert/strict";
import type { Browser } from "playwright-core";
import type { Mailbox } from "./mailbox";
import type { Server } from "./server";
import { Visitor, type Width } from "./visitor";

const PASSWORD = "togʻdagi bulbul";

async function send(visitor: Visitor): Promise<void> {
  await visitor.page.locator("main form button[type=submit]").first().click();
}

export async function signUpInviteSwitch(
  browser: Browser,
  server: Server,
  mailbox: Mailbox,
  width: Width,
): Promise<void> {
  const owner = await Visitor.open(browser, server, width);
  const colleague = await Visitor.open(browser, server, width);
  const [boss, guest] = [`egasi${width}@misol.uz`, `hamkasb${width}@misol.uz`];
  try {
    await owner.page.goto("/language/uz?back=/sign-up");
    await owner.page.fill('[name="workspace"]', `Choyxona ${width}`);
    await owner.page.fill('[name="name"]', "Nodira Saidova");
    await owner.page.fill('[name="email"]', boss);
    await owner.page.fill('[name="password"]', PASSWORD);
    await send(owner);
    await owner.page.getByText("Pochtangizni tekshiring").waitFor();
    await owner.picture(`accounts-posted-${width}`);
    await owner.page.goto(await mailbox.link(boss));
    await owner.picture(`accounts-confirm-${width}`);
    await send(owner);
    await owner.page.waitForURL((url) => url.pathname === "/");
    assert.match((await owner.page.locator("body").textContent()) ?? "", new RegExp(`Choyxona ${width}`));

    await owner.page.goto("/invitations/new");
    await owner.page.fill('[name="email"]', guest);
    await owner.page.selectOption('[name="role"]', { label: "Kassir" });
    await send(owner);
    await owner.page.waitForURL(/\/invitations$/);
    await owner.page.locator("main").getByText(guest).first().waitFor();
    await owner.picture(`accounts-invitations-${width}`);

    await colleague.page.goto("/language/uz?back=/sign-in");
    await colleague.page.goto(await mailbox.link(guest));
    await colleague.picture(`accounts-join-${width}`);
    await colleague.page.fill('[name="name"]', "Jasur Toʻrayev");
    await colleague.page.fill('[name="password"]', PASSWORD);
    await send(colleague);
    await colleague.page.waitForURL((url) => url.pathname === "/");

    await colleague.page.goto("/workspaces/new");
    await colleague.page.fill('[name="name"]', `Jasurniki ${width}`);
    await send(colleague);
    await colleague.page.waitForURL(/\/workspaces$/);
    await colleague.page.locator('main form[action$="/open"] button').first().click();
    await colleague.page.waitForURL((url) => url.pathname === "/");
    const open = async () => (await colleague.page.locator("body").textContent()) ?? "";
    assert.match(await open(), new RegExp(`Jasurniki ${width}`));
    await colleague.page.goto("/workspaces");
    await colleague.page.locator('main form[action$="/open"] button').first().click();
    await colleague.page.waitForURL((url) => url.pathname === "/");
    assert.match(await open(), new RegExp(`Choyxona ${width}`));

    const stranger = await Visitor.open(browser, server, width);
    await stranger.page.goto("/language/uz?back=/forgot-password");
    await stranger.page.fill('[name="login"]', guest);
    await send(stranger);
    await stranger.page.getByText("xat yoʻlga chiqdi").waitFor();
    await stranger.page.goto(await mailbox.link(guest, 2));
    await stranger.picture(`accounts-reset-${width}`);
    await stranger.page.fill('[name="password"]', "yangi parol 1");
    await send(stranger);
    await stranger.page.waitForURL(/\/sign-in$/);
    await stranger.page.fill('[name="login"]', guest);
    await stranger.page.fill('[name="password"]', "yangi parol 1");
    await stranger.page.press('[name="password"]', "Enter");
    await stranger.page.waitForURL((url) => url.pathname !== "/sign-in");
    assert.deepEqual([...owner.wrong, ...colleague.wrong, ...stranger.wrong], []);
    await stranger.close();
  } catch (error) {
    await owner.picture(`failed-accounts-owner-${width}`).catch(() => {});
    await colleague.picture(`failed-accounts-colleague-${width}`).catch(() => {});
    console.error(server.log());
    throw error;
  } finally {
    await owner.close();
    await colleague.close();
  }
}
