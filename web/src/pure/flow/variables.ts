// Where a blueprint says a variable, and the variable under another name. Reads expressions and texts as the server
// does (crates/flow/src/expr/parse.rs, template/parse.rs); what it cannot read stays as it is. Pure.
import { isName } from "./changing";
import { type Fields, fieldsOf, isFields, type Json, listOf, type Model, renamedKey } from "./model";

/** Words of expressions and texts, and what is always there: none of them names a variable. */
const RESERVED = new Set([
  ...["and", "or", "not", "true", "false", "null", "count"],
  ...["if", "elif", "else", "for", "end", "lang", "today"],
]);

/** Fields that are expressions, and those that are the name of a variable. */
const EXPRESSIONS = new Set(["when", "each", "from", "pages"]);
const NAMING = new Set(["save", "add", "page", "typed"]);

/** What the engine's phrases are lent. */
const LENT_TO_PHRASES: Record<string, readonly string[]> = {
  money: ["amount"],
  text_short: ["min"],
  text_long: ["max"],
  number_range: ["min", "max"],
  date_range: ["min", "max"],
};

/** Names that stand for something else in a place: the item of a list, the answer of an action. */
type Lent = readonly string[];

/** What a place says instead of this name. */
type Say = (name: string, lent: Lent) => string;

/** Why a variable cannot have a name: it is none, another has it, or a place would understand something else by it. */
export type Refusal = "malformed" | "taken" | "lent";

export function isVariable(name: string): boolean {
  return isName(name) && !RESERVED.has(name);
}

/** The variable under another name, wherever it is said; or why that cannot be. */
export function withVariable(model: Model, name: string, to: string): Model | Refusal {
  const declared = fieldsOf(model.top.variables);
  if (!isVariable(to)) return "malformed";
  if (to !== name && declared[to] !== undefined) return "taken";
  let isLent = false;
  const now = mapped(model, (said, lent) => {
    if (said !== name || lent.includes(name)) return said;
    isLent ||= lent.includes(to);
    return to;
  });
  if (isLent) return "lent";
  return { ...now, top: { ...now.top, variables: renamedKey(declared, name, to) } };
}

function mapped({ top, steps }: Model, say: Say): Model {
  return {
    top: Object.fromEntries(
      Object.entries(top).map(([name, value]) => [name, inTop(name, value, say)]),
    ) as Fields,
    steps: steps.map((step) => ({ ...step, fields: inStep(step.fields, say) })),
  };
}

/** What stands beside the flows. */
function inTop(name: string, value: Json | undefined, say: Say): Json | undefined {
  switch (name) {
    case "variables":
      return value;
    case "name":
      return inWords(value, [], say);
    case "words":
      return each(value, (codes) => each(codes, (words) => inWords(words, [], say)));
    case "texts":
      return each(value, (words, phrase) => inWords(words, LENT_TO_PHRASES[phrase] ?? [], say));
    case "notifications":
      return each(value, (notice) => {
        const args = listOf(fieldsOf(notice).args).filter((arg) => typeof arg === "string");
        return part(notice, "text", (words) => inWords(words, args, say));
      });
    case "small_talk":
      return each(value, (talk) => part(talk, "say", (words) => inWords(words, [], say)));
    case "commands":
    case "on":
      return each(value, (one) => inTable(one, [], say));
    default:
      return value;
  }
}

function inStep(fields: Fields, say: Say): Fields {
  const ofList = fields.from === undefined ? [] : ITEM;
  const changed = Object.entries(fields).map(([key, value]): [string, Json | undefined] => {
    switch (key) {
      case "error":
        return [key, inWords(value, ["min", "max"], say)];
      case "label":
      case "value":
        return [key, inWords(value, ofList, say)];
      case "buttons":
        return [key, inButtons(listOf(value), say)];
      case "on":
        return [key, each(value, (outcome) => inTable(outcome, ["result"], say))];
      default:
        return [key, inField(key, value, [], say)];
    }
  });
  return Object.fromEntries(changed) as Fields;
}

const ITEM: Lent = ["item", "index"];

/** A button beside one of a list is of the list, too. */
function inButtons(buttons: readonly Json[], say: Say): Json[] {
  let isOfList = false;
  return buttons.map((button) => {
    const own = fieldsOf(button);
    isOfList = own.each !== undefined || (own.beside === true && isOfList);
    const lent = isOfList ? ITEM : [];
    return each(button, (value, key) => inField(key, value, key === "each" ? [] : lent, say));
  });
}

function inTable(value: Json | undefined, lent: Lent, say: Say): Json {
  return each(value, (own, key) => inField(key, own, lent, say));
}

function inField(key: string, value: Json | undefined, lent: Lent, say: Say): Json | undefined {
  if (typeof value === "string" && EXPRESSIONS.has(key)) return inExpression(value, lent, say);
  // A variable is named, whatever the place is lent.
  if (typeof value === "string" && NAMING.has(key)) return say(value, []);
  if (key === "set" && isFields(value)) {
    const entries = Object.entries(value).map(([name, given]) => [say(name, []), inWords(given, lent, say)]);
    return Object.fromEntries(entries) as Fields;
  }
  // In a call's arguments a name is one of the action's.
  if (key === "args") return inWords(value, lent, say);
  if (Array.isArray(value))
    return value.map((item) => (isFields(item) ? inTable(item, lent, say) : inWords(item, lent, say)));
  return inWords(value, lent, say);
}

/** Words, in one language or in several; tables and lists of them. */
function inWords(value: Json | undefined, lent: Lent, say: Say): Json {
  if (typeof value === "string") return inText(value, lent, say);
  if (Array.isArray(value)) return value.map((item) => inWords(item, lent, say));
  return each(value, (item) => inWords(item, lent, say));
}

/** A table with other values; what is none stays. */
function each(
  value: Json | undefined,
  change: (value: Json | undefined, key: string) => Json | undefined,
): Json {
  if (!isFields(value)) return value ?? null;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, change(item, key)])) as Fields;
}

function part(
  value: Json | undefined,
  key: string,
  change: (value: Json | undefined) => Json | undefined,
): Json {
  return each(value, (item, own) => (own === key ? change(item) : item));
}

/** Braces that are words themselves, and what stands in the others; none reaches over a line. */
const BRACES = /\{\{|\}\}|\{([^}\n]*)\}/g;

/** A text with `{values}`, `{if …}` and `{for … in …}`. */
function inText(text: string, lent: Lent, say: Say): string {
  // What each open block lends.
  const blocks: Lent[] = [];
  return text.replace(BRACES, (whole: string, inside: string | undefined) => {
    if (inside === undefined) return whole;
    const here = [...lent, ...blocks.flat()];
    const [, before = "", word = "", rest = ""] = /^(\s*)(\S*)(.*)$/s.exec(inside) ?? [];
    switch (word) {
      case "if":
        blocks.push([]);
        return `{${before}${word}${inExpression(rest, here, say)}}`;
      case "elif":
        return `{${before}${word}${inExpression(rest, here, say)}}`;
      case "for": {
        const [, header = "", name = "", list = ""] = /^(\s+(\w+)\s+in\s)(.*)$/s.exec(rest) ?? [];
        blocks.push([name, "index"]);
        return name === "" ? whole : `{${before}${word}${header}${inExpression(list, here, say)}}`;
      }
      case "end":
        blocks.pop();
        return whole;
      case "else":
        return whole;
      default: {
        const [, expression = "", format = ""] = /^((?:'[^']*'|"[^"]*"|[^:'"])*)(.*)$/s.exec(inside) ?? [];
        return `{${inExpression(expression, here, say)}${format}}`;
      }
    }
  });
}

/** Texts in quotes, also one that does not end; numbers; names with their paths. */
const TOKENS = /'[^']*(?:'|$)|"[^"]*(?:"|$)|\d+|[A-Za-z_][A-Za-z0-9_.]*/g;

function inExpression(expression: string, lent: Lent, say: Say): string {
  return expression.replace(TOKENS, (token, place: number) => {
    if (!/^[A-Za-z_]/.test(token) || isWord(token, expression.slice(place + token.length))) return token;
    const [root = "", ...path] = token.split(".");
    return [say(root, lent), ...path].join(".");
  });
}

/** `count` is a word of expressions before a bracket, and a name elsewhere. */
function isWord(token: string, after: string): boolean {
  if (token === "count") return /^[ \n\t]*\(/.test(after);
  return ["and", "or", "not", "true", "false", "null"].includes(token);
}
