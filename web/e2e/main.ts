// The pages in a real browser, against a real server: `npm run e2e` (web/README.md).
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Browser } from "playwright-core";
import { signUpInviteSwitch } from "./accounts";
import { applyAndDecide, isOfStudents } from "./admissions";
import { askTheBot } from "./answers";
import { deskAndBroadcast } from "./desk";
import { badImport, forbidden, keyboard, tryApi } from "./doings";
import { buildBooking, drawByHand, editOnAPhone, everyField, publish, tryBooking, twoAtOnce } from "./flow";
import { Mailbox } from "./mailbox";
import { reachable, visitAll, visitOnce } from "./pages";
import { type Server, startServer } from "./server";
import { browse, cancelInTheShop, drawPicture, meetTheBot, openSimulator, order, search } from "./story";
import { Telegram } from "./telegram";
import { workAtTheDesk } from "./tickets";
import { launch, Visitor } from "./visitor";
import { chatOnASite } from "./webchat";

const mailbox = new Mailbox();
const telegram = new Telegram();
let server: Server;
let browser: Browser;

before(async () => {
  await telegram.start();
  server = await startServer(await mailbox.start(), telegram.address);
  browser = await launch();
});

after(async () => {
  await browser?.close();
  await server?.stop();
  await mailbox.stop();
  telegram.stop();
});

/** Runs `what` as somebody of this role; anything that went wrong behind the page fails it, too. */
async function as(role: string, what: (visitor: Visitor) => Promise<void>): Promise<void> {
  const visitor = await Visitor.open(browser, server);
  try {
    await visitor.signIn(role);
    await visitor.speak("uz");
    await what(visitor);
    assert.deepEqual(visitor.wrong, []);
  } catch (error) {
    await visitor.picture(`failed-${role}`).catch(() => {});
    console.error(visitor.wrong.join("\n"), server.log());
    throw error;
  } finally {
    await visitor.close();
  }
}

test("somebody orders in the chat, the shop cancels, the chat is told", () =>
  as("Admin", async (visitor) => {
    const chat = await openSimulator(visitor);
    await meetTheBot(chat);
    await search(chat);
    await browse(chat);
    const placed = await order(chat);
    await cancelInTheShop(visitor, placed);
    await drawPicture(visitor, chat);
  }));

test("somebody builds a bot that books tables without a line of code, tries it as a draft, and publishes it", () =>
  as("Admin", async (visitor) => {
    const path = await buildBooking(visitor);
    await drawByHand(visitor, path);
    await twoAtOnce(visitor, path);
    await tryBooking(visitor, path);
    await editOnAPhone(visitor, path);
    await publish(visitor, path);
  }));

test("the visual editor has a control for every field of the format", () => as("Admin", everyField));

test("every page, on a phone and on a screen, in three languages, dark and light", () =>
  as("Admin", async (visitor) => {
    assert.deepEqual(await visitAll(visitor, await reachable(visitor)), []);
  }));

test("somebody applies in the chat, the staff decides, the chat is told", () =>
  as("University", applyAndDecide));

test("a university's pages with people in them, on a phone and on a screen, in three languages", () =>
  as("University", async (visitor) => {
    const paths = (await reachable(visitor)).filter(isOfStudents);
    assert.ok(paths.length > 10, paths.join(" "));
    assert.deepEqual(await visitAll(visitor, paths), []);
  }));

for (const role of ["Manager", "Cashier", "Warehouse", "User"]) {
  test(`every page that the menu shows to ${role}`, () =>
    as(role, async (visitor) => {
      assert.deepEqual(await visitOnce(visitor, await reachable(visitor)), []);
    }));
}

for (const width of [1280, 360] as const) {
  test(`somebody signs up, invites a colleague, who joins and switches workspaces, at ${width} px`, () =>
    signUpInviteSwitch(browser, server, mailbox, width));
}

for (const width of [1280, 360] as const) {
  test(`somebody orders in the chat on a site and the staff answers, at ${width} px`, () =>
    chatOnASite(browser, server, width));
}

for (const width of [1280, 360] as const) {
  test(`a bot is given knowledge and asked, without a language model and with one, at ${width} px`, () =>
    askTheBot(browser, server, width));
}

for (const width of [1280, 360] as const) {
  test(`a bot in Telegram is connected, answered for from the inbox, and sends a broadcast, at ${width} px`, () =>
    deskAndBroadcast(browser, server, telegram, width));
}

for (const width of [1280, 360] as const) {
  test(`an agent answers at the desk while a colleague looks on, at ${width} px`, () =>
    workAtTheDesk(browser, server, width));
}

test("pages for strangers are whole on a phone", async () => {
  const visitor = await Visitor.open(browser, server, 360);
  for (const path of ["/sign-in", "/sign-up", "/forgot-password"])
    assert.deepEqual(await visitor.visit(path, "uz"), []);
  await visitor.picture("sign-up-360");
  assert.deepEqual(visitor.wrong, []);
  await visitor.close();
});

test("a file with wrong columns is refused with words, and nothing is imported", () =>
  as("Admin", badImport));
test("the page of the API sends a call and shows its answer", () => as("Admin", tryApi));
test("the main things can be done without a mouse", () => as("Admin", keyboard));
test("a page that a role may not open says so", () => as("User", forbidden));
