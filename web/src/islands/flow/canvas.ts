// The canvas: what is in sight of the scene, moved and drawn larger by pointer, wheel, fingers and keys. Only what is in
// sight is in the page, so that hundreds of steps cost no more than those that are seen.
import { h } from "../../parts/dom";
import { BOX_WIDTH } from "../../pure/flow/layout";
import type { Path, Step } from "../../pure/flow/model";
import { boxOf } from "./box";
import { curve, exitHeight, HEAD, type Scene, type Shown } from "./scene";

const SVG = "http://www.w3.org/2000/svg";
const ZOOM_MIN = 0.05;
const ZOOM_MAX = 1.6;
/** Below this the words cannot be read, and boxes are drawn without them. */
const ZOOM_PLAIN = 0.5;
/** Below this not even the names. */
const ZOOM_FAR = 0.28;
const MARGIN = 80;
/** Boxes are made for so long in one picture; the rest comes in the next ones. */
const PAINT_MS = 6;
const REST_MS = 200;
const STEP_PX = 60;
/** A press that moves less is a click. */
const CLICK_PX = 5;

export interface Sight {
  scene: Scene;
  selected: number | null;
  /** How many faults each step has. */
  faults: Map<number, number>;
}

interface Wanted {
  t: (key: string) => string;
  isWritable: boolean;
  select(step: Step | null, isOpened: boolean): void;
  connect(from: Step, path: Path, to: Step): void;
  /** A way was let go over nothing. */
  lost(from: Step, path: Path): void;
  find(target: string, flow: string): Step | undefined;
  remove(step: Step): void;
}

export interface Canvas {
  element: HTMLElement;
  draw(sight: Sight): void;
  reveal(step: number, hasFocus?: boolean): void;
  fit(): void;
  zoom(by: number): void;
  leave(): void;
}

export function canvas(wanted: Wanted): Canvas {
  const { t } = wanted;
  const world = h("div", { class: "flow-world" });
  const ways = document.createElementNS(SVG, "svg");
  ways.setAttribute("class", "flow-ways");
  ways.setAttribute("aria-hidden", "true");
  const pulled = document.createElementNS(SVG, "path");
  pulled.setAttribute("class", "flow-way is-pulled");
  world.append(ways);
  const element = h(
    "div",
    {
      class: "flow-canvas",
      tabindex: 0,
      role: "group",
      "aria-label": t("canvas"),
      "aria-describedby": "flow-keys",
    },
    world,
    h("p", { class: "visually-hidden", id: "flow-keys" }, t("keys")),
  );
  let sight: Sight = {
    scene: { boxes: new Map(), ways: [], titles: [], width: 0, height: 0 },
    selected: null,
    faults: new Map(),
  };
  let [x, y, zoom] = [24, 24, 1];
  let frame = 0;
  let rest = 0;
  const boxes = new Map<number, { shape: string; element: HTMLElement }>();
  const lines = new Map<string, { shape: string; element: SVGPathElement }>();
  const titles = new Map<string, HTMLElement>();
  const far = document.createElementNS(SVG, "path");
  far.setAttribute("class", "flow-way is-far");
  let farOf: Scene | null = null;

  function move(): void {
    world.style.transform = `translate(${x}px, ${y}px) scale(${zoom})`;
    soon();
  }

  /** While it slides, the picture of the whole is moved; when it rests, it is drawn again. */
  function slide(): void {
    world.classList.add("is-moving");
    clearTimeout(rest);
    rest = window.setTimeout(() => world.classList.remove("is-moving"), REST_MS);
    move();
  }

  type IsSeen = (x1: number, y1: number, x2: number, y2: number) => boolean;

  function paint(): void {
    const isPlain = zoom < ZOOM_PLAIN;
    element.classList.toggle("is-plain", isPlain);
    element.classList.toggle("is-far", zoom < ZOOM_FAR);
    const [left, top] = [(-x - MARGIN) / zoom, (-y - MARGIN) / zoom];
    const right = left + (element.clientWidth + 2 * MARGIN) / zoom;
    const bottom = top + (element.clientHeight + 2 * MARGIN) / zoom;
    const isSeen = (x1: number, y1: number, x2: number, y2: number) =>
      x2 >= left && x1 <= right && y2 >= top && y1 <= bottom;
    const isWhole = paintBoxes(isSeen, isPlain);
    paintWays(isSeen, isPlain);
    paintTitles();
    if (!isWhole) soon();
  }

  /** Whether all that is seen is drawn; what takes too long is left for the next picture. */
  function paintBoxes(isSeen: IsSeen, isPlain: boolean): boolean {
    const { scene, selected, faults } = sight;
    const seen = new Set<number>();
    const until = performance.now() + PAINT_MS;
    let isCut = false;
    for (const [id, box] of scene.boxes) {
      if (!isSeen(box.x, box.y, box.x + BOX_WIDTH, box.y + box.height)) continue;
      seen.add(id);
      const isSelected = id === selected;
      const shape = JSON.stringify([
        box.x,
        box.y,
        box.height,
        box.step.name,
        box.summary,
        box.exits,
        faults.get(id),
        isPlain,
        isSelected,
        box.step.fields.kind,
      ]);
      const known = boxes.get(id);
      if (known?.shape === shape) continue;
      // What has to be right at once is the step that is worked on.
      if (!isSelected && performance.now() > until) {
        isCut = true;
        continue;
      }
      const hadFocus = known?.element === document.activeElement;
      const fresh = boxOf(wanted, box, { faults: faults.get(id) ?? 0, isSelected, isPlain });
      if (known) known.element.replaceWith(fresh);
      else world.append(fresh);
      boxes.set(id, { shape, element: fresh });
      if (hadFocus) fresh.focus({ preventScroll: true });
    }
    for (const [id, { element: old }] of boxes)
      if (!seen.has(id)) {
        if (old === document.activeElement) element.focus({ preventScroll: true });
        old.remove();
        boxes.delete(id);
      }
    return !isCut;
  }

  function paintWays(isSeen: IsSeen, isPlain: boolean): void {
    const { scene, selected } = sight;
    const drawn = new Set<string>();
    if (!isPlain) far.remove();
    else if (farOf !== scene || !far.isConnected) {
      // From afar all ways are one line that is drawn once.
      far.setAttribute("d", scene.ways.map(({ x1, y1, x2, y2 }) => `M${x1} ${y1}L${x2} ${y2}`).join(""));
      farOf = scene;
      ways.append(far);
    }
    for (const way of isPlain ? [] : scene.ways) {
      const { x1, y1, x2, y2, key } = way;
      if (!isSeen(Math.min(x1, x2) - 240, Math.min(y1, y2), Math.max(x1, x2) + 240, Math.max(y1, y2)))
        continue;
      drawn.add(key);
      const isNear = way.from.step.id === selected || way.to.step.id === selected;
      const shape = `${curve(way)}${isNear ? "*" : ""}${way.path[0] === "reload" ? "r" : ""}`;
      const known = lines.get(key);
      if (known?.shape === shape) continue;
      const line = known?.element ?? document.createElementNS(SVG, "path");
      line.setAttribute("d", curve(way));
      line.setAttribute(
        "class",
        `flow-way${isNear ? " is-near" : ""}${way.path[0] === "reload" ? " is-reload" : ""}`,
      );
      if (!known) ways.append(line);
      lines.set(key, { shape, element: line });
    }
    for (const [key, { element: old }] of lines)
      if (!drawn.has(key)) {
        old.remove();
        lines.delete(key);
      }
  }

  function paintTitles(): void {
    const { scene } = sight;
    for (const title of scene.titles) {
      let shown = titles.get(title.flow);
      if (!shown) {
        shown = h("h3", { class: "flow-title" }, title.flow);
        titles.set(title.flow, shown);
        world.append(shown);
      }
      shown.style.transform = `translate(${title.x}px, ${title.y}px)`;
    }
    for (const [flow, old] of titles)
      if (!scene.titles.some((title) => title.flow === flow)) {
        old.remove();
        titles.delete(flow);
      }
  }

  /** A picture after this one. */
  function soon(): void {
    if (frame === 0)
      frame = requestAnimationFrame(() => {
        frame = 0;
        paint();
      });
  }

  // ---------------------------------------------------------------- pointers

  const pointers = new Map<number, { x: number; y: number }>();
  let pressed: { x: number; y: number; moved: boolean } | null = null;
  let pull: { box: Shown; index: number } | null = null;
  let pinch = 0;

  function inWorld(clientX: number, clientY: number): { x: number; y: number } {
    const place = element.getBoundingClientRect();
    return { x: (clientX - place.left - x) / zoom, y: (clientY - place.top - y) / zoom };
  }

  function boxAt(target: EventTarget | null): Shown | undefined {
    const found = target instanceof Element ? target.closest<HTMLElement>(".flow-box") : null;
    return found ? sight.scene.boxes.get(Number(found.dataset.step)) : undefined;
  }

  element.addEventListener("pointerdown", (event) => {
    if (event.button > 1) return;
    pointers.set(event.pointerId, { x: event.clientX, y: event.clientY });
    const dot = event.target instanceof Element ? event.target.closest<HTMLElement>(".flow-dot") : null;
    const box = boxAt(event.target);
    if (dot && box && wanted.isWritable && pointers.size === 1) {
      pull = { box, index: Number(dot.dataset.exit) };
      ways.append(pulled);
    }
    pressed = { x: event.clientX, y: event.clientY, moved: false };
    pinch = distance();
    element.setPointerCapture(event.pointerId);
  });

  function distance(): number {
    const [one, two] = [...pointers.values()];
    return one && two ? Math.hypot(one.x - two.x, one.y - two.y) : 0;
  }

  element.addEventListener("pointermove", (event) => {
    const was = pointers.get(event.pointerId);
    if (!was || !pressed) return;
    pointers.set(event.pointerId, { x: event.clientX, y: event.clientY });
    if (Math.hypot(event.clientX - pressed.x, event.clientY - pressed.y) > CLICK_PX) pressed.moved = true;
    if (pull) {
      const end = inWorld(event.clientX, event.clientY);
      const start = { x1: pull.box.x + BOX_WIDTH, y1: exitHeight(pull.box, pull.index) };
      pulled.setAttribute("d", curve({ ...start, x2: end.x, y2: end.y }));
      const over = boxAt(document.elementFromPoint(event.clientX, event.clientY));
      for (const [id, { element: shown }] of boxes) shown.classList.toggle("is-over", id === over?.step.id);
      return;
    }
    if (pointers.size === 2) {
      const now = distance();
      if (pinch > 0 && now > 0) zoomAt(now / pinch, event.clientX, event.clientY);
      pinch = now;
    } else if (pressed.moved) {
      x += event.clientX - was.x;
      y += event.clientY - was.y;
      slide();
    }
  });

  function released(event: PointerEvent): void {
    if (!pointers.delete(event.pointerId) || !pressed) return;
    const under = document.elementFromPoint(event.clientX, event.clientY);
    const over = boxAt(under);
    if (pull) {
      const { box, index } = pull;
      const exit = box.exits[index];
      pull = null;
      pulled.remove();
      pulled.setAttribute("d", "");
      for (const { element: shown } of boxes.values()) shown.classList.remove("is-over");
      if (exit && pressed.moved && event.type === "pointerup") {
        if (over) wanted.connect(box.step, exit.path, over.step);
        else wanted.lost(box.step, exit.path);
      } else if (exit && event.type === "pointerup") wanted.select(box.step, true);
    } else if (!pressed.moved && event.type === "pointerup") {
      const chip = under?.closest<HTMLElement>(".flow-chip[data-to]");
      const far = chip ? sight.scene.boxes.get(Number(chip.dataset.to)) : undefined;
      if (far) {
        wanted.select(far.step, false);
        reveal(far.step.id);
      } else wanted.select(over?.step ?? null, true);
    }
    if (pointers.size === 0) pressed = null;
  }
  element.addEventListener("pointerup", released);
  element.addEventListener("pointercancel", released);

  element.addEventListener(
    "wheel",
    (event) => {
      event.preventDefault();
      if (event.ctrlKey || event.metaKey) zoomAt(Math.exp(-event.deltaY / 200), event.clientX, event.clientY);
      else {
        x -= event.shiftKey ? event.deltaY : event.deltaX;
        y -= event.shiftKey ? 0 : event.deltaY;
        slide();
      }
    },
    { passive: false },
  );

  function zoomAt(by: number, clientX: number, clientY: number): void {
    const place = element.getBoundingClientRect();
    const wished = Math.min(ZOOM_MAX, Math.max(ZOOM_MIN, zoom * by));
    const [px, py] = [clientX - place.left, clientY - place.top];
    x = px - ((px - x) * wished) / zoom;
    y = py - ((py - y) * wished) / zoom;
    zoom = wished;
    move();
  }

  function zoomBy(by: number): void {
    const place = element.getBoundingClientRect();
    zoomAt(by, place.left + place.width / 2, place.top + place.height / 2);
  }

  // ---------------------------------------------------------------- keys

  element.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const selected = sight.selected === null ? undefined : sight.scene.boxes.get(sight.selected);
    const sides: Record<string, [number, number]> = {
      ArrowLeft: [-1, 0],
      ArrowRight: [1, 0],
      ArrowUp: [0, -1],
      ArrowDown: [0, 1],
    };
    const side = sides[event.key];
    if (side && event.shiftKey) {
      x -= side[0] * STEP_PX;
      y -= side[1] * STEP_PX;
      move();
    } else if (side) {
      const next = neighbour(selected, side);
      if (next) {
        wanted.select(next.step, false);
        reveal(next.step.id, true);
      }
    } else if (event.key === "+" || event.key === "=") zoomBy(1.25);
    else if (event.key === "-") zoomBy(0.8);
    else if (event.key === "0") fit();
    else if ((event.key === "Enter" || event.key === " ") && selected) wanted.select(selected.step, true);
    else if ((event.key === "Delete" || event.key === "Backspace") && selected) wanted.remove(selected.step);
    else return;
    event.preventDefault();
  });

  /** The nearest box on this side. */
  function neighbour(from: Shown | undefined, [dx, dy]: [number, number]): Shown | undefined {
    const all = [...sight.scene.boxes.values()];
    if (!from) return all[0];
    const cost = (box: Shown) => {
      const [ax, ay] = [box.x - from.x, box.y + HEAD - from.y - HEAD];
      const along = ax * dx + ay * dy;
      return along <= 0 ? Number.POSITIVE_INFINITY : along + 3 * Math.abs(ax * dy + ay * dx);
    };
    const [best] = all
      .filter((box) => cost(box) < Number.POSITIVE_INFINITY)
      .sort((a, b) => cost(a) - cost(b));
    return best;
  }

  // ---------------------------------------------------------------- sight

  function reveal(id: number, hasFocus = false): void {
    const box = sight.scene.boxes.get(id);
    if (!box) return;
    if (zoom < ZOOM_PLAIN) zoom = 0.8;
    const [width, height] = [element.clientWidth, element.clientHeight];
    const [left, top] = [box.x * zoom + x, box.y * zoom + y];
    const isSeen =
      left >= 0 &&
      top >= 0 &&
      left + BOX_WIDTH * zoom <= width &&
      top + Math.min(box.height, 200) * zoom <= height;
    if (!isSeen) {
      x = width / 2 - (box.x + BOX_WIDTH / 2) * zoom;
      y = height / 3 - box.y * zoom;
    }
    move();
    if (!hasFocus) return;
    paint();
    boxes.get(id)?.element.focus({ preventScroll: true });
  }

  function fit(): void {
    const { width, height } = sight.scene;
    if (width === 0 || element.clientWidth === 0) return;
    zoom = Math.max(
      ZOOM_MIN,
      Math.min(1, (element.clientWidth - 48) / width, (element.clientHeight - 48) / height),
    );
    x = Math.max(24, (element.clientWidth - width * zoom) / 2);
    y = 24;
    move();
  }

  const resized = new ResizeObserver(move);
  resized.observe(element);
  return {
    element,
    draw(next) {
      sight = next;
      paint();
    },
    reveal,
    fit,
    zoom: zoomBy,
    leave() {
      resized.disconnect();
      cancelAnimationFrame(frame);
      clearTimeout(rest);
    },
  };
}
