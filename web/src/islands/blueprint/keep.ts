// The text that is not saved yet, in this browser, so that a lost network or a closed page loses nothing.

interface Kept {
  source: string;
  /** The revision that the text was made from. */
  revision: number;
}

export class Keep {
  readonly #key: string;

  constructor(bot: string) {
    this.#key = `karvon-draft-${bot}`;
  }

  get(): Kept | null {
    try {
      const kept = JSON.parse(localStorage.getItem(this.#key) ?? "null") as Partial<Kept> | null;
      return typeof kept?.source === "string" && typeof kept.revision === "number" ? (kept as Kept) : null;
    } catch {
      return null;
    }
  }

  put(source: string, revision: number): void {
    try {
      localStorage.setItem(this.#key, JSON.stringify({ source, revision }));
    } catch {
      // A full or forbidden store: the page still warns before it is closed.
    }
  }

  clear(): void {
    try {
      localStorage.removeItem(this.#key);
    } catch {
      // As above.
    }
  }
}
