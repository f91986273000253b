// The script of every page. It only improves pages that already work: each part finds its elements by
// attribute, and does the same again for what htmx swaps in.
import htmx from "htmx.org";
import { autosize } from "./parts/autosize";
import { comboboxes } from "./parts/combobox";
import { confirms } from "./parts/confirm";
import { copyButtons } from "./parts/copy";
import { dropzones } from "./parts/dropzone";
import { forms } from "./parts/forms";
import { configureHtmx } from "./parts/htmx";
import { islands } from "./parts/islands";
import { keys } from "./parts/keys";
import { lines } from "./parts/lines";
import { live } from "./parts/live";
import { menus } from "./parts/menus";
import { moneyInputs } from "./parts/money";
import { network } from "./parts/network";
import { reveal } from "./parts/reveal";
import { side } from "./parts/side";
import { tabs } from "./parts/tabs";
import { themeSwitch } from "./parts/theme";
import { tickAll } from "./parts/tickall";
import { toasts } from "./parts/toasts";

/** Parts that listen once, on the document. */
const once = [configureHtmx, confirms, copyButtons, forms, keys, menus, network, reveal, side, themeSwitch];
/** Parts that fit up elements, on the page and again on whatever is swapped in. */
const each: Array<(root: ParentNode) => void> = [
  toasts,
  moneyInputs,
  lines,
  comboboxes,
  autosize,
  dropzones,
  tabs,
  tickAll,
  islands,
  live,
];

for (const part of once) part();
for (const part of each) part(document);
document.body.addEventListener("htmx:load", (event) => {
  const root = (event as CustomEvent<{ elt: HTMLElement }>).detail.elt;
  if (root !== document.body && root.parentElement) for (const part of each) part(root.parentElement);
});
document.documentElement.dataset.ready = "";

declare global {
  interface Window {
    htmx: typeof htmx;
  }
}
window.htmx = htmx;
