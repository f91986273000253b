// The eye beside a password: shows what is typed while it is pressed in.

export function reveal(): void {
  document.addEventListener("click", (event) => {
    const button = (event.target as Element).closest<HTMLElement>("[data-reveal]");
    const input = button?.parentElement?.querySelector("input");
    if (!button || !input) return;
    const shown = input.type === "password";
    input.type = shown ? "text" : "password";
    button.setAttribute("aria-pressed", String(shown));
    input.focus();
  });
}
