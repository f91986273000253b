// The form of one step: its name, its fields by their kind, the rarer ones folded, and calls of actions.
import { h, icon } from "../../parts/dom";
import { type Action, called, isName, renamed } from "../../pure/flow/changing";
import { type Field, kindOf, OUTCOME } from "../../pure/flow/kinds";
import { fieldsOf, isFields, type Step } from "../../pure/flow/model";
import {
  area,
  one as choice,
  date,
  field,
  flag,
  integer,
  line,
  said,
  several,
  some,
  target,
  texts,
  valueInput,
  variable,
} from "./inputs";
import { condition, entries, folded, items, values } from "./lists";
import { nameInput } from "./naming";
import { type Desk, OutcomeSpot, Spot } from "./spot";

/** Fields that a step of the kind cannot be without. */
const NEEDED: Record<string, readonly string[]> = {
  message: ["text", "go"],
  menu: ["text"],
  list: ["text", "page", "pages", "reload"],
  confirm: ["text", "yes", "no"],
  condition: ["cases", "otherwise"],
  set: ["go"],
  flow: ["flow", "go"],
  action: ["call", "args", "on"],
  handover: [],
  end: [],
};
const ANSWERED = ["text", "save", "go"];

export function form(desk: Desk, step: Step): HTMLElement {
  const spot = new Spot(desk, step.id, []);
  const kind = kindOf(step.fields);
  const { t } = desk;
  if (!kind) return h("p", { class: "flow-note" }, t("kind-unknown-note"));
  const needed = NEEDED[kind.name] ?? ANSWERED;
  const isPlain = ({ name, isFolded }: Field) =>
    !isFolded || needed.includes(name) || step.fields[name] !== undefined;
  const plain = kind.fields.filter(isPlain);
  const rest = kind.fields.filter((one) => !isPlain(one));
  const control = (one: Field) => draw(spot.in(one.name), one, needed.includes(one.name));
  return h(
    "div",
    { class: "flow-form" },
    h("p", { class: "flow-about" }, desk.word(`about-${said(step.fields.call)}`, t(`about-${kind.name}`))),
    nameField(desk, step),
    ...plain.map(control),
    rest.length > 0 ? folded(spot, "rest", t("more"), () => rest.map(control)) : null,
  );
}

/** The control of a field. */
export function draw(spot: Spot, { name, widget, words = [] }: Field, isNeeded: boolean): HTMLElement {
  const label = spot.desk.word(`field-${spot.step?.fields.kind}-${name}`, spot.desk.t(`field-${name}`));
  switch (widget) {
    case "texts":
      return texts(spot, label, isNeeded);
    case "target":
      return target(spot, label, !isNeeded);
    case "variable":
      return variable(spot, label, !isNeeded);
    case "condition":
      return condition(spot, label, isNeeded);
    case "value":
      return field(spot, label, valueInput(spot, label, isNeeded ? "" : undefined));
    case "line":
      return line(spot, label);
    case "integer":
      return integer(spot, label);
    case "flag":
      return flag(spot, label);
    case "one":
      return choice(spot, label, words);
    case "some":
      return some(spot, label, words);
    case "date":
      return date(spot, label);
    case "buttons":
    case "options":
    case "cases":
      return items(spot, label, widget, draw);
    case "values":
      return values(spot, label);
    case "flow":
      return flowField(spot, label);
    case "call":
      return call(spot, label);
    case "args":
      return args(spot);
    case "outcomes":
      return outcomes(spot, label);
  }
}

function nameField(desk: Desk, step: Step): HTMLElement {
  return nameInput(desk, "step-name", step.name, (name) => {
    const model = desk.model();
    if (!isName(name)) return "name-malformed";
    if (model.steps.some((other) => other.flow === step.flow && other.name === name)) return "name-taken";
    const live = model.steps.find((other) => other.id === step.id);
    if (live) desk.change(renamed(model, live, name), "", true);
    return null;
  });
}

function flowField(spot: Spot, label: string): HTMLElement {
  const flows = [...new Set(spot.desk.model().steps.map((step) => step.flow))];
  const present = said(spot.get());
  const known = flows.includes(present) || present === "" ? flows : [...flows, present];
  const select = h(
    "select",
    { class: "form-select", disabled: !spot.desk.isWritable },
    ...known.map((flow) => h("option", { value: flow, selected: flow === present }, flow)),
  );
  select.addEventListener("change", () => spot.set(select.value, true));
  return field(spot, label, select);
}

// ---------------------------------------------------------------- calls of actions

function call(spot: Spot, label: string): HTMLElement {
  const { desk } = spot;
  const present = said(spot.get());
  const option = (name: string) =>
    h("option", { value: name, selected: name === present }, desk.word(`action-${name}`, name));
  const select = h(
    "select",
    { class: "form-select", disabled: !desk.isWritable },
    ...desk.actions.map(({ name }) => option(name)),
  );
  if (!desk.actions.some(({ name }) => name === present)) select.append(option(present));
  select.addEventListener("change", () => {
    const step = spot.step;
    if (!step) return;
    const action = desk.actions.find(({ name }) => name === select.value);
    const [first] = Object.values(fieldsOf(step.fields.on));
    const next = typeof first === "string" ? first : said(fieldsOf(first).go ?? "home");
    const { args: _args, on: _on, call: _call, ...rest } = step.fields;
    new Spot(desk, step.id, []).set({ ...rest, ...called(action, next) }, true);
  });
  return field(spot, label, select);
}

function args(spot: Spot): HTMLElement {
  const { desk } = spot;
  const { t } = desk;
  const name = said(spot.step?.fields.call);
  const action = desk.actions.find((one) => one.name === name);
  const given = fieldsOf(spot.get());
  const known = new Set(action?.args.map((arg) => arg.name));
  const more = Object.keys(given)
    .filter((arg) => !known.has(arg))
    .map((arg): Action["args"][number] => ({ name: arg, needed: false }));
  const parts = [...(action?.args ?? []), ...more].map(({ name: arg, needed, words, many }) => {
    const one = spot.in(arg);
    const label = desk.word(`arg-${arg}`, arg);
    if (name === "tell_staff" && arg === "message") return message(spot, label);
    if (name === "webhook" && arg === "body") return entries(one, label);
    if (name === "tell_staff" && arg === "with") return entries(one, label, (names) => tellsOf(spot, names));
    if (isFields(given[arg])) return entries(one, label);
    if (words && many) return several(one, label, words, (word) => desk.word(`action-${word}`, word));
    if (words) return choice(one, label, words);
    if (arg === "instructions") return area(one, label);
    return field(
      one,
      needed ? label : `${label} (${t("optional")})`,
      valueInput(one, label, needed ? "" : undefined),
    );
  });
  return h(
    "fieldset",
    { class: "field flow-args", "data-path": spot.name },
    h("legend", { class: "visually-hidden" }, t("field-args")),
    ...parts,
  );
}

/** The notice takes what the step gives it. */
function tellsOf(args: Spot, names: string[]): void {
  const { desk } = args;
  const told = said(args.in("message").get());
  const { top } = desk.model();
  if (!isFields(fieldsOf(top.notifications)[told])) return;
  new Spot(desk, null, ["notifications", told, "args"]).set(names, true);
}

/** What the staff is told: one of the bot's notices, with its words. */
function message(spot: Spot, label: string): HTMLElement {
  const { desk } = spot;
  const told = said(spot.in("message").get());
  const notices = fieldsOf(desk.model().top.notifications);
  const names = [...new Set([told, ...Object.keys(notices)])].filter((name) => name !== "");
  const select = h(
    "select",
    { class: "form-select", disabled: !desk.isWritable },
    ...names.map((name) => h("option", { value: name, selected: name === told }, name)),
  );
  select.addEventListener("change", () => spot.in("message").set(select.value, true));
  const notice = new Spot(desk, null, ["notifications", told, "text"]);
  const given = Object.keys(fieldsOf(spot.in("with").get()));
  return h(
    "div",
    {},
    field(spot.in("message"), label, select),
    isFields(notices[told]) ? texts(notice, desk.t("notice-text"), true, given) : null,
  );
}

function outcomes(spot: Spot, label: string): HTMLElement {
  const { desk } = spot;
  const { t } = desk;
  const given = fieldsOf(spot.get());
  const action = desk.actions.find((one) => one.name === said(spot.step?.fields.call));
  const needed = action?.outcomes ?? [];
  const names = [...new Set([...needed, ...Object.keys(given), "failed"])];
  const parts = names.map((name) => {
    const one = new OutcomeSpot(desk, spot.id, spot.in(name).path);
    const own = fieldsOf(one.get());
    const isNeeded = needed.includes(name);
    const title = desk.word(`exit-outcome-${name}`, name);
    const fields = OUTCOME.filter((field) => field.name !== "go");
    return h(
      "div",
      { class: "flow-outcome", "data-path": spot.in(name).name },
      target(one.in("go"), title, !isNeeded),
      given[name] === undefined
        ? null
        : folded(one, `on ${name}`, Object.keys(own).length > 1 ? `${t("more")} ·` : t("more"), () =>
            fields.map((field) => draw(one.in(field.name), field, false)),
          ),
    );
  });
  return h(
    "fieldset",
    { class: "field flow-outcomes", "data-path": spot.name },
    h("legend", { class: "form-label" }, label),
    ...parts,
  );
}

/** What can be done to the step as a whole. */
export function stepTools(
  t: (key: string) => string,
  does: Record<"copy" | "remove" | "close", () => void>,
  isWritable: boolean,
): HTMLElement {
  const button = (name: string, key: "copy" | "remove" | "close") =>
    h(
      "button",
      {
        type: "button",
        class: "btn btn-ghost btn-icon",
        title: t(`step-${key}`),
        "aria-label": t(`step-${key}`),
        onclick: does[key],
      },
      icon(name),
    );
  return h(
    "div",
    { class: "flow-tools" },
    isWritable && button("clipboard", "copy"),
    isWritable && button("trash", "remove"),
    button("x-lg", "close"),
  );
}
