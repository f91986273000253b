// The desk: the queue and the ticket that is open. Keys lead through the queue, what comes is seen at the end of the log, and
// colleagues who look at the same ticket are told of each other. Without this script everything works by links and forms.
import { Canned } from "../../parts/canned";
import { csrfToken } from "../../parts/dom";

/** Whoever reads further up than this many pixels is not pulled to the end. */
const NEAR_END_PX = 120;
/** The server forgets whoever was not heard of twice this long. */
const PRESENT_MS = 20_000;

/** `<div class="desk">` with `#desk-rows`, and with `#desk-log` and `#desk-composer` where a ticket is open. */
export function mount(root: HTMLElement): () => void {
  const leave = [followLog(root), listenToKeys(root), bePresent(root)];
  fitUp(root);
  return () => {
    for (const one of leave) one();
  };
}

function followLog(root: HTMLElement): () => void {
  const log = () => root.querySelector<HTMLElement>("#desk-log");
  const isOlder = new URLSearchParams(location.search).has("before");
  let isAtEnd = !isOlder;
  const toEnd = () => {
    const found = log();
    if (found && isAtEnd) found.scrollTop = found.scrollHeight;
  };
  // Neither a scroll nor a picture that has come bubbles.
  const look = (event: Event) => {
    const found = log();
    if (!found || event.target !== found) return;
    isAtEnd = found.scrollHeight - found.scrollTop - found.clientHeight < NEAR_END_PX;
  };
  root.addEventListener("scroll", look, true);
  root.addEventListener("load", toEnd, true);
  document.addEventListener("htmx:afterSettle", toEnd);
  // What comes above and below the log makes it shorter.
  const size = new ResizeObserver(toEnd);
  const chat = root.querySelector(".inbox-chat");
  if (chat) for (const part of Array.from(chat.children)) size.observe(part);
  toEnd();
  return () => {
    size.disconnect();
    document.removeEventListener("htmx:afterSettle", toEnd);
  };
}

function composer(root: HTMLElement): HTMLFormElement | null {
  return root.querySelector<HTMLFormElement>("#desk-composer");
}

function fitUp(root: HTMLElement): void {
  const form = composer(root);
  const field = form?.querySelector<HTMLTextAreaElement>("textarea");
  if (!form || !field) return;
  const canned = new Canned(form, field, form.dataset.canned ?? "[]");
  field.addEventListener("keydown", (event) => {
    if (canned.key(event)) return;
    const isSend = event.key === "Enter" && (event.ctrlKey || event.metaKey) && !event.isComposing;
    if (!isSend) return;
    event.preventDefault();
    form.requestSubmit();
  });
  const mode = () => form.classList.toggle("is-note", new FormData(form).get("mode") === "note");
  form.addEventListener("change", mode);
  mode();
}

function listenToKeys(root: HTMLElement): () => void {
  const acts: Record<string, () => void> = {
    j: () => step(root, 1),
    k: () => step(root, -1),
    r: () => write(root, "reply"),
    n: () => write(root, "note"),
  };
  const press = (event: KeyboardEvent) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    const target = event.target as HTMLElement;
    if (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName)) return;
    const act = acts[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  };
  document.addEventListener("keydown", press);
  return () => document.removeEventListener("keydown", press);
}

/** The next ticket of the queue, or the one before; the first where none is open. */
function step(root: HTMLElement, by: number): void {
  const rows = Array.from(root.querySelectorAll<HTMLAnchorElement>("#desk-rows .inbox-row"));
  const at = rows.findIndex((row) => row.classList.contains("is-current"));
  const next = at < 0 ? rows[0] : rows[at + by];
  next?.click();
}

function write(root: HTMLElement, mode: string): void {
  const form = composer(root);
  const choice = form?.querySelector<HTMLInputElement>(`input[name=mode][value=${mode}]`);
  if (!form || !choice) return;
  choice.checked = true;
  form.dispatchEvent(new Event("change"));
  form.querySelector("textarea")?.focus();
}

/** Says every so often that somebody is here, and shows who else is. */
function bePresent(root: HTMLElement): () => void {
  const shown = root.querySelector<HTMLElement>("#desk-present");
  const address = shown?.dataset.present;
  if (!shown || !address) return () => undefined;
  const field = composer(root)?.querySelector<HTMLTextAreaElement>("textarea");
  let wasWriting = false;
  const say = async () => {
    if (document.hidden) return;
    const writing = Boolean(field?.value.trim());
    wasWriting = writing;
    try {
      const body = new URLSearchParams({ writing: String(writing) });
      const headers = { "x-csrf-token": csrfToken() };
      const answer = await fetch(address, { method: "POST", body, headers });
      if (!answer.ok) return;
      shown.innerHTML = await answer.text();
      shown.hidden = !shown.textContent?.trim();
    } catch {
      // It is said again in a while.
    }
  };
  const timer = window.setInterval(() => void say(), PRESENT_MS);
  field?.addEventListener("input", () => {
    if (Boolean(field.value.trim()) !== wasWriting) void say();
  });
  void say();
  return () => window.clearInterval(timer);
}
