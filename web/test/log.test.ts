import assert from "node:assert/strict";
import { test } from "node:test";
import {
  commandOf,
  type Entry,
  fromState,
  localId,
  withInput,
  withMessage,
  without,
  withStatus,
} from "../src/islands/simulator/log";
import type { Message } from "../src/islands/simulator/protocol";

const AT = "2026-11-20T09:00:00Z";
const message = (id: string, more: Partial<Message> = {}): Message => ({
  id,
  from: "bot",
  text: [{ text: id }],
  at: AT,
  ...more,
});
const ids = (entries: Entry[]) => entries.map((entry) => `${entry.message.id}:${entry.status}`);
const typed = withInput([], { kind: "text", text: "salom", client_id: "c1" }, "salom", AT);

test("an edited message takes the place of the old one", () => {
  const entries = withMessage(withMessage([], message("1")), message("2"));
  const edited = withMessage(entries, message("1", { edited: true }));
  assert.deepEqual(ids(edited), ["1:sent", "2:sent"]);
  assert.equal(edited[0]?.message.edited, true);
});

test("an input shows at once and becomes the server's message", () => {
  assert.deepEqual(ids(typed), ["local-c1:sending"]);
  const confirmed = withMessage(typed, message("7", { from: "contact", client_id: "c1" }));
  assert.deepEqual(ids(confirmed), ["7:sent"]);
});

test("a file shows by its name until it is there, and goes when it is refused", () => {
  const file = new File(["%PDF"], "narxlar.pdf");
  const input = { kind: "file", client_id: "c2", file, caption: "" } as const;
  const entries = withInput(typed, input, input.caption, AT);
  assert.deepEqual(entries[1]?.message.media, { kind: "sent", what: "document", name: "narxlar.pdf" });
  assert.deepEqual(entries[1]?.message.text, []);
  assert.deepEqual(ids(without(entries, localId("c2"))), ids(typed));
  const there = withMessage(entries, message("9", { from: "contact", client_id: "c2" }));
  assert.deepEqual(ids(there), ["local-c1:sending", "9:sent"]);
});

test("a confirmed input does not fail afterwards", () => {
  const confirmed = withMessage(typed, message("7", { client_id: "c1" }));
  assert.deepEqual(ids(withStatus(confirmed, "c1", "failed")), ["7:sent"]);
  assert.deepEqual(ids(withStatus(typed, "c1", "failed")), ["local-c1:failed"]);
});

test("a fresh state keeps what the network lost, and only that", () => {
  const failed = withStatus(typed, "c1", "failed");
  assert.deepEqual(ids(fromState([message("1")], failed)), ["1:sent", "local-c1:failed"]);
  assert.deepEqual(ids(fromState([message("1", { client_id: "c1" })], failed)), ["1:sent"]);
});

test("a deleted message goes", () => {
  assert.deepEqual(ids(without(withMessage([], message("1")), "1")), []);
});

test("commands are told from text", () => {
  assert.equal(commandOf("/start"), "start");
  assert.equal(commandOf(" /help "), "help");
  assert.equal(commandOf("/start now"), null);
  assert.equal(commandOf("start"), null);
});
