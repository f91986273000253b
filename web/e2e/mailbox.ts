// A mail server on the loopback that keeps what it takes: the demo writes its letters to it.
import PostalMime, { type Email } from "postal-mime";
import { SMTPServer } from "smtp-server";

/** A letter goes out after the commit; a loaded machine takes its time. */
const LETTER_LIMIT_MS = 15_000;

export class Mailbox {
  private readonly letters: Email[] = [];
  private waiting: (() => void)[] = [];
  private readonly server = new SMTPServer({
    authOptional: true,
    disabledCommands: ["STARTTLS"],
    onData: (stream, _session, done) => {
      const parts: Buffer[] = [];
      stream.on("data", (part: Buffer) => parts.push(part));
      stream.on("end", () => {
        PostalMime.parse(Buffer.concat(parts)).then((letter) => {
          this.letters.push(letter);
          for (const wake of this.waiting.splice(0)) wake();
          done();
        }, done);
      });
    },
  });

  /** Starts it; answers its address as a setting says it. */
  async start(): Promise<string> {
    await new Promise<void>((done) => this.server.listen(0, "127.0.0.1", done));
    const address = this.server.server.address();
    if (!address || typeof address === "string") throw new Error("the mail server has no port");
    return `smtp://127.0.0.1:${address.port}`;
  }

  /** The path of the link in the newest letter to this address, once there are so many. */
  async link(to: string, count = 1): Promise<string> {
    const limit = Date.now() + LETTER_LIMIT_MS;
    for (;;) {
      const mine = this.letters.filter((letter) => JSON.stringify(letter.to).includes(to));
      if (mine.length >= count) {
        const href = /https?:\/\/[^/\s]+(\/\S+)/.exec(mine.at(-1)?.text ?? "")?.[1];
        if (!href) throw new Error(`no link in ${mine.at(-1)?.text}`);
        return href;
      }
      const left = limit - Date.now();
      if (left <= 0) throw new Error(`no letter to ${to}`);
      await new Promise<void>((wake) => {
        this.waiting.push(wake);
        setTimeout(wake, left);
      });
    }
  }

  async stop(): Promise<void> {
    await new Promise<void>((done) => this.server.close(() => done()));
  }
}
