// How one message looks: its words, what it carries, the buttons under it, its time and state.
import type { InlineButton, Span } from "../islands/simulator/protocol";
import { h } from "../parts/dom";
import { icon } from "./icons";
import type { Media, Message } from "./protocol";

export interface Entry {
  message: Message;
  status: "sent" | "sending" | "failed";
  /** Why it failed, in the server's words. */
  why?: string;
}

/** What a message needs from the chat around it. */
export interface Around {
  t(key: string): string;
  lang: string;
  press(message: Message, key: string): void;
  retry(entry: Entry): void;
  /** Shows a picture that may have to be asked for with the token. */
  picture(image: HTMLImageElement, url: string): void;
  /** Saves a file. */
  save(url: string, name: string): void;
}

export function bubble(entry: Entry, around: Around): HTMLElement {
  const { message, status } = entry;
  const { t } = around;
  const isMine = message.from === "contact";
  const at = new Date(message.at);
  const clock = at.toLocaleTimeString(around.lang, { hour: "2-digit", minute: "2-digit" });
  return h(
    "div",
    { class: `m${isMine ? " mine" : ""}${status === "sent" ? "" : ` ${status}`}`, "data-id": message.id },
    h(
      "div",
      { class: "b" },
      h("span", { class: "vh" }, `${t(isMine ? "you" : "them")}: `),
      message.media ? media(message.media, message, around) : null,
      message.text.length > 0 ? h("div", { class: "t" }, ...message.text.map((part) => span(part, t))) : null,
      h(
        "div",
        { class: "at" },
        message.edited ? `${t("edited")} ` : null,
        h("time", { datetime: message.at }, clock),
        status === "sending" ? ` · ${t("sending")}` : null,
      ),
    ),
    status === "failed"
      ? h(
          "div",
          { class: "f" },
          h("span", {}, entry.why || t("failed")),
          h("button", { type: "button", onclick: () => around.retry(entry) }, t("retry")),
        )
      : null,
    message.inline_keyboard?.length ? keyboard(message, message.inline_keyboard, around) : null,
  );
}

function span(part: Span, t: (key: string) => string): Node {
  let node: Node = document.createTextNode(part.text);
  for (const [is, tag] of [
    [part.code, "code"],
    [part.strike, "s"],
    [part.underline, "u"],
    [part.italic, "i"],
    [part.bold, "b"],
  ] as const) {
    if (is) node = h(tag, {}, node);
  }
  const address = part.link === undefined ? null : safe(part.link);
  return address === null ? node : outside(address, t, node);
}

/** Only addresses of pages, telephones and mail are followed: a message can hold anything. */
function safe(link: string): string | null {
  return /^(https?:\/\/|tel:|mailto:)/i.test(link) ? link : null;
}

function outside(href: string, t: (key: string) => string, ...inside: Array<Node | string>): HTMLElement {
  const isPage = /^http/i.test(href);
  const note = isPage ? h("span", { class: "vh" }, ` (${t("newTab")})`) : null;
  return h(
    "a",
    { href, ...(isPage ? { target: "_blank", rel: "noopener noreferrer" } : {}) },
    ...inside,
    note,
  );
}

function media(what: Media, message: Message, around: Around): HTMLElement | null {
  const { t } = around;
  const words = message.text.map((part) => part.text).join("");
  const image = (url: string) => {
    const element = h("img", { class: "p", alt: words || t("picture"), loading: "lazy" });
    around.picture(element, url);
    return element;
  };
  switch (what.kind) {
    case "photo":
      return image(what.url);
    case "document":
      return file(what.url, what.name, what.size, around);
    case "sent":
      if (what.what === "photo" && what.url) return image(what.url);
      return what.url ? file(what.url, what.name ?? t("file"), undefined, around) : null;
    case "contact":
      return card("phone", what.phone);
    case "location":
      return card("pin", `${what.latitude.toFixed(5)}, ${what.longitude.toFixed(5)}`);
  }
}

function card(name: "phone" | "pin" | "file", title: string, note?: string): HTMLElement {
  return h("span", { class: "c" }, icon(name), h("span", {}, title, note ? h("small", {}, note) : null));
}

function file(url: string, name: string, bytes: number | undefined, around: Around): HTMLElement {
  const kilobytes = new Intl.NumberFormat(around.lang, { style: "unit", unit: "kilobyte" });
  const inside = card(
    "file",
    name,
    bytes === undefined ? undefined : kilobytes.format(Math.ceil(bytes / 1024)),
  );
  if (!url.startsWith("files/")) {
    const address = safe(url);
    return address === null ? inside : outside(address, around.t, inside);
  }
  return h("button", { type: "button", class: "d", onclick: () => around.save(url, name) }, inside);
}

function keyboard(message: Message, rows: InlineButton[][], around: Around): HTMLElement {
  const button = (one: InlineButton) => {
    const address = safe(one.url ?? one.web_app ?? "");
    if (address !== null) return outside(address, around.t, one.text);
    return h("button", { type: "button", onclick: () => around.press(message, one.key ?? "") }, one.text);
  };
  return h(
    "div",
    { class: "k", role: "group", "aria-label": around.t("buttons") },
    ...rows.map((row) => h("div", { class: "r" }, ...row.map(button))),
  );
}
