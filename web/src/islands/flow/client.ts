// Talks to the server about a draft as a tree. Knows nothing of how the editor looks.
import type { Action } from "../../pure/flow/changing";
import type { Change, Fields } from "../../pure/flow/model";
import { type Fault, type Saved, Wire } from "../blueprint/client";

export interface Tree {
  tree: Fields | null;
  revision: number;
  problems: Fault[];
  actions: Action[];
}

export class Client extends Wire {
  load(): Promise<Tree> {
    return this.json("GET", "/draft/tree");
  }

  change(revision: number, changes: Change[]): Promise<Saved> {
    return this.json("PATCH", "/draft", { revision, changes });
  }

  /** The names of the phrases that a blueprint may say in its own words. */
  async phrases(): Promise<string[]> {
    const answer = await fetch("/api/blueprints/schema");
    const schema = (await answer.json()) as {
      properties?: { texts?: { properties?: Record<string, unknown> } };
    };
    return Object.keys(schema.properties?.texts?.properties ?? {});
  }
}
