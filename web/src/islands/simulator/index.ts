// The simulator: a chat with a bot in the browser, as a Telegram user would see it, with the session beside
// it. Shape of the page here; messages in bubbles.ts, the wire in client.ts, the list in log.ts.
import { h, icon } from "../../parts/dom";
import { textsOf } from "../../parts/texts";
import { type Around, bubble } from "./bubbles";
import { Client, Refused } from "./client";
import { composer } from "./composer";
import {
  commandOf,
  type Entry,
  fromState,
  localId,
  withInput,
  withMessage,
  without,
  withStatus,
} from "./log";
import { panel } from "./panel";
import type { Events, Input, SimState, Upload } from "./protocol";

const RETRY_MS = 3000;
const TOAST_MS = 3200;

type Outgoing = Input extends infer T ? (T extends Input ? Omit<T, "client_id"> : never) : never;

/** `<div data-island=… data-base="/bots/…/simulator" data-file-bytes=… data-file-too-large=… data-texts=…>` */
export function mount(root: HTMLElement): () => void {
  const t = textsOf(root);
  const client = new Client(root.dataset.base ?? "");
  let entries: Entry[] = [];
  let state: SimState | null = null;
  let left = false;
  let isAtEnd = true;
  let height = 0;
  let timer = 0;

  const log = h("div", {
    class: "sim-log",
    role: "log",
    "aria-live": "polite",
    "aria-label": t("sim-log"),
    tabindex: 0,
  });
  const name = h("strong", {}, "…");
  const status = h("small", { "aria-live": "polite" });
  const avatar = h("span", { class: "avatar" });
  const toasts = h("div", { class: "sim-toasts", "aria-live": "assertive" });
  const input = composer(t, {
    send,
    share,
    pick: (command) => sendInput({ kind: "command", command }, `/${command}`),
    attach,
  });
  const side = panel(t, restart);
  const chat = h(
    "section",
    { class: "sim-chat", "aria-label": t("sim-chat") },
    h("header", { class: "sim-head" }, avatar, h("div", { class: "sim-who" }, name, status), side.toggle),
    log,
    toasts,
    input.element,
  );
  root.classList.add("sim");
  root.replaceChildren(chat, side.element);

  const around: Around = {
    t,
    clock: (at) =>
      new Date(at).toLocaleTimeString("ru", {
        hour: "2-digit",
        minute: "2-digit",
        timeZone: state?.time_zone ?? "Asia/Tashkent",
      }),
    press(message, key, button) {
      button.classList.add("is-busy");
      void deliver({ client_id: crypto.randomUUID(), kind: "button", message_id: message.id, key }).finally(
        () => button.classList.remove("is-busy"),
      );
    },
    retry: (entry) => {
      if (entry.input) void deliver(entry.input);
    },
  };

  function draw(): void {
    const old = new Map(Array.from(log.children, (child) => [(child as HTMLElement).dataset.id, child]));
    const wanted = entries.map((entry) => {
      const shape = JSON.stringify(entry);
      const known = old.get(entry.message.id) as HTMLElement | undefined;
      if (known?.dataset.shape === shape) return known;
      const fresh = bubble(entry, around);
      fresh.dataset.shape = shape;
      return fresh;
    });
    if (wanted.length === 0) wanted.push(h("p", { class: "sim-empty" }, t("sim-empty")));
    log.replaceChildren(...wanted);
    stayAtEnd();
  }

  /** The last message stays in sight for whoever has not scrolled up. */
  function stayAtEnd(): void {
    if (isAtEnd) log.scrollTop = log.scrollHeight;
  }

  function show(fresh: SimState): void {
    state = fresh;
    entries = fromState(fresh.messages, entries);
    name.textContent = fresh.bot.name;
    avatar.textContent = Array.from(fresh.bot.name)[0] ?? "";
    status.textContent = fresh.version;
    input.commands(fresh.commands);
    input.keyboard(fresh.reply_keyboard);
    side.show(fresh);
    isAtEnd = true;
    draw();
  }

  async function connect(): Promise<void> {
    try {
      const fresh = await client.state();
      if (left) return;
      show(fresh);
      client.listen(fresh.last_event_id, heard, connected);
    } catch {
      connected(false);
    }
  }

  function connected(yes: boolean): void {
    root.classList.toggle("is-offline", !yes);
    status.textContent = yes ? (state?.version ?? "") : t("sim-connecting");
    clearTimeout(timer);
    if (!yes && !left) {
      timer = window.setTimeout(() => {
        if (client.closed) void connect();
      }, RETRY_MS);
    }
  }

  function heard<K extends keyof Events>(kind: K, data: Events[K]): void {
    const event = { kind, data } as { [N in keyof Events]: { kind: N; data: Events[N] } }[keyof Events];
    switch (event.kind) {
      case "message":
        entries = withMessage(entries, event.data);
        if (event.data.from === "bot") status.textContent = state?.version ?? "";
        draw();
        return;
      case "deleted":
        entries = without(entries, event.data.id);
        draw();
        return;
      case "keyboard":
        input.keyboard(event.data.reply_keyboard);
        return;
      case "typing":
        status.textContent = event.data.on ? t("sim-typing") : (state?.version ?? "");
        return;
      case "callback":
        notice(event.data.text ?? "", event.data.alert === true);
        return;
      case "session":
        side.session(event.data);
        return;
      case "reset":
        entries = [];
        void connect();
    }
  }

  function send(text: string): void {
    const command = commandOf(text);
    sendInput(command === null ? { kind: "text", text } : { kind: "command", command }, text);
  }

  function share(kind: "contact" | "location"): void {
    // A place in Tashkent: the simulator asks the browser for nothing.
    if (kind === "contact") sendInput({ kind }, t("sim-my-contact"));
    else sendInput({ kind, latitude: 41.31108, longitude: 69.27973 }, t("sim-location"));
  }

  function sendInput(what: Outgoing, text: string): void {
    const full: Input = { ...what, client_id: crypto.randomUUID() };
    entries = withInput(entries, full, text, new Date().toISOString());
    isAtEnd = true;
    draw();
    void deliver(full);
  }

  /** Files go one after the other, so that they come in the order in which they were chosen. */
  async function attach(files: File[], caption: string): Promise<void> {
    const uploads = files.map(
      (file, index): Upload => ({
        client_id: crypto.randomUUID(),
        kind: "file",
        file,
        caption: index === 0 ? caption : "",
      }),
    );
    const isShort = ({ file }: Upload) => file.size <= Number(root.dataset.fileBytes);
    const long = uploads.find((upload) => !isShort(upload));
    if (long) input.refuse(root.dataset.fileTooLarge ?? "", long.caption);
    const fitting = uploads.filter(isShort);
    for (const upload of fitting)
      entries = withInput(entries, upload, upload.caption, new Date().toISOString());
    isAtEnd = true;
    draw();
    for (const upload of fitting) await deliver(upload);
  }

  async function deliver(what: Input | Upload): Promise<void> {
    entries = withStatus(entries, what.client_id, "sending");
    draw();
    try {
      await client.send(what);
      entries = withStatus(entries, what.client_id, "sent");
    } catch (error) {
      if (what.kind === "file" && error instanceof Refused) {
        // The same file would be refused again.
        entries = without(entries, localId(what.client_id));
        input.refuse(error.message, what.caption);
        draw();
        return;
      }
      entries = withStatus(entries, what.client_id, "failed");
      notice(error instanceof Refused ? error.message : t("network-lost"), false);
    }
    draw();
  }

  async function restart(lang: string, person: "same" | "new"): Promise<void> {
    try {
      const fresh = await client.restart({ client_id: crypto.randomUUID(), lang, person });
      entries = [];
      show(fresh);
      client.listen(fresh.last_event_id, heard, connected);
      input.focus();
    } catch (error) {
      notice(error instanceof Refused ? error.message : t("network-lost"), false);
    }
  }

  function notice(text: string, alert: boolean): void {
    if (text === "") return;
    const element = h("div", { class: `sim-toast${alert ? " is-alert" : ""}` }, h("span", {}, text));
    const close = () => element.remove();
    if (alert) {
      const ok = h(
        "button",
        { type: "button", class: "btn btn-sm btn-primary", onclick: close },
        icon("check-lg"),
        t("close"),
      );
      element.append(ok);
      toasts.append(element);
      ok.focus();
    } else {
      toasts.append(element);
      setTimeout(close, TOAST_MS);
    }
  }

  chat.addEventListener("dragover", (event) => {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    chat.classList.add("is-over");
  });
  chat.addEventListener("dragleave", (event) => {
    if (!chat.contains(event.relatedTarget as Node | null)) chat.classList.remove("is-over");
  });
  chat.addEventListener("drop", (event) => {
    chat.classList.remove("is-over");
    const dropped = Array.from(event.dataTransfer?.files ?? []);
    if (dropped.length === 0) return;
    event.preventDefault();
    input.attach(dropped);
  });
  // A scroll that comes together with a new height is no wish of the reader's: the keyboard has opened.
  log.addEventListener("scroll", () => {
    if (log.clientHeight === height) isAtEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 80;
  });
  // Pictures get their height when they arrive.
  log.addEventListener("load", stayAtEnd, true);
  const resized = new ResizeObserver(() => {
    height = log.clientHeight;
    stayAtEnd();
  });
  resized.observe(log);
  void connect();
  return () => {
    left = true;
    resized.disconnect();
    clearTimeout(timer);
    client.close();
  };
}
