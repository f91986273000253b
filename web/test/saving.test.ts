import assert from "node:assert/strict";
import { test } from "node:test";
import { begun, maySend, sent, settled, told, typed } from "../src/pure/saving";

test("what is typed is sent once and is saved", () => {
  let saving = typed(begun(3));
  assert.equal(saving.standing, "unsaved");
  assert.ok(maySend(saving));
  saving = sent(saving, "a");
  assert.ok(!maySend(saving), "one save at a time");
  saving = told(saving, { kind: "saved", revision: 4 }, "a");
  assert.deepEqual([saving.standing, saving.revision], ["saved", 4]);
  assert.ok(!maySend(saving));
});

test("what is typed during a save is saved after it", () => {
  let saving = sent(typed(begun(3)), "a");
  saving = typed(saving);
  saving = told(saving, { kind: "saved", revision: 4 }, "ab");
  assert.equal(saving.standing, "unsaved");
  assert.ok(maySend(saving));
});

test("a lost network and a refusal leave the text to be sent again", () => {
  for (const outcome of [{ kind: "offline" } as const, { kind: "refused", reason: "no" } as const]) {
    const saving = told(sent(typed(begun(3)), "a"), outcome, "a");
    assert.equal(saving.standing, outcome.kind);
    assert.ok(maySend(saving));
    assert.equal(saving.revision, 3);
  }
});

test("a conflict waits for whoever chooses", () => {
  let saving = told(sent(typed(begun(3)), "a"), { kind: "conflict", reason: "hers" }, "a");
  saving = typed(saving);
  assert.equal(saving.standing, "conflict");
  assert.ok(!maySend(saving));
  assert.ok(maySend(settled(saving, 9, true)));
  assert.deepEqual([settled(saving, 9, false).standing, settled(saving, 9, false).revision], ["saved", 9]);
});
