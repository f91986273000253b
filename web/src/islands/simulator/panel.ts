// Beside the chat: who talks, where the dialogue stands, its variables, and starting again.
import { h, icon } from "../../parts/dom";
import type { SessionView, SimState } from "./protocol";

export interface Panel {
  element: HTMLElement;
  /** The button that opens the panel on a phone. */
  toggle: HTMLElement;
  show(state: SimState): void;
  session(view: SessionView): void;
}

export function panel(
  t: (key: string) => string,
  restart: (lang: string, person: "same" | "new") => Promise<void>,
): Panel {
  const facts = h("dl", { class: "facts" });
  const variables = h("dl", { class: "sim-variables" });
  const lang = h("select", { class: "form-select", id: "sim-lang" });
  const person = h("input", { type: "checkbox", class: "form-check-input", id: "sim-person" });
  const button = h(
    "button",
    { type: "submit", class: "btn btn-secondary btn-block" },
    icon("arrow-clockwise"),
    t("sim-restart"),
  );
  const form = h(
    "form",
    {
      class: "sim-restart",
      onsubmit: async (event: Event) => {
        event.preventDefault();
        button.classList.add("is-busy");
        await restart(lang.value, person.checked ? "new" : "same");
        element.classList.remove("is-open");
        toggle.setAttribute("aria-expanded", "false");
        button.classList.remove("is-busy");
        person.checked = false;
      },
    },
    h(
      "div",
      { class: "field" },
      h("label", { class: "form-label", for: "sim-lang" }, t("sim-language")),
      lang,
    ),
    h(
      "div",
      { class: "form-check" },
      person,
      h("label", { class: "form-check-label", for: "sim-person" }, t("sim-new-person")),
    ),
    button,
  );
  const element = h(
    "aside",
    { class: "sim-side", id: "sim-side", "aria-label": t("sim-session") },
    h(
      "section",
      { class: "card" },
      h("header", { class: "card-head" }, h("h2", {}, t("sim-session"))),
      h("div", { class: "card-body" }, facts, form),
    ),
    h(
      "section",
      { class: "card" },
      h("header", { class: "card-head" }, h("h2", {}, t("sim-variables"))),
      h("div", { class: "card-body" }, variables),
    ),
  );
  const toggle: HTMLElement = h(
    "button",
    {
      type: "button",
      class: "btn btn-ghost btn-icon sim-side-toggle",
      "aria-controls": "sim-side",
      "aria-expanded": "false",
      "aria-label": t("sim-session"),
      title: t("sim-session"),
      onclick: () => {
        const open = element.classList.toggle("is-open");
        toggle.setAttribute("aria-expanded", String(open));
      },
    },
    icon("sliders"),
  );
  let who: SimState["person"] = { name: "" };

  function session(view: SessionView): void {
    facts.replaceChildren(
      ...fact(t("sim-person"), who.phone ? `${who.name} · ${who.phone}` : who.name),
      ...fact(t("sim-step"), view.step === "" ? "—" : `${view.flow} › ${view.step}`),
    );
    const rows = view.variables.flatMap((variable) => fact(variable.name, variable.value));
    variables.replaceChildren(
      ...(rows.length > 0 ? rows : [h("p", { class: "text-muted" }, t("sim-no-variables"))]),
    );
  }

  return {
    element,
    toggle,
    session,
    show(state) {
      who = state.person;
      lang.replaceChildren(
        ...state.languages.map((one) =>
          h("option", { value: one.code, selected: one.code === state.lang }, one.name),
        ),
      );
      session(state.session);
    },
  };
}

function fact(label: string, value: string): HTMLElement[] {
  return [h("div", {}, h("dt", {}, label), h("dd", {}, value))];
}
