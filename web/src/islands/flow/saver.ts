// Saves what differs from the server's draft, one request at a time, and keeps it in this browser until it is there.

import { type Change, changesBetween, fromTree, type Model, withChanges } from "../../pure/flow/model";
import { begun, maySend, type Outcome, type Saving, sent, settled, told, typed } from "../../pure/saving";
import type { Fault } from "../blueprint/client";
import { Refused } from "../blueprint/client";
import type { Client, Tree } from "./client";

const SAVE_MS = 700;
const RETRY_MS = 5000;

interface Kept {
  changes: Change[];
  revision: number;
}

interface Wanted {
  client: Client;
  bot: string;
  tree: Tree;
  model: Model;
  isWritable: boolean;
  /** The state that is shown now. */
  present(): Model;
  stands(saving: Saving): void;
  problems(faults: Fault[]): void;
  /** The server's draft takes the place of what is shown. */
  replace(model: Model): void;
}

export interface Saver {
  readonly saving: Saving;
  changed(): void;
  /** Saves now; whether nothing is left to save. */
  flush(): Promise<boolean>;
  settle(isMine: boolean): Promise<void>;
  /** What was not saved when the page was left. */
  restore(): Model | null;
  leave(): void;
}

export function saver(wanted: Wanted): Saver {
  const { client, present } = wanted;
  const key = `karvon-flow-${wanted.bot}`;
  let saving = begun(wanted.tree.revision);
  /** What the server has. */
  let base = wanted.model;
  let timer = 0;
  let running: Promise<void> | null = null;

  function stand(next: Saving): void {
    saving = next;
    wanted.stands(saving);
  }

  function keep(): void {
    const changes = changesBetween(base, present());
    try {
      if (changes.length === 0) localStorage.removeItem(key);
      else localStorage.setItem(key, JSON.stringify({ changes, revision: saving.revision } satisfies Kept));
    } catch {
      // A full or forbidden store: the page still warns before it is closed.
    }
  }

  function later(ms: number): void {
    clearTimeout(timer);
    timer = window.setTimeout(() => void save(), ms);
  }

  function save(): Promise<void> {
    running ??= send().finally(() => {
      running = null;
    });
    return running;
  }

  async function send(): Promise<void> {
    if (!wanted.isWritable || !maySend(saving)) return;
    const model = present();
    const changes = changesBetween(base, model);
    if (changes.length === 0) {
      stand({ ...saving, standing: "saved" });
      keep();
      return;
    }
    const word = String(Math.random());
    stand(sent(saving, word));
    let outcome: Outcome;
    try {
      const saved = await client.change(saving.revision, changes);
      outcome = { kind: "saved", revision: saved.revision };
      base = model;
      wanted.problems(saved.problems);
    } catch (error) {
      if (!(error instanceof Refused)) outcome = { kind: "offline" };
      else outcome = { kind: error.status === 409 ? "conflict" : "refused", reason: error.message };
    }
    stand(told(saving, outcome, present() === model ? word : ""));
    keep();
    if (saving.standing === "unsaved") later(SAVE_MS);
    if (saving.standing === "offline") later(RETRY_MS);
  }

  return {
    get saving() {
      return saving;
    },
    changed() {
      stand(typed(saving));
      keep();
      later(SAVE_MS);
    },
    async flush() {
      clearTimeout(timer);
      await running;
      await save();
      return saving.standing === "saved";
    },
    async settle(isMine) {
      try {
        const tree = await client.load();
        if (tree.tree === null) {
          location.reload();
          return;
        }
        const theirs = fromTree(tree.tree);
        if (isMine) {
          // My changes are made to their draft; what they changed elsewhere stays.
          const mine = withChanges(theirs, changesBetween(base, present()));
          base = theirs;
          stand(settled(saving, tree.revision, true));
          wanted.replace(mine);
          await save();
        } else {
          base = theirs;
          stand(settled(saving, tree.revision, false));
          wanted.replace(theirs);
          wanted.problems(tree.problems);
          keep();
        }
      } catch {
        // The network is lost: the choice can be made again.
      }
    },
    restore() {
      try {
        const kept = JSON.parse(localStorage.getItem(key) ?? "null") as Kept | null;
        if (!kept || !Array.isArray(kept.changes)) return null;
        // Saved against the revision that it was made from: whoever changed the draft meanwhile is not overwritten.
        const model = withChanges(base, kept.changes);
        if (changesBetween(base, model).length === 0) return null;
        saving = { ...saving, revision: kept.revision };
        return model;
      } catch {
        return null;
      }
    },
    leave() {
      clearTimeout(timer);
    },
  };
}
