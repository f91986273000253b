// The simulator's protocol between this page and the server, as JSON over HTTP and server-sent events.
// web/README.md tells the rules; this file is the shape.

/** `GET {base}/state`: everything that the page shows, at one moment. */
export interface SimState {
  bot: { name: string; username?: string; about?: string };
  /** Which blueprint answers, in words: "Draft", "Version 3". */
  version: string;
  person: { name: string; phone?: string };
  lang: string;
  languages: Array<{ code: string; name: string }>;
  commands: Command[];
  messages: Message[];
  reply_keyboard: ReplyKeyboard | null;
  session: SessionView;
  time_zone: string;
  /** Id of the last event that this state includes: the page asks `{base}/events?after=…`. */
  last_event_id: string;
}

/** A bot's command without its slash. */
export interface Command {
  command: string;
  description: string;
}

export interface Message {
  id: string;
  from: "bot" | "contact";
  /** Rich text as a list of spans; empty for a message of media alone. Line breaks are "\n". */
  text: Span[];
  media?: Media;
  inline_keyboard?: InlineButton[][];
  edited?: boolean;
  /** RFC 3339, UTC. */
  at: string;
  /** The id that the page gave to the input which became this message. */
  client_id?: string;
}

export interface Span {
  text: string;
  bold?: boolean;
  italic?: boolean;
  underline?: boolean;
  strike?: boolean;
  code?: boolean;
  link?: string;
}

export type Media =
  | { kind: "photo"; url: string; width?: number; height?: number }
  | { kind: "document"; url: string; name: string; size?: number }
  /** A file of the person; without an address while it is on its way. */
  | { kind: "sent"; what: "photo" | "video" | "voice" | "audio" | "document"; url?: string; name?: string }
  | { kind: "contact"; name: string; phone: string }
  | { kind: "location"; latitude: number; longitude: number };

/** Exactly one of `key` (comes back as an input), `url` and `web_app` (open a page). */
export interface InlineButton {
  text: string;
  key?: string;
  url?: string;
  web_app?: string;
}

export interface ReplyKeyboard {
  rows: ReplyButton[][];
  placeholder?: string;
  one_time?: boolean;
}

/** Sends its text, or shares a contact or a place, or opens a page. */
export interface ReplyButton {
  text: string;
  request?: "contact" | "location";
  web_app?: string;
}

/** What the session's panel shows. */
export interface SessionView {
  flow: string;
  step: string;
  variables: Array<{ name: string; value: string }>;
}

/** `POST {base}/input`. The same `client_id` again is the same input: it is answered, not done twice. */
export type Input = { client_id: string } & (
  | { kind: "text"; text: string }
  | { kind: "command"; command: string }
  | { kind: "button"; message_id: string; key: string }
  | { kind: "contact" }
  | { kind: "location"; latitude: number; longitude: number }
);

/** `POST {base}/files`, as a form; `kind` stays here. The same `client_id` again is the same file. */
export interface Upload {
  client_id: string;
  kind: "file";
  file: File;
  caption: string;
}

/** `POST {base}/restart` → the new SimState. */
export interface Restart {
  client_id: string;
  lang: string;
  /** "same" keeps the person and starts the dialogue anew; "new" is somebody the bot has never met. */
  person: "same" | "new";
}

/** `GET {base}/events`: each has an SSE id; the SSE event's name is the key. */
export interface Events {
  /** New, or edited when the id is known. */
  message: Message;
  deleted: { id: string };
  keyboard: { reply_keyboard: ReplyKeyboard | null };
  typing: { on: boolean };
  /** The answer to a pressed inline button; an `alert` stays until it is closed. */
  callback: { message_id: string; text?: string; alert?: boolean };
  session: SessionView;
  /** The dialogue was restarted elsewhere: read the state again. */
  reset: Record<string, never>;
}

export const EVENT_NAMES: Array<keyof Events> = [
  "message",
  "deleted",
  "keyboard",
  "typing",
  "callback",
  "session",
  "reset",
];
