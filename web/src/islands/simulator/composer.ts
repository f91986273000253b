// Where one types: text with the list of commands, the reply keyboard, files, sharing a contact or a place.
import { h, icon } from "../../parts/dom";
import type { Command, ReplyButton, ReplyKeyboard } from "./protocol";

interface Actions {
  send(text: string): void;
  share(kind: "contact" | "location"): void;
  pick(command: string): void;
  /** Files with what was typed, which are the words of the first. */
  attach(files: File[], caption: string): void;
}

export interface Composer {
  element: HTMLElement;
  commands(list: Command[]): void;
  keyboard(keyboard: ReplyKeyboard | null): void;
  /** Sends these files with what is typed. */
  attach(files: File[]): void;
  /** Says why something was not sent, and gives back what was typed with it. */
  refuse(why: string, typed: string): void;
  focus(): void;
}

/** Pictures that are shown as such; a phone makes one of these of what it has. */
const PICTURES = "image/jpeg,image/png,image/webp";

export function composer(t: (key: string) => string, actions: Actions): Composer {
  let list: Command[] = [];
  let current: ReplyKeyboard | null = null;
  const area = h("textarea", {
    rows: 1,
    "aria-label": t("sim-placeholder"),
    placeholder: t("sim-placeholder"),
  });
  const menu = h("div", {
    class: "sim-commands",
    role: "listbox",
    "aria-label": t("sim-commands"),
    hidden: true,
  });
  const keys = h("div", {
    class: "sim-keyboard",
    role: "group",
    "aria-label": t("sim-keyboard"),
    hidden: true,
  });
  const menuButton = tool("list", t("sim-commands"), () => showMenu(menu.hidden ? "" : null));
  const keysButton = tool("grid", t("sim-keyboard"), () => {
    keys.hidden = !keys.hidden;
    mark();
  });
  const pictures = chooser(PICTURES, t("sim-photo"));
  const files = chooser(null, t("sim-file"));
  const error = h("p", { class: "sim-error", role: "alert", hidden: true });
  const share = h(
    "details",
    { class: "menu is-up" },
    h(
      "summary",
      { class: "btn btn-ghost btn-icon", "aria-label": t("sim-share"), title: t("sim-share") },
      icon("paperclip"),
    ),
    h(
      "div",
      { class: "menu-list is-start" },
      item("image", t("sim-photo"), () => pictures.click()),
      item("file-earmark-text", t("sim-file"), () => files.click()),
      item("person", t("sim-share-contact"), () => actions.share("contact")),
      item("geo-alt", t("sim-share-location"), () => actions.share("location")),
    ),
  );
  const send = h(
    "button",
    { type: "submit", class: "btn btn-primary btn-icon sim-send", "aria-label": t("sim-send") },
    icon("send-fill"),
  );
  const form = h("form", { class: "sim-form", onsubmit: submit }, menuButton, share, area, keysButton, send);
  const element = h("div", { class: "sim-composer" }, menu, form, error, keys, pictures, files);

  function chooser(accept: string | null, label: string): HTMLInputElement {
    const input = h("input", { type: "file", accept, multiple: true, hidden: true, "aria-label": label });
    input.addEventListener("change", () => {
      attach(Array.from(input.files ?? []));
      // The same file chosen again is a change too.
      input.value = "";
    });
    return input;
  }

  function attach(chosen: File[]): void {
    if (chosen.length === 0) return;
    const caption = take();
    error.hidden = true;
    actions.attach(chosen, caption);
    area.focus();
  }

  /** What was typed, which stands there no more. */
  function take(): string {
    const text = area.value.trim();
    area.value = "";
    grow();
    showMenu(null);
    return text;
  }

  function submit(event: Event): void {
    event.preventDefault();
    const text = take();
    if (text === "") return;
    error.hidden = true;
    actions.send(text);
    area.focus();
  }

  /** Shows the commands that begin with `prefix`; null hides the list. */
  function showMenu(prefix: string | null): void {
    const fitting = prefix === null ? [] : list.filter((command) => command.command.startsWith(prefix));
    menu.replaceChildren(
      ...fitting.map((command, index) =>
        h(
          "button",
          {
            type: "button",
            role: "option",
            "aria-selected": index === 0 ? "true" : "false",
            onclick: () => pick(command),
          },
          h("code", {}, `/${command.command}`),
          h("span", {}, command.description),
        ),
      ),
    );
    menu.hidden = fitting.length === 0;
    menuButton.setAttribute("aria-expanded", String(!menu.hidden));
  }

  function pick(command: Command): void {
    take();
    actions.pick(command.command);
    area.focus();
  }

  function grow(): void {
    area.style.height = "auto";
    area.style.height = `${Math.min(area.scrollHeight, 132)}px`;
  }

  function step(by: number): void {
    const rows = Array.from(menu.querySelectorAll<HTMLElement>("[role=option]"));
    const at = rows.findIndex((row) => row.getAttribute("aria-selected") === "true");
    const next = rows[(at + by + rows.length) % rows.length];
    for (const row of rows) row.setAttribute("aria-selected", String(row === next));
    next?.scrollIntoView({ block: "nearest" });
  }

  area.addEventListener("input", () => {
    grow();
    error.hidden = true;
    const typed = /^\/(\w*)$/.exec(area.value);
    showMenu(typed ? (typed[1] ?? "") : null);
  });
  area.addEventListener("paste", (event) => {
    // Tables and documents bring a picture of their words with them: those are words.
    const pasted = Array.from(event.clipboardData?.files ?? []);
    if (pasted.length === 0 || event.clipboardData?.getData("text/plain")) return;
    event.preventDefault();
    attach(pasted);
  });
  area.addEventListener("keydown", (event) => {
    if (!menu.hidden && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      event.preventDefault();
      step(event.key === "ArrowDown" ? 1 : -1);
    } else if (event.key === "Escape") {
      showMenu(null);
    } else if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      const chosen = menu.querySelector<HTMLElement>('[aria-selected="true"]');
      if (!menu.hidden && chosen) chosen.click();
      else form.requestSubmit();
    }
  });

  function mark(): void {
    keysButton.hidden = current === null;
    keysButton.setAttribute("aria-expanded", String(!keys.hidden));
  }

  function press(button: ReplyButton): void {
    if (button.request) actions.share(button.request);
    else actions.send(button.text);
    if (current?.one_time) keys.hidden = true;
    mark();
  }

  function keyboard(fresh: ReplyKeyboard | null): void {
    current = fresh;
    area.placeholder = fresh?.placeholder ?? t("sim-placeholder");
    keys.hidden = fresh === null;
    keys.replaceChildren(
      ...(fresh?.rows ?? []).map((row) =>
        h("div", { class: "sim-row" }, ...row.map((button) => replyButton(button, () => press(button)))),
      ),
    );
    mark();
  }

  keyboard(null);
  return {
    element,
    keyboard,
    attach,
    commands(fresh) {
      list = fresh;
      menuButton.hidden = fresh.length === 0;
    },
    refuse(why, typed) {
      error.textContent = why;
      error.hidden = false;
      if (area.value === "") area.value = typed;
      grow();
    },
    focus: () => area.focus(),
  };
}

function tool(iconName: string, label: string, onclick: () => void): HTMLButtonElement {
  return h(
    "button",
    { type: "button", class: "btn btn-ghost btn-icon", "aria-label": label, title: label, onclick },
    icon(iconName),
  );
}

function item(iconName: string, label: string, onclick: () => void): HTMLElement {
  return h("button", { type: "button", class: "menu-item", onclick }, icon(iconName), label);
}

function replyButton(button: ReplyButton, onclick: () => void): HTMLElement {
  const kind = button.request === "contact" ? "person" : button.request === "location" ? "geo-alt" : null;
  if (button.web_app?.match(/^(https?:\/\/|\/(?!\/))/)) {
    return h("a", { href: button.web_app, target: "_blank", rel: "noopener" }, icon("display"), button.text);
  }
  return h("button", { type: "button", onclick }, kind ? icon(kind) : null, button.text);
}
