// A step's box on the canvas: its kind and name, what it says, and its exits.
import { h, icon } from "../../parts/dom";
import { kindOf } from "../../pure/flow/kinds";
import { BOX_WIDTH } from "../../pure/flow/layout";
import type { Step } from "../../pure/flow/model";
import { WORDS } from "../../pure/flow/targets";
import type { Shown } from "./scene";

interface Around {
  t: (key: string) => string;
  find(target: string, flow: string): Step | undefined;
}

interface Look {
  /** How many it has. */
  faults: number;
  isSelected: boolean;
  /** Too small to be read: only the name. */
  isPlain: boolean;
}

export function boxOf({ t, find }: Around, box: Shown, { faults, isSelected, isPlain }: Look): HTMLElement {
  const { step, summary, exits } = box;
  const kind = kindOf(step.fields);
  const called = t(`kind-${kind?.name ?? "unknown"}`);
  const said = faults > 0 ? `, ${t("problems")}: ${faults}` : "";
  const shown = h("div", {
    class: `flow-box kind-${kind?.name ?? "unknown"}${isSelected ? " is-selected" : ""}${faults > 0 ? " has-faults" : ""}`,
    role: "button",
    tabindex: isSelected ? 0 : -1,
    "aria-pressed": String(isSelected),
    "aria-label": `${called} ${step.name}. ${summary}${said}`,
    "data-step": step.id,
    "data-place": `${step.flow}.${step.name}`,
  });
  shown.style.transform = `translate(${box.x}px, ${box.y}px)`;
  shown.style.width = `${BOX_WIDTH}px`;
  shown.style.height = `${box.height}px`;
  if (isPlain) {
    shown.append(h("span", { class: "flow-plain" }, step.name));
    return shown;
  }
  shown.append(
    h(
      "div",
      { class: "flow-head" },
      icon(kind?.icon ?? "question-circle"),
      h("span", { class: "flow-kind" }, called),
      h("span", { class: "flow-name" }, step.name),
      faults > 0 && h("span", { class: "badge tone-bad" }, String(faults)),
    ),
  );
  if (summary !== "") {
    const isCall = typeof step.fields.call === "string" && summary === step.fields.call;
    const words = isCall && t(`action-${summary}`) !== `action-${summary}` ? t(`action-${summary}`) : summary;
    shown.append(h("p", { class: "flow-summary" }, words));
  }
  exits.forEach((exit, index) => {
    const label = exit.isOwn
      ? exit.label
      : t(`exit-${exit.label}`) === `exit-${exit.label}`
        ? exit.label.replace(/^outcome-/, "")
        : t(`exit-${exit.label}`);
    const target = exit.target;
    const to = target === undefined ? undefined : find(target, step.flow);
    const isWord = WORDS.some((word) => word === target);
    const chip = isWord
      ? t(`to-${target}`)
      : to
        ? to.flow === step.flow
          ? ""
          : `${to.flow}.${to.name}`
        : (target ?? t("to-nowhere"));
    shown.append(
      h(
        "div",
        { class: "flow-exit" },
        h("span", { class: "flow-exit-label" }, label === "" ? "…" : label),
        chip !== "" &&
          h(
            "span",
            {
              class: `flow-chip${isWord || to ? "" : " is-lost"}`,
              "data-to": to && to.flow !== step.flow ? to.id : null,
            },
            chip,
          ),
        h("span", { class: "flow-dot", "data-exit": index }),
      ),
    );
  });
  return shown;
}
