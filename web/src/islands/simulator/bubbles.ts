// How one message looks: text, media, the keyboard under it, its time and state.
import { h, icon } from "../../parts/dom";
import type { Entry } from "./log";
import type { InlineButton, Media, Message, Span } from "./protocol";

/** What a bubble needs from the chat around it. */
export interface Around {
  t(key: string, args?: Record<string, string>): string;
  clock(at: string): string;
  press(message: Message, key: string, button: HTMLElement): void;
  retry(entry: Entry): void;
}

export function bubble(entry: Entry, around: Around): HTMLElement {
  const { message, status } = entry;
  const mine = message.from === "contact";
  const state = mine && status !== "sent" ? ` is-${status}` : "";
  return h(
    "div",
    { class: `sim-message is-${message.from}${state}`, "data-id": message.id },
    h(
      "div",
      { class: `sim-bubble${isWide(message) ? " has-picture" : ""}` },
      h("span", { class: "visually-hidden" }, `${around.t(mine ? "sim-you" : "sim-bot")}: `),
      message.media ? media(message.media, message, around) : null,
      message.text.length > 0 ? h("div", { class: "sim-text" }, ...message.text.map(span)) : null,
      h(
        "div",
        { class: "sim-meta" },
        message.edited ? `${around.t("sim-edited")} ` : null,
        h("time", { datetime: message.at }, around.clock(message.at)),
        mine
          ? icon(status === "sent" ? "check2-all" : status === "sending" ? "clock" : "exclamation-circle")
          : null,
      ),
    ),
    status === "failed"
      ? h(
          "button",
          { type: "button", class: "btn btn-sm btn-outline-danger", onclick: () => around.retry(entry) },
          icon("arrow-clockwise"),
          around.t("sim-retry"),
        )
      : null,
    message.inline_keyboard && message.inline_keyboard.length > 0
      ? keyboard(message, message.inline_keyboard, around)
      : null,
  );
}

function isWide({ media }: Message): boolean {
  if (media?.kind !== "sent") return media?.kind === "photo";
  return media.url !== undefined && (media.what === "photo" || media.what === "video");
}

function span(part: Span): Node {
  let node: Node = document.createTextNode(part.text);
  const wrap = (tag: "b" | "i" | "u" | "s" | "code") => {
    node = h(tag, {}, node);
  };
  if (part.code) wrap("code");
  if (part.strike) wrap("s");
  if (part.underline) wrap("u");
  if (part.italic) wrap("i");
  if (part.bold) wrap("b");
  const link = part.link === undefined ? null : webAddress(part.link);
  return link === null ? node : h("a", { href: link, target: "_blank", rel: "noopener noreferrer" }, node);
}

/** Only addresses of pages are followed: a bot's text can hold anything. */
export function webAddress(link: string): string | null {
  return /^(https?:\/\/|tel:|mailto:|\/(?!\/))/i.test(link) ? link : null;
}

function media(what: Media, message: Message, around: Around): HTMLElement {
  switch (what.kind) {
    case "photo":
      return h("img", {
        class: "sim-picture",
        src: what.url,
        width: what.width,
        height: what.height,
        alt: wordsOf(message) || around.t("sim-photo"),
        loading: "lazy",
      });
    case "sent":
      return sent(what, message, around);
    case "document":
      return card("file-earmark-text", what.name, what.size === undefined ? null : size(what.size), what.url);
    case "contact":
      return card("person", what.name, what.phone, null);
    case "location": {
      const place = `${what.latitude.toFixed(5)}, ${what.longitude.toFixed(5)}`;
      return card("geo-alt", around.t("sim-location"), place, null);
    }
  }
}

/** A file of the person, as what it is. */
function sent(what: Extract<Media, { kind: "sent" }>, message: Message, around: Around): HTMLElement {
  const { url } = what;
  const name = what.name ?? around.t("sim-file");
  if (url === undefined) return card("file-earmark-text", name, null, null);
  switch (what.what) {
    case "photo":
      return h(
        "a",
        { href: url, target: "_blank", rel: "noopener" },
        h("img", { class: "sim-picture", src: url, alt: wordsOf(message) || around.t("sim-photo") }),
      );
    case "video":
      return h("video", {
        class: "sim-picture",
        src: url,
        controls: true,
        preload: "metadata",
        "aria-label": name,
      });
    case "voice":
    case "audio":
      return h("audio", { src: url, controls: true, preload: "metadata", "aria-label": name });
    case "document":
      return card("file-earmark-text", name, null, url);
  }
}

function wordsOf(message: Message): string {
  return message.text.map((part) => part.text).join("");
}

/** A length in whole kilobytes, the last one begun. */
function size(bytes: number): string {
  const kilobytes = new Intl.NumberFormat(document.documentElement.lang, { style: "unit", unit: "kilobyte" });
  return kilobytes.format(Math.ceil(bytes / 1024));
}

function card(iconName: string, title: string, note: string | null, url: string | null): HTMLElement {
  const inside = [
    h("span", { class: "sim-card-icon" }, icon(iconName)),
    h("span", {}, h("strong", {}, title), note ? h("small", { class: "num" }, note) : null),
  ];
  return url === null
    ? h("div", { class: "sim-card" }, ...inside)
    : h("a", { class: "sim-card", href: url, target: "_blank", rel: "noopener" }, ...inside);
}

function keyboard(message: Message, rows: InlineButton[][], around: Around): HTMLElement {
  return h(
    "div",
    { class: "sim-inline", role: "group", "aria-label": around.t("sim-buttons") },
    ...rows.map((row) =>
      h("div", { class: "sim-row" }, ...row.map((button) => inlineButton(message, button, around))),
    ),
  );
}

function inlineButton(message: Message, button: InlineButton, around: Around): HTMLElement {
  const page = webAddress(button.url ?? button.web_app ?? "");
  if (page !== null) {
    return h(
      "a",
      { href: page, target: "_blank", rel: "noopener noreferrer" },
      button.text,
      icon(button.url === undefined ? "display" : "arrow-up-right"),
    );
  }
  const element: HTMLElement = h(
    "button",
    { type: "button", onclick: () => around.press(message, button.key ?? "", element) },
    button.text,
  );
  return element;
}
