// The list of new steps: each kind with a sentence, and the flow that it comes into.
import { h, icon } from "../../parts/dom";
import { freeName, nameOf, type Wanted } from "../../pure/flow/changing";
import { KINDS } from "../../pure/flow/kinds";
import { freshId } from "./inputs";
import type { Desk } from "./spot";

/** What everybody needs first; the rest is folded away. */
const GROUPS: ReadonlyArray<{ name: string; kinds: readonly Wanted[] }> = [
  { name: "say", kinds: [{ kind: "message" }, { kind: "menu" }] },
  {
    name: "ask",
    kinds: [
      { kind: "text" },
      { kind: "contact" },
      { kind: "date" },
      { kind: "number" },
      { kind: "choice" },
      { kind: "confirm" },
      { kind: "location" },
      { kind: "media" },
      { kind: "any" },
    ],
  },
  {
    name: "do",
    kinds: [
      { kind: "action", call: "tell_staff" },
      { kind: "action", call: "webhook" },
      { kind: "action", call: "ask_assistant" },
      { kind: "condition" },
      { kind: "set" },
      { kind: "action" },
      { kind: "handover" },
      { kind: "end" },
    ],
  },
  { name: "more", kinds: [{ kind: "list" }, { kind: "flow" }, { kind: "return" }] },
];

export function palette(desk: Desk, add: (wanted: Wanted, flow: string) => void): HTMLElement {
  const { t } = desk;
  const flows = [...new Set(desk.model().steps.map((step) => step.flow))];
  const id = freshId();
  const present = desk.model().steps.at(-1)?.flow ?? "main";
  const select = h(
    "select",
    { class: "form-select", id },
    ...flows.map((flow) => h("option", { value: flow, selected: flow === present }, flow)),
    h("option", { value: "+" }, t("flow-new")),
  );
  const name = h("input", {
    class: "form-control",
    "aria-label": t("flow-name"),
    placeholder: t("flow-name"),
    hidden: true,
    maxlength: 40,
  });
  select.addEventListener("change", () => {
    name.hidden = select.value !== "+";
    if (!name.hidden) name.focus();
  });
  const chosen = () =>
    select.value === "+"
      ? freeName(nameOf(name.value) || "flow", (one) => flows.includes(one))
      : select.value;
  const entry = (wanted: Wanted) => {
    const key = wanted.call ?? wanted.kind;
    const kind = KINDS.find((one) => one.name === wanted.kind);
    return h(
      "button",
      {
        type: "button",
        class: `flow-offer kind-${wanted.kind}`,
        "data-offer": key,
        onclick: () => add(wanted, chosen()),
      },
      icon(kind?.icon ?? "plus-lg"),
      h(
        "span",
        {},
        h("strong", {}, wanted.call ? t(`action-${key}`) : t(`kind-${key}`)),
        h("small", {}, t(`about-${key}`)),
      ),
    );
  };
  return h(
    "div",
    { class: "flow-form" },
    h(
      "div",
      { class: "field" },
      h("label", { class: "form-label", for: id }, t("flow-into")),
      h("div", { class: "flow-with" }, select, name),
    ),
    ...GROUPS.map((group) =>
      h(
        "section",
        { class: "flow-offers" },
        h("h3", {}, t(`group-${group.name}`)),
        ...group.kinds.map(entry),
      ),
    ),
  );
}
