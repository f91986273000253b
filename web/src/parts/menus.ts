// <details class="menu">: opens without a script; this closes it as people expect and moves by arrows.

export function menus(): void {
  document.addEventListener("click", (event) => {
    const target = event.target as Element;
    for (const menu of open()) {
      if (!menu.contains(target) || target.closest(".menu-item")) menu.open = false;
    }
  });
  document.addEventListener("keydown", (event) => {
    const menu = (event.target as Element).closest<HTMLDetailsElement>("details.menu[open]");
    if (!menu) return;
    if (event.key === "Escape") {
      menu.open = false;
      menu.querySelector("summary")?.focus();
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      move(menu, event.key === "ArrowDown" ? 1 : -1);
    }
  });
}

function open(): HTMLDetailsElement[] {
  return Array.from(document.querySelectorAll<HTMLDetailsElement>("details.menu[open]"));
}

function move(menu: HTMLElement, step: number): void {
  const items = Array.from(menu.querySelectorAll<HTMLElement>(".menu-item"));
  const at = items.indexOf(document.activeElement as HTMLElement);
  items[at < 0 && step < 0 ? items.length - 1 : (at + step + items.length) % items.length]?.focus();
}
