// Islands: parts of a page that only a script can be. `<div data-island="/assets/simulator-….js">` gets the
// module's `mount(element)`; what that returns runs when the element leaves the page. `data-mounted` says that it is there.
import { all, first } from "./dom";
import { t } from "./texts";
import { toast } from "./toasts";

type Mount = (element: HTMLElement) => undefined | (() => void);

const mounted = new Map<HTMLElement, () => void>();

export function islands(root: ParentNode): void {
  for (const element of all(root, "[data-island]")) {
    if (!first(element, "Island")) continue;
    void start(element);
  }
}

async function start(element: HTMLElement): Promise<void> {
  try {
    const module = (await import(element.dataset.island ?? "")) as { mount: Mount };
    const leave = module.mount(element);
    if (leave) mounted.set(element, leave);
    element.dataset.mounted = "";
  } catch {
    element.removeAttribute("data-fitted-island");
    toast("error", t("network-lost"));
  }
}

document.addEventListener("htmx:afterSwap", () => {
  for (const [element, leave] of mounted) {
    if (element.isConnected) continue;
    leave();
    mounted.delete(element);
  }
});
