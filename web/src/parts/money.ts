// Fields for money and quantities: grouped for the eye, plain for the server. The page works without this:
// the server takes both forms.
import { groupDecimal, parseDecimal, regroupTyped } from "../pure/decimal";
import { all, first } from "./dom";

const mark = document.documentElement.lang === "en" ? "." : ",";

/** The plain value of a decimal field ("" when empty, null when it is no number). */
export function plainValue(input: HTMLInputElement): string | null {
  return parseDecimal(input.value, Number(input.dataset.decimal ?? "2"));
}

/** Puts a plain number into a decimal field, grouped. */
export function setPlain(input: HTMLInputElement, plain: string): void {
  input.value = groupDecimal(plain, mark);
}

export function moneyInputs(root: ParentNode): void {
  for (const input of all<HTMLInputElement>(root, "input[data-decimal]")) {
    if (!first(input, "Decimal")) continue;
    const plain = plainValue(input);
    if (plain) setPlain(input, plain);
    input.addEventListener("input", () => regroup(input));
    input.addEventListener("focus", () => input.select());
    input.addEventListener("blur", () => {
      const left = plainValue(input);
      if (left) setPlain(input, left);
    });
  }
}

function regroup(input: HTMLInputElement): void {
  const at = input.selectionStart ?? input.value.length;
  const { text, caret } = regroupTyped(input.value, at, mark);
  if (text === input.value) return;
  input.value = text;
  input.setSelectionRange(caret, caret);
}

/** What is sent: plain numbers in place of grouped ones. What is no number goes as typed, to be refused. */
document.addEventListener("formdata", (event) => {
  const form = event.target as HTMLFormElement;
  const names = new Set<string>();
  for (const input of all<HTMLInputElement>(form, "input[data-decimal][name]")) names.add(input.name);
  for (const name of names) {
    const values = event.formData.getAll(name);
    event.formData.delete(name);
    const decimals = Number(
      form.querySelector<HTMLInputElement>(`input[data-decimal][name="${CSS.escape(name)}"]`)?.dataset
        .decimal ?? "2",
    );
    for (const value of values) {
      event.formData.append(name, parseDecimal(String(value), decimals) ?? String(value));
    }
  }
});
