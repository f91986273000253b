import assert from "node:assert/strict";
import { test } from "node:test";
import { concerns, eventOf, together } from "../src/pure/live";

test("an event concerns a topic that is its name or its beginning", () => {
  for (const [topics, name, is] of [
    ["sales_order stock", "sales_order.placed", true],
    ["stock.changed", "stock.changed", true],
    ["stock", "stockings.sold", false],
    ["", "stock.changed", false],
    ["stock", "", false],
  ] as const) {
    assert.equal(concerns(topics, name), is, `${topics}: ${name}`);
  }
});

test("topics of several parts are asked for once", () => {
  assert.equal(together(["stock sales_order", " sales_order ", ""]), "sales_order,stock");
});

test("what is no event has no name and is about nothing", () => {
  assert.deepEqual(eventOf('{"name":"stock.changed","subject":"a"}'), {
    name: "stock.changed",
    subject: "a",
  });
  const nothing = { name: "", subject: "" };
  for (const data of ["", "null", "[1]", '{"name":1}', "{"]) assert.deepEqual(eventOf(data), nothing);
});
