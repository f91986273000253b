// The box over a column of boxes that ticks all of them; without a script it stays hidden, and each is ticked by itself.
import { ticks } from "../pure/ticks";
import { all, first } from "./dom";

export function tickAll(root: ParentNode): void {
  for (const box of all<HTMLInputElement>(root, "input[data-tick-all]")) {
    const form = box.form;
    if (!form || !first(box, "TickAll")) continue;
    const name = CSS.escape(box.dataset.tickAll ?? "");
    const boxes = () => all<HTMLInputElement>(form, `input[type="checkbox"][name="${name}"]:not(:disabled)`);
    const show = () => {
      const found = ticks(boxes().map((own) => own.checked));
      box.checked = found === "all";
      box.indeterminate = found === "some";
    };
    box.addEventListener("change", () => {
      for (const own of boxes()) own.checked = box.checked;
      show();
    });
    form.addEventListener("change", (event) => {
      if (event.target !== box) show();
    });
    box.hidden = false;
    show();
  }
}
