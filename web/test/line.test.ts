import assert from "node:assert/strict";
import { test } from "node:test";
import { documentTotal, type Line, lineTotal } from "../src/pure/line";

const line = (priceTiyin: bigint, quantityThousandths: bigint, discountBp = 0n): Line => ({
  priceTiyin,
  quantityThousandths,
  discountBp,
});

test("a line is price by quantity, rounded once", () => {
  assert.equal(lineTotal(line(5_000_000n, 3_000n)), 15_000_000n);
  assert.equal(lineTotal(line(333n, 1_500n)), 500n);
});

test("a discount comes off the rounded sum", () => {
  assert.equal(lineTotal(line(10_000n, 1_000n, 1_250n)), 8_750n);
  assert.equal(lineTotal(line(10_000n, 1_000n, 10_000n)), 0n);
});

test("a document's total is the sum of its rounded lines", () => {
  assert.equal(documentTotal([line(333n, 1_500n), line(333n, 1_500n)]), 1_000n);
  assert.equal(documentTotal([]), 0n);
});
