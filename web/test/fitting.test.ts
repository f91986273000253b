import assert from "node:assert/strict";
import { test } from "node:test";
import { fitting } from "../src/pure/fitting";

const all = [
  { shortcut: "manzil", text: "Toshkent, Chorsu" },
  { shortcut: "toʻlov", text: "Karta yoki naqd" },
  { shortcut: "ish-vaqti", text: "9:00–20:00, Toshkent vaqti" },
];

test("a slash offers all, letters those that begin so, then those that hold them", () => {
  const words = (typed: string) => fitting(all, typed).map((reply) => reply.shortcut);
  assert.deepEqual(words("/"), ["manzil", "toʻlov", "ish-vaqti"]);
  assert.deepEqual(words("/to"), ["toʻlov", "manzil", "ish-vaqti"]);
  assert.deepEqual(words("/TO'L"), ["toʻlov"]);
});

test("words that begin with no slash are an answer", () => {
  assert.deepEqual(fitting(all, "manzil"), []);
  assert.deepEqual(fitting(all, "/manzil\n"), []);
});
