// Buttons that copy: `data-copy="text"` or `data-copy-from="#element"`.

import { t } from "./texts";
import { toast } from "./toasts";

const DONE_MS = 1500;

export function copyButtons(): void {
  document.addEventListener("click", async (event) => {
    const button = (event.target as Element).closest<HTMLElement>("[data-copy],[data-copy-from]");
    if (!button) return;
    const from = button.dataset.copyFrom ? document.querySelector(button.dataset.copyFrom) : null;
    const text =
      from instanceof HTMLInputElement ? from.value : (from?.textContent ?? button.dataset.copy ?? "");
    try {
      await navigator.clipboard.writeText(text.trim());
    } catch {
      toast("error", t("copy-failed"));
      return;
    }
    button.classList.add("is-done");
    toast("success", t("copied"));
    setTimeout(() => button.classList.remove("is-done"), DONE_MS);
  });
}
