// Forms that change something are sent by htmx, so that a lost network never costs what was typed: the form
// stays, with its idempotency key, and can be sent again. A form is never sent twice at once.
import { all } from "./dom";
import { clearFieldErrors } from "./errors";

export function forms(): void {
  boost(document);
  document.body.addEventListener("htmx:beforeProcessNode", (event) => boost(event.target as HTMLElement));
  document.body.addEventListener("htmx:beforeRequest", (event) => {
    const form = formOf(event);
    if (!form) return;
    if (form.dataset.busy !== undefined) event.preventDefault();
    else busy(form, submitterOf(event) ?? submitButton(form), true);
  });
  document.body.addEventListener("htmx:afterRequest", (event) => {
    const form = formOf(event);
    const moving = (event as CustomEvent<{ xhr?: XMLHttpRequest }>).detail.xhr?.getResponseHeader(
      "HX-Redirect",
    );
    if (form && !moving) busy(form, null, false);
  });
  document.addEventListener("submit", plainSubmit);
  window.addEventListener("pageshow", () => {
    for (const form of document.forms) busy(form, null, false);
  });
  document.addEventListener("input", (event) => {
    const control = event.target as HTMLElement;
    if (!control.classList.contains("is-invalid")) return;
    control.classList.remove("is-invalid");
    control.removeAttribute("aria-invalid");
  });
  document.addEventListener("change", (event) => {
    const control = event.target as HTMLElement;
    if (control.matches("[data-auto-submit]")) (control as HTMLSelectElement).form?.requestSubmit();
  });
}

/** `data-plain` leaves a form to the browser (downloads, language). */
function boost(root: ParentNode): void {
  for (const form of all<HTMLFormElement>(
    root,
    'form[method="post"]:not([data-plain],[hx-post],[hx-boost])',
  )) {
    form.setAttribute("hx-boost", "true");
    form.setAttribute("hx-push-url", "false");
    form.setAttribute("hx-target", "#main");
    form.setAttribute("hx-select", "#main");
    form.setAttribute("hx-swap", "outerHTML show:window:top");
  }
}

function plainSubmit(event: SubmitEvent): void {
  const form = event.target as HTMLFormElement;
  if (form.method !== "post" || !form.matches("[data-plain]") || event.defaultPrevented) return;
  if (form.dataset.busy !== undefined) event.preventDefault();
  else if (!form.matches("[data-download]")) busy(form, event.submitter ?? submitButton(form), true);
}

function busy(form: HTMLFormElement, button: HTMLElement | null, on: boolean): void {
  if (on) {
    form.dataset.busy = "";
    form.setAttribute("aria-busy", "true");
    clearFieldErrors(form);
    button?.classList.add("is-busy");
    return;
  }
  delete form.dataset.busy;
  form.removeAttribute("aria-busy");
  for (const other of form.querySelectorAll(".btn.is-busy")) other.classList.remove("is-busy");
}

function submitButton(form: HTMLFormElement): HTMLElement | null {
  return form.querySelector<HTMLElement>('button[type="submit"], button:not([type])');
}

function formOf(event: Event): HTMLFormElement | null {
  const target = event.target as HTMLElement;
  return target instanceof HTMLFormElement && target.method === "post" ? target : null;
}

function submitterOf(event: Event): HTMLElement | null {
  const detail = (event as CustomEvent<{ requestConfig?: { triggeringEvent?: SubmitEvent } }>).detail;
  return detail.requestConfig?.triggeringEvent?.submitter ?? null;
}
