// The Bot API as far as one story needs it: people who write and tap, and what a bot sent them.
import { createServer, type Server as HttpServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";

/** How long a request for updates waits when there are none. */
const POLL_MS = 1000;

interface Sent {
  method: string;
  chat: number;
  text: string;
  id: number;
  keys: Array<{ text: string; callback_data?: string }>;
}

type Fields = Record<string, unknown>;

export class Telegram {
  address = "";
  readonly sent: Sent[] = [];
  private readonly updates: Array<Fields & { update_id: number; bot: number }> = [];
  private readonly http: HttpServer;
  private last = 100;
  private woken: () => void = () => {};

  constructor() {
    this.http = createServer(async (request, answer) => {
      const [, bot, method] = /\/bot(\d+):[^/]+\/(\w+)$/.exec(request.url ?? "") ?? [];
      const result = await this.answer(method ?? "", Number(bot), await fieldsOf(request));
      answer.setHeader("Content-Type", "application/json");
      answer.end(JSON.stringify({ ok: true, result }));
    });
  }

  async start(): Promise<this> {
    await new Promise<void>((done) => this.http.listen(0, "127.0.0.1", done));
    this.address = `http://127.0.0.1:${(this.http.address() as AddressInfo).port}`;
    return this;
  }

  stop(): void {
    this.woken();
    this.http.closeAllConnections();
    this.http.close();
  }

  says(person: Person, text: string): void {
    const entities = text.startsWith("/") ? [{ type: "bot_command", offset: 0, length: text.length }] : [];
    this.push(person, { message: { ...this.message(person), from: from(person), text, entities } });
  }

  /** Taps a button under the newest message that has one of these words. */
  taps(person: Person, label: string): void {
    const shown = this.sent
      .filter((one) => one.chat === person.id && one.keys.some((key) => key.text.includes(label)))
      .at(-1);
    const key = shown?.keys.find((key) => key.text.includes(label));
    if (!shown || !key) throw new Error(`${person.name} sees no button ${label}`);
    const message = { ...this.message(person), message_id: shown.id, text: shown.text };
    this.push(person, {
      callback_query: {
        id: String(this.next()),
        from: from(person),
        chat_instance: "1",
        message,
        data: key.callback_data,
      },
    });
  }

  /** Waits until somebody was sent this. */
  async sees(person: Person, text: string | RegExp, patienceMs = 20_000): Promise<Sent> {
    for (let waited = 0; waited < patienceMs; waited += 50) {
      const found = this.sent.filter((one) => one.chat === person.id && one.text.search(text) >= 0).at(-1);
      if (found) return found;
      await new Promise((done) => setTimeout(done, 50));
    }
    const seen = this.sent.filter((one) => one.chat === person.id).map((one) => one.text);
    throw new Error(`${person.name} does not see ${text}: ${seen.join(" | ")}`);
  }

  private next(): number {
    this.last += 1;
    return this.last;
  }

  private message(person: Person): Fields {
    const chat = { id: person.id, type: "private", first_name: person.name };
    return { message_id: this.next(), date: Math.floor(Date.now() / 1000), chat };
  }

  private push(person: Person, update: Fields): void {
    this.updates.push({ update_id: this.next(), bot: person.bot, ...update });
    this.woken();
  }

  private async answer(method: string, bot: number, given: Fields): Promise<unknown> {
    if (method === "getMe") {
      return {
        id: bot,
        is_bot: true,
        first_name: "Sinov",
        username: `sinov_${bot}_bot`,
        can_join_groups: true,
      };
    }
    if (method === "getUpdates") return this.poll(bot, Number(given.offset ?? 0));
    if (!/^send(Message|Photo|Document|Video)$/.test(method)) return true;
    const markup =
      typeof given.reply_markup === "string" ? JSON.parse(given.reply_markup) : given.reply_markup;
    const rows = (markup as { inline_keyboard?: Sent["keys"][] } | undefined)?.inline_keyboard ?? [];
    const text = String(given.text ?? given.caption ?? "");
    const sent = { method, chat: Number(given.chat_id), text, id: this.next(), keys: rows.flat() };
    this.sent.push(sent);
    const date = Math.floor(Date.now() / 1000);
    const photo = [{ file_id: "P", file_unique_id: "p", width: 1, height: 1 }];
    const chat = { id: sent.chat, type: "private", first_name: "?" };
    return { message_id: sent.id, date, chat, ...(method === "sendPhoto" ? { photo } : { text }) };
  }

  private async poll(bot: number, offset: number): Promise<unknown[]> {
    const waiting = () =>
      this.updates
        .filter((one) => one.bot === bot && one.update_id >= offset)
        .map(({ bot: _, ...update }) => update);
    if (waiting().length === 0) {
      await new Promise<void>((done) => {
        this.woken = done;
        setTimeout(done, POLL_MS);
      });
    }
    return waiting();
  }
}

export interface Person {
  /** To which bot they write. */
  bot: number;
  id: number;
  name: string;
  lang: string;
}

function from({ id, name, lang }: Person): Fields {
  return { id, is_bot: false, first_name: name, language_code: lang };
}

/** The parameters of a call: JSON, or the fields of a form with a file. */
async function fieldsOf(request: IncomingMessage): Promise<Fields> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  const body = Buffer.concat(parts);
  const type = request.headers["content-type"] ?? "";
  if (type.includes("json")) return JSON.parse(body.toString() || "{}") as Fields;
  const fields: Fields = {};
  const text = body.toString("utf8");
  for (const [, name, value] of text.matchAll(/name="(\w+)"\r\n(?:[^\r\n]+\r\n)*\r\n([^\r]*)\r\n/g)) {
    if (name) fields[name] = value;
  }
  return fields;
}
