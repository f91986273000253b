// Bootstrap's tabs for panes of one page; the open one is kept in the address, so a link can name it.
import Tab from "bootstrap/js/src/tab";
import { all, first } from "./dom";

export function tabs(root: ParentNode): void {
  for (const button of all<HTMLElement>(root, '[data-bs-toggle="tab"]')) {
    if (!first(button, "Tab")) continue;
    const tab = new Tab(button);
    const target = button.dataset.bsTarget ?? "";
    button.addEventListener("shown.bs.tab", () => history.replaceState(history.state, "", target));
    if (target !== "" && target === location.hash) tab.show();
  }
}
