// The name of a step or of a variable: a field that changes it wherever it is said, and says why that cannot be.
import { h } from "../../parts/dom";
import { nameOf } from "../../pure/flow/changing";
import { freshId } from "./inputs";
import type { Desk } from "./spot";

/** `rename` does it, or gives the key of what is wrong with the name. */
export function nameInput(
  desk: Desk,
  key: string,
  present: string,
  rename: (name: string) => string | null,
): HTMLElement {
  const { t } = desk;
  const id = freshId();
  const help = desk.word(`help-${key}`, "");
  const input = h("input", {
    class: "form-control",
    id,
    value: present,
    maxlength: 40,
    readonly: !desk.isWritable,
    "aria-describedby": help === "" ? `${id}-refused` : `${id}-refused ${id}-help`,
  });
  const refused = h("small", { class: "invalid-feedback", role: "alert", id: `${id}-refused` });
  const show = (why: string) => {
    refused.textContent = why;
    input.classList.toggle("is-invalid", why !== "");
    input.setAttribute("aria-invalid", String(why !== ""));
  };
  input.addEventListener("input", () => show(""));
  input.addEventListener("change", () => {
    const name = nameOf(input.value);
    const why = name === present ? null : rename(name);
    if (why !== null) show(t(why));
    else if (name === present) input.value = present;
  });
  return h(
    "div",
    { class: "field" },
    h("label", { class: "form-label", for: id }, t(key)),
    input,
    refused,
    help === "" ? null : h("small", { class: "form-text", id: `${id}-help` }, help),
  );
}
