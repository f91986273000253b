// Conditions as rows of "variable, sign, value", and as the expression of a blueprint. What rows cannot say stays text.

export type Sign = "set" | "unset" | "==" | "!=" | "<" | "<=" | ">" | ">=";
export const SIGNS: readonly Sign[] = ["set", "unset", "==", "!=", "<", "<=", ">", ">="];

export interface Row {
  variable: string;
  sign: Sign;
  /** As people write it: a number, true, false, or words. */
  value: string;
}

export interface Condition {
  joint: "and" | "or";
  rows: Row[];
}

const PATH = "[a-z_][a-z0-9_]*(?:\\.[a-z0-9_]+)*";
const COMPARED = new RegExp(`^(${PATH})\\s*(==|!=|<=|>=|<|>)\\s*('(?:[^'\\\\]*)'|-?\\d+|true|false)$`);
const BARE = new RegExp(`^(not\\s+)?(${PATH})$`);
const RESERVED = new Set(["and", "or", "not", "true", "false", "null"]);

/** The rows of an expression; `null` when it says more than rows can. */
export function rowsOf(expression: string): Condition | null {
  if (expression.trim() === "") return { joint: "and", rows: [] };
  const parts = expression.split(/('[^']*')/);
  const isIn = (word: RegExp) => parts.some((part, index) => index % 2 === 0 && word.test(part));
  const [hasAnd, hasOr] = [isIn(/\band\b/), isIn(/\bor\b/)];
  if (hasAnd && hasOr) return null;
  const joint = hasOr ? "or" : "and";
  const marked = parts.map((part, index) =>
    index % 2 === 0 ? part.replace(new RegExp(`\\b${joint}\\b`, "g"), "\u0000") : part,
  );
  const rows = marked.join("").split("\u0000").map(rowOf);
  return rows.every((row) => row !== null) ? { joint, rows: rows as Row[] } : null;
}

function rowOf(text: string): Row | null {
  const bare = BARE.exec(text.trim());
  if (bare?.[2] && !RESERVED.has(bare[2]))
    return { variable: bare[2], sign: bare[1] ? "unset" : "set", value: "" };
  const compared = COMPARED.exec(text.trim());
  if (!compared) return null;
  const [, variable = "", sign = "==", value = ""] = compared;
  if (RESERVED.has(variable)) return null;
  // Words that look like a number would come back as one.
  if (value.startsWith("'") && isBare(value.slice(1, -1))) return null;
  return { variable, sign: sign as Sign, value: value.startsWith("'") ? value.slice(1, -1) : value };
}

function isBare(value: string): boolean {
  return /^(-?\d+|true|false)$/.test(value);
}

/** The expression of rows. A row without a variable says nothing yet. */
export function expressionOf({ joint, rows }: Condition): string {
  return rows
    .filter((row) => row.variable !== "")
    .map(({ variable, sign, value }) => {
      if (sign === "set") return variable;
      if (sign === "unset") return `not ${variable}`;
      const said = isBare(value.trim())
        ? value.trim()
        : `'${value.replaceAll("'", "’").replaceAll("\\", "")}'`;
      return `${variable} ${sign} ${said}`;
    })
    .join(` ${joint} `);
}
