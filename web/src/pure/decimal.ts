// Decimal numbers as people type them ("1 250 000,5"), as the server takes them ("1250000.5"), and as exact
// integers of a small unit. No floating point: money passes here.

const SPACES = /[\s\u00a0\u202f'’_]/g;

/**
 * The plain form of what was typed, with at most `decimals` digits after the point, or null when it is not a
 * number. Both "," and "." may be the decimal mark; of several marks of one kind all are grouping.
 */
export function parseDecimal(typed: string, decimals: number): string | null {
  let text = typed.replace(SPACES, "");
  if (text === "") return "";
  const lastComma = text.lastIndexOf(",");
  const lastPoint = text.lastIndexOf(".");
  if (lastComma >= 0 && lastPoint >= 0) {
    const grouping = lastComma > lastPoint ? "." : ",";
    text = text.split(grouping).join("");
  }
  for (const mark of [",", "."]) {
    if (text.split(mark).length > 2) text = text.split(mark).join("");
  }
  text = text.replace(",", ".");
  if (!/^-?(\d+\.?\d*|\.\d+)$/.test(text)) return null;
  const negative = text.startsWith("-");
  const [whole = "", part = ""] = text.replace("-", "").split(".");
  if (part.length > decimals) return null;
  const digits = whole.replace(/^0+(?=\d)/, "") || "0";
  const tail = part.replace(/0+$/, "");
  return (negative ? "-" : "") + digits + (tail ? `.${tail}` : "");
}

/** A plain number with spaces between thousands; `mark` is the decimal mark to show. */
export function groupDecimal(plain: string, mark: "," | "."): string {
  const negative = plain.startsWith("-");
  const [whole = "", part] = plain.replace("-", "").split(".");
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, "\u00a0");
  return (negative ? "-" : "") + grouped + (part === undefined ? "" : mark + part);
}

/**
 * Regroups a value while it is being typed: keeps an unfinished decimal part as it is, and says where the
 * caret belongs so that it stays behind the same digit.
 */
export function regroupTyped(typed: string, caret: number, mark: "," | "."): { text: string; caret: number } {
  const kept = typed.replace(SPACES, "");
  const match = /^(-?)(\d*)([.,]\d*)?$/.exec(kept);
  if (!match) return { text: typed, caret };
  const [, sign = "", whole = "", part = ""] = match;
  const text = sign + groupDecimal(whole, mark) + (part ? mark + part.slice(1) : "");
  const significant = typed.slice(0, caret).replace(SPACES, "").length;
  let position = 0;
  for (let seen = 0; position < text.length && seen < significant; position += 1) {
    if (text[position] !== "\u00a0") seen += 1;
  }
  return { text, caret: position };
}

/** A plain number as an integer of 10^-decimals units; null for an empty or broken one. */
export function toUnits(plain: string | null, decimals: number): bigint | null {
  if (plain === null || plain === "") return null;
  const negative = plain.startsWith("-");
  const [whole = "0", part = ""] = plain.replace("-", "").split(".");
  const units = BigInt(whole + part.padEnd(decimals, "0"));
  return negative ? -units : units;
}

/** The plain form of an integer of 10^-decimals units, without trailing zeros. */
export function fromUnits(units: bigint, decimals: number): string {
  const negative = units < 0n;
  const digits = (negative ? -units : units).toString().padStart(decimals + 1, "0");
  const whole = digits.slice(0, digits.length - decimals);
  const part = digits.slice(digits.length - decimals).replace(/0+$/, "");
  return (negative ? "-" : "") + whole + (part ? `.${part}` : "");
}

/** Division rounded half away from zero, the one rounding rule of the books. */
export function divideRounded(value: bigint, by: bigint): bigint {
  const half = by / 2n;
  return value >= 0n ? (value + half) / by : -((-value + half) / by);
}
