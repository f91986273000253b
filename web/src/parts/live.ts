// Parts of a page that are asked for again when something happens: `<div id="tiles" data-live="sales_order stock">`;
// with `data-live-subject` only when it happens to that row, with `data-live-pause` at most every so many milliseconds.
// One stream a page, held while somebody looks at it. A lost connection shows nothing and comes back by itself.
import htmx from "htmx.org";
import { concerns, eventOf, shared, together } from "../pure/live";
import { all, first } from "./dom";

/** A part that says nothing of it is asked for at most this often. */
const PAUSE_MS = 1_000;
/** After a refusal the stream is tried again; after a lost network the browser does it by itself. */
const AGAIN_MS = 30_000;

let stream: EventSource | null = null;
let listening = "";
let heard = "";
let retry = 0;
const due = new Set<string>();
const asked = new Map<string, number>();

export function live(root: ParentNode): void {
  const found = all(root, "[data-live]").filter((part) => part.id && first(part, "Live"));
  if (found.length === 0) return;
  for (const part of found) part.dataset.quiet = "";
  const topics = together(parts().map((part) => part.dataset.live ?? ""));
  if (topics === listening) return;
  if (!listening) {
    document.addEventListener("visibilitychange", look);
    window.addEventListener("pagehide", hang);
    window.addEventListener("pageshow", look);
    document.addEventListener("focusout", () => window.setTimeout(refresh));
  }
  listening = topics;
  hang();
  look();
}

function parts(): HTMLElement[] {
  return all(document, "[data-live]").filter((part) => part.id !== "");
}

/** A tab that nobody sees holds no connection: a browser has only a few of them for one host. */
function look(): void {
  if (document.hidden) hang();
  else if (!stream) listen();
}

function hang(): void {
  window.clearTimeout(retry);
  stream?.close();
  stream = null;
}

function listen(): void {
  const query = new URLSearchParams({ topics: listening });
  if (heard) query.set("last_event_id", heard);
  stream = new EventSource(`/api/realtime/stream?${query}`);
  const note = (event: MessageEvent) => {
    if (event.lastEventId) heard = event.lastEventId;
  };
  stream.onmessage = (event: MessageEvent<string>) => {
    note(event);
    const { name, subject } = eventOf(event.data);
    for (const part of parts()) {
      const { live: topics = "", liveSubject = subject } = part.dataset;
      if (liveSubject === subject && concerns(topics, name)) due.add(part.id);
    }
    refresh();
  };
  stream.addEventListener("ready", note);
  stream.addEventListener("reset", (event) => {
    note(event);
    for (const part of parts()) due.add(part.id);
    refresh();
  });
  stream.onerror = () => {
    if (stream?.readyState !== EventSource.CLOSED) return;
    hang();
    retry = window.setTimeout(look, AGAIN_MS);
  };
}

/** Asks for the parts that are due, once for those of one address; one where somebody is at work waits until they leave it. */
function refresh(): void {
  const ready: { part: HTMLElement; href: string }[] = [];
  for (const id of Array.from(due)) {
    const part = document.getElementById(id);
    if (!part) due.delete(id);
    if (!part || part.contains(document.activeElement)) continue;
    const pause = Number(part.dataset.livePause ?? PAUSE_MS);
    const wait = (asked.get(id) ?? 0) + pause - Date.now();
    if (wait > 0) {
      window.setTimeout(refresh, wait);
      continue;
    }
    due.delete(id);
    asked.set(id, Date.now());
    ready.push({ part, href: part.dataset.liveHref ?? `${location.pathname}${location.search}` });
  }
  // A part within another that is due comes with it.
  const outer = ready.filter(
    ({ part }) => !ready.some((other) => other.part !== part && other.part.contains(part)),
  );
  for (const [first, ...others] of shared(outer)) {
    if (first)
      ask(
        first.href,
        first.part,
        others.map(({ part }) => `#${part.id}`),
      );
  }
}

function ask(href: string, part: HTMLElement, others: string[]): void {
  const beside = others.length > 0 ? { selectOOB: others.join(",") } : {};
  void htmx.ajax("get", href, {
    source: part,
    target: part,
    select: `#${part.id}`,
    swap: "outerHTML",
    ...beside,
  });
}
