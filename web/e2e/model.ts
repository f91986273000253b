// A language model that answers one sentence, word by word, as OpenAI's servers do.
import { createServer, type Server as HttpServer } from "node:http";
import type { AddressInfo } from "node:net";

/** Between two words: long enough to be seen on its way. */
const WORD_MS = 40;

export class Model {
  address = "";
  /** What it says to every question. */
  says = "";
  /** What it was asked, whole. */
  readonly asked: string[] = [];
  private readonly http: HttpServer;

  constructor() {
    this.http = createServer(async (request, answer) => {
      let body = "";
      for await (const part of request) body += part;
      this.asked.push(body);
      answer.setHeader("Content-Type", "text/event-stream");
      const tell = (data: unknown) => answer.write(`data: ${JSON.stringify(data)}\n\n`);
      for (const word of this.says.split(/(?<= )/)) {
        tell({ choices: [{ index: 0, delta: { content: word } }] });
        await new Promise((done) => setTimeout(done, WORD_MS));
      }
      tell({ choices: [], usage: { prompt_tokens: 400, completion_tokens: 50, total_tokens: 450 } });
      answer.end("data: [DONE]\n\n");
    });
  }

  async start(): Promise<this> {
    await new Promise<void>((done) => this.http.listen(0, "127.0.0.1", done));
    this.address = `http://127.0.0.1:${(this.http.address() as AddressInfo).port}/v1`;
    return this;
  }

  stop(): void {
    this.http.closeAllConnections();
    this.http.close();
  }
}
