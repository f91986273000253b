// A blueprint as the visual editor holds it: steps in a list, everything else as the file has it. Nothing here is ever
// changed in place, so that an older state is kept by keeping it.

export type Json = null | boolean | number | string | Json[] | Fields;
export interface Fields {
  [name: string]: Json | undefined;
}

export interface Step {
  /** Stays the same when the step is renamed. */
  id: number;
  flow: string;
  name: string;
  fields: Fields;
}

export interface Model {
  /** What stands in the file beside its flows. */
  top: Fields;
  steps: readonly Step[];
}

/** A change of the file, as `PATCH /api/bots/{id}/draft` takes it. */
export interface Change {
  path: string[];
  rename?: string;
  before?: string;
  value?: Json;
}

export type Path = readonly (string | number)[];

export function isFields(value: Json | undefined): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function fieldsOf(value: Json | undefined): Fields {
  return isFields(value) ? value : {};
}

export function listOf(value: Json | undefined): Json[] {
  return Array.isArray(value) ? value : [];
}

export function placeOf(step: Step): string {
  return `${step.flow}.${step.name}`;
}

let lastId = 0;

export function newId(): number {
  lastId += 1;
  return lastId;
}

export function fromTree(tree: Fields): Model {
  const { flows, ...top } = tree;
  const steps = Object.entries(fieldsOf(flows)).flatMap(([flow, all]) =>
    Object.entries(fieldsOf(all)).map(([name, fields]) => ({
      id: newId(),
      flow,
      name,
      fields: fieldsOf(fields),
    })),
  );
  return { top, steps };
}

/** The value at the end of a path. */
export function at(value: Json | undefined, path: Path): Json | undefined {
  return path.reduce<Json | undefined>((found, key) => {
    if (typeof key === "number") return Array.isArray(found) ? found[key] : undefined;
    return isFields(found) ? found[key] : undefined;
  }, value);
}

/** The same with another value there; what is missing on the way is made, and `undefined` takes the field away. */
export function put(value: Json | undefined, path: Path, wanted: Json | undefined): Json {
  const [key, ...rest] = path;
  if (key === undefined) return wanted ?? null;
  if (typeof key === "number") {
    const items = [...listOf(value)];
    if (rest.length === 0 && wanted === undefined) items.splice(key, 1);
    else items[key] = put(items[key], rest, wanted);
    return items;
  }
  const fields: Fields = { ...fieldsOf(value) };
  if (rest.length === 0 && wanted === undefined) delete fields[key];
  else fields[key] = put(fields[key], rest, wanted);
  return fields;
}

/** The table with another name for one of its fields, in its place. */
export function renamedKey(table: Fields, name: string, to: string): Fields {
  return Object.fromEntries(
    Object.entries(table).map(([key, value]) => [key === name ? to : key, value]),
  ) as Fields;
}

export function same(a: Json | undefined, b: Json | undefined): boolean {
  if (a === b) return true;
  if (Array.isArray(a) && Array.isArray(b))
    return a.length === b.length && a.every((item, index) => same(item, b[index]));
  if (!isFields(a) || !isFields(b)) return false;
  const names = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...names].every((name) => same(a[name], b[name]));
}

/** The changes that lead from one state to another, in an order in which they can be made. */
export function changesBetween(was: Model, is: Model): Change[] {
  const changes: Change[] = [];
  const names = new Set([...Object.keys(was.top), ...Object.keys(is.top)]);
  const { known, renames } = renamedBetween(fieldsOf(was.top.variables), fieldsOf(is.top.variables));
  for (const [name, to] of renames) changes.push({ path: ["variables", name], rename: to });
  for (const name of names) {
    const before = name === "variables" && renames.length > 0 ? known : was.top[name];
    if (!same(before, is.top[name])) changes.push(change([name], is.top[name]));
  }
  const old = new Map(was.steps.map((step) => [step.id, step]));
  const present = new Map(is.steps.map((step) => [step.id, step]));
  const taken = new Set(was.steps.map(placeOf));
  const gone = (step: Step) => changes.push(change(["flows", step.flow, step.name], undefined));
  const isKept = new Map<number, boolean>();
  for (const step of was.steps) {
    const now = present.get(step.id);
    // A name that another step has until now cannot be taken by renaming.
    const stays =
      now !== undefined && now.flow === step.flow && (now.name === step.name || !taken.has(placeOf(now)));
    isKept.set(step.id, stays);
    if (!stays) gone(step);
  }
  for (const step of is.steps) {
    const before = old.get(step.id);
    if (before && isKept.get(step.id) && before.name !== step.name)
      changes.push({ path: ["flows", before.flow, before.name], rename: step.name });
  }
  is.steps.forEach((step, index) => {
    const before = old.get(step.id);
    const path = ["flows", step.flow, step.name];
    if (before && isKept.get(step.id)) {
      if (!same(before.fields, step.fields)) changes.push(change(path, step.fields));
      return;
    }
    const next = is.steps.slice(index + 1).find((other) => other.flow === step.flow && isKept.get(other.id));
    changes.push(next ? { ...change(path, step.fields), before: next.name } : change(path, step.fields));
  });
  return changes;
}

/** Names that others took the places of, and the old table under its new names. */
function renamedBetween(was: Fields, is: Fields): { known: Fields; renames: Array<[string, string]> } {
  const [old, present] = [Object.keys(was), Object.keys(is)];
  if (old.length !== present.length) return { known: was, renames: [] };
  const renames = old.flatMap((name, index): Array<[string, string]> => {
    const to = present[index];
    return to === undefined || name in is || to in was ? [] : [[name, to]];
  });
  return { known: renames.reduce((table, [name, to]) => renamedKey(table, name, to), was), renames };
}

function change(path: string[], value: Json | undefined): Change {
  return value === undefined ? { path } : { path, value };
}

/** The state after changes that were kept from another time. */
export function withChanges(model: Model, changes: readonly Change[]): Model {
  let now = model;
  for (const one of changes) now = withChange(now, one);
  return now;
}

function withChange(model: Model, one: Change): Model {
  const [head, flow, name] = one.path;
  if (head === undefined || (head === "flows" && name === undefined)) return model;
  if (head === "variables" && flow !== undefined && one.rename !== undefined) {
    const variables = renamedKey(fieldsOf(model.top.variables), flow, one.rename);
    return { ...model, top: { ...model.top, variables } };
  }
  if (head !== "flows" || flow === undefined || name === undefined)
    return { ...model, top: fieldsOf(put(model.top, one.path, one.value)) };
  const found = model.steps.find((step) => step.flow === flow && step.name === name);
  const instead = (part: Partial<Step>) => ({
    ...model,
    steps: model.steps.map((step) => (step === found ? { ...step, ...part } : step)),
  });
  if (one.rename !== undefined) return instead({ name: one.rename });
  if (one.value === undefined) return { ...model, steps: model.steps.filter((step) => step !== found) };
  const fields = fieldsOf(one.value);
  if (found) return instead({ fields });
  return withStep(model, { id: newId(), flow, name, fields }, one.before);
}

/** With a step more: before the one of this name in its flow, else behind the flow's last. */
export function withStep(model: Model, step: Step, before?: string): Model {
  const steps = [...model.steps];
  let index = steps.findIndex((other) => other.flow === step.flow && other.name === before);
  if (index < 0) index = steps.map((other) => other.flow).lastIndexOf(step.flow) + 1;
  if (index <= 0 && before === undefined) index = steps.length;
  steps.splice(index, 0, step);
  return { ...model, steps };
}
