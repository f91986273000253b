// The list of messages as the page knows it: what the server said, and what was sent and not yet confirmed.
import type { Input, Media, Message, Upload } from "./protocol";

/** A message, or an input on its way ("sending") or one that the network lost ("failed"). */
export interface Entry {
  message: Message;
  status: "sent" | "sending" | "failed";
  input?: Input | Upload;
}

/** Puts a message in: in place of the same id, of the input it answers, or at the end. */
export function withMessage(entries: Entry[], message: Message): Entry[] {
  const at = entries.findIndex(
    (entry) =>
      entry.message.id === message.id ||
      (message.client_id !== undefined && entry.input?.client_id === message.client_id),
  );
  const entry: Entry = { message, status: "sent" };
  if (at < 0) return [...entries, entry];
  return entries.map((old, index) => (index === at ? entry : old));
}

/** Shows an input at once, before the server has seen it. */
export function withInput(entries: Entry[], input: Input | Upload, text: string, at: string): Entry[] {
  const media: Media | null =
    input.kind === "file" ? { kind: "sent", what: "document", name: input.file.name } : null;
  const message: Message = {
    id: localId(input.client_id),
    from: "contact",
    text: text === "" ? [] : [{ text }],
    ...(media ? { media } : {}),
    at,
  };
  return [...entries, { message, status: "sending", input }];
}

/** What an input is called until the server has given its message an id. */
export function localId(clientId: string): string {
  return `local-${clientId}`;
}

export function withStatus(entries: Entry[], clientId: string, status: Entry["status"]): Entry[] {
  return entries.map((entry) =>
    entry.input?.client_id === clientId && entry.status !== "sent" ? { ...entry, status } : entry,
  );
}

export function without(entries: Entry[], id: string): Entry[] {
  return entries.filter((entry) => entry.message.id !== id);
}

/** The server's whole list, followed by what it has not confirmed. */
export function fromState(messages: Message[], old: Entry[]): Entry[] {
  const known = new Set(messages.map((message) => message.client_id));
  const waiting = old.filter(
    (entry) => entry.input && entry.status !== "sent" && !known.has(entry.input.client_id),
  );
  return [...messages.map((message): Entry => ({ message, status: "sent" })), ...waiting];
}

/** A typed line is a command when it starts as one. */
export function commandOf(text: string): string | null {
  return /^\/([a-z0-9_]{1,32})$/i.exec(text.trim())?.[1] ?? null;
}
