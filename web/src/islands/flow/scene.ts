// What stands where on the canvas: boxes of steps, flow under flow, and the ways between them. Layouts are kept while
// nothing of their flow changes.
import { BOX_WIDTH, type Laid, layout } from "../../pure/flow/layout";
import type { Model, Path, Step } from "../../pure/flow/model";
import { type Exit, exitsOf, Places, wordsOf } from "../../pure/flow/targets";

export const HEAD = 36;
export const ROW = 26;
const SUMMARY = 44;
const FOOT = 8;
const TITLE = 56;
const FLOW_GAP = 96;

export interface Shown {
  step: Step;
  x: number;
  y: number;
  height: number;
  summary: string;
  exits: Exit[];
}

export interface Way {
  key: string;
  from: Shown;
  to: Shown;
  path: Path;
  /** Both ends. */
  x1: number;
  y1: number;
  x2: number;
  y2: number;
}

export interface Title {
  flow: string;
  x: number;
  y: number;
}

export interface Scene {
  boxes: Map<number, Shown>;
  ways: Way[];
  titles: Title[];
  width: number;
  height: number;
}

interface Drawn {
  step: Step;
  lang: string;
  summary: string;
  exits: Exit[];
  height: number;
}

export class Scenes {
  readonly #laid = new Map<string, { shape: string; laid: Laid }>();
  #drawn = new Map<number, Drawn>();
  #last: { steps: Model["steps"]; scene: Scene } | null = null;

  of({ steps }: Model, lang: string): Scene {
    if (this.#last?.steps === steps) return this.#last.scene;
    const scene = this.#make(steps, lang);
    this.#last = { steps, scene };
    return scene;
  }

  #make(steps: Model["steps"], lang: string): Scene {
    const places = new Places(steps);
    const flows = new Map<string, Drawn[]>();
    const drawn = new Map<number, Drawn>();
    for (const step of steps) {
      const known = this.#drawn.get(step.id);
      const one = known?.step === step && known.lang === lang ? known : draw(step, lang);
      drawn.set(step.id, one);
      const all = flows.get(step.flow);
      if (all) all.push(one);
      else flows.set(step.flow, [one]);
    }
    this.#drawn = drawn;
    const scene: Scene = { boxes: new Map(), ways: [], titles: [], width: 0, height: 0 };
    let top = 0;
    for (const [flow, all] of flows) {
      const boxes = all.map(({ step, exits, height }) => ({
        id: step.id,
        height,
        to: exits.flatMap((exit) => {
          const to = places.find(exit.target, step.flow);
          return to?.flow === step.flow && exit.path[0] !== "reload" ? [to.id] : [];
        }),
      }));
      const shape = JSON.stringify(boxes);
      const kept = this.#laid.get(flow);
      const laid = kept?.shape === shape ? kept.laid : layout(boxes);
      this.#laid.set(flow, { shape, laid });
      scene.titles.push({ flow, x: 0, y: top });
      for (const { step, summary, exits, height } of all) {
        const place = laid.places.get(step.id) ?? { x: 0, y: 0 };
        scene.boxes.set(step.id, { step, summary, exits, height, x: place.x, y: top + TITLE + place.y });
      }
      scene.width = Math.max(scene.width, laid.width);
      top += TITLE + laid.height + FLOW_GAP;
    }
    scene.height = Math.max(0, top - FLOW_GAP);
    for (const from of scene.boxes.values()) {
      from.exits.forEach((exit, index) => {
        const found = places.find(exit.target, from.step.flow);
        const to = found?.flow === from.step.flow ? scene.boxes.get(found.id) : undefined;
        if (!to) return;
        scene.ways.push({
          key: `${from.step.id} ${exit.path.join(".")}`,
          from,
          to,
          path: exit.path,
          x1: from.x + BOX_WIDTH,
          y1: exitHeight(from, index),
          x2: to.x,
          y2: to.y + HEAD / 2,
        });
      });
    }
    return scene;
  }
}

export function exitHeight(box: Shown, index: number): number {
  return box.y + HEAD + (box.summary === "" ? 0 : SUMMARY) + index * ROW + ROW / 2;
}

function draw(step: Step, lang: string): Drawn {
  const exits = exitsOf(step, lang);
  const summary = summaryOf(step, lang);
  const height = HEAD + (summary === "" ? 0 : SUMMARY) + exits.length * ROW + FOOT;
  return { step, lang, exits, summary, height };
}

/** A line or two that tell this step from its neighbours. */
function summaryOf({ fields }: Step, lang: string): string {
  const words = wordsOf(fields.text, lang)
    .replace(/<[^>]*>/g, "")
    .replace(/\s+/g, " ")
    .trim();
  if (words !== "") return words;
  if (typeof fields.call === "string") return fields.call;
  if (fields.kind === "flow" && typeof fields.flow === "string") return fields.flow;
  if (fields.kind === "set") return Object.keys((fields.set as object | undefined) ?? {}).join(", ");
  return "";
}

/** A line from exit to step that leaves to the right and comes in from the left. */
export function curve({ x1, y1, x2, y2 }: { x1: number; y1: number; x2: number; y2: number }): string {
  const bend = x2 > x1 ? Math.max(40, (x2 - x1) / 2) : Math.min(240, 80 + (x1 - x2) / 4);
  return `M${x1} ${y1}C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}`;
}
