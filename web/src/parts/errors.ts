// Errors beside their fields, as the server's templates would have drawn them.
import { type FieldProblem, lineField } from "../pure/problem";
import { h } from "./dom";

/** Shows what it can beside fields of the form; gives back what has no field there. */
export function showFieldErrors(form: HTMLFormElement, errors: FieldProblem[]): FieldProblem[] {
  const left = errors.filter((error) => {
    const control = controlOf(form, error.field);
    if (control) mark(control, error.message);
    return !control;
  });
  focusFirstError(form);
  return left;
}

export function clearFieldErrors(form: HTMLFormElement): void {
  for (const control of form.querySelectorAll(".is-invalid")) {
    control.classList.remove("is-invalid");
    control.removeAttribute("aria-invalid");
  }
  for (const message of form.querySelectorAll(".invalid-feedback")) message.remove();
}

export function focusFirstError(root: ParentNode): void {
  root.querySelector<HTMLElement>(".is-invalid:not([type=hidden])")?.focus();
}

function controlOf(form: HTMLFormElement, field: string): HTMLElement | null {
  const inLine = lineField(field);
  const scope: ParentNode | undefined = inLine
    ? form.querySelectorAll("[data-line]").item(inLine.line)
    : form;
  const name = inLine?.field ?? field;
  const control = scope?.querySelector<HTMLElement>(
    `[name="${CSS.escape(name)}"], [name="line_${CSS.escape(name)}"], [data-field="${CSS.escape(name)}"]`,
  );
  if (control?.matches("[type=hidden]")) {
    return control.parentElement?.querySelector<HTMLElement>("input:not([type=hidden])") ?? null;
  }
  return control ?? null;
}

function mark(control: HTMLElement, message: string): void {
  const id = `${control.id || control.getAttribute("name") || "field"}-error`;
  control.classList.add("is-invalid");
  control.setAttribute("aria-invalid", "true");
  control.setAttribute("aria-describedby", id);
  const after = control.closest(".input-group, .combobox") ?? control;
  after.after(h("div", { class: "invalid-feedback", id }, message));
}
