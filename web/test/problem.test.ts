import assert from "node:assert/strict";
import { test } from "node:test";
import { isProblemType, lineField, parseProblem } from "../src/pure/problem";

test("a problem gives its message and the errors of its fields", () => {
  const body = JSON.stringify({
    type: "about:blank",
    title: "Invalid",
    status: 422,
    code: "invalid",
    detail: "Check the fields.",
    errors: [{ field: "lines[1].quantity", message: "More than zero." }, { nonsense: 1 }],
  });
  assert.deepEqual(parseProblem(body, 422), {
    status: 422,
    code: "invalid",
    message: "Check the fields.",
    fields: [{ field: "lines[1].quantity", message: "More than zero." }],
  });
});

test("errors as an object are read too", () => {
  const problem = parseProblem('{"title":"Bad","errors":{"name":["Too long.","Too odd."],"n":3}}', 400);
  assert.deepEqual(problem?.fields, [{ field: "name", message: "Too long. Too odd." }]);
});

test("what is no problem is null, never an exception", () => {
  for (const body of ["", "<html>", "[]", "null", "{}", '{"title":""}']) {
    assert.equal(parseProblem(body, 500), null, body);
  }
  assert.equal(isProblemType("application/problem+json; charset=utf-8"), true);
  assert.equal(isProblemType("text/html"), false);
  assert.equal(isProblemType(null), false);
});

test("a line's field is told from the document's own", () => {
  assert.deepEqual(lineField("lines[2].price"), { line: 2, field: "price" });
  assert.deepEqual(lineField("lines.0.price"), { line: 0, field: "price" });
  assert.equal(lineField("customer"), null);
});
