// Faults beside the fields that they are about, the list of all of them, and the way from one to its field.
import { h, icon } from "../../parts/dom";
import type { Fault } from "../blueprint/client";

/** All faults, each with its place; a click leads there. */
export function faultList(
  t: (key: string) => string,
  faults: readonly Fault[],
  open: (fault: Fault) => void,
): HTMLElement {
  const items = faults.map((fault) => {
    const place = [fault.step, fault.field].filter(Boolean).join(" · ");
    const button = { type: "button", onclick: () => open(fault) };
    return h("li", {}, h("button", button, h("small", {}, place), h("span", {}, fault.message)));
  });
  const fine = h("li", { class: "is-fine" }, t("fine"));
  return h("ol", { class: "blueprint-problems" }, ...(items.length > 0 ? items : [fine]));
}

/** Shows the faults of one step, or of the file, in its form. */
export function showFaults(form: HTMLElement, faults: readonly Fault[]): void {
  for (const old of form.querySelectorAll(".flow-fault")) old.remove();
  for (const old of form.querySelectorAll(".flow-fold.has-faults")) old.classList.remove("has-faults");
  for (const { field, message } of faults) {
    const place = placeFor(form, field);
    for (let part = place?.closest(".flow-fold"); part; part = part.parentElement?.closest(".flow-fold"))
      part.classList.add("has-faults");
    const said = h("p", { class: "flow-fault" }, icon("exclamation-circle"), message);
    if (place) place.append(said);
    else form.querySelector(".flow-form")?.prepend(said);
  }
}

/** Unfolds the place of a field, and puts the cursor there. */
export function unfold(form: HTMLElement, field: string): void {
  // What is folded is made when it is opened; then the place may be a nearer one.
  let place: HTMLElement | null = null;
  for (let next = placeFor(form, field); next && next !== place; next = placeFor(form, field)) {
    place = next;
    for (let part = place.closest("details"); part; part = part.parentElement?.closest("details") ?? null) {
      part.open = true;
      part.dispatchEvent(new Event("toggle"));
    }
  }
  place?.scrollIntoView({ block: "center" });
  place?.querySelector<HTMLElement>("input, select, textarea, summary")?.focus();
}

/** The part of the form that is nearest to a field. */
function placeFor(form: HTMLElement, field: string): HTMLElement | null {
  const fits = Array.from(form.querySelectorAll<HTMLElement>("[data-path]")).filter(
    ({ dataset: { path = "" } }) => path !== "" && (field === path || field.startsWith(`${path}.`)),
  );
  return fits.sort((a, b) => (b.dataset.path?.length ?? 0) - (a.dataset.path?.length ?? 0))[0] ?? null;
}

const CONTROLS = "input, select, textarea, button, summary";

/** Puts the cursor back where it was, when the form has been drawn anew. */
export function focusIn(form: HTMLElement): () => void {
  const active = document.activeElement;
  const holder =
    active instanceof HTMLElement && form.contains(active)
      ? active.closest<HTMLElement>("[data-path]")
      : null;
  if (!(active instanceof HTMLElement) || !holder) return () => {};
  const inside = (part: ParentNode) => Array.from(part.querySelectorAll<HTMLElement>(CONTROLS));
  const index = Math.max(0, inside(holder).indexOf(active));
  const { path } = holder.dataset;
  return () => {
    const again = form.querySelector<HTMLElement>(`[data-path="${path}"]`);
    if (again) inside(again)[index]?.focus({ preventScroll: true });
  };
}
