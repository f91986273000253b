// Talks to the server: state, inputs, events. Knows nothing of how a chat looks.
import { csrfToken } from "../../parts/dom";
import { isProblemType, parseProblem } from "../../pure/problem";
import { EVENT_NAMES, type Events, type Input, type Restart, type SimState, type Upload } from "./protocol";

/** The server said no, in words. A lost network is any other error. */
export class Refused extends Error {}

export class Client {
  #events: EventSource | null = null;
  readonly #base: string;

  constructor(base: string) {
    this.#base = base.replace(/\/$/, "");
  }

  state(): Promise<SimState> {
    return this.#json("GET", "/state");
  }

  async send(input: Input | Upload): Promise<void> {
    if (input.kind !== "file") {
      await this.#json("POST", "/input", input);
      return;
    }
    const form = new FormData();
    form.append("client_id", input.client_id);
    form.append("caption", input.caption);
    form.append("file", input.file, input.file.name);
    await this.#json("POST", "/files", form);
  }

  restart(restart: Restart): Promise<SimState> {
    return this.#json("POST", "/restart", restart);
  }

  /** Listens from `after` on. The browser reconnects by itself and names the last event it saw. */
  listen(
    after: string,
    on: <K extends keyof Events>(name: K, data: Events[K]) => void,
    connected: (yes: boolean) => void,
  ): void {
    this.close();
    const events = new EventSource(`${this.#base}/events?after=${encodeURIComponent(after)}`);
    this.#events = events;
    for (const name of EVENT_NAMES) {
      events.addEventListener(name, (event) => on(name, JSON.parse((event as MessageEvent<string>).data)));
    }
    events.addEventListener("open", () => connected(true));
    events.addEventListener("error", () => connected(false));
  }

  /** True when the browser has given up on the stream, so that it must be opened again. */
  get closed(): boolean {
    return this.#events === null || this.#events.readyState === EventSource.CLOSED;
  }

  close(): void {
    this.#events?.close();
    this.#events = null;
  }

  async #json<T>(method: string, path: string, body?: unknown): Promise<T> {
    // Of a form the browser says the type, with what stands between its parts.
    const isForm = body instanceof FormData;
    const answer = await fetch(this.#base + path, {
      method,
      headers: {
        Accept: "application/json",
        ...(body === undefined ? {} : { "X-CSRF-Token": csrfToken() }),
        ...(body === undefined || isForm ? {} : { "Content-Type": "application/json" }),
      },
      ...(body === undefined ? {} : { body: isForm ? body : JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (answer.ok) return (text === "" ? {} : JSON.parse(text)) as T;
    const problem = isProblemType(answer.headers.get("Content-Type"))
      ? parseProblem(text, answer.status)
      : null;
    if (answer.status < 500 || problem)
      throw new Refused(problem?.fields[0]?.message ?? problem?.message ?? String(answer.status));
    throw new Error(String(answer.status));
  }
}
