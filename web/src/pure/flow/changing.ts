// What a person does to a blueprint: add, copy, connect, rename and take away steps. Pure.
import {
  type Fields,
  fieldsOf,
  type Json,
  type Model,
  newId,
  type Path,
  put,
  type Step,
  withStep,
} from "./model";
import { exitsOf, renamedEverywhere, targetOf } from "./targets";

/** An action that steps may call, as the server tells it. */
export interface Action {
  name: string;
  /** `words`: what it can be, where that is all; `many`: several of them, by commas. */
  args: ReadonlyArray<{ name: string; needed: boolean; words?: readonly string[]; many?: boolean }>;
  outcomes: readonly string[];
}

/** What the list of new steps offers: kinds, and the actions that everybody wants. */
export interface Wanted {
  kind: string;
  call?: string;
}

/** From which exit a new step is reached. */
export interface Origin {
  step: Step;
  path: Path;
}

const NAME = /^[a-z][a-z0-9_]{0,39}$/;

/** Whether a step or a variable may be called so. */
export function isName(name: string): boolean {
  return NAME.test(name) && !["back", "home", "again", "stay", "return", "lang", "today"].includes(name);
}

/** A name that nothing has yet: `text`, `text_2`, … */
export function freeName(wish: string, taken: (name: string) => boolean): string {
  const plain = isName(wish) ? wish : `${wish}_1`;
  for (let number = 1; ; number += 1) {
    const name = number === 1 ? plain : `${wish}_${number}`;
    if (isName(name) && !taken(name)) return name;
  }
}

/** A name as blueprints have it, from what somebody types. */
export function nameOf(typed: string): string {
  const plain = typed
    .trim()
    .toLowerCase()
    .replace(/[ʻʼ’'`]/g, "")
    .replace(/[^a-z0-9]+/g, "_")
    .replace(/^[^a-z]+|_+$/g, "")
    .slice(0, 40);
  return plain === "" || isName(plain) ? plain : freeName(plain, () => false);
}

function empty(): Fields {
  return { uz: "", ru: "", en: "" };
}

/** A new step, reached from `from` when that is given, and going on to where that went before. */
export function added(
  model: Model,
  flow: string,
  wanted: Wanted,
  from: Origin | null,
  actions: readonly Action[],
): { model: Model; step: Step } {
  const wish = wanted.call ?? wanted.kind;
  const name = freeName(wish, (name) => model.steps.some((step) => step.flow === flow && step.name === name));
  const before = from ? fieldOf(from) : undefined;
  const next = typeof before === "string" ? before : "home";
  let top = model.top;
  const variable = (wish: string) => {
    const name = freeName(wish, (name) => fieldsOf(top.variables)[name] !== undefined);
    top = fieldsOf(put(top, ["variables", name], {}));
    return name;
  };
  let fields: Fields;
  switch (wanted.kind) {
    case "message":
      fields = { kind: "message", text: empty(), go: next };
      break;
    case "menu":
      fields = { kind: "menu", text: empty(), buttons: [{ id: "b1", text: empty(), go: next }] };
      break;
    case "list":
      fields = { kind: "list", text: empty(), page: variable("page"), pages: "1", reload: name };
      break;
    case "choice":
      fields = {
        kind: "choice",
        text: empty(),
        save: variable(name),
        options: [{ value: "1", text: empty() }],
        go: next,
      };
      break;
    case "confirm":
      fields = { kind: "confirm", text: empty(), yes: next, no: "back" };
      break;
    case "media":
      fields = { kind: "media", text: empty(), save: variable(name), kinds: ["photo"], go: next };
      break;
    case "date":
      fields = { kind: "date", text: empty(), save: variable(name), min: "today", go: next };
      break;
    case "text":
    case "number":
    case "contact":
    case "location":
    case "any":
      fields = { kind: wanted.kind, text: empty(), save: variable(name), go: next };
      break;
    case "condition":
      fields = { kind: "condition", cases: [{ when: "", go: next }], otherwise: next };
      break;
    case "set":
      fields = { kind: "set", set: {}, go: next };
      break;
    case "flow":
      fields = { kind: "flow", flow: model.steps.find((step) => step.flow !== flow)?.flow ?? flow, go: next };
      break;
    case "handover":
    case "end":
      fields = { kind: wanted.kind, text: empty() };
      break;
    case "action": {
      const call = actions.find((action) => action.name === wanted.call) ?? actions[0];
      fields = { kind: "action", ...called(call, next) };
      if (call?.name === "tell_staff") {
        const told = freeName("told", (name) => fieldsOf(top.notifications)[name] !== undefined);
        top = fieldsOf(put(top, ["notifications", told], { args: [], text: empty() }));
        fields = fieldsOf(put(fields, ["args"], { message: told, with: {} }));
      }
      if (call?.name === "ask_assistant") {
        if (fieldsOf(top.variables).question === undefined) variable("question");
        const answer = { say: { all: "{result.text}" }, go: next };
        fields = fieldsOf(put(fields, ["args"], { question: "{question}" }));
        fields = fieldsOf(put({ ...fields, typing: true }, ["on", "ok"], answer));
      }
      break;
    }
    default:
      fields = { kind: wanted.kind };
  }
  const step: Step = { id: newId(), flow, name, fields };
  const grown = withStep({ ...model, top }, step);
  return { model: from ? connected(grown, from, step) : grown, step };
}

/** Actions that depend on other servers: what happens when these do not answer is worth a thought. */
const LONG = ["webhook", "ask_assistant"];

/** The fields of a call: its needed arguments, and all outcomes going on to the same step. */
export function called(action: Action | undefined, next: string): Fields {
  const args = (action?.args ?? []).filter((arg) => arg.needed).map((arg) => [arg.name, ""]);
  const outcomes = [
    ...(action?.outcomes ?? ["ok"]),
    ...(LONG.includes(action?.name ?? "") ? ["failed"] : []),
  ];
  return {
    call: action?.name ?? "",
    ...(args.length > 0 ? { args: Object.fromEntries(args) } : {}),
    on: Object.fromEntries(outcomes.map((outcome) => [outcome, next])),
  };
}

function fieldOf({ step, path }: Origin): Json | undefined {
  return exitsOf(step, "uz").find((exit) => exit.path.join(".") === path.join("."))?.target;
}

/** The exit leads to this step from now on. */
export function connected(model: Model, from: Origin, to: Step): Model {
  return withField(model, from.step.id, from.path, targetOf(to, from.step.flow));
}

export function withField(model: Model, id: number, path: Path, value: Json | undefined): Model {
  const steps = model.steps.map((step) =>
    step.id === id ? { ...step, fields: fieldsOf(put(step.fields, path, value)) } : step,
  );
  return { ...model, steps };
}

/** Without the step; whatever led to it leads nowhere, and is among the problems. */
export function removed(model: Model, step: Step): Model {
  const cut = renamedEverywhere(model, step, undefined);
  return { ...cut, steps: cut.steps.filter((other) => other.id !== step.id) };
}

export function copied(model: Model, step: Step): { model: Model; step: Step } {
  const base = step.name.replace(/_\d+$/, "");
  const taken = (name: string) =>
    model.steps.some((other) => other.flow === step.flow && other.name === name);
  const copy: Step = { ...step, id: newId(), name: freeName(base, taken) };
  return { model: withStep(model, copy), step: copy };
}

/** The step under another name, wherever it is named. */
export function renamed(model: Model, step: Step, name: string): Model {
  const now = { ...step, name };
  const moved = renamedEverywhere(model, step, now);
  return { ...moved, steps: moved.steps.map((other) => (other.id === step.id ? { ...other, name } : other)) };
}

/** Fields that name a variable, and those that are expressions. */
const NAMING = new Set(["save", "add", "page", "typed"]);
const EXPRESSIONS = new Set(["when", "each", "from", "pages"]);

/** Without a variable that was made by itself and that nothing says any more. */
export function withoutUnused(model: Model, name: string): Model {
  const { variables, ...rest } = model.top;
  const declared = fieldsOf(variables)[name];
  const isPlain = declared !== undefined && Object.keys(fieldsOf(declared)).length === 0;
  const inWords = new RegExp(`\\{[^}]*\\b${name}\\b`);
  const inExpression = new RegExp(`\\b${name}\\b`);
  const says = (value: Json | undefined, key: string): boolean => {
    if (typeof value === "string") {
      if (NAMING.has(key) && value === name) return true;
      return EXPRESSIONS.has(key) ? inExpression.test(value) : inWords.test(value);
    }
    if (Array.isArray(value)) return value.some((item) => says(item, key));
    return Object.entries(fieldsOf(value)).some(
      ([own, item]) => (key === "set" && own === name) || says(item, own),
    );
  };
  if (!isPlain || says(rest, "") || model.steps.some((step) => says(step.fields, ""))) return model;
  return { ...model, top: fieldsOf(put(model.top, ["variables", name], undefined)) };
}
