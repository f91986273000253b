// Where steps lead: their exits, what a target's word means, and all places of a blueprint that name a step.
import {
  at,
  type Fields,
  fieldsOf,
  isFields,
  type Json,
  listOf,
  type Model,
  type Path,
  put,
  type Step,
} from "./model";

/** Targets that are no steps. */
export const WORDS = ["home", "back", "again", "stay", "return"] as const;

export interface Exit {
  /** Where the target stands in the step. */
  path: Path;
  /** The words of the person's own (a button), or a name of the editor's. */
  label: string;
  isOwn: boolean;
  target: string | undefined;
}

export type Speak = (value: Json | undefined) => string;

/** The words of a text in one language; in another where there are none. */
export function wordsOf(value: Json | undefined, lang: string): string {
  if (typeof value === "string") return value;
  const texts = fieldsOf(value);
  const found = [texts[lang], texts.all, texts.uz, texts.ru, texts.en].find(
    (text) => typeof text === "string" && text !== "",
  );
  return typeof found === "string" ? found : "";
}

/** Every way on from a step, in the order in which a person meets them. */
export function exitsOf(step: Step, lang: string): Exit[] {
  const { fields } = step;
  const kind = fields.kind;
  const exits: Exit[] = [];
  const add = (path: Path, label: string, isOwn = false) => {
    const found = at(fields, path);
    exits.push({ path, label, isOwn, target: typeof found === "string" ? found : undefined });
  };
  listOf(fields.buttons).forEach((button, index) => {
    const own = fieldsOf(button);
    if (own.url !== undefined || own.web_app !== undefined) return;
    add(["buttons", index, "go"], wordsOf(own.text, lang), true);
  });
  listOf(fields.options).forEach((option, index) => {
    const own = fieldsOf(option);
    if (own.go !== undefined) add(["options", index, "go"], wordsOf(own.text, lang), true);
  });
  listOf(fields.cases).forEach((one, index) => {
    const when = fieldsOf(one).when;
    add(["cases", index, "go"], typeof when === "string" ? when : "", true);
  });
  if (kind === "condition") add(["otherwise"], "otherwise");
  if (kind === "confirm") {
    add(["yes"], "yes");
    add(["no"], "no");
  }
  if (kind === "action") {
    for (const [outcome, value] of Object.entries(fieldsOf(fields.on))) {
      const path = isFields(value) ? ["on", outcome, "go"] : ["on", outcome];
      add(path, `outcome-${outcome}`);
    }
  }
  if (GOES_ON.has(String(kind))) add(["go"], "go");
  if (fields.skip !== undefined) add(["skip"], "skip");
  if (fields.reload !== undefined) add(["reload"], "reload");
  return exits;
}

/** Kinds with a `go` of their own. */
const GOES_ON = new Set([
  "message",
  "set",
  "flow",
  "choice",
  "text",
  "number",
  "contact",
  "location",
  "media",
  "date",
]);

/** Finds steps by what targets call them. */
export class Places {
  readonly #steps = new Map<string, Step>();
  readonly #flows = new Map<string, Step>();

  constructor(steps: readonly Step[]) {
    for (const step of steps) {
      this.#steps.set(`${step.flow}.${step.name}`, step);
      if (!this.#flows.has(step.flow)) this.#flows.set(step.flow, step);
    }
  }

  /** The step that a target in this flow means. */
  find(target: string | undefined, flow: string): Step | undefined {
    if (target === undefined || WORDS.some((word) => word === target)) return undefined;
    return this.#steps.get(`${flow}.${target}`) ?? this.#steps.get(target) ?? this.#flows.get(target);
  }
}

/** How a step is called from another flow or the same. */
export function targetOf(step: Step, flow: string): string {
  return step.flow === flow ? step.name : `${step.flow}.${step.name}`;
}

/** Where in a step other steps are named. */
function namedIn(step: Step): Path[] {
  const paths = exitsOf(step, "uz").map((exit) => exit.path);
  if (step.fields.kind === "flow") paths.push(["flow"]);
  return paths.filter((path) => typeof at(step.fields, path) === "string");
}

/** Where beside the steps some are named; there they are called with their flow. */
function namedInTop(top: Fields): Path[] {
  const paths: Path[] = [["start"], ["home"]];
  for (const table of ["commands", "on"])
    for (const name of Object.keys(fieldsOf(top[table]))) paths.push([table, name, "go"]);
  return paths.filter((path) => typeof at(top, path) === "string");
}

/** With every naming of `step` replaced by the name of what it is from now on, or taken away. */
export function renamedEverywhere(model: Model, step: Step, now: Step | undefined): Model {
  const places = new Places(model.steps);
  const isNamed = (value: Json | undefined, flow: string) =>
    typeof value === "string" && places.find(value, flow)?.id === step.id;
  let top = model.top;
  for (const path of namedInTop(top)) {
    const value = at(top, path);
    // A flow's name goes on meaning its first step.
    if (!isNamed(value, "") || !String(value).includes(".")) continue;
    top = fieldsOf(put(top, path, now ? targetOf(now, "") : undefined));
  }
  const steps = model.steps.map((other) => {
    let fields = other.fields;
    for (const path of namedIn(other)) {
      const value = at(fields, path);
      if (!isNamed(value, other.flow)) continue;
      if (value === step.flow && other.flow !== step.flow) continue;
      fields = fieldsOf(put(fields, path, now ? targetOf(now, other.flow) : undefined));
    }
    return fields === other.fields ? other : { ...other, fields };
  });
  return { top, steps };
}
