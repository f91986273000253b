// The chat on somebody's site: <script src="https://…/chat.js" data-bot="key" async></script>. It draws itself into a
// shadow tree, so that neither the site's styles touch it nor its own the site; it sets no cookie.
import { commandOf } from "../islands/simulator/log";
import type { ReplyKeyboard } from "../islands/simulator/protocol";
import { h } from "../parts/dom";
import { Client, Refused } from "./client";
import { lettersOn, spoken } from "./colour";
import { dress } from "./dress";
import { newId, wordsOf } from "./input";
import { Keep } from "./keep";
import { type Around, bubble, type Entry } from "./looks";
import { Panel } from "./panel";
import type { Config, Input, Message, News, What } from "./protocol";
import { Waiting } from "./waiting";

/** A browser has begun to save a file by then. */
const FILE_MS = 8000;
/** A server that is away, or a workspace that is suspended, is asked again after so long. */
const CONFIG_AGAIN_MS = 60_000;
const GREETING_MS = 3000;

function begin(from: HTMLScriptElement, key: string): void {
  // A page that loads the script twice has one chat.
  const mark = `data-karvon-chat-${key}`;
  if (document.documentElement.hasAttribute(mark)) return;
  document.documentElement.setAttribute(mark, "");
  const home = from.src.replace(/\/chat\.js([?#].*)?$/, "");
  const lang = spoken([from.dataset.lang, document.documentElement.lang, ...navigator.languages]);
  const start = async () => {
    const keep = new Keep(key);
    const chat = new Chat(home, key, keep, lang, from.dataset);
    await chat.begin();
  };
  if (document.body) void start();
  else addEventListener("DOMContentLoaded", () => void start());
}

class Chat {
  readonly #home: string;
  readonly #key: string;
  readonly #keep: Keep;
  readonly #lang: string;
  readonly #wishes: DOMStringMap;
  readonly #client: Client;
  #panel: Panel | null = null;
  #around: Around | null = null;
  #entries: Entry[] = [];
  #files = new Map<string, FormData>();
  #queue: Array<Input | string> = [];
  #isSending = false;
  #isGreeted = false;
  #before: number | null = null;
  #withPerson = false;
  #isAtEnd = true;
  #maxBytes = 0;
  readonly #waiting = new Waiting(
    () => this.#panel,
    () => this.#toEnd(),
  );
  #begun: Promise<void> | null = null;
  /** Done when what was said before is shown. */
  #ready: Promise<void> = Promise.resolve();
  #pictures = new Map<string, Promise<string>>();

  constructor(home: string, key: string, keep: Keep, lang: string, wishes: DOMStringMap) {
    this.#home = home;
    this.#key = key;
    this.#keep = keep;
    this.#lang = lang;
    this.#wishes = wishes;
    this.#client = new Client(`${home}/chat/${key}`, keep, {
      news: (news) => this.#news(news),
      draft: (text) => this.#waiting.draft(text),
      connected: (yes) => this.#panel?.connected(yes),
      forgotten: () => this.#forget(),
    });
  }

  async begin(): Promise<void> {
    let config: Config;
    try {
      config = await this.#client.config(this.#lang);
    } catch (error) {
      // A site that may not show the chat shows none; a server that is away comes back.
      if (!(error instanceof Refused)) setTimeout(() => void this.begin(), CONFIG_AGAIN_MS);
      return;
    }
    this.#draw(config);
    if (this.#keep.token) this.#ready = this.#resume();
    if (this.#wishes.open !== undefined || this.#wasOpen()) this.#panel?.open(false);
    else if (config.greeting && !this.#keep.greeted) {
      setTimeout(() => {
        if (!this.#panel?.isOpen && !this.#keep.greeted) this.#panel?.greet(config.greeting);
      }, GREETING_MS);
    }
  }

  #draw(config: Config): void {
    const t = (key: string) => config.texts[key] ?? key;
    this.#maxBytes = config.max_file_bytes;
    const panel = new Panel(config, {
      opened: () => this.#opened(),
      closed: () => this.#remember(false),
      text: (text) => this.#say(text),
      file: (file) => this.#sendFile(file, t),
      phone: (phone) => this.#send({ kind: "contact", phone }, phone),
      place: () => this.#sendPlace(t),
      earlier: () => void this.#earlier(),
      greeted: () => {
        this.#keep.greeted = true;
      },
    });
    this.#panel = panel;
    this.#around = {
      t,
      lang: config.lang,
      press: (message, key) => this.#press(message, key),
      retry: (entry) => this.#retry(entry),
      picture: (image, url) => void this.#picture(image, url),
      save: (url, name) => void this.#save(url, name, t),
    };
    const host = h("div", { "data-karvon-chat": this.#key, lang: config.lang });
    const shadow = host.attachShadow({ mode: "open" });
    dress(shadow);
    panel.root.style.setProperty("--a", config.colour);
    panel.root.style.setProperty("--on", lettersOn(config.colour));
    const dark = matchMedia("(prefers-color-scheme: dark)");
    const wish = this.#wishes.theme;
    const paint = () => {
      const isDark = wish === "dark" || (wish !== "light" && dark.matches);
      panel.root.dataset.theme = isDark ? "dark" : "light";
    };
    dark.addEventListener("change", paint);
    paint();
    shadow.append(panel.root);
    document.body.append(host);
    panel.log.addEventListener("scroll", () => {
      const { scrollHeight, scrollTop, clientHeight } = panel.log;
      this.#isAtEnd = scrollHeight - scrollTop - clientHeight < 80;
    });
    panel.log.addEventListener("load", () => this.#toEnd(), true);
    document.addEventListener("visibilitychange", () => this.#look());
  }

  #opened(): void {
    this.#keep.greeted = true;
    this.#remember(true);
    this.#isAtEnd = true;
    void this.#greet();
    this.#look();
    requestAnimationFrame(() => this.#toEnd());
  }

  /** Somebody who has said nothing is greeted by the bot. */
  async #greet(): Promise<void> {
    await this.#ready;
    await this.#meet();
    if (!this.#keep.token || this.#isGreeted || this.#entries.length > 0) return;
    this.#isGreeted = true;
    this.#waiting.think();
    this.#queue.unshift({ client_id: newId(), kind: "command", command: "start" });
    void this.#deliver();
  }

  /** Somebody new gets a token. */
  #meet(): Promise<void> {
    if (this.#keep.token) return Promise.resolve();
    this.#begun ??= this.#introduce().finally(() => {
      this.#begun = null;
    });
    return this.#begun;
  }

  async #introduce(): Promise<void> {
    for (let pause = 1000; !this.#keep.token; pause = Math.min(pause * 2, 30_000)) {
      try {
        await this.#client.meet(this.#lang);
        this.#panel?.connected(true);
      } catch (error) {
        if (error instanceof Refused) {
          this.#panel?.toast(error.message);
          return;
        }
        this.#panel?.connected(false);
        await new Promise((done) => setTimeout(done, pause));
      }
    }
    this.#client.listen(0);
  }

  /** Goes on where the visitor was before. */
  async #resume(): Promise<void> {
    const waiting = this.#keep.unsent();
    for (const input of waiting) this.#show(input, wordsOf(input), "sending");
    this.#queue.push(...waiting);
    await this.#readAnew();
    void this.#deliver();
  }

  async #readAnew(): Promise<void> {
    for (let pause = 1000; ; pause = Math.min(pause * 2, 30_000)) {
      try {
        const history = await this.#client.history();
        const known = new Set(history.messages.map((message) => message.client_id));
        const waiting = this.#entries.filter(
          (entry) => entry.status !== "sent" && !known.has(entry.message.client_id),
        );
        this.#entries = [
          ...history.messages.map((message): Entry => ({ message, status: "sent" })),
          ...waiting,
        ];
        this.#before = history.before;
        this.#panel?.hasEarlier(history.before !== null);
        this.#keyboard(history.reply_keyboard);
        this.#person(history.with_person);
        this.#panel?.connected(true);
        this.#redraw();
        this.#look();
        this.#client.stop();
        this.#client.listen(history.last);
        return;
      } catch (error) {
        if (error instanceof Refused) {
          this.#forget();
          return;
        }
        this.#panel?.connected(false);
        await new Promise((done) => setTimeout(done, pause));
      }
    }
  }

  async #earlier(): Promise<void> {
    if (this.#before === null) return;
    try {
      const { messages, before } = await this.#client.history(this.#before);
      const log = this.#panel?.log;
      const fromEnd = log ? log.scrollHeight - log.scrollTop : 0;
      const known = new Set(this.#entries.map((entry) => entry.message.id));
      const older = messages.filter((message) => !known.has(message.id));
      this.#entries = [...older.map((message): Entry => ({ message, status: "sent" })), ...this.#entries];
      this.#before = before;
      this.#panel?.hasEarlier(before !== null);
      this.#isAtEnd = false;
      this.#redraw();
      if (log) log.scrollTop = log.scrollHeight - fromEnd;
    } catch {
      this.#panel?.connected(false);
    }
  }

  /** The server knows this visitor no more: they are new. */
  #forget(): void {
    this.#keep.token = "";
    this.#entries = [];
    this.#queue = [];
    this.#isGreeted = false;
    for (const input of this.#keep.unsent()) this.#keep.done(input.client_id);
    this.#keyboard(null);
    this.#redraw();
    if (this.#panel?.isOpen) void this.#greet();
  }

  #news(news: News): void {
    this.#person(news.with_person);
    if (news.reset) {
      this.#client.stop();
      void this.#readAnew();
      return;
    }
    for (const event of news.events) {
      if (event[0] === "message") this.#message(event[1]);
      else if (event[0] === "keyboard") this.#keyboard(event[1].reply_keyboard);
      else if (event[0] === "callback") this.#panel?.toast(event[1].text ?? "");
      else if (event[1].on) this.#waiting.think();
    }
    if (news.events.length > 0) {
      this.#redraw();
      this.#look();
    }
  }

  #message(message: Message): void {
    const at = this.#entries.findIndex(
      (entry) =>
        entry.message.id === message.id ||
        (message.client_id !== undefined && entry.message.client_id === message.client_id),
    );
    const entry: Entry = { message, status: "sent" };
    if (at < 0) this.#entries.push(entry);
    else this.#entries[at] = entry;
    if (message.from === "bot") {
      this.#waiting.done();
    }
  }

  #say(text: string): void {
    const command = commandOf(text);
    this.#send(command === null ? { kind: "text", text } : { kind: "command", command }, text);
  }

  #send(what: What, words: string): void {
    const input: Input = { ...what, client_id: newId() };
    this.#keep.add(input);
    this.#show(input, words, "sending");
    this.#queue.push(input);
    this.#isAtEnd = true;
    this.#redraw();
    if (!this.#withPerson) this.#waiting.think();
    void this.#deliver();
  }

  #show(input: { client_id: string }, words: string, status: Entry["status"]): void {
    const { client_id } = input;
    const message: Message = {
      id: `local-${client_id}`,
      client_id,
      from: "contact",
      text: [{ text: words }],
      at: new Date().toISOString(),
    };
    this.#entries.push({ message, status });
  }

  #press(message: Message, key: string): void {
    this.#queue.push({ client_id: newId(), kind: "button", message_id: message.id, key });
    if (!this.#withPerson) this.#waiting.think();
    void this.#deliver();
  }

  #sendFile(file: File, t: (key: string) => string): void {
    if (file.size > this.#maxBytes) {
      this.#panel?.toast(t("tooLarge"));
      return;
    }
    const client_id = newId();
    const form = new FormData();
    form.append("client_id", client_id);
    form.append("file", file, file.name);
    this.#files.set(client_id, form);
    this.#show({ client_id }, file.name, "sending");
    this.#queue.push(client_id);
    this.#isAtEnd = true;
    this.#redraw();
    void this.#deliver();
  }

  #sendPlace(t: (key: string) => string): void {
    const refused = () => this.#panel?.toast(t("placeRefused"));
    if (!navigator.geolocation) {
      refused();
      return;
    }
    navigator.geolocation.getCurrentPosition(({ coords: { latitude, longitude } }) => {
      this.#send({ kind: "location", latitude, longitude }, t("place"));
    }, refused);
  }

  #retry(entry: Entry): void {
    const id = entry.message.client_id ?? "";
    const input = this.#keep.unsent().find((one) => one.client_id === id);
    if (!input && !this.#files.has(id)) return;
    this.#mark(id, "sending");
    this.#queue.push(input ?? id);
    void this.#deliver();
  }

  /** One after the other, so that what was said first comes first. */
  async #deliver(): Promise<void> {
    if (this.#isSending) return;
    this.#isSending = true;
    for (let next = this.#queue.shift(); next !== undefined; next = this.#queue.shift()) {
      const id = typeof next === "string" ? next : next.client_id;
      try {
        await this.#meet();
        const what = typeof next === "string" ? this.#files.get(next) : next;
        if (what) await this.#client.send(what, (waits) => this.#panel?.connected(!waits));
        this.#panel?.connected(true);
        this.#keep.done(id);
        this.#files.delete(id);
        this.#mark(id, "sent");
      } catch (error) {
        const why = error instanceof Refused ? error.message : "";
        const isShown = this.#mark(id, "failed", why);
        if (!isShown) this.#panel?.toast(why);
        this.#waiting.think(false);
      }
    }
    this.#isSending = false;
  }

  #mark(id: string, status: Entry["status"], why = ""): boolean {
    const entry = this.#entries.find((one) => one.message.client_id === id);
    if (!entry || (entry.status === "sent" && status !== "failed")) return entry !== undefined;
    entry.status = status;
    entry.why = why;
    this.#redraw();
    return true;
  }

  #person(yes: boolean): void {
    this.#withPerson = yes;
    this.#panel?.withPerson(yes);
    if (yes) this.#waiting.think(false);
  }

  #keyboard(keyboard: ReplyKeyboard | null): void {
    this.#panel?.keyboard(keyboard);
    this.#toEnd();
  }

  /** What stands before the reader's eyes is seen; the rest is counted. */
  #look(): void {
    const said = this.#entries.filter((entry) => entry.message.from === "bot");
    const last = said[said.length - 1]?.message.id ?? "";
    if (this.#panel?.isOpen && document.visibilityState === "visible") {
      if (last) this.#keep.seen = last;
      this.#panel.unread(0);
      return;
    }
    const seen = said.findIndex((entry) => entry.message.id === this.#keep.seen);
    this.#panel?.unread(said.length - 1 - seen);
  }

  #redraw(): void {
    const box = this.#panel?.messages;
    if (!box || !this.#around) return;
    const old = new Map(Array.from(box.children, (child) => [(child as HTMLElement).dataset.id, child]));
    let place: Element | null = box.firstElementChild;
    const kept = new Set<Element>();
    for (const entry of this.#entries) {
      const shape = JSON.stringify(entry);
      let element = old.get(entry.message.id) as HTMLElement | undefined;
      if (element?.dataset.shape !== shape) {
        const fresh = bubble(entry, this.#around);
        fresh.dataset.shape = shape;
        if (element) {
          if (place === element) place = element.nextElementSibling;
          element.remove();
        }
        element = fresh;
      }
      kept.add(element);
      if (place === element) place = element.nextElementSibling;
      else box.insertBefore(element, place);
    }
    for (const child of Array.from(box.children)) if (!kept.has(child)) child.remove();
    this.#toEnd();
  }

  #toEnd(): void {
    const log = this.#panel?.log;
    if (log && this.#isAtEnd) log.scrollTop = log.scrollHeight;
  }

  async #picture(image: HTMLImageElement, url: string): Promise<void> {
    if (!url.startsWith("files/")) {
      image.src = url.startsWith("/") ? this.#home + url : url;
      return;
    }
    try {
      const held =
        this.#pictures.get(url) ?? this.#client.file(url).then((blob) => URL.createObjectURL(blob));
      this.#pictures.set(url, held);
      image.src = await held;
    } catch {
      this.#pictures.delete(url);
    }
  }

  async #save(url: string, name: string, t: (key: string) => string): Promise<void> {
    try {
      const address = URL.createObjectURL(await this.#client.file(url));
      h("a", { href: address, download: name }).click();
      setTimeout(() => URL.revokeObjectURL(address), FILE_MS);
    } catch {
      this.#panel?.toast(t("offline"));
    }
  }

  /** A page of the same visit opens as the last one stood. */
  #remember(open: boolean): void {
    try {
      sessionStorage.setItem(`karvon-chat:${this.#key}:open`, open ? "1" : "");
    } catch {}
  }

  #wasOpen(): boolean {
    try {
      return sessionStorage.getItem(`karvon-chat:${this.#key}:open`) === "1";
    } catch {
      return false;
    }
  }
}

const script = document.currentScript as HTMLScriptElement | null;
if (script?.dataset.bot) begin(script, script.dataset.bot);
