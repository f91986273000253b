// A place of the blueprint that a control of a form shows and changes, and what forms ask of the editor.
import type { Action, Origin } from "../../pure/flow/changing";
import { at, fieldsOf, type Json, type Model, type Path, put, type Step } from "../../pure/flow/model";

export interface Desk {
  t: (key: string) => string;
  /** The text of a key, or `own` where there is none. */
  word(key: string, own: string): string;
  /** The language of the page: in it steps are named. */
  lang: string;
  isWritable: boolean;
  actions: readonly Action[];
  model(): Model;
  /** Another state; changes of the same `what` in a row are one step back. With `isOther` the form is drawn anew. */
  change(model: Model, what: string, isOther?: boolean): void;
  /** Asks what kind of step, and puts it behind this exit. */
  addBehind(origin: Origin): void;
  go(step: Step): void;
  /** Which folded parts are open, over redrawing. */
  open: Set<string>;
  /** A part of the form was made: faults are shown in it, too. */
  unfolded(): void;
  /** The names of the engine's own phrases. */
  phrases(): Promise<string[]>;
}

export class Spot {
  constructor(
    readonly desk: Desk,
    /** The step it is in; `null` in the settings. */
    readonly id: number | null,
    readonly path: Path,
  ) {}

  get step(): Step | undefined {
    return this.desk.model().steps.find((step) => step.id === this.id);
  }

  /** The flow from which targets are called; none in the settings. */
  get flow(): string {
    return this.step?.flow ?? "";
  }

  /** Where the value stands in the step. */
  get place(): Path {
    return this.path;
  }

  /** As faults and ids name it. */
  get name(): string {
    return this.path.join(".");
  }

  /** Changes of it in a row are one step back. */
  get what(): string {
    return `${this.id} ${this.name}`;
  }

  /** The field's own name. */
  get key(): string {
    return this.name.split(".").at(-1) ?? "";
  }

  get(): Json | undefined {
    return at(this.id === null ? this.desk.model().top : this.step?.fields, this.path);
  }

  set(value: Json | undefined, isOther = false): void {
    const model = this.desk.model();
    const { what } = this;
    if (this.id === null) {
      this.desk.change({ ...model, top: fieldsOf(put(model.top, this.path, value)) }, what, isOther);
      return;
    }
    const steps = model.steps.map((step) =>
      step.id === this.id ? { ...step, fields: fieldsOf(put(step.fields, this.path, value)) } : step,
    );
    this.desk.change({ ...model, steps }, what, isOther);
  }

  in(...keys: Path): Spot {
    return new Spot(this.desk, this.id, [...this.path, ...keys]);
  }
}

/** An outcome of an action, which is a target by itself or a table with one, always seen as the table. */
export class OutcomeSpot extends Spot {
  readonly #inner: Path;

  constructor(desk: Desk, id: number | null, path: Path, inner: Path = []) {
    super(desk, id, path);
    this.#inner = inner;
  }

  override get name(): string {
    return [...this.path, ...this.#inner].join(".");
  }

  override get place(): Path {
    const isTable = typeof super.get() === "object";
    return !isTable && this.#inner.join() === "go" ? this.path : [...this.path, ...this.#inner];
  }

  #table(): Json | undefined {
    const value = super.get();
    return typeof value === "string" ? { go: value } : value;
  }

  override get(): Json | undefined {
    return at(this.#table(), this.#inner);
  }

  override set(value: Json | undefined, isOther = false): void {
    const table = fieldsOf(put(this.#table(), this.#inner, value));
    const names = Object.keys(table);
    super.set(names.length === 0 ? undefined : names.join() === "go" ? table.go : table, isOther);
  }

  override in(...keys: Path): Spot {
    return new OutcomeSpot(this.desk, this.id, this.path, [...this.#inner, ...keys]);
  }
}
