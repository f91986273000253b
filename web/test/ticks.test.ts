import assert from "node:assert/strict";
import { test } from "node:test";
import { ticks } from "../src/pure/ticks";

test("the box over boxes is ticked only when there are some and all are", () => {
  assert.equal(ticks([]), "none");
  assert.equal(ticks([false, false]), "none");
  assert.equal(ticks([true, false]), "some");
  assert.equal(ticks([true, true]), "all");
});
