// A conversation that is open in the inbox: what is said comes by itself, answers leave without the page being drawn
// anew, `/` offers canned replies. Without this script the form under it posts and everything else works by links.

import { Canned } from "../../parts/canned";
import { csrfToken } from "../../parts/dom";
import { textsOf } from "../../parts/texts";

/** Whoever reads further up than this many pixels is not pulled to the end. */
const NEAR_END_PX = 120;

type Text = ReturnType<typeof textsOf>;

/** `<section data-island=… data-id data-after data-unread data-canned data-texts>` */
export function mount(root: HTMLElement): undefined | (() => void) {
  const log = root.querySelector<HTMLElement>("#inbox-log");
  if (!log) return undefined;
  const t = textsOf(root);
  const chat = new OpenChat(root, log);
  const form = root.querySelector<HTMLFormElement>(".inbox-composer");
  if (form) fitUp(form, root, t);
  return () => chat.leave();
}

class OpenChat {
  private stream: EventSource | null = null;
  private last: string;
  private asking = false;
  private again = false;
  private isAtEnd = true;
  private readonly look = () => (document.hidden ? this.hang() : this.listen());

  constructor(
    private readonly root: HTMLElement,
    private readonly log: HTMLElement,
  ) {
    this.last = root.dataset.after ?? "0";
    if (new URLSearchParams(location.search).has("before")) return;
    toEnd(log);
    // A picture that has come makes the chat longer; `load` does not bubble.
    log.addEventListener("load", () => this.isAtEnd && toEnd(log), true);
    log.addEventListener("scroll", () => {
      this.isAtEnd = log.scrollHeight - log.scrollTop - log.clientHeight < NEAR_END_PX;
    });
    document.addEventListener("visibilitychange", this.look);
    this.look();
    if (Number(root.dataset.unread) > 0) this.seen();
  }

  leave(): void {
    document.removeEventListener("visibilitychange", this.look);
    this.hang();
  }

  private base(): string {
    return `/conversations/${this.root.dataset.id}`;
  }

  private hang(): void {
    this.stream?.close();
    this.stream = null;
  }

  /** One stream while somebody looks; the browser comes back by itself when it is lost. */
  private listen(): void {
    if (this.stream) return;
    this.stream = new EventSource(`${this.base()}/events?after=${this.last}`);
    this.stream.addEventListener("said", (event) => {
      this.last = (event as MessageEvent<string>).data;
      void this.draw();
    });
  }

  /** Asks for what was said; what comes while the answer is under way is asked for afterwards. */
  private async draw(): Promise<void> {
    if (this.asking) {
      this.again = true;
      return;
    }
    this.asking = true;
    try {
      const answer = await fetch(`${this.base()}/log`, { headers: { accept: "text/html" } });
      if (answer.ok) {
        const wasAtEnd = this.isAtEnd;
        this.log.innerHTML = await answer.text();
        if (wasAtEnd) toEnd(this.log);
        if (!document.hidden) this.seen();
      }
    } catch {
      // The stream says when the network is back, and the next event draws everything.
    }
    this.asking = false;
    if (this.again) {
      this.again = false;
      void this.draw();
    }
  }

  private seen(): void {
    const address = `/api${this.base()}/seen`;
    void fetch(address, { method: "POST", headers: { "x-csrf-token": csrfToken() } }).catch(() => undefined);
  }
}

function toEnd(log: HTMLElement): void {
  log.scrollTop = log.scrollHeight;
}

function fitUp(form: HTMLFormElement, root: HTMLElement, t: Text): void {
  const field = form.querySelector<HTMLTextAreaElement>("textarea");
  const error = form.querySelector<HTMLElement>(".inbox-error");
  if (!field || !error) return;
  const canned = new Canned(form, field, root.dataset.canned ?? "[]");
  const base = `/api/conversations/${root.dataset.id}`;
  // The same words sent again after a lost answer are the same message; other words are another one.
  let key = crypto.randomUUID();
  let busy = false;
  field.addEventListener("input", () => {
    key = crypto.randomUUID();
    error.hidden = true;
  });
  field.addEventListener("keydown", (event) => {
    if (canned.key(event)) return;
    const isSend = event.key === "Enter" && !event.shiftKey && !event.isComposing && !isTouch();
    if (!isSend) return;
    event.preventDefault();
    form.requestSubmit();
  });
  form.addEventListener("change", () => form.classList.toggle("is-note", isNote(form)));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (busy || !field.value.trim()) return;
    busy = true;
    const path = isNote(form) ? "notes" : "messages";
    const body = JSON.stringify({ text: field.value });
    const headers = { "content-type": "application/json", "idempotency-key": key };
    void send(`${base}/${path}`, body, headers, error, t).then((isTaken) => {
      busy = false;
      if (!isTaken) return;
      field.value = "";
      field.dispatchEvent(new Event("input", { bubbles: true }));
      field.focus();
    });
  });
  const file = form.querySelector<HTMLInputElement>("input[type=file]");
  if (!file) return;
  file.closest<HTMLElement>("label")?.removeAttribute("hidden");
  file.addEventListener("change", () => {
    const chosen = file.files?.[0];
    if (!chosen) return;
    const body = new FormData();
    body.append("text", isNote(form) ? "" : field.value);
    body.append("file", chosen);
    form.classList.add("is-busy");
    void send(`${base}/files`, body, { "idempotency-key": crypto.randomUUID() }, error, t).then((isTaken) => {
      form.classList.remove("is-busy");
      file.value = "";
      if (!isTaken) return;
      if (!isNote(form)) field.value = "";
    });
  });
}

/** On a phone Enter begins a line, and the button sends. */
function isTouch(): boolean {
  return window.matchMedia("(pointer: coarse)").matches;
}

function isNote(form: HTMLFormElement): boolean {
  return new FormData(form).get("mode") === "note";
}

/** True when it was taken; otherwise what is wrong stands under the field, and what was typed stays. */
async function send(
  address: string,
  body: BodyInit,
  headers: Record<string, string>,
  error: HTMLElement,
  t: Text,
): Promise<boolean> {
  error.hidden = true;
  try {
    const all = { ...headers, "x-csrf-token": csrfToken() };
    const answer = await fetch(address, { method: "POST", body, headers: all });
    if (answer.ok) return true;
    const problem = (await answer.json()) as { detail?: string; errors?: { message: string }[] };
    error.textContent = problem.errors?.[0]?.message ?? problem.detail ?? t("compose-failed");
  } catch {
    error.textContent = t("compose-failed");
  }
  error.hidden = false;
  return false;
}
