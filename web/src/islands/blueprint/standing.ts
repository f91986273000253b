// How a draft stands, in words: saved, on its way, kept in this browser, or changed by somebody else meanwhile.
import { h, icon } from "../../parts/dom";
import type { Saving, Standing } from "../../pure/saving";

const ICONS: Record<Standing, string> = {
  saved: "check-lg",
  unsaved: "pencil",
  saving: "arrow-repeat",
  offline: "cloud-slash",
  refused: "exclamation-circle",
  conflict: "exclamation-triangle",
};

export interface StandingView {
  /** A word or two. */
  line: HTMLElement;
  /** The choice after a conflict. */
  notice: HTMLElement;
  draw(saving: Saving): void;
}

/** `settle` is told whose draft stays. */
export function standingView(
  t: (key: string) => string,
  isWritable: boolean,
  settle: (isMine: boolean) => void,
): StandingView {
  const line = h("span", { class: "blueprint-standing", role: "status", "aria-live": "polite" });
  const notice = h("div", { class: "blueprint-notice", hidden: true });
  return {
    line,
    notice,
    draw({ standing, reason }) {
      const words: Record<Standing, string> = {
        saved: t(isWritable ? "saved" : "read-only"),
        unsaved: t("unsaved"),
        saving: t("saving"),
        offline: t("offline"),
        refused: `${t("not-saved")} ${reason}`,
        conflict: `${t("not-saved")} ${reason}`,
      };
      line.dataset.standing = standing;
      line.replaceChildren(icon(ICONS[standing]), h("span", {}, words[standing]));
      notice.hidden = standing !== "conflict";
      if (standing !== "conflict") return;
      const button = (key: string, tone: string, isMine: boolean) =>
        h("button", { type: "button", class: `btn ${tone}`, onclick: () => settle(isMine) }, t(key));
      notice.replaceChildren(
        h("p", {}, t("conflict")),
        button("keep-mine", "btn-primary", true),
        button("take-theirs", "btn-secondary", false),
      );
    },
  };
}
