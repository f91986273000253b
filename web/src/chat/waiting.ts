// What stands under the log while an answer is prepared: that somebody writes, and what is written so far.
import type { Panel } from "./panel";

/** The bot prepares an answer at most so long, as far as the page believes: a language model may think. */
const TYPING_MS = 20_000;
/** What was written stands so long for the message that takes its place. */
const DRAFT_MS = 3000;

export class Waiting {
  readonly #panel: () => Panel | null;
  readonly #toEnd: () => void;
  #typing = 0;
  #drafting = 0;

  constructor(panel: () => Panel | null, toEnd: () => void) {
    this.#panel = panel;
    this.#toEnd = toEnd;
  }

  /** Somebody writes, or nobody does any more. */
  think(yes = true): void {
    clearTimeout(this.#typing);
    this.#panel()?.typing(yes);
    if (!yes) return;
    this.#typing = window.setTimeout(() => this.#panel()?.typing(false), TYPING_MS);
    this.#toEnd();
  }

  /** An answer is being written; so far it is this, and "" when it is done. */
  draft(text: string): void {
    clearTimeout(this.#drafting);
    this.#drafting = window.setTimeout(() => this.#panel()?.draft(""), text === "" ? DRAFT_MS : TYPING_MS);
    if (text === "") return;
    this.think(false);
    this.#panel()?.draft(text);
    this.#toEnd();
  }

  /** It was said. */
  done(): void {
    this.think(false);
    clearTimeout(this.#drafting);
    this.#panel()?.draft("");
  }
}
