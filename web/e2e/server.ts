// A real `karvon demo` of its own: a free port, a temporary folder, nothing of it left behind.
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

/** A debug build makes the demo shop in some ten seconds; a loaded machine takes longer. */
const START_LIMIT_MS = 120_000;
const STOP_LIMIT_MS = 10_000;

export interface Server {
  address: string;
  password: string;
  /** The e-mail address by role, as the demo prints them. */
  people: Map<string, string>;
  /** What it wrote last, for when something failed. */
  log(): string;
  /** Ends it, does something while it is away, and starts it again at the same address with what it had. */
  restart(away: () => Promise<void>): Promise<void>;
  stop(): Promise<void>;
}

/** `KARVON_BIN`, else what `cargo build -p app` or `make demo` left. */
function binary(): string {
  const given = process.env.KARVON_BIN;
  if (given) return resolve(given);
  const target = resolve(process.env.CARGO_TARGET_DIR ?? "../target");
  const found = ["debug", "demo", "release"].map((name) => join(target, name, "karvon")).find(existsSync);
  if (!found) throw new Error("there is no karvon: run cargo build -p app, or name it in KARVON_BIN");
  return found;
}

/** `mail` is where its letters go, `telegram` where its bots are. */
export async function startServer(mail: string, telegram = "http://127.0.0.1:9"): Promise<Server> {
  const data = await mkdtemp(join(tmpdir(), "karvon-e2e."));
  // Settings of whoever runs the test are not the server's.
  const own = Object.entries(process.env).filter(
    ([name]) => !/^KARVON_|^DATABASE_URL$|^PUBLIC_URL$/.test(name),
  );
  const env = {
    ...Object.fromEntries(own),
    KARVON_DATA: data,
    KARVON_LOG: "warn",
    KARVON_LOG_FILES: "false",
    // A language model of the test stands beside it.
    KARVON_ALLOW_NETWORKS: "127.0.0.1",
    KARVON_SMTP_URL: mail,
    KARVON_TELEGRAM_API_URL: telegram,
    KARVON_MAIL_FROM: "Karvon <karvon@misol.uz>",
  };
  let said = "";
  let log = "";
  let child: ChildProcess | null = null;
  const stop = async () => {
    if (child) await ended(child);
    await rm(data, { recursive: true, force: true });
  };
  const run = (listen: string) =>
    new Promise<void>((done, fail) => {
      said = "";
      const started = spawn(binary(), ["demo", "--listen", listen], {
        cwd: data,
        env,
        stdio: ["ignore", "pipe", "pipe"],
      });
      child = started;
      started.stderr.on("data", (part) => {
        log = (log + part).slice(-20_000);
      });
      const timer = setTimeout(() => fail(new Error("karvon demo does not answer in time")), START_LIMIT_MS);
      started.stdout.on("data", (part) => {
        said += part;
        // The last that it names.
        if (/^ {2}University +\S+@\S+\n/m.test(said)) {
          clearTimeout(timer);
          done();
        }
      });
      started.once("error", fail);
      started.once("exit", (code) => fail(new Error(`karvon demo ended with ${code}`)));
    });
  try {
    await run("127.0.0.1:0");
  } catch (error) {
    await stop();
    throw new Error(`${error}\n${said}\n${log}`);
  }
  const address = /^Karvon: (\S+)/m.exec(said)?.[1] ?? "";
  const people = Array.from(
    said.matchAll(/^ {2}(\w+) +(\S+@\S+)$/gm),
    (row) => [row[1], row[2]] as [string, string],
  );
  return {
    address,
    password: /password (\S+)/.exec(said)?.[1] ?? "",
    people: new Map(people),
    log: () => log,
    restart: async (away) => {
      if (child) await ended(child);
      await away();
      await run(new URL(address).host);
    },
    stop,
  };
}

/** Asks it to end, as an operator would; insists after a while. */
async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((done) => child.once("exit", done));
  child.kill("SIGTERM");
  const timer = setTimeout(() => child.kill("SIGKILL"), STOP_LIMIT_MS);
  await gone;
  clearTimeout(timer);
}
