// The theme switch. theme.ts applies the choice before the first paint of the next page.

export function themeSwitch(): void {
  mark();
  document.addEventListener("click", (event) => {
    const button = (event.target as Element).closest("[data-theme-switch]");
    if (!button) return;
    const next = document.documentElement.dataset.bsTheme === "light" ? "dark" : "light";
    document.documentElement.dataset.bsTheme = next;
    try {
      localStorage.setItem("karvon.theme", next);
    } catch {
      // Storage is switched off: the choice lasts for this page.
    }
    mark();
  });
}

function mark(): void {
  const light = document.documentElement.dataset.bsTheme === "light";
  document.querySelector('meta[name="theme-color"]')?.setAttribute("content", light ? "#f4f7f7" : "#0b1013");
  for (const button of document.querySelectorAll("[data-theme-switch]")) {
    button.setAttribute("aria-pressed", String(light));
  }
}
