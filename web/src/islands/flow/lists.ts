// Controls of several values: buttons, options, cases, conditions, values of variables.
import { h, icon } from "../../parts/dom";
import { expressionOf, type Row, rowsOf, SIGNS, type Sign } from "../../pure/flow/condition";
import { BUTTON, CASE, type Field, OPTION } from "../../pure/flow/kinds";
import { type Fields, fieldsOf, isFields, type Json, listOf, put } from "../../pure/flow/model";
import { wordsOf } from "../../pure/flow/targets";
import { freshId, said, valueInput, variableSelect } from "./inputs";
import type { Spot } from "./spot";

export type Draw = (spot: Spot, field: Field, isNeeded: boolean) => HTMLElement;

const LISTS = {
  buttons: { fields: BUTTON, needed: ["text", "go"] },
  options: { fields: OPTION, needed: ["text", "value"] },
  cases: { fields: CASE, needed: ["when", "go"] },
} as const;

/** Signs as the names of messages have them. */
const SIGN_KEYS: Record<Sign, string> = {
  set: "set",
  unset: "unset",
  "==": "eq",
  "!=": "ne",
  "<": "lt",
  "<=": "le",
  ">": "gt",
  ">=": "ge",
};

/** A small button with an icon and a name. */
export function tool(name: string, label: string, onclick: () => void, isOff = false): HTMLButtonElement {
  return h(
    "button",
    {
      type: "button",
      class: "btn btn-ghost btn-icon",
      title: label,
      "aria-label": label,
      disabled: isOff,
      onclick,
    },
    icon(name),
  );
}

/** A part that folds, and stays as it was when the form is drawn anew. What is in it is made when it is opened first. */
export function folded(
  spot: Spot,
  key: string,
  title: string,
  body: () => Array<HTMLElement | false | null>,
): HTMLDetailsElement {
  const { open, unfolded } = spot.desk;
  const name = `${spot.id} ${key}`;
  const inside = h("div", { class: "flow-fold-body" });
  const details = h("details", { class: "flow-fold", open: open.has(name) }, h("summary", {}, title), inside);
  const make = () => {
    if (inside.childElementCount === 0)
      inside.append(...body().filter((part) => part instanceof HTMLElement));
  };
  if (open.has(name)) make();
  details.addEventListener("toggle", () => {
    if (!details.open) {
      open.delete(name);
      return;
    }
    open.add(name);
    if (inside.childElementCount > 0) return;
    make();
    unfolded();
  });
  return details;
}

/** Buttons, options or cases: each a part that folds. */
export function items(spot: Spot, label: string, kind: keyof typeof LISTS, draw: Draw): HTMLElement {
  const { desk } = spot;
  const { t, isWritable } = desk;
  const all = listOf(spot.get());
  const { fields, needed } = LISTS[kind];
  const parts = all.map((item, index) => {
    const one = spot.in(index);
    const own = fieldsOf(item);
    const words = kind === "cases" ? said(own.when) : wordsOf(own.text, desk.lang);
    const plain = fields.filter((field) => !field.isFolded || own[field.name] !== undefined);
    const rest = fields.filter((field) => !plain.includes(field));
    const isNeeded = (field: Field) =>
      (needed as readonly string[]).includes(field.name) &&
      !(field.name === "go" && (own.url ?? own.web_app));
    const move = (by: number) => {
      const moved = [...all];
      const [taken] = moved.splice(index, 1);
      moved.splice(index + by, 0, taken ?? null);
      spot.set(moved, true);
    };
    const tools = h(
      "div",
      { class: "flow-tools" },
      tool("chevron-up", t("move-up"), () => move(-1), index === 0),
      tool("chevron-down", t("move-down"), () => move(1), index === all.length - 1),
      tool("trash", t("remove"), () =>
        spot.set(
          all.filter((_, other) => other !== index),
          true,
        ),
      ),
    );
    const more = () =>
      folded(one, `${one.name} more`, t("more"), () =>
        rest.map((field) => draw(one.in(field.name), field, false)),
      );
    const part = folded(one, one.name, words === "" ? `${t(`one-${kind}`)} ${index + 1}` : words, () => [
      ...plain.map((field) => draw(one.in(field.name), field, isNeeded(field))),
      rest.length > 0 && more(),
      isWritable && tools,
    ]);
    part.dataset.path = one.name;
    return part;
  });
  const add = () => {
    desk.open.add(`${spot.id} ${spot.in(all.length).name}`);
    spot.set([...all, fresh(spot, kind, all)], true);
  };
  return h(
    "fieldset",
    { class: "field flow-list", "data-path": spot.name },
    h("legend", { class: "form-label" }, label),
    ...parts,
    isWritable &&
      h(
        "button",
        { type: "button", class: "btn btn-secondary btn-sm", onclick: add },
        icon("plus-lg"),
        t(`add-${kind}`),
      ),
  );
}

function fresh(spot: Spot, kind: keyof typeof LISTS, all: readonly Json[]): Fields {
  const empty = { uz: "", ru: "", en: "" };
  const step = fieldsOf(spot.step?.fields);
  const next = said(step.go ?? step.otherwise ?? "home");
  const isTaken = (key: string, value: string) => all.some((item) => said(fieldsOf(item)[key]) === value);
  let number = all.length + 1;
  const name = kind === "buttons" ? "b" : "";
  while (isTaken(kind === "buttons" ? "id" : "value", `${name}${number}`)) number += 1;
  if (kind === "buttons") return { id: `b${number}`, text: empty, go: next };
  if (kind === "options") return { value: String(number), text: empty };
  return { when: "", go: next };
}

/** A condition: rows of "variable, sign, value", or its text where rows cannot say it. */
export function condition(spot: Spot, label: string, isNeeded: boolean): HTMLElement {
  const { desk } = spot;
  const { t, isWritable } = desk;
  const text = said(spot.get());
  const byText = `${spot.id} ${spot.name} as text`;
  const rows = rowsOf(text);
  const set = (value: string, isOther: boolean) =>
    spot.set(value === "" && !isNeeded ? undefined : value, isOther);
  const legend = h("legend", { class: "form-label" }, label);
  const whole = (...children: Array<HTMLElement | false>) =>
    h("fieldset", { class: "field flow-condition", "data-path": spot.name }, legend, ...children);
  if (!rows || desk.open.has(byText)) {
    const input = h("input", {
      class: "form-control",
      value: text,
      "aria-label": label,
      readonly: !isWritable,
      oninput: () => set(input.value, false),
    });
    const back =
      rows &&
      isWritable &&
      switchTo(t("condition-rows"), () => {
        desk.open.delete(byText);
        set(text, true);
      });
    return whole(input, h("small", { class: "form-text" }, t("help-condition")), back || false);
  }
  const { joint } = rows;
  const shown: Row[] = rows.rows.length > 0 ? rows.rows : [{ variable: "", sign: "set", value: "" }];
  const keep = (changed: readonly Row[], isOther: boolean, by: "and" | "or" = joint) =>
    set(expressionOf({ joint: by, rows: [...changed] }), isOther);
  const lines = shown.map((row, index) => {
    const change = (part: Partial<Row>, isOther: boolean) =>
      keep(
        shown.map((one, other) => (other === index ? { ...one, ...part } : one)),
        isOther,
      );
    const holder = h("div", { class: "flow-with" });
    holder.append(
      variableSelect(
        desk,
        row.variable,
        false,
        freshId(),
        holder,
        (variable) => change({ variable }, true),
        t("variable"),
      ),
    );
    const sign = h(
      "select",
      { class: "form-select", "aria-label": t("sign"), disabled: !isWritable },
      ...SIGNS.map((one) =>
        h("option", { value: one, selected: one === row.sign }, t(`sign-${SIGN_KEYS[one]}`)),
      ),
    );
    sign.addEventListener("change", () => change({ sign: sign.value as Sign }, true));
    const hasValue = row.sign !== "set" && row.sign !== "unset";
    const value =
      hasValue &&
      h("input", {
        class: "form-control",
        value: row.value,
        "aria-label": t("value"),
        readonly: !isWritable,
      });
    if (value) value.addEventListener("input", () => change({ value: value.value }, false));
    const remove =
      isWritable &&
      shown.length > 1 &&
      tool("trash", t("remove"), () =>
        keep(
          shown.filter((_, other) => other !== index),
          true,
        ),
      );
    return h("div", { class: "flow-row" }, holder, sign, value, remove);
  });
  const by = h(
    "select",
    { class: "form-select form-select-sm", "aria-label": t("joint"), disabled: !isWritable },
    h("option", { value: "and", selected: joint === "and" }, t("joint-and")),
    h("option", { value: "or", selected: joint === "or" }, t("joint-or")),
  );
  by.addEventListener("change", () => keep(shown, true, by.value === "or" ? "or" : "and"));
  const add = () => {
    const [first] = Object.keys(fieldsOf(desk.model().top.variables));
    keep([...shown, { variable: first ?? "", sign: "set", value: "" }], true);
  };
  const tools = h(
    "div",
    { class: "flow-text-tools" },
    h(
      "button",
      { type: "button", class: "btn btn-secondary btn-sm", onclick: add },
      icon("plus-lg"),
      t("add-condition"),
    ),
    shown.length > 1 && by,
    switchTo(t("condition-text"), () => {
      desk.open.add(byText);
      set(text, true);
    }),
  );
  return whole(...lines, isWritable && tools);
}

function switchTo(label: string, onclick: () => void): HTMLElement {
  return h("button", { type: "button", class: "btn btn-link btn-sm", onclick }, label);
}

/** What variables get: a row for each. */
export function values(spot: Spot, label: string): HTMLElement {
  const { desk } = spot;
  const { t, isWritable } = desk;
  const table = fieldsOf(spot.get());
  const rows = Object.keys(table).map((name) => {
    const holder = h("div", { class: "flow-with" });
    const rename = (to: string) => {
      const entries = Object.entries(table).map(([key, value]) => [key === name ? to : key, value] as const);
      spot.set(Object.fromEntries(entries) as Fields, true);
    };
    holder.append(variableSelect(desk, name, false, freshId(), holder, rename, t("variable")));
    return h(
      "div",
      { class: "flow-row", "data-path": spot.in(name).name },
      holder,
      h("span", { "aria-hidden": "true" }, "="),
      valueInput(spot.in(name), `${t("value")}: ${name}`),
      isWritable && tool("trash", t("remove"), () => spot.in(name).set(undefined, true)),
    );
  });
  const add = h("div", { class: "flow-with" });
  if (isWritable)
    add.append(
      variableSelect(
        desk,
        "",
        true,
        freshId(),
        add,
        (name) => name !== "" && spot.in(name).set("", true),
        t("values-add"),
      ),
    );
  return h(
    "fieldset",
    { class: "field flow-values", "data-path": spot.name },
    h("legend", { class: "form-label" }, label),
    ...rows,
    isWritable && h("div", { class: "flow-add" }, h("small", {}, t("values-add")), add),
  );
}

/** A table of an action's argument: names of the other side's, and values. */
export function entries(spot: Spot, label: string, changed?: (names: string[]) => void): HTMLElement {
  const { desk } = spot;
  const { t, isWritable } = desk;
  const table = fieldsOf(spot.get());
  const keep = (next: Fields, isOther: boolean) => {
    spot.set(Object.keys(next).length === 0 ? undefined : next, isOther);
    changed?.(Object.keys(next));
  };
  const rows = Object.entries(table).map(([name, value]) => {
    const key = h("input", {
      class: "form-control",
      value: name,
      "aria-label": t("entry-name"),
      readonly: !isWritable,
    });
    key.addEventListener("change", () => {
      const to = key.value.trim();
      if (to !== "")
        keep(
          Object.fromEntries(
            Object.entries(table).map(([other, one]) => [other === name ? to : other, one]),
          ) as Fields,
          true,
        );
    });
    const control = isFields(value)
      ? h("code", {}, JSON.stringify(value))
      : valueInput(spot.in(name), `${t("value")}: ${name}`);
    return h(
      "div",
      { class: "flow-row", "data-path": spot.in(name).name },
      key,
      h("span", { "aria-hidden": "true" }, "="),
      control,
      isWritable && tool("trash", t("remove"), () => keep(fieldsOf(put(table, [name], undefined)), true)),
    );
  });
  const names = Object.keys(fieldsOf(desk.model().top.variables)).filter((name) => table[name] === undefined);
  const add = h(
    "select",
    { class: "form-select form-select-sm", "aria-label": `${t("entries-add")}: ${label}` },
    h("option", { value: "" }, t("entries-add")),
    h("option", { value: "*" }, t("entries-all")),
    ...names.map((name) => h("option", { value: name }, name)),
    h("option", { value: "+" }, t("entries-other")),
  );
  add.addEventListener("change", () => {
    const added = add.value === "*" ? names : add.value === "+" ? [] : [add.value];
    const next: Fields = { ...table };
    for (const name of added) next[name] = `{${name}}`;
    if (add.value === "+") next[`field_${Object.keys(table).length + 1}`] = "";
    keep(next, true);
  });
  return h(
    "fieldset",
    { class: "field flow-values", "data-path": spot.name },
    h("legend", { class: "form-label" }, label),
    ...rows,
    isWritable && add,
  );
}
