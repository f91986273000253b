// The visual editor of a bot's draft: the canvas, the form beside it, what is wrong, undo, and saving by itself. The
// same draft as a file is islands/blueprint.
import { h, icon } from "../../parts/dom";
import { textsOf } from "../../parts/texts";
import { added, connected, copied, type Origin, removed, type Wanted } from "../../pure/flow/changing";
import { begun, changed, type History, redone, undone } from "../../pure/flow/history";
import { fromTree, type Model, placeOf, type Step } from "../../pure/flow/model";
import { Places } from "../../pure/flow/targets";
import type { Fault } from "../blueprint/client";
import { standingView } from "../blueprint/standing";
import { canvas } from "./canvas";
import { Client, type Tree } from "./client";
import { faultList, focusIn, showFaults, unfold } from "./faults";
import { form, stepTools } from "./form";
import { palette } from "./palette";
import { saver } from "./saver";
import { Scenes } from "./scene";
import { settings } from "./settings";
import type { Desk } from "./spot";

const RETRY_MS = 5000;

type Side = "step" | "settings" | "problems" | "add" | null;

/** `<div data-island=… data-base="/api/bots/7" data-bot="…" data-page="/bots/7" data-writable="true" data-texts=…>` */
export function mount(root: HTMLElement): () => void {
  const t = textsOf(root);
  const client = new Client(root.dataset.base ?? "");
  let leave = () => {};
  let left = false;

  async function start(): Promise<void> {
    try {
      const tree = await client.load();
      if (left) return;
      if (tree.tree === null) unreadable(tree);
      else leave = work(tree, fromTree(tree.tree));
    } catch {
      if (!left) setTimeout(start, RETRY_MS);
    }
  }

  const page = root.dataset.page ?? "";
  const views = h(
    "nav",
    { class: "flow-views", "aria-label": t("views") },
    h(
      "a",
      { class: "is-here", href: `${page}/flow`, "aria-current": "page" },
      icon("diagram-3"),
      t("view-graph"),
    ),
    h("a", { href: `${page}/flow/file` }, icon("braces"), t("view-file")),
  );

  /** A file that is no TOML can only be mended as a file. */
  function unreadable(tree: Tree): void {
    root.classList.add("flow");
    const items = tree.problems.map((fault) => h("li", {}, `${t("line")} ${fault.line}: ${fault.message}`));
    root.replaceChildren(
      h("div", { class: "flow-bar" }, views),
      h(
        "section",
        { class: "card flow-unreadable" },
        h("p", {}, t("unreadable")),
        h("ul", {}, ...items),
        h("a", { class: "btn btn-primary", href: `${page}/flow/file` }, t("view-file")),
      ),
    );
  }

  function work(tree: Tree, first: Model): () => void {
    const isWritable = root.dataset.writable === "true";
    const lang = document.documentElement.lang.slice(0, 2) || "uz";
    let history: History<Model> = begun(first);
    let faults: Fault[] = tree.problems;
    let selected: number | null = null;
    let side: Side = null;
    let origin: Origin | null = null;
    let places = new Places(first.steps);
    const scenes = new Scenes();
    let known: Promise<string[]> | null = null;
    let named = "";

    const present = () => history.present;
    const stepOf = (id: number | null) => present().steps.find((step) => step.id === id);

    const desk: Desk = {
      t,
      word: (key, own) => {
        const found = t(key);
        return found === key ? own : found;
      },
      lang,
      isWritable,
      actions: tree.actions,
      model: present,
      change(model, what, isOther = false) {
        history = changed(history, model, what, performance.now());
        after(isOther);
      },
      addBehind: (from) => open("add", from),
      go: (step) => {
        select(step);
        board.reveal(step.id);
      },
      open: new Set(),
      unfolded: drawFaults,
      phrases: () => {
        known ??= client.phrases().catch(() => []);
        return known;
      },
    };

    // ---------------------------------------------------------------- the page

    const standing = standingView(t, isWritable, (isMine) => void saving.settle(isMine));
    const tool = (name: string, key: string, onclick: () => void) =>
      h(
        "button",
        { type: "button", class: "btn btn-ghost btn-icon", title: t(key), "aria-label": t(key), onclick },
        icon(name),
      );
    const undo = tool("arrow-counterclockwise", "undo", () => step(undone));
    const redo = tool("arrow-clockwise", "redo", () => step(redone));
    const count = h("span", { class: "badge" });
    const problemsButton = h(
      "button",
      {
        type: "button",
        class: "btn btn-ghost",
        onclick: () => open(side === "problems" ? null : "problems"),
      },
      t("problems"),
      count,
    );
    const addButton = h(
      "button",
      { type: "button", class: "btn btn-primary", onclick: () => open("add") },
      icon("plus-lg"),
      t("add-step"),
    );
    const found = h("input", {
      class: "form-control flow-find",
      list: "flow-steps",
      type: "search",
      placeholder: t("find-step"),
      "aria-label": t("find-step"),
    });
    const names = h("datalist", { id: "flow-steps" });
    found.addEventListener("input", () => {
      const step = present().steps.find((step) => placeOf(step) === found.value);
      if (!step) return;
      found.value = "";
      desk.go(step);
    });
    const panel = h("aside", { class: "flow-side", "aria-label": t("side"), hidden: true, tabindex: -1 });
    const board = canvas({
      t,
      isWritable,
      select: (step, isOpened) => (step || side === "step" ? select(step, isOpened) : undefined),
      connect: (from, path, to) => {
        const live = stepOf(from.id);
        if (live) desk.change(connected(present(), { step: live, path }, to), "", true);
      },
      lost: (from, path) => {
        const live = stepOf(from.id);
        if (live) open("add", { step: live, path });
      },
      find: (target, flow) => places.find(target, flow),
      remove: (step) => isWritable && remove(step),
    });
    root.classList.add("flow");
    root.replaceChildren(
      h(
        "div",
        { class: "flow-bar" },
        views,
        isWritable && addButton,
        isWritable && undo,
        isWritable && redo,
        tool("sliders", "settings", () => open(side === "settings" ? null : "settings")),
        problemsButton,
        found,
        names,
        h(
          "span",
          { class: "flow-zoom" },
          tool("zoom-out", "zoom-out", () => board.zoom(0.8)),
          tool("zoom-in", "zoom-in", () => board.zoom(1.25)),
        ),
        tool("fullscreen", "zoom-fit", () => board.fit()),
        standing.line,
      ),
      standing.notice,
      h("div", { class: "flow-work" }, board.element, panel),
    );

    // ---------------------------------------------------------------- what changes what

    function after(isOther: boolean): void {
      const model = present();
      places = new Places(model.steps);
      if (selected !== null && !stepOf(selected)) {
        selected = null;
        if (side === "step") side = null;
        isOther = true;
      }
      if (isOther) drawSide();
      draw();
      saving.changed();
    }

    function draw(): void {
      const byStep = new Map<number, number>();
      const byPlace = new Map(present().steps.map((step) => [placeOf(step), step.id]));
      for (const fault of faults) {
        const id = byPlace.get(fault.step);
        if (id !== undefined) byStep.set(id, (byStep.get(id) ?? 0) + 1);
      }
      board.draw({ scene: scenes.of(present(), lang), selected, faults: byStep });
      undo.disabled = history.past.length === 0;
      redo.disabled = history.future.length === 0;
      count.textContent = String(faults.length);
      count.className = `badge ${faults.length === 0 ? "tone-ok" : "tone-bad"}`;
    }

    function step(to: (history: History<Model>) => History<Model>): void {
      history = to(history);
      after(true);
    }

    function select(step: Step | null, isOpened = true): void {
      selected = step?.id ?? null;
      if (step && (isOpened || side === "step")) open("step");
      else if (!step && side === "step") open(null);
      else draw();
    }

    function open(what: Side, from: Origin | null = null): void {
      side = what;
      origin = from;
      drawSide();
      draw();
      if (side !== null) panel.scrollTop = 0;
      // The form may have come to stand where the step was.
      if (side === "step" && selected !== null) board.reveal(selected);
    }

    function drawSide(): void {
      const refocus = focusIn(panel);
      const scrolled = panel.scrollTop;
      const step = stepOf(selected);
      panel.hidden = side === null;
      root.classList.toggle("has-side", side !== null);
      if (side === "step" && step) {
        const tools = stepTools(
          t,
          { copy: () => copy(step), remove: () => remove(step), close: () => open(null) },
          isWritable,
        );
        showSide(t(`kind-${String(step.fields.kind)}`), tools, form(desk, step));
      } else if (side === "settings") showSide(t("settings"), closer(), settings(desk));
      else if (side === "problems") showSide(t("problems"), closer(), faultList(t, faults, openFault));
      else if (side === "add") showSide(t("add-step"), closer(), palette(desk, add));
      else panel.replaceChildren();
      const all = present().steps.map(placeOf);
      if (all.join() !== named) {
        named = all.join();
        names.replaceChildren(...all.map((value) => h("option", { value })));
      }
      drawFaults();
      panel.scrollTop = scrolled;
      refocus();
    }

    function closer(): HTMLElement {
      return h(
        "div",
        { class: "flow-tools" },
        tool("x-lg", "step-close", () => open(null)),
      );
    }

    function showSide(title: string, tools: HTMLElement, body: HTMLElement): void {
      panel.replaceChildren(h("header", { class: "flow-side-head" }, h("h2", {}, title), tools), body);
    }

    /** The form of what the fault is about, unfolded, with the cursor in its place. */
    function openFault(fault: Fault): void {
      const step = present().steps.find((step) => placeOf(step) === fault.step);
      if (step) {
        selected = step.id;
        open("step");
      } else open("settings");
      unfold(panel, fault.field);
    }

    function drawFaults(): void {
      const step = side === "step" ? stepOf(selected) : undefined;
      if (side !== "settings" && !step) return;
      const place = step ? placeOf(step) : "";
      showFaults(
        panel,
        faults.filter((fault) => fault.step === place),
      );
    }

    function told(next: Fault[]): void {
      faults = next;
      if (side === "problems") drawSide();
      else drawFaults();
      draw();
    }

    // ---------------------------------------------------------------- what a person does

    function add(wanted: Wanted, flow: string): void {
      const from = origin && stepOf(origin.step.id) ? origin : null;
      const made = added(present(), flow, wanted, from, tree.actions);
      selected = made.step.id;
      side = "step";
      desk.change(made.model, "", true);
      board.reveal(made.step.id);
      panel.querySelector<HTMLElement>("textarea, select, input")?.focus();
    }

    function copy(step: Step): void {
      const made = copied(present(), step);
      selected = made.step.id;
      desk.change(made.model, "", true);
      board.reveal(made.step.id);
    }

    function remove(step: Step): void {
      const live = stepOf(step.id);
      if (live) desk.change(removed(present(), live), "", true);
      board.element.focus();
    }

    // ---------------------------------------------------------------- saving

    const saving = saver({
      client,
      bot: root.dataset.bot ?? "",
      tree,
      model: first,
      isWritable,
      present,
      stands: standing.draw,
      problems: told,
      replace(model) {
        history = begun(model);
        const was = selected === null ? undefined : selected;
        const name = was === undefined ? undefined : first.steps.find((step) => step.id === was);
        selected = name ? (model.steps.find((step) => placeOf(step) === placeOf(name))?.id ?? null) : null;
        if (selected === null && side === "step") side = null;
        places = new Places(model.steps);
        drawSide();
        draw();
      },
    });

    /** Nobody leaves for another view of the draft, or publishes it, while something is on its way. */
    async function follow(event: MouseEvent): Promise<void> {
      const link = event.target instanceof Element ? event.target.closest("a") : null;
      const isOurs = link && new RegExp(`^${page}/(flow/file|publish|trial|compare)$`).test(link.pathname);
      if (!isOurs || saving.saving.standing === "saved") return;
      event.preventDefault();
      event.stopPropagation();
      if (await saving.flush()) location.assign(link.href);
    }

    function keys(event: KeyboardEvent): void {
      if (!(event.ctrlKey || event.metaKey) || !isWritable) return;
      const isUndo = event.key.toLowerCase() === "z";
      const isRedo = event.key.toLowerCase() === "y" || (isUndo && event.shiftKey);
      if (!isUndo && !isRedo) return;
      event.preventDefault();
      step(isRedo ? redone : undone);
    }

    function closing(event: KeyboardEvent): void {
      if (event.key !== "Escape" || side === null) return;
      open(null);
      board.element.focus();
    }

    const online = () => void saving.flush();
    const unload = (event: BeforeUnloadEvent) => {
      if (saving.saving.standing !== "saved") event.preventDefault();
    };
    window.addEventListener("online", online);
    window.addEventListener("beforeunload", unload);
    document.addEventListener("click", follow, true);
    root.addEventListener("keydown", keys);
    root.addEventListener("keydown", closing);
    standing.draw(saving.saving);
    drawSide();
    draw();
    const kept = isWritable ? saving.restore() : null;
    if (kept) {
      history = changed(history, kept, "", 0);
      after(true);
    }
    const wish = new URLSearchParams(location.search).get("step");
    const wished = present().steps.find((step) => placeOf(step) === wish);
    if (wished) desk.go(wished);
    return () => {
      window.removeEventListener("online", online);
      window.removeEventListener("beforeunload", unload);
      document.removeEventListener("click", follow, true);
      saving.leave();
      board.leave();
    };
  }

  void start();
  return () => {
    left = true;
    leave();
  };
}
