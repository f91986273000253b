import assert from "node:assert/strict";
import { test } from "node:test";
import {
  added,
  connected,
  copied,
  freeName,
  isName,
  nameOf,
  removed,
  renamed,
  withoutUnused,
} from "../src/pure/flow/changing";
import { expressionOf, rowsOf } from "../src/pure/flow/condition";
import { begun, changed, redone, undone } from "../src/pure/flow/history";
import { BOX_WIDTH, layout } from "../src/pure/flow/layout";
import {
  changesBetween,
  type Fields,
  fromTree,
  type Model,
  placeOf,
  put,
  type Step,
  withChanges,
} from "../src/pure/flow/model";
import { exitsOf, Places } from "../src/pure/flow/targets";

const TREE: Fields = {
  start: "main.hello",
  home: "main.menu",
  variables: { name: {} },
  commands: { start: { go: "main.hello", text: { all: "A" } } },
  flows: {
    main: {
      hello: { kind: "message", text: { uz: "Salom", ru: "Привет", en: "Hi" }, go: "menu" },
      menu: { kind: "menu", text: { all: "?" }, buttons: [{ id: "a", text: { all: "A" }, go: "book.day" }] },
    },
    book: {
      day: { kind: "date", text: { all: "?" }, save: "name", go: "send" },
      send: {
        kind: "action",
        call: "webhook",
        args: { url: "" },
        on: { ok: "main.hello", failed: { go: "day" } },
      },
    },
  },
};
const ACTIONS = [
  { name: "webhook", args: [{ name: "url", needed: true }], outcomes: ["ok"] },
  { name: "tell_staff", args: [{ name: "message", needed: true }], outcomes: ["ok", "nobody"] },
];

function step(model: Model, place: string): Step {
  const found = model.steps.find((step) => placeOf(step) === place);
  assert.ok(found, place);
  return found;
}

/** What the server makes of changes. */
function applied(tree: Fields, changes: ReturnType<typeof changesBetween>): unknown {
  return shape(withChanges(fromTree(tree), changes));
}

function shape(model: Model): unknown {
  return [model.top, model.steps.map((step) => [step.flow, step.name, step.fields])];
}

test("no change is none, and each change says its own place only", () => {
  const model = fromTree(TREE);
  assert.deepEqual(changesBetween(model, model), []);
  const other = { ...model, top: put(model.top, ["start"], "main.menu") as Fields };
  assert.deepEqual(changesBetween(model, other), [{ path: ["start"], value: "main.menu" }]);
  const { model: more, step: made } = added(model, "book", { kind: "text" }, null, ACTIONS);
  const changes = changesBetween(model, more);
  assert.deepEqual(
    changes.map((one) => one.path.join(".")),
    ["variables", "flows.book.text"],
  );
  assert.equal(made.fields.save, "text");
});

test("a step taken away and brought back stands before its old neighbour", () => {
  const model = fromTree(TREE);
  const cut = removed(model, step(model, "main.hello"));
  assert.equal(cut.top.start, undefined, "nothing leads to what is not there");
  assert.equal((step(cut, "book.send").fields.on as Fields).ok, undefined);
  const back = changesBetween(cut, model);
  const brought = back.find((one) => one.path.join(".") === "flows.main.hello");
  assert.equal(brought?.before, "menu");
  assert.deepEqual(applied(TREE, [...changesBetween(model, cut), ...back]), shape(model));
});

test("a renamed step is renamed wherever it is named", () => {
  const model = fromTree(TREE);
  const now = renamed(model, step(model, "main.hello"), "welcome");
  assert.equal(now.top.start, "main.welcome");
  assert.deepEqual((now.top.commands as Fields).start, { go: "main.welcome", text: { all: "A" } });
  assert.deepEqual(step(now, "book.send").fields.on, { ok: "main.welcome", failed: { go: "day" } });
  const changes = changesBetween(model, now);
  assert.ok(changes.some((one) => one.rename === "welcome" && one.path.join(".") === "flows.main.hello"));
  assert.deepEqual(applied(TREE, changes), shape(now));
});

test("two steps that change names are still both there", () => {
  const model = fromTree(TREE);
  const [a, b] = [step(model, "book.day"), step(model, "book.send")];
  const steps = model.steps.map((one) =>
    one === a ? { ...one, name: "send" } : one === b ? { ...one, name: "day" } : one,
  );
  const now = { ...model, steps };
  const made = withChanges(model, changesBetween(model, now));
  assert.deepEqual(made.steps.map(placeOf).sort(), now.steps.map(placeOf).sort());
});

test("a step put behind an exit goes on where that went", () => {
  const model = fromTree(TREE);
  const from = { step: step(model, "main.menu"), path: ["buttons", 0, "go"] };
  const { model: now, step: made } = added(model, "main", { kind: "message" }, from, ACTIONS);
  assert.equal(made.fields.go, "book.day");
  assert.deepEqual(step(now, "main.menu").fields.buttons, [{ id: "a", text: { all: "A" }, go: "message" }]);
  const told = added(now, "book", { kind: "action", call: "tell_staff" }, null, ACTIONS);
  assert.deepEqual(told.step.fields.args, { message: "told", with: {} });
  assert.deepEqual((told.model.top.notifications as Fields).told, {
    args: [],
    text: { uz: "", ru: "", en: "" },
  });
  const again = connected(told.model, { step: made, path: ["go"] }, told.step);
  assert.equal(step(again, "main.message").fields.go, "book.tell_staff");
});

test("a variable that was made with a step goes when nothing knows it", () => {
  const model = added(fromTree(TREE), "book", { kind: "text" }, null, ACTIONS).model;
  assert.equal(withoutUnused(model, "text"), model, "the step keeps its answer there");
  const saved = (save: string) =>
    model.steps.map((one) => (one.name === "text" ? { ...one, fields: { ...one.fields, save } } : one));
  const now = withoutUnused({ ...model, steps: saved("name") }, "text");
  assert.deepEqual(now.top.variables, { name: {} });
  const said = {
    ...model,
    steps: saved("name").map((one) => ({
      ...one,
      fields: { ...one.fields, text: { all: "Bu {text:cut 5}" } },
    })),
  };
  assert.equal(withoutUnused(said, "text"), said, "a text says it");
});

test("a copy has a name of its own", () => {
  const model = fromTree(TREE);
  const once = copied(model, step(model, "book.day"));
  assert.equal(once.step.name, "day_2");
  assert.equal(copied(once.model, once.step).step.name, "day_3");
  for (const [typed, name] of [
    [" Mehmonlar soni ", "mehmonlar_soni"],
    ["Toʻlov", "tolov"],
    ["2-kun", "kun"],
    ["home", "home_1"],
    ["Имя", ""],
  ] as const)
    assert.equal(nameOf(typed), name);
  assert.ok(!isName("home") && !isName("Ism") && isName("ism_2"));
  assert.equal(
    freeName("home", () => false),
    "home_1",
  );
});

test("every way on from a step is found, and where it leads", () => {
  const model = fromTree(TREE);
  const exits = exitsOf(step(model, "book.send"), "uz");
  assert.deepEqual(
    exits.map((exit) => [exit.path.join("."), exit.target]),
    [
      ["on.ok", "main.hello"],
      ["on.failed.go", "day"],
    ],
  );
  const places = new Places(model.steps);
  assert.equal(places.find("book", "main")?.name, "day", "a flow is its first step");
  assert.equal(places.find("day", "book")?.name, "day");
  assert.equal(places.find("home", "main"), undefined);
});

test("conditions go there and back as rows, and stay text where rows cannot say them", () => {
  for (const text of [
    "",
    "name",
    "not name",
    "guests > 6",
    "guests >= -1 and not name",
    "city == 'Toshkent and more' or lang != 'uz'",
    "a.b.0 == true",
  ]) {
    const rows = rowsOf(text);
    assert.ok(rows, text);
    assert.equal(expressionOf(rows), text);
  }
  for (const text of ["a and b or c", "(a)", "count(cart) > 2", "a == '5'", "a + 1 > b", "a == b"])
    assert.equal(rowsOf(text), null, text);
});

test("typing into one place is one step back", () => {
  let history = begun("a");
  history = changed(history, "ab", "text", 1000);
  history = changed(history, "abc", "text", 1200);
  history = changed(history, "abc!", "", 1300);
  assert.equal(undone(history).present, "abc");
  assert.equal(undone(undone(history)).present, "a");
  assert.equal(redone(undone(undone(history))).present, "abc");
  assert.equal(undone(undone(undone(history))).present, "a");
});

test("three hundred steps are laid out quickly, without one over another", () => {
  const boxes = Array.from({ length: 300 }, (_, id) => ({
    id,
    height: 90 + (id % 5) * 26,
    to: [id + 1, (id * 7) % 300, Math.max(0, id - 3)],
  }));
  layout(boxes);
  const before = performance.now();
  const { places } = layout(boxes);
  assert.ok(performance.now() - before < 100, "a layout takes milliseconds");
  const all = boxes.map((box) => ({ ...places.get(box.id), height: box.height }));
  for (const [index, a] of all.entries())
    for (const b of all.slice(index + 1)) {
      const isApart =
        Math.abs((a.x ?? 0) - (b.x ?? 0)) >= BOX_WIDTH ||
        (a.y ?? 0) + a.height <= (b.y ?? 0) ||
        (b.y ?? 0) + b.height <= (a.y ?? 0);
      assert.ok(isApart);
    }
});
