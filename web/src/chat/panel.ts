// The chat's frame: the button in the corner, the greeting, the panel with its log and where one writes. Knows nothing of
// the server.
import type { ReplyButton, ReplyKeyboard } from "../islands/simulator/protocol";
import { h } from "../parts/dom";
import { icon } from "./icons";
import type { Config } from "./protocol";

/** As in messengers. */
const TEXT_CHARS = 4096;
const TOAST_MS = 4000;
const FILES =
  ".jpg,.jpeg,.png,.webp,.heic,.pdf,.doc,.docx,.xls,.xlsx,.csv,.txt,.ods,.odt,.ogg,.mp3,.m4a,.mp4,.mov,.zip";

export interface Wishes {
  opened(): void;
  closed(): void;
  text(text: string): void;
  file(file: File): void;
  phone(phone: string): void;
  place(): void;
  earlier(): void;
  greeted(): void;
}

export class Panel {
  readonly root = h("div", { class: "root" });
  readonly log: HTMLElement;
  readonly messages = h("div", { class: "ms" });
  readonly #t: (key: string) => string;
  readonly #wishes: Wishes;
  readonly #button: HTMLButtonElement;
  readonly #badge = h("span", { class: "n", hidden: true });
  readonly #unread = h("span", { class: "vh" });
  readonly #panel: HTMLElement;
  readonly #status = h("small", { role: "status" });
  readonly #offline: HTMLElement;
  readonly #earlier: HTMLButtonElement;
  readonly #typing: HTMLElement;
  readonly #draft = h("div", { class: "draft", "aria-hidden": "true", hidden: true });
  readonly #toasts = h("div", { class: "ts", role: "status" });
  readonly #keys: HTMLElement;
  readonly #area: HTMLTextAreaElement;
  readonly #phone: HTMLElement;
  readonly #number: HTMLInputElement;
  #greeting: HTMLElement | null = null;
  #oneTime = false;

  constructor(config: Config, wishes: Wishes) {
    const t = (key: string) => config.texts[key] ?? key;
    this.#t = t;
    this.#wishes = wishes;
    this.#button = h(
      "button",
      {
        type: "button",
        class: "open",
        "aria-expanded": "false",
        "aria-controls": "panel",
        onclick: () => this.toggle(),
      },
      icon("chat"),
      h("span", { class: "vh" }, t("open")),
      this.#unread,
      this.#badge,
    );
    this.#earlier = h(
      "button",
      { type: "button", class: "earlier", hidden: true, onclick: () => wishes.earlier() },
      t("earlier"),
    );
    this.#typing = h("div", { class: "typing", hidden: true }, h("span", {}, t("typing")));
    this.log = h(
      "div",
      { class: "log", role: "log", "aria-live": "polite", "aria-label": t("log"), tabindex: 0 },
      this.#earlier,
      this.messages,
      this.#draft,
      this.#typing,
    );
    this.#keys = h("div", { class: "keys", role: "group", "aria-label": t("keyboard"), hidden: true });
    this.#area = h("textarea", {
      rows: 1,
      maxlength: TEXT_CHARS,
      "aria-label": t("write"),
      placeholder: t("write"),
    });
    const chooser = h("input", {
      type: "file",
      hidden: true,
      accept: FILES,
      tabindex: -1,
      "aria-hidden": "true",
    });
    chooser.addEventListener("change", () => {
      const file = chooser.files?.[0];
      chooser.value = "";
      if (file) wishes.file(file);
      this.#area.focus();
    });
    const form = h(
      "form",
      { class: "write", onsubmit: (event) => this.#submit(event) },
      tool("clip", t("attach"), () => chooser.click()),
      chooser,
      this.#area,
      h("button", { type: "submit", class: "send", "aria-label": t("send"), title: t("send") }, icon("send")),
    );
    this.#number = h("input", {
      type: "tel",
      id: "number",
      autocomplete: "tel",
      inputmode: "tel",
      placeholder: "+998",
      required: true,
    });
    this.#phone = h(
      "form",
      { class: "phone", hidden: true, onsubmit: (event) => this.#share(event) },
      h("label", { for: "number" }, t("phone")),
      this.#number,
      h("small", {}, t("phoneHelp")),
      h(
        "div",
        { class: "r" },
        h("button", { type: "button", onclick: () => this.askPhone(false) }, t("cancel")),
        h("button", { type: "submit", class: "main" }, t("share")),
      ),
    );
    this.#offline = h("div", { class: "offline", role: "status", hidden: true }, t("offline"));
    this.#panel = h(
      "section",
      { class: "panel", id: "panel", role: "dialog", "aria-label": config.title, tabindex: -1, hidden: true },
      h(
        "header",
        {},
        h("div", {}, h("strong", {}, config.title), this.#status),
        tool("close", t("close"), () => this.close()),
      ),
      this.#offline,
      this.log,
      this.#toasts,
      this.#keys,
      this.#phone,
      form,
    );
    this.root.append(this.#panel, this.#button);
    this.root.dataset.side = config.side;
    this.#panel.addEventListener("keydown", (event) => this.#trap(event));
    this.#area.addEventListener("input", () => this.#grow());
    this.#area.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
        event.preventDefault();
        form.requestSubmit();
      }
    });
  }

  get isOpen(): boolean {
    return !this.#panel.hidden;
  }

  toggle(): void {
    if (this.isOpen) this.close();
    else this.open(true);
  }

  open(byHand: boolean): void {
    if (this.isOpen) return;
    this.#panel.hidden = false;
    this.#button.setAttribute("aria-expanded", "true");
    this.root.classList.add("is-open");
    this.greet("");
    this.#wishes.opened();
    // On a phone the keyboard would hide what was said.
    if (byHand) (matchMedia("(min-width: 600px)").matches ? this.#area : this.#panel).focus();
  }

  close(): void {
    if (!this.isOpen) return;
    this.#panel.hidden = true;
    this.#button.setAttribute("aria-expanded", "false");
    this.root.classList.remove("is-open");
    this.#wishes.closed();
    this.#button.focus();
  }

  /** Says this beside the button; nothing takes it away. */
  greet(text: string): void {
    this.#greeting?.remove();
    this.#greeting = null;
    if (text === "") return;
    this.#greeting = h(
      "div",
      { class: "greet" },
      h("button", { type: "button", class: "words", onclick: () => this.open(true) }, text),
      tool("close", this.#t("close"), () => {
        this.greet("");
        this.#wishes.greeted();
      }),
    );
    this.root.prepend(this.#greeting);
  }

  unread(count: number): void {
    this.#badge.hidden = count === 0;
    this.#badge.textContent = count > 99 ? "99+" : String(count);
    this.#unread.textContent = count === 0 ? "" : `. ${this.#t("unread")} ${count}`;
  }

  connected(yes: boolean): void {
    this.#offline.hidden = yes;
  }

  withPerson(yes: boolean): void {
    this.#status.textContent = yes ? this.#t("person") : "";
  }

  typing(yes: boolean): void {
    this.#typing.hidden = !yes;
  }

  /** What is being written: readers who listen hear the whole when it is said. */
  draft(text: string): void {
    this.#draft.textContent = text;
    this.#draft.hidden = text === "";
  }

  hasEarlier(yes: boolean): void {
    this.#earlier.hidden = !yes;
  }

  toast(text: string): void {
    if (text === "") return;
    const one = h("div", { class: "toast" }, text);
    this.#toasts.append(one);
    setTimeout(() => one.remove(), TOAST_MS);
  }

  keyboard(keyboard: ReplyKeyboard | null): void {
    this.#oneTime = keyboard?.one_time === true;
    this.#area.placeholder = keyboard?.placeholder || this.#t("write");
    this.#keys.hidden = keyboard === null;
    const button = (one: ReplyButton) =>
      h("button", { type: "button", onclick: () => this.#press(one) }, one.text);
    const rows = keyboard?.rows ?? [];
    this.#keys.replaceChildren(...rows.map((row) => h("div", { class: "r" }, ...row.map(button))));
  }

  askPhone(yes: boolean, wrong = ""): void {
    this.#phone.hidden = !yes;
    this.#number.setCustomValidity(wrong);
    if (yes) {
      this.#number.focus();
      if (wrong) this.#number.reportValidity();
    } else this.#area.focus();
  }

  #press(button: ReplyButton): void {
    if (button.request === "contact") this.askPhone(true);
    else if (button.request === "location") this.#wishes.place();
    else this.#wishes.text(button.text);
    if (this.#oneTime && button.request === undefined) this.#keys.hidden = true;
  }

  #share(event: Event): void {
    event.preventDefault();
    // Nine digits are enough for a number of the country; the server looks closer.
    if (this.#number.value.replace(/\D/g, "").length < 9) {
      this.askPhone(true, this.#t("phoneWrong"));
      this.#number.addEventListener("input", () => this.#number.setCustomValidity(""), { once: true });
      return;
    }
    this.#wishes.phone(this.#number.value.trim());
    this.askPhone(false);
  }

  #submit(event: Event): void {
    event.preventDefault();
    const text = this.#area.value.trim();
    if (text === "") return;
    this.#area.value = "";
    this.#grow();
    this.#wishes.text(text);
    this.#area.focus();
  }

  #grow(): void {
    this.#area.style.height = "auto";
    this.#area.style.height = `${Math.min(this.#area.scrollHeight, 120)}px`;
  }

  /** Tab stays inside, Escape leaves. */
  #trap(event: KeyboardEvent): void {
    if (event.key === "Escape") {
      event.stopPropagation();
      this.close();
      return;
    }
    if (event.key !== "Tab") return;
    const stops = Array.from(
      this.#panel.querySelectorAll<HTMLElement>(
        "button,a[href],textarea,input:not([type=file]),[tabindex='0']",
      ),
    ).filter((stop) => stop.offsetParent !== null);
    const now = (this.#panel.getRootNode() as ShadowRoot).activeElement;
    const edge = event.shiftKey ? stops[0] : stops[stops.length - 1];
    if (now !== edge && now !== this.#panel) return;
    if (now === this.#panel && !event.shiftKey) return;
    event.preventDefault();
    (event.shiftKey ? stops[stops.length - 1] : stops[0])?.focus();
  }
}

function tool(name: "close" | "clip", label: string, onclick: () => void): HTMLButtonElement {
  return h(
    "button",
    { type: "button", class: "tool", "aria-label": label, title: label, onclick },
    icon(name),
  );
}
