// A field that searches while one types: `<div class="combobox" data-combobox="/products/options">` with a
// visible input (role=combobox) and a hidden one that holds the chosen id. The address answers `?q=` with
// <li role="option" data-value=… data-label=…> rows; further data-… of the row go out with the event
// `combobox:pick`, so that an order line can take the price. ARIA: the "combobox with list" pattern.
import { all, debounce, first } from "./dom";
import { t } from "./texts";

const WAIT_MS = 180;
let count = 0;

export function comboboxes(root: ParentNode): void {
  for (const box of all(root, "[data-combobox]")) if (first(box, "Combobox")) fit(box);
}

function fit(box: HTMLElement): void {
  const input = box.querySelector<HTMLInputElement>("input:not([type=hidden])");
  const hidden = box.querySelector<HTMLInputElement>("input[type=hidden]");
  if (!input || !hidden) return;
  const list = document.createElement("ul");
  count += 1;
  list.id = `combobox-${count}`;
  list.className = "combobox-list";
  list.setAttribute("role", "listbox");
  list.hidden = true;
  box.append(list);
  for (const [name, value] of Object.entries({
    role: "combobox",
    "aria-controls": list.id,
    "aria-expanded": "false",
    "aria-autocomplete": "list",
    autocomplete: "off",
  })) {
    input.setAttribute(name, value);
  }
  let chosen = input.value;
  let request: AbortController | null = null;

  const close = () => {
    request?.abort();
    list.hidden = true;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  };
  const note = (text: string) => {
    list.innerHTML = "";
    const row = document.createElement("li");
    row.className = "combobox-note";
    row.textContent = text;
    list.append(row);
    open();
  };
  const open = () => {
    list.hidden = false;
    input.setAttribute("aria-expanded", "true");
  };
  const select = (option: HTMLElement | undefined) => {
    for (const other of options(list)) other.removeAttribute("aria-selected");
    if (!option) return;
    option.setAttribute("aria-selected", "true");
    option.scrollIntoView({ block: "nearest" });
    input.setAttribute("aria-activedescendant", option.id);
  };
  const pick = (option: HTMLElement) => {
    hidden.value = option.dataset.value ?? "";
    input.value = option.dataset.label ?? option.textContent?.trim() ?? "";
    chosen = input.value;
    close();
    hidden.dispatchEvent(new Event("change", { bubbles: true }));
    box.dispatchEvent(new CustomEvent("combobox:pick", { bubbles: true, detail: { ...option.dataset } }));
  };
  const search = debounce(WAIT_MS, async (typed: string) => {
    request?.abort();
    request = new AbortController();
    try {
      const address = new URL(box.dataset.combobox ?? "", location.href);
      address.searchParams.set("q", typed);
      const answer = await fetch(address, { signal: request.signal, headers: { "HX-Request": "true" } });
      if (answer.status === 401) return note(t("signed-out"));
      if (!answer.ok) throw new Error(String(answer.status));
      list.innerHTML = await answer.text();
      for (const [index, option] of options(list).entries()) option.id = `${list.id}-${index}`;
      if (options(list).length === 0) note(t("combobox-empty"));
      else if (document.activeElement === input) open();
      select(options(list)[0]);
    } catch (error) {
      if (!(error instanceof DOMException && error.name === "AbortError")) note(t("network-lost"));
    }
  });

  input.addEventListener("input", () => {
    hidden.value = "";
    if (input.value.trim() === "" && box.dataset.always === undefined) close();
    else void search(input.value.trim());
  });
  input.addEventListener("focus", () => {
    if (box.dataset.always !== undefined && hidden.value === "") void search(input.value.trim());
  });
  input.addEventListener("keydown", (event) => {
    const rows = options(list);
    const at = rows.findIndex((row) => row.hasAttribute("aria-selected"));
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (list.hidden) void search(input.value.trim());
      else select(rows[(at + (event.key === "ArrowDown" ? 1 : -1) + rows.length) % rows.length]);
    } else if (event.key === "Enter" && !list.hidden) {
      event.preventDefault();
      const row = rows[at];
      if (row) pick(row);
    } else if (event.key === "Escape" && !list.hidden) {
      event.stopPropagation();
      close();
    }
  });
  input.addEventListener("blur", () => {
    close();
    // What was typed but not chosen is not a choice, unless free text is allowed.
    if (hidden.value === "" && box.dataset.free === undefined) input.value = "";
    if (hidden.value !== "") input.value = chosen;
  });
  list.addEventListener("pointerdown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const option = (event.target as Element).closest<HTMLElement>("[role=option]");
    if (option) pick(option);
  });
}

function options(list: HTMLElement): HTMLElement[] {
  return Array.from(list.querySelectorAll<HTMLElement>("[role=option]"));
}
