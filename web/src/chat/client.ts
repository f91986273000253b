// Speaks with the server: what is sent goes by HTTP, each thing once and in order; what is new comes over a WebSocket, and
// where none gets through, by requests that wait.
import type { Keep } from "./keep";
import type { Config, History, Input, News } from "./protocol";

/** The server's word now and then; after this long without one the connection is dead. */
const SILENCE_MS = 50_000;
/** A request that waits for news is answered after 25 s. */
const POLL_MS = 40_000;
const POLL_HEARD_MS = 2_000;
const NOTICE_MS = 3_000;
const SEND_MS = 30_000;
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 30_000;
/** Sockets that say nothing before they close, after which requests are sent instead. */
const SOCKETS_TRIED = 2;
/** Why the server closes: nobody has this token. */
const UNKNOWN = 4404;

/** The server said no; the same thing again would be refused again. */
export class Refused extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

/** It may go through later. */
class Later extends Error {
  constructor(readonly pauseMs: number) {
    super("later");
  }
}

export interface Ears {
  news(news: News): void;
  /** An answer is being written; so far it is this, and "" when it is done. */
  draft(text: string): void;
  connected(yes: boolean): void;
  /** The token is good no more. */
  forgotten(): void;
}

export class Client {
  readonly #base: string;
  readonly #keep: Keep;
  readonly #ears: Ears;
  #last = 0;
  #socket: WebSocket | null = null;
  #polls: AbortController | null = null;
  #silentSockets = 0;
  #pauseMs = FIRST_PAUSE_MS;
  #timer = 0;
  #watch = 0;
  #notice = 0;
  #isOn = false;

  constructor(base: string, keep: Keep, ears: Ears) {
    this.#base = base;
    this.#keep = keep;
    this.#ears = ears;
    const again = () => {
      if (this.#isOn && document.visibilityState === "visible" && !this.#socket && !this.#polls) {
        this.#pauseMs = FIRST_PAUSE_MS;
        this.#connect();
      }
    };
    addEventListener("online", again);
    document.addEventListener("visibilitychange", again);
  }

  config(lang: string): Promise<Config> {
    return this.#json(`config?lang=${lang}`);
  }

  async meet(lang: string): Promise<void> {
    const { token } = await this.#json<{ token: string }>("visitors", JSON.stringify({ lang }));
    this.#keep.token = token;
  }

  history(before?: number): Promise<History> {
    return this.#json(before === undefined ? "history" : `history?before=${before}`);
  }

  /** Sends until the server has it. Errors: `Refused`. */
  async send(input: Input | FormData, waits: (yes: boolean) => void): Promise<void> {
    let pause = FIRST_PAUSE_MS;
    for (;;) {
      try {
        const isFile = input instanceof FormData;
        await this.#json(isFile ? "files" : "messages", isFile ? input : JSON.stringify(input));
        return;
      } catch (error) {
        if (error instanceof Refused) throw error;
        waits(true);
        await this.#wait(error instanceof Later ? Math.max(error.pauseMs, pause) : pause);
        pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
      }
    }
  }

  /** A file that only this visitor may have. */
  async file(path: string): Promise<Blob> {
    const answer = await this.#ask(path, undefined, SEND_MS);
    if (!answer.ok) throw new Refused(answer.status, String(answer.status));
    return answer.blob();
  }

  /** Listens from this place on. */
  listen(after: number): void {
    this.#last = after;
    this.#isOn = true;
    this.#connect();
  }

  stop(): void {
    this.#isOn = false;
    clearTimeout(this.#timer);
    clearTimeout(this.#watch);
    clearTimeout(this.#notice);
    this.#socket?.close();
    this.#socket = null;
    this.#polls?.abort();
    this.#polls = null;
  }

  #connect(): void {
    clearTimeout(this.#timer);
    if (!this.#isOn || this.#socket || this.#polls) return;
    if (this.#silentSockets >= SOCKETS_TRIED || typeof WebSocket === "undefined") void this.#poll();
    else this.#open();
  }

  #open(): void {
    let socket: WebSocket;
    try {
      socket = new WebSocket(`${this.#base.replace(/^http/, "ws")}/live`);
    } catch {
      this.#silentSockets = SOCKETS_TRIED;
      this.#connect();
      return;
    }
    this.#socket = socket;
    let hasSpoken = false;
    this.#alive();
    socket.onopen = () => socket.send(JSON.stringify({ token: this.#keep.token, after: this.#last }));
    socket.onmessage = (event) => {
      if (this.#socket !== socket) return;
      hasSpoken = true;
      this.#silentSockets = 0;
      this.#alive();
      const said = JSON.parse(String(event.data)) as Partial<News> & { draft?: string };
      if (said.events) this.#hear(said as News);
      else if (said.draft !== undefined) this.#ears.draft(said.draft);
    };
    socket.onclose = (event) => {
      if (this.#socket !== socket) return;
      this.#socket = null;
      clearTimeout(this.#watch);
      if (event.code === UNKNOWN) {
        this.stop();
        this.#ears.forgotten();
        return;
      }
      if (!hasSpoken) this.#silentSockets++;
      this.#again();
    };
  }

  #alive(): void {
    clearTimeout(this.#watch);
    this.#watch = window.setTimeout(() => {
      const dead = this.#socket;
      this.#socket = null;
      dead?.close();
      this.#again();
    }, SILENCE_MS);
  }

  #hear(news: News): void {
    this.#pauseMs = FIRST_PAUSE_MS;
    this.#heard();
    if (!news.reset) this.#last = news.last;
    this.#ears.news(news);
  }

  #heard(): void {
    clearTimeout(this.#notice);
    this.#ears.connected(true);
  }

  #again(): void {
    if (!this.#isOn) return;
    // A server that closes and answers again at once need not be spoken of.
    clearTimeout(this.#notice);
    this.#notice = window.setTimeout(() => this.#ears.connected(false), NOTICE_MS);
    // Not all pages at once, when a server comes back.
    const pause = this.#pauseMs * (0.5 + Math.random());
    this.#pauseMs = Math.min(this.#pauseMs * 2, LONGEST_PAUSE_MS);
    clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => this.#connect(), pause);
  }

  async #poll(): Promise<void> {
    const polls = new AbortController();
    this.#polls = polls;
    try {
      while (this.#polls === polls) {
        // A request that is not refused at once is heard.
        clearTimeout(this.#watch);
        this.#watch = window.setTimeout(() => this.#heard(), POLL_HEARD_MS);
        const news = await this.#json<News>(`news?after=${this.#last}`, undefined, POLL_MS, polls.signal);
        if (this.#polls === polls) this.#hear(news);
        if (news.reset) break;
      }
    } catch (error) {
      clearTimeout(this.#watch);
      if (this.#polls !== polls) return;
      if (error instanceof Refused && error.status === 404) {
        this.stop();
        this.#ears.forgotten();
        return;
      }
    }
    if (this.#polls === polls) {
      this.#polls = null;
      this.#again();
    }
  }

  #wait(pauseMs: number): Promise<void> {
    return new Promise((done) => {
      const go = () => {
        clearTimeout(timer);
        removeEventListener("online", go);
        done();
      };
      const timer = setTimeout(go, pauseMs);
      addEventListener("online", go);
    });
  }

  async #json<T>(
    path: string,
    body?: string | FormData,
    limitMs = SEND_MS,
    signal?: AbortSignal,
  ): Promise<T> {
    const answer = await this.#ask(path, body, limitMs, signal);
    const text = await answer.text();
    if (answer.ok) return (text === "" ? {} : JSON.parse(text)) as T;
    if (answer.status === 429 || answer.status >= 500) {
      throw new Later(1000 * (Number(answer.headers.get("Retry-After")) || 0));
    }
    let told = "";
    try {
      const problem = JSON.parse(text) as { title?: string; errors?: Array<{ message: string }> };
      told = problem.errors?.[0]?.message ?? problem.title ?? "";
    } catch {}
    throw new Refused(answer.status, told);
  }

  /** No cookie goes with it, ours or anybody's. */
  async #ask(
    path: string,
    body?: string | FormData,
    limitMs = SEND_MS,
    signal?: AbortSignal,
  ): Promise<Response> {
    const limit = new AbortController();
    const end = () => limit.abort();
    const timer = setTimeout(end, limitMs);
    signal?.addEventListener("abort", end);
    const headers: Record<string, string> = { Accept: "application/json" };
    if (this.#keep.token) headers["X-Chat-Token"] = this.#keep.token;
    if (typeof body === "string") headers["Content-Type"] = "application/json";
    try {
      return await fetch(`${this.#base}/${path}`, {
        method: body === undefined ? "GET" : "POST",
        credentials: "omit",
        headers,
        signal: limit.signal,
        ...(body === undefined ? {} : { body }),
      });
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener("abort", end);
    }
  }
}
