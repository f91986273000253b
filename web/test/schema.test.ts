import assert from "node:assert/strict";
import { test } from "node:test";
import { address, byTag, type Document, example, operations } from "../src/islands/apidocs/schema";

const DOCUMENT: Document = {
  tags: [{ name: "sales" }, { name: "products" }],
  paths: {
    "/api/products/{id}": {
      parameters: [{ name: "id", in: "path", required: true }],
      get: { tags: ["products"], parameters: [{ name: "q", in: "query" }] },
    },
    "/api/sales-orders": { post: { tags: ["sales"] }, get: { tags: ["sales"] } },
  },
  components: {
    schemas: {
      Order: {
        type: "object",
        properties: {
          total: { type: "number" },
          lines: { type: "array", items: { $ref: "#/components/schemas/Line" } },
          note: { type: ["string", "null"] },
        },
      },
      Line: {
        type: "object",
        properties: {
          quantity: { type: "number", example: 2 },
          order: { $ref: "#/components/schemas/Order" },
        },
      },
    },
  },
};

test("operations stand in the order of the tags", () => {
  const list = operations(DOCUMENT);
  assert.deepEqual(
    list.map((one) => `${one.method} ${one.path}`),
    ["GET /api/sales-orders", "POST /api/sales-orders", "GET /api/products/{id}"],
  );
  assert.deepEqual([...byTag(list).keys()], ["sales", "products"]);
});

test("a path's shared parameters belong to each of its operations", () => {
  const get = operations(DOCUMENT)[2];
  assert.deepEqual(
    get?.parameters?.map((one) => one.name),
    ["id", "q"],
  );
});

test("an example follows references, and ends where a schema holds itself", () => {
  const order = example(DOCUMENT, { $ref: "#/components/schemas/Order" }) as Record<string, unknown>;
  assert.equal(order.total, 0);
  assert.equal(order.note, "");
  assert.equal((order.lines as Array<Record<string, unknown>>)[0]?.quantity, 2);
});

test("an address takes its values encoded, and waits for those of the path", () => {
  const get = operations(DOCUMENT)[2];
  assert.ok(get);
  assert.equal(address(get, new Map()), null);
  const values = new Map([
    ["path:id", "a/b"],
    ["query:q", "oʻyin & film"],
  ]);
  assert.equal(address(get, values), "/api/products/a%2Fb?q=o%CA%BByin+%26+film");
});
