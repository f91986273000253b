// Short notices in the corner: from the server's page, from an HX-Trigger header, from scripts.
import Toast from "bootstrap/js/src/toast";
import { all, first, h, icon } from "./dom";
import { t } from "./texts";

export type Tone = "success" | "info" | "warning" | "error";

const ICONS: Record<Tone, string> = {
  success: "check-lg",
  info: "info-circle",
  warning: "exclamation-triangle",
  error: "exclamation-circle",
};
const SHOWN_MS = 6000;

/** Shows a notice; errors stay until they are closed. The same notice is not shown twice at once. */
export function toast(tone: Tone, text: string): void {
  const box = document.getElementById("toasts");
  if (!box || text === "") return;
  if (Array.from(box.children).some((shown) => shown.querySelector(".toast-text")?.textContent === text))
    return;
  const element = h(
    "div",
    { class: `toast is-${tone}`, role: tone === "error" ? "alert" : "status", "data-tone": tone },
    icon(ICONS[tone]),
    h("div", { class: "toast-text" }, text),
    h("button", {
      type: "button",
      class: "btn-close",
      "aria-label": t("close"),
      "data-bs-dismiss": "toast",
    }),
  );
  box.append(element);
  show(element);
}

function show(element: HTMLElement): void {
  first(element, "Toast");
  element.addEventListener("hidden.bs.toast", () => element.remove());
  const autohide = element.dataset.tone !== "error";
  element.style.pointerEvents = "auto";
  new Toast(element, { autohide, delay: SHOWN_MS }).show();
}

/** Toasts that the server rendered are visible already; they get their clock and their close button. */
export function toasts(root: ParentNode): void {
  for (const element of all(root, ".toast")) if (first(element, "Toast")) show(element);
}

interface ToastDetail {
  tone?: Tone;
  text?: string;
  value?: Array<{ tone?: Tone; text?: string }>;
}

document.addEventListener("toast", (event) => {
  const detail = (event as CustomEvent<ToastDetail>).detail;
  for (const item of detail.value ?? [detail]) toast(item.tone ?? "info", item.text ?? "");
});
