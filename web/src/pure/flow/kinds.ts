// The kinds of steps and their fields, for the forms. A test holds this against the blueprint's JSON Schema.
import type { Fields } from "./model";

export type Widget =
  | "texts"
  | "target"
  | "flow"
  | "variable"
  | "condition"
  | "value"
  | "line"
  | "integer"
  | "flag"
  | "one"
  | "some"
  | "date"
  | "buttons"
  | "options"
  | "cases"
  | "values"
  | "call"
  | "args"
  | "outcomes";

export interface Field {
  name: string;
  widget: Widget;
  /** The words of `one` and `some`. */
  words?: readonly string[];
  /** Folded away until it is wanted. */
  isFolded?: true;
}

export interface Kind {
  name: string;
  icon: string;
  fields: readonly Field[];
}

const text: Field = { name: "text", widget: "texts" };
const go: Field = { name: "go", widget: "target" };
const save: Field = { name: "save", widget: "variable" };
const picture: Field = { name: "picture", widget: "line", isFolded: true };
const buttons: Field = { name: "buttons", widget: "buttons" };
const keyboard: Field = { name: "keyboard", widget: "one", words: ["inline", "reply"], isFolded: true };

const fold = (field: Field): Field => ({ ...field, isFolded: true });

/** What every question has, besides its text. */
const asking: readonly Field[] = [
  picture,
  { name: "columns", widget: "integer", isFolded: true },
  { name: "show", widget: "one", words: ["new", "edit"], isFolded: true },
  { name: "nav", widget: "some", words: ["back", "home"], isFolded: true },
  { name: "reload", widget: "target", isFolded: true },
  { name: "free", widget: "flag", isFolded: true },
  { name: "keeps", widget: "flag", isFolded: true },
  { name: "placeholder", widget: "texts", isFolded: true },
  { name: "error", widget: "texts", isFolded: true },
  { name: "skip", widget: "target", isFolded: true },
];

const answered = (...own: readonly Field[]): readonly Field[] => [
  text,
  save,
  ...own,
  go,
  fold(buttons),
  ...asking,
];

const date = (name: string): Field => ({ name, widget: "date" });

export const KINDS: readonly Kind[] = [
  { name: "message", icon: "chat-left-text", fields: [text, go, picture] },
  { name: "menu", icon: "list", fields: [text, buttons, keyboard, ...asking, fold(save)] },
  {
    name: "text",
    icon: "pencil",
    fields: answered(
      { name: "rule", widget: "one", words: ["any", "name", "digits", "email"] },
      { name: "min", widget: "integer" },
      { name: "max", widget: "integer" },
    ),
  },
  { name: "contact", icon: "telephone", fields: answered({ name: "typed", widget: "flag" }) },
  {
    name: "date",
    icon: "calendar3",
    fields: [...answered(date("min"), date("max"), fold(date("opens"))), keyboard],
  },
  {
    name: "number",
    icon: "calculator",
    fields: answered(
      { name: "min", widget: "integer" },
      { name: "max", widget: "integer" },
      { name: "unit", widget: "one", words: ["whole", "money", "quantity"], isFolded: true },
    ),
  },
  {
    name: "choice",
    icon: "list-task",
    fields: [
      ...answered(
        { name: "options", widget: "options" },
        { name: "from", widget: "line", isFolded: true },
        { name: "label", widget: "texts", isFolded: true },
        { name: "value", widget: "value", isFolded: true },
      ),
      keyboard,
    ],
  },
  {
    name: "confirm",
    icon: "check2",
    fields: [
      text,
      { name: "yes", widget: "target" },
      { name: "no", widget: "target" },
      { name: "yes_text", widget: "texts" },
      { name: "no_text", widget: "texts" },
      fold(buttons),
      keyboard,
      ...asking,
      fold(save),
    ],
  },
  { name: "location", icon: "geo-alt", fields: answered({ name: "typed", widget: "variable" }) },
  {
    name: "media",
    icon: "image",
    fields: answered({
      name: "kinds",
      widget: "some",
      words: ["photo", "video", "voice", "audio", "document"],
    }),
  },
  { name: "any", icon: "chat-dots", fields: answered() },
  {
    name: "list",
    icon: "list",
    fields: [
      text,
      buttons,
      { name: "page", widget: "variable" },
      { name: "pages", widget: "line" },
      ...asking.map(
        (field): Field => (field.name === "reload" ? { name: "reload", widget: "target" } : field),
      ),
      keyboard,
      fold(save),
    ],
  },
  {
    name: "condition",
    icon: "diagram-3",
    fields: [
      { name: "cases", widget: "cases" },
      { name: "otherwise", widget: "target" },
    ],
  },
  {
    name: "set",
    icon: "sliders",
    fields: [{ name: "set", widget: "values" }, { name: "language", widget: "line", isFolded: true }, go],
  },
  {
    name: "action",
    icon: "lightning",
    fields: [
      { name: "call", widget: "call" },
      { name: "args", widget: "args" },
      { name: "on", widget: "outcomes" },
      fold(save),
      { name: "typing", widget: "flag", isFolded: true },
    ],
  },
  { name: "flow", icon: "box-arrow-in-right", fields: [{ name: "flow", widget: "flow" }, go] },
  { name: "return", icon: "arrow-return-left", fields: [] },
  { name: "handover", icon: "person", fields: [text] },
  { name: "end", icon: "x-circle", fields: [text] },
];

const BY_NAME = new Map(KINDS.map((kind) => [kind.name, kind]));

export function kindOf(fields: Fields): Kind | undefined {
  return BY_NAME.get(String(fields.kind));
}

export const BUTTON: readonly Field[] = [
  { name: "text", widget: "texts" },
  { name: "go", widget: "target" },
  { name: "id", widget: "line", isFolded: true },
  { name: "set", widget: "values", isFolded: true },
  { name: "when", widget: "condition", isFolded: true },
  { name: "each", widget: "line", isFolded: true },
  { name: "columns", widget: "integer", isFolded: true },
  { name: "beside", widget: "flag", isFolded: true },
  { name: "works", widget: "one", words: ["now", "once", "always"], isFolded: true },
  { name: "toast", widget: "texts", isFolded: true },
  { name: "language", widget: "one", words: ["uz", "ru", "en"], isFolded: true },
  { name: "url", widget: "line", isFolded: true },
  { name: "web_app", widget: "line", isFolded: true },
];

export const OPTION: readonly Field[] = [
  { name: "text", widget: "texts" },
  { name: "value", widget: "value" },
  { name: "when", widget: "condition", isFolded: true },
  { name: "go", widget: "target", isFolded: true },
];

export const CASE: readonly Field[] = [
  { name: "when", widget: "condition" },
  { name: "go", widget: "target" },
];

export const OUTCOME: readonly Field[] = [
  { name: "go", widget: "target" },
  { name: "say", widget: "texts", isFolded: true },
  { name: "toast", widget: "texts", isFolded: true },
  { name: "set", widget: "values", isFolded: true },
];
