// The chat's protocol between a site's page and the server, as JSON; docs/API.md tells the rules, crates/bots/src/webchat
// is the other side of it.
import type { Events, InlineButton, ReplyKeyboard, Span } from "../islands/simulator/protocol";

/** `GET {base}/config`. */
export interface Config {
  title: string;
  greeting: string;
  /** `#rrggbb` */
  colour: string;
  side: "left" | "right";
  lang: string;
  max_file_bytes: number;
  texts: Record<string, string>;
}

export interface Message {
  id: string;
  from: "bot" | "contact";
  text: Span[];
  media?: Media;
  inline_keyboard?: InlineButton[][];
  edited?: boolean;
  at: string;
  client_id?: string;
}

/** An address that begins with `files/` is asked for with the visitor's token; any other is a picture for everybody. */
export type Media =
  | { kind: "photo"; url: string }
  | { kind: "document"; url: string; name: string; size?: number }
  | { kind: "sent"; what: string; url?: string; name?: string }
  | { kind: "contact"; name: string; phone: string }
  | { kind: "location"; latitude: number; longitude: number };

/** `GET {base}/history?before=…` */
export interface History {
  messages: Message[];
  reply_keyboard: ReplyKeyboard | null;
  last: number;
  before: number | null;
  with_person: boolean;
}

/** What the socket says, and what `GET {base}/news?after=…` answers. Beside it the socket says `{draft}`: an answer that is being written. */
export interface News {
  events: Array<
    | ["message", Message]
    | ["keyboard", Events["keyboard"]]
    | ["callback", Events["callback"]]
    | ["typing", Events["typing"]]
  >;
  last: number;
  /** What is shown is no more: the history is read anew. */
  reset: boolean;
  with_person: boolean;
}

/** What is sent. The same `client_id` again is the same input: it is taken once. */
export type What =
  | { kind: "text"; text: string }
  | { kind: "command"; command: string }
  | { kind: "button"; message_id: string; key: string }
  | { kind: "contact"; phone: string }
  | { kind: "location"; latitude: number; longitude: number };

export type Input = What & { client_id: string };
