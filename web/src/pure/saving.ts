// When a text is saved that somebody types: one save at a time, the last text wins, nothing is given up.
// Pure: what it wants done it says, and it is told what became of it.

/** How the text stands, as it is shown. */
export type Standing = "saved" | "unsaved" | "saving" | "offline" | "refused" | "conflict";

export interface Saving {
  standing: Standing;
  /** The revision that the server has of us. */
  revision: number;
  /** The text that is being saved. */
  sending: string | null;
  /** Why the server said no, in its words. */
  reason: string;
}

export type Outcome =
  | { kind: "saved"; revision: number }
  | { kind: "offline" }
  | { kind: "refused"; reason: string }
  | { kind: "conflict"; reason: string };

export function begun(revision: number): Saving {
  return { standing: "saved", revision, sending: null, reason: "" };
}

/** Somebody typed. A conflict stays one until somebody has chosen. */
export function typed(saving: Saving): Saving {
  return saving.standing === "conflict" || saving.sending !== null
    ? saving
    : { ...saving, standing: "unsaved", reason: "" };
}

/** Whether `text` may be sent now. */
export function maySend(saving: Saving): boolean {
  return saving.sending === null && saving.standing !== "saved" && saving.standing !== "conflict";
}

export function sent(saving: Saving, text: string): Saving {
  return { ...saving, standing: "saving", sending: text, reason: "" };
}

/** What became of the save, while the editor shows `text`. */
export function told(saving: Saving, outcome: Outcome, text: string): Saving {
  const was = saving.sending;
  const rest = { ...saving, sending: null };
  switch (outcome.kind) {
    case "saved":
      return {
        ...rest,
        revision: outcome.revision,
        standing: was === text ? "saved" : "unsaved",
        reason: "",
      };
    case "offline":
      return { ...rest, standing: "offline", reason: "" };
    default:
      return { ...rest, standing: outcome.kind, reason: outcome.reason };
  }
}

/** Somebody chose whose text stays: the next save is about the server's present revision. */
export function settled(saving: Saving, revision: number, isMine: boolean): Saving {
  return { ...saving, revision, standing: isMine ? "unsaved" : "saved", reason: "" };
}
