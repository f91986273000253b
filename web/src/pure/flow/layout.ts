// Where steps stand: layers from the first step on, broken into lines like a long sentence, with few crossings. One
// flow at a time; linear in steps and ways, so that three hundred steps take a few milliseconds.

export interface Box {
  id: number;
  height: number;
  /** The boxes it leads to. */
  to: readonly number[];
}

export interface Laid {
  /** The upper left corner by id. */
  places: Map<number, { x: number; y: number }>;
  width: number;
  height: number;
}

export const BOX_WIDTH = 240;
const COLUMN = BOX_WIDTH + 96;
const GAP = 28;
const LINE_GAP = 72;
/** Columns of a line: what a wide screen shows at half the size. */
const COLUMNS_MAX = 8;
const SWEEPS = 4;

export function layout(boxes: readonly Box[]): Laid {
  const byId = new Map(boxes.map((box) => [box.id, box]));
  const ways = new Map(
    boxes.map((box) => [box.id, [...new Set(box.to)].filter((to) => byId.has(to) && to !== box.id)]),
  );
  const ranks = rank(boxes, ways);
  const layers: number[][] = [];
  const last = Math.max(0, ...ranks.values());
  for (let rank = 0; rank <= last; rank += 1) layers.push([]);
  for (const box of boxes) layers[ranks.get(box.id) ?? 0]?.push(box.id);
  sort(layers, ways);
  return stand(layers, byId, ways);
}

/** Longest way from a beginning; ways that go back count for nothing. */
function rank(boxes: readonly Box[], ways: Map<number, number[]>): Map<number, number> {
  const state = new Map<number, "open" | "done">();
  const order: number[] = [];
  const back = new Set<string>();
  for (const { id } of boxes) {
    if (state.has(id)) continue;
    const stack: Array<{ id: number; next: number }> = [{ id, next: 0 }];
    state.set(id, "open");
    for (let top = stack.at(-1); top; top = stack.at(-1)) {
      const to = ways.get(top.id)?.[top.next];
      top.next += 1;
      if (to === undefined) {
        state.set(top.id, "done");
        order.push(top.id);
        stack.pop();
      } else if (state.get(to) === "open") back.add(`${top.id} ${to}`);
      else if (!state.has(to)) {
        state.set(to, "open");
        stack.push({ id: to, next: 0 });
      }
    }
  }
  const ranks = new Map<number, number>();
  for (const id of order.reverse()) {
    const own = ranks.get(id) ?? 0;
    ranks.set(id, own);
    for (const to of ways.get(id) ?? [])
      if (!back.has(`${id} ${to}`)) ranks.set(to, Math.max(ranks.get(to) ?? 0, own + 1));
  }
  return ranks;
}

/** Neighbours stand near each other: each layer by the middle of what its boxes are tied to. */
function sort(layers: number[][], ways: Map<number, number[]>): void {
  const from = new Map<number, number[]>();
  for (const [id, all] of ways)
    for (const to of all) {
      const list = from.get(to);
      if (list) list.push(id);
      else from.set(to, [id]);
    }
  const position = new Map<number, number>();
  const number = (layer: number[]) => {
    for (const [index, id] of layer.entries()) position.set(id, index);
  };
  layers.forEach(number);
  for (let sweep = 0; sweep < SWEEPS; sweep += 1) {
    const isDown = sweep % 2 === 0;
    const tied = isDown ? from : ways;
    for (const layer of isDown ? layers : [...layers].reverse()) {
      const middle = new Map(
        layer.map((id) => {
          const all = tied.get(id) ?? [];
          const sum = all.reduce((sum, other) => sum + (position.get(other) ?? 0), 0);
          return [id, all.length > 0 ? sum / all.length : (position.get(id) ?? 0)];
        }),
      );
      layer.sort((a, b) => (middle.get(a) ?? 0) - (middle.get(b) ?? 0));
      number(layer);
    }
  }
}

function stand(layers: number[][], byId: Map<number, Box>, ways: Map<number, number[]>): Laid {
  const places = new Map<number, { x: number; y: number }>();
  const heightOf = (id: number) => byId.get(id)?.height ?? 0;
  let top = 0;
  let width = 0;
  for (let start = 0; start < layers.length; start += COLUMNS_MAX) {
    let bottom = top;
    layers.slice(start, start + COLUMNS_MAX).forEach((layer, column) => {
      let y = top;
      for (const id of layer) {
        const x = column * COLUMN;
        // Beside whatever leads here in the column before, where there is room.
        const before = layers[start + column - 1] ?? [];
        const sources = column > 0 ? before.filter((other) => ways.get(other)?.includes(id)) : [];
        const wished = Math.min(...sources.map((other) => places.get(other)?.y ?? 0));
        if (Number.isFinite(wished)) y = Math.max(y, wished);
        places.set(id, { x, y });
        y += heightOf(id) + GAP;
        width = Math.max(width, x + BOX_WIDTH);
      }
      bottom = Math.max(bottom, y - GAP);
    });
    top = bottom + LINE_GAP;
  }
  return { places, width, height: Math.max(0, top - LINE_GAP) };
}
