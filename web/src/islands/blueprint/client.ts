// Talks to the server about a bot's draft. Knows nothing of how an editor looks.
import { csrfToken } from "../../parts/dom";
import { isProblemType, parseProblem } from "../../pure/problem";

/** One fault of a blueprint, in the reader's language. */
export interface Fault {
  line: number;
  step: string;
  field: string;
  code: string;
  message: string;
}

export interface Draft {
  source: string;
  revision: number;
  problems: Fault[];
}

export interface Saved {
  revision: number;
  problems: Fault[];
}

/** The server said no, in words. A lost network is any other error. */
export class Refused extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

/** Requests below a bot's address, and refusals in words. */
export class Wire {
  readonly #base: string;

  constructor(base: string) {
    this.#base = base;
  }

  protected async json<T>(method: string, path: string, body?: unknown): Promise<T> {
    const answer = await fetch(this.#base + path, {
      method,
      headers: {
        Accept: "application/json",
        ...(body === undefined ? {} : { "Content-Type": "application/json", "X-CSRF-Token": csrfToken() }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (answer.ok) return JSON.parse(text) as T;
    const problem = isProblemType(answer.headers.get("Content-Type"))
      ? parseProblem(text, answer.status)
      : null;
    if (answer.status >= 500) throw new Error(String(answer.status));
    const fields = problem?.fields.map((field) => field.message).join(" ");
    throw new Refused(answer.status, fields || problem?.message || String(answer.status));
  }
}

export class Client extends Wire {
  load(): Promise<Draft> {
    return this.json("GET", "/draft");
  }

  save(source: string, revision: number): Promise<Saved> {
    return this.json("PUT", "/draft", { source, revision });
  }

  check(source: string): Promise<{ problems: Fault[] }> {
    return this.json("POST", "/draft/check", { source });
  }
}
