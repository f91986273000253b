// The side menu as a drawer on a phone. On a wide screen it simply stands there.
import Offcanvas from "bootstrap/js/src/offcanvas";

export function side(): void {
  const element = document.getElementById("side");
  if (!element) return;
  const drawer = Offcanvas.getOrCreateInstance(element);
  element.addEventListener("click", (event) => {
    if ((event.target as Element).closest("a")) drawer.hide();
  });
  element.querySelector<HTMLElement>("[aria-current]")?.scrollIntoView({ block: "nearest" });
}
