import assert from "node:assert/strict";
import { test } from "node:test";
import {
  divideRounded,
  fromUnits,
  groupDecimal,
  parseDecimal,
  regroupTyped,
  toUnits,
} from "../src/pure/decimal";

test("numbers are read in all the ways people type them", () => {
  const check = (typed: string, plain: string | null) => assert.equal(parseDecimal(typed, 2), plain, typed);
  check("", "");
  check("1250000", "1250000");
  check("1 250 000,5", "1250000.5");
  check("1\u00a0250\u202f000.50", "1250000.5");
  check("1,250,000.25", "1250000.25");
  check("1.250.000,25", "1250000.25");
  check("007", "7");
  check(",5", "0.5");
  check("5,", "5");
  check("-12,30", "-12.3");
});

test("what is no number, or too fine, is refused", () => {
  for (const typed of ["abc", "1-2", "--1", "1,234", "12 so'mcha", "1e5", ".", "-"]) {
    assert.equal(parseDecimal(typed, 2), null, typed);
  }
  assert.equal(parseDecimal("1,234", 3), "1.234");
});

test("thousands are grouped and the decimal part is left alone", () => {
  assert.equal(groupDecimal("1250000.5", ","), "1\u00a0250\u00a0000,5");
  assert.equal(groupDecimal("-999", "."), "-999");
});

test("the caret stays behind the digit that was typed", () => {
  assert.deepEqual(regroupTyped("1250", 4, ","), { text: "1\u00a0250", caret: 5 });
  assert.deepEqual(regroupTyped("12\u00a03456", 3, ","), { text: "123\u00a0456", caret: 2 });
  assert.deepEqual(regroupTyped("1000,", 5, ","), { text: "1\u00a0000,", caret: 6 });
  assert.deepEqual(regroupTyped("abc", 2, ","), { text: "abc", caret: 2 });
});

test("units and plain numbers are the same figure", () => {
  for (const [plain, units] of [
    ["0.05", 5n],
    ["-12.3", -1230n],
    ["1250000", 125000000n],
  ] as const) {
    assert.equal(toUnits(plain, 2), units);
    assert.equal(fromUnits(units, 2), plain);
  }
  assert.equal(toUnits("", 2), null);
});

test("halves are rounded away from zero", () => {
  assert.equal(divideRounded(5n, 2n), 3n);
  assert.equal(divideRounded(-5n, 2n), -3n);
  assert.equal(divideRounded(4n, 3n), 1n);
});
