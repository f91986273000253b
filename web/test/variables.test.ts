import assert from "node:assert/strict";
import { test } from "node:test";
import { begun, changed, undone } from "../src/pure/flow/history";
import { changesBetween, type Fields, fromTree, type Model, withChanges } from "../src/pure/flow/model";
import { isVariable, withVariable } from "../src/pure/flow/variables";

function of(fields: Fields, top: Fields = {}): Model {
  return fromTree({
    variables: { before: {}, name: { keep: true }, after: {} },
    ...top,
    flows: { a: { b: fields } },
  });
}

/** The model after `name` is called `guest`. */
function renamed(model: Model, to = "guest"): Model {
  const now = withVariable(model, "name", to);
  assert.ok(typeof now !== "string", String(now));
  return now;
}

/** What the step of these fields becomes. */
function check(fields: Fields, expected: Fields): void {
  assert.deepEqual(renamed(of(fields)).steps[0]?.fields, expected);
}

/** What the field of a step becomes. */
function said(field: string, was: string): unknown {
  return renamed(of({ [field]: was })).steps[0]?.fields[field];
}

test("in a text a variable is what begins a value, and words stay words", () => {
  for (const [was, is] of [
    ["Salom, {name}!", "Salom, {guest}!"],
    ["{ name }{name.first}{order.name}", "{ guest }{guest.first}{order.name}"],
    ["name {{name}} {surname} {name2}", "name {{name}} {surname} {name2}"],
    [
      "{name:cut 20} {state:word name} {n:plural name|names}",
      "{guest:cut 20} {state:word name} {n:plural name|names}",
    ],
    ["{if name}{name}{elif not name}-{else}?{end}", "{if guest}{guest}{elif not guest}-{else}?{end}"],
    ["{if a == 'x:y' and name}+{end}", "{if a == 'x:y' and guest}+{end}"],
    ['<a href="https://x.uz/?n={name}">{name}</a>', '<a href="https://x.uz/?n={guest}">{guest}</a>'],
    ["{for one in name}{one.name}{name}{end}", "{for one in guest}{one.name}{guest}{end}"],
    ["{for name in name}{name}{end} {name}", "{for name in guest}{name}{end} {guest}"],
    ["{name", "{name"],
  ] as const)
    assert.equal(said("text", was), is);
});

test("in an expression quotes and paths are none", () => {
  for (const [was, is] of [
    ["name", "guest"],
    ["not name and count(name) > 2", "not guest and count(guest) > 2"],
    ["order.name == name.order", "order.name == guest.order"],
    ["city == 'name' or name == \"name\"", "city == 'name' or guest == \"name\""],
    ["surname + name_2 - name*2", "surname + name_2 - guest*2"],
    ["(name)", "(guest)"],
    ["a == 'it is name", "a == 'it is name"],
  ] as const)
    assert.equal(said("when", was), is);
});

test("every field of a step that says it says the new name", () => {
  check(
    {
      kind: "list",
      text: "{name}",
      page: "name",
      pages: "name.pages",
      reload: "name",
      save: "name",
      picture: "{name.picture}",
    },
    {
      kind: "list",
      text: "{guest}",
      page: "guest",
      pages: "guest.pages",
      reload: "name",
      save: "guest",
      picture: "{guest.picture}",
    },
  );
  check(
    { kind: "location", typed: "name", placeholder: { uz: "{name}", ru: "{name}", en: "{name}" } },
    { kind: "location", typed: "guest", placeholder: { uz: "{guest}", ru: "{guest}", en: "{guest}" } },
  );
  check({ kind: "contact", typed: true, save: "other" }, { kind: "contact", typed: true, save: "other" });
  check(
    { kind: "set", set: { name: "{name + 1}", other: "name", page: 1 }, language: "{name}", go: "name" },
    { kind: "set", set: { guest: "{guest + 1}", other: "name", page: 1 }, language: "{guest}", go: "name" },
  );
  check(
    { kind: "choice", from: "name.all", label: "{item.name}: {name}", value: "{item.name}" },
    { kind: "choice", from: "guest.all", label: "{item.name}: {guest}", value: "{item.name}" },
  );
  check(
    { kind: "choice", options: [{ value: "name", text: "{name}", when: "name", go: "name" }] },
    { kind: "choice", options: [{ value: "name", text: "{guest}", when: "guest", go: "name" }] },
  );
  check(
    { kind: "condition", cases: [{ when: "name > 1", go: "name" }], otherwise: "name" },
    { kind: "condition", cases: [{ when: "guest > 1", go: "name" }], otherwise: "name" },
  );
});

test("arguments keep their names, which are the action's", () => {
  check(
    {
      kind: "action",
      call: "webhook",
      args: {
        name: "{name}",
        page: "name",
        body: { name: "{name}", when: "name", deep: { save: "{name.0}" } },
      },
      save: "name",
      on: { ok: { set: { name: "{result.name}" }, say: { all: "{name}" }, go: "name" }, failed: "name" },
    },
    {
      kind: "action",
      call: "webhook",
      args: {
        name: "{guest}",
        page: "name",
        body: { name: "{guest}", when: "name", deep: { save: "{guest.0}" } },
      },
      save: "guest",
      on: { ok: { set: { guest: "{result.name}" }, say: { all: "{guest}" }, go: "name" }, failed: "name" },
    },
  );
});

test("a button of a list says the item, and a variable of that name elsewhere", () => {
  const model = fromTree({
    variables: { item: {} },
    flows: {
      a: {
        b: {
          buttons: [
            { id: "a", each: "item", text: "{item.name}", set: { item: "{item}" }, go: "a" },
            { id: "b", beside: true, text: "{item}" },
            { id: "c", text: "{item}", url: "https://x.uz/{item}" },
            { id: "d", beside: true, text: "{item}", toast: { all: "{item}" } },
          ],
        },
      },
    },
  });
  const now = withVariable(model, "item", "thing");
  assert.ok(typeof now !== "string");
  assert.deepEqual(now.steps[0]?.fields.buttons, [
    { id: "a", each: "thing", text: "{item.name}", set: { thing: "{item}" }, go: "a" },
    { id: "b", beside: true, text: "{item}" },
    { id: "c", text: "{thing}", url: "https://x.uz/{thing}" },
    { id: "d", beside: true, text: "{thing}", toast: { all: "{thing}" } },
  ]);
});

test("what stands beside the flows says the new name, too", () => {
  const words = { all: "{name}" };
  const top = (name: string, said: Fields) => ({
    name: said,
    commands: { name: { go: "a.b", text: said, save: name } },
    on: { text: { save: name, set: { [name]: `{${name}}` }, go: "a.b" } },
    texts: { back: said, text_short: { all: "{min}" } },
    words: { name: { name: said } },
    small_talk: { name: { heard: ["{name}"], say: said } },
    notifications: { told: { args: ["name"], text: words }, asked: { args: ["number"], text: said } },
    start: "a.b",
  });
  const now = renamed(of({}, top("name", words)));
  const { variables, ...rest } = now.top;
  assert.deepEqual(rest, top("guest", { all: "{guest}" }));
  assert.deepEqual(Object.entries(variables as Fields), [
    ["before", {}],
    ["guest", { keep: true }],
    ["after", {}],
  ]);
});

test("a name that cannot be is refused with its reason", () => {
  const model = of({ on: { ok: { say: { all: "{result.number} {name}" }, go: "a" } } });
  assert.equal(withVariable(model, "name", "after"), "taken");
  assert.equal(
    withVariable(model, "name", "result"),
    "lent",
    "the answer of the action would be shown instead",
  );
  for (const name of ["", "Ism", "2x", "a b", "lang", "and", "for", "count"]) {
    assert.equal(withVariable(model, "name", name), "malformed", name);
    assert.ok(!isVariable(name), name);
  }
  const inside = of({ text: { all: "{for line in cart}{name}{end}" } });
  assert.equal(withVariable(inside, "name", "line"), "lent");
  assert.ok(typeof withVariable(inside, "name", "item") !== "string", "no list of buttons says it");
});

test("a renamed variable is one step back, and leaves its place in the file", () => {
  const model = of({ save: "name", text: { all: "{name}" } });
  const now = renamed(model);
  const changes = changesBetween(model, now);
  assert.deepEqual(changes[0], { path: ["variables", "name"], rename: "guest" });
  assert.deepEqual(
    changes.map((one) => one.path.join(".")),
    ["variables.name", "flows.a.b"],
  );
  const sent = withChanges(model, changes);
  assert.deepEqual([sent.top, sent.steps], [now.top, now.steps]);
  const more: Model = { ...now, top: { ...now.top, variables: { before: {}, guest: {}, after: {} } } };
  assert.deepEqual(
    changesBetween(model, more).map((one) => [one.path.join("."), one.rename]),
    [
      ["variables.name", "guest"],
      ["variables", undefined],
      ["flows.a.b", undefined],
    ],
  );
  assert.equal(undone(changed(begun(model), now, "", 0)).present, model);
  assert.deepEqual(changesBetween(now, model)[0], { path: ["variables", "guest"], rename: "name" });
});
