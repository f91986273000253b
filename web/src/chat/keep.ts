// What the visitor's browser keeps: the token, what was seen, and what is not sent yet. A page may forbid storage; then
// all of it lasts as long as the page.
import type { Input } from "./protocol";

/** What is not sent after a day is nobody's wish any more. */
const UNSENT_MS = 24 * 60 * 60 * 1000;

interface Unsent {
  at: number;
  input: Input;
}

export class Keep {
  readonly #prefix: string;
  readonly #own = new Map<string, string>();

  constructor(key: string) {
    this.#prefix = `karvon-chat:${key}`;
  }

  get token(): string {
    return this.#get("token") ?? "";
  }
  set token(token: string) {
    this.#set("token", token);
  }

  /** The last message that stood before the reader's eyes. */
  get seen(): string {
    return this.#get("seen") ?? "";
  }
  set seen(id: string) {
    this.#set("seen", id);
  }

  /** Whether the greeting was closed, or the chat opened. */
  get greeted(): boolean {
    return this.#get("greeted") === "1";
  }
  set greeted(yes: boolean) {
    this.#set("greeted", yes ? "1" : "");
  }

  /** Each under a name of its own: two pages of the site may write at once. */
  unsent(): Input[] {
    const found: Unsent[] = [];
    for (const name of this.#names()) {
      if (!name.startsWith("out:")) continue;
      try {
        const one = JSON.parse(this.#get(name) ?? "") as Unsent;
        if (Date.now() - one.at < UNSENT_MS) found.push(one);
        else this.#set(name, "");
      } catch {
        this.#set(name, "");
      }
    }
    return found.sort((a, b) => a.at - b.at).map((one) => one.input);
  }

  add(input: Input): void {
    this.#set(`out:${input.client_id}`, JSON.stringify({ at: Date.now(), input } satisfies Unsent));
  }

  done(clientId: string): void {
    this.#set(`out:${clientId}`, "");
  }

  #names(): string[] {
    const start = `${this.#prefix}:`;
    const stored: string[] = [];
    try {
      for (let at = 0; at < localStorage.length; at++) stored.push(localStorage.key(at) ?? "");
    } catch {}
    const names = stored.filter((name) => name.startsWith(start)).map((name) => name.slice(start.length));
    return [...new Set([...names, ...this.#own.keys()])];
  }

  #get(name: string): string | null {
    try {
      return localStorage.getItem(`${this.#prefix}:${name}`) ?? this.#own.get(name) ?? null;
    } catch {
      return this.#own.get(name) ?? null;
    }
  }

  #set(name: string, value: string): void {
    try {
      if (value === "") localStorage.removeItem(`${this.#prefix}:${name}`);
      else localStorage.setItem(`${this.#prefix}:${name}`, value);
      this.#own.delete(name);
    } catch {
      if (value === "") this.#own.delete(name);
      else this.#own.set(name, value);
    }
  }
}
