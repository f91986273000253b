// A file field as a place to drop files on; it names what was chosen.
import { all, first } from "./dom";

export function dropzones(root: ParentNode): void {
  for (const zone of all(root, ".dropzone")) {
    const input = zone.querySelector<HTMLInputElement>('input[type="file"]');
    const label = zone.querySelector("[data-file-name]");
    if (!input || !first(zone, "Dropzone")) continue;
    const empty = label?.textContent ?? "";
    input.addEventListener("change", () => {
      const names = Array.from(input.files ?? [], (file) => file.name);
      if (label) label.textContent = names.length > 0 ? names.join(", ") : empty;
    });
    for (const kind of ["dragenter", "dragover"]) {
      zone.addEventListener(kind, (event) => {
        event.preventDefault();
        zone.classList.add("is-over");
      });
    }
    for (const kind of ["dragleave", "drop"]) {
      zone.addEventListener(kind, () => zone.classList.remove("is-over"));
    }
    zone.addEventListener("drop", (event) => {
      event.preventDefault();
      if (!event.dataTransfer?.files.length) return;
      input.files = event.dataTransfer.files;
      input.dispatchEvent(new Event("change", { bubbles: true }));
    });
  }
}
