import assert from "node:assert/strict";
import test from "node:test";
import { lettersOn, spoken } from "../src/chat/colour";
import { newId } from "../src/chat/input";
import { Keep } from "../src/chat/keep";

test("letters can be read on every colour", () => {
  assert.equal(lettersOn("#1f6feb"), "#fff");
  assert.equal(lettersOn("#000000"), "#fff");
  assert.equal(lettersOn("#ffd400"), "#111");
  assert.equal(lettersOn("#ffffff"), "#111");
});

test("the chat speaks the first language of the page that it knows", () => {
  assert.equal(spoken([undefined, "", "de-DE", "ru-RU", "uz"]), "ru");
  assert.equal(spoken(["en_US"]), "uz");
  assert.equal(spoken(["EN-gb"]), "en");
  assert.equal(spoken(["uzs"]), "uz");
  assert.equal(spoken([null]), "uz");
});

test("an id is a UUID", () => {
  assert.match(newId(), /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});

test("on a page that forbids storage what is kept lasts as long as the page", () => {
  const keep = new Keep("k");
  assert.equal(keep.token, "");
  keep.token = "t";
  assert.equal(keep.token, "t");
  for (const text of ["bir", "ikki"]) keep.add({ client_id: text, kind: "text", text });
  assert.deepEqual(
    keep.unsent().map((input) => input.client_id),
    ["bir", "ikki"],
  );
  keep.done("bir");
  assert.deepEqual(
    keep.unsent().map((input) => input.client_id),
    ["ikki"],
  );
});
