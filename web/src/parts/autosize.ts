// Textareas that grow with what is typed, where CSS `field-sizing` does not do it already.
import { all, first } from "./dom";

export function autosize(root: ParentNode): void {
  if (CSS.supports("field-sizing", "content")) return;
  for (const area of all<HTMLTextAreaElement>(root, "textarea[data-autosize]")) {
    if (!first(area, "Autosize")) continue;
    const fit = () => {
      area.style.height = "auto";
      area.style.height = `${area.scrollHeight + 2}px`;
    };
    area.addEventListener("input", fit);
    fit();
  }
}
