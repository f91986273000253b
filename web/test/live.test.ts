import assert from "node:assert/strict";
import { test } from "node:test";
import { concerns, eventOf, shared, together } from "../src/pure/live";

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

test("parts of one address are asked for once", () => {
  const parts = [
    { id: "rows", href: "/desk" },
    { id: "log", href: "/desk/7" },
    { id: "views", href: "/desk" },
  ];
  const places = shared(parts).map((same) => same.map((part) => part.id));
  assert.deepEqual(places, [["rows", "views"], ["log"]]);
});

test("what is no event has no name and is about nothing", () => {
  assert.deepEqual(eventOf('{"name":"stock.changed","subject":"a"}'), {
    name: "stock.changed",
    subject: "a",
  });
  const nothing = { name: "", subject: "" };
  for (const data of ["", "null", "[1]", '{"name":1}', "{"]) assert.deepEqual(eventOf(data), nothing);
});
