// A bot's draft as a file: an editor that saves by itself, says how it stands, and lists what is wrong.
// The editor is in editor.ts, the wire in client.ts, when is saved in pure/saving.ts.
import { debounce, h, icon } from "../../parts/dom";
import { textsOf } from "../../parts/texts";
import { begun, maySend, type Outcome, type Saving, sent, settled, told, typed } from "../../pure/saving";
import { Client, type Fault, Refused } from "./client";
import { editor as open } from "./editor";
import { Keep } from "./keep";
import { standingView } from "./standing";

const CHECK_MS = 400;
const SAVE_MS = 1200;
const RETRY_MS = 5000;
/** CodeMirror's own words; the messages are `bots-editor-find-…`. */
const PHRASES = {
  Find: "find",
  Replace: "find-replace",
  next: "find-next",
  previous: "find-previous",
  all: "find-all",
  "match case": "find-case",
  "by word": "find-word",
  regexp: "find-regexp",
  replace: "find-replace-one",
  "replace all": "find-replace-all",
  close: "find-close",
} as const;

/** `<div data-island=… data-base="/api/bots/7" data-bot="…" data-writable="true" data-texts=…>` */
export function mount(root: HTMLElement): () => void {
  const t = textsOf(root);
  const client = new Client(root.dataset.base ?? "");
  const keep = new Keep(root.dataset.bot ?? "");
  const isWritable = root.dataset.writable === "true";
  let leave = () => {};
  let left = false;

  async function start(): Promise<void> {
    try {
      const draft = await client.load();
      if (!left) leave = work(draft.source, draft.revision, draft.problems);
    } catch {
      if (!left) setTimeout(start, RETRY_MS);
    }
  }

  function work(source: string, revision: number, problems: Fault[]): () => void {
    let saving: Saving = begun(revision);
    const standing = standingView(t, isWritable, (isMine) => void settle(isMine));
    const list = h("ol", { class: "blueprint-problems" });
    const count = h("span", { class: "badge" });
    const host = h("div", { class: "blueprint-editor" });
    const page = root.dataset.page ?? "";
    const views = h(
      "nav",
      { class: "flow-views", "aria-label": t("views") },
      h("a", { href: `${page}/flow` }, icon("diagram-3"), t("view-graph")),
      h(
        "a",
        { class: "is-here", href: `${page}/flow/file`, "aria-current": "page" },
        icon("braces"),
        t("view-file"),
      ),
    );
    root.classList.add("blueprint");
    root.replaceChildren(
      h(
        "section",
        { class: "card blueprint-work" },
        h("header", { class: "card-head" }, views, standing.line),
        standing.notice,
        host,
      ),
      h(
        "section",
        { class: "card blueprint-side", "aria-label": t("problems") },
        h("header", { class: "card-head" }, h("h2", {}, t("problems")), count),
        list,
      ),
    );
    const phrases = Object.fromEntries(Object.entries(PHRASES).map(([own, key]) => [own, t(key)]));
    const edit = open(host, { text: source, label: t("label"), isWritable, phrases, changed });

    function showProblems(faults: Fault[]): void {
      edit.show(faults);
      count.textContent = String(faults.length);
      count.className = `badge ${faults.length === 0 ? "tone-ok" : "tone-bad"}`;
      const items = faults.map((fault) => {
        const place = [fault.step, fault.field].filter(Boolean).join(" · ");
        const head = `${t("line")} ${fault.line}${place === "" ? "" : ` · ${place}`}`;
        const go = () => edit.go(fault.line);
        return h(
          "li",
          {},
          h("button", { type: "button", onclick: go }, h("small", {}, head), h("span", {}, fault.message)),
        );
      });
      list.replaceChildren(...(items.length > 0 ? items : [h("li", { class: "is-fine" }, t("fine"))]));
    }

    function draw(): void {
      standing.draw(saving);
    }

    function changed(): void {
      keep.put(edit.text(), saving.revision);
      saving = typed(saving);
      draw();
      checkSoon();
      saveSoon();
    }

    async function check(): Promise<void> {
      const text = edit.text();
      try {
        const { problems } = await client.check(text);
        if (text === edit.text()) showProblems(problems);
      } catch {
        // The save says what is wrong with the network or the text.
      }
    }
    const checkSoon = debounce(CHECK_MS, () => void check());
    const saveSoon = debounce(SAVE_MS, () => void save());

    async function save(): Promise<void> {
      if (left || !isWritable || !maySend(saving)) return;
      const text = edit.text();
      saving = sent(saving, text);
      draw();
      let outcome: Outcome;
      try {
        const saved = await client.save(text, saving.revision);
        outcome = { kind: "saved", revision: saved.revision };
        if (text === edit.text()) showProblems(saved.problems);
      } catch (error) {
        if (!(error instanceof Refused)) outcome = { kind: "offline" };
        else outcome = { kind: error.status === 409 ? "conflict" : "refused", reason: error.message };
      }
      saving = told(saving, outcome, edit.text());
      if (saving.standing === "saved") keep.clear();
      else keep.put(edit.text(), saving.revision);
      draw();
      if (saving.standing === "unsaved") saveSoon();
      if (saving.standing === "offline") setTimeout(() => void save(), RETRY_MS);
    }

    /** Whose text stays. Theirs is put over mine in the editor, where "undo" brings mine back. */
    async function settle(isMine: boolean): Promise<void> {
      try {
        const theirs = await client.load();
        saving = settled(saving, theirs.revision, isMine);
        if (isMine) await save();
        else {
          edit.replace(theirs.source);
          saving = settled(saving, theirs.revision, false);
          keep.clear();
          showProblems(theirs.problems);
        }
      } catch {
        // The network is lost: the choice can be made again.
      }
      draw();
    }

    function online(): void {
      void save();
    }

    function unload(event: BeforeUnloadEvent): void {
      if (saving.standing !== "saved") event.preventDefault();
    }

    function isSaved(): boolean {
      return saving.standing === "saved";
    }

    /** Nobody publishes, tries or draws what is still on its way. */
    async function publish(event: MouseEvent): Promise<void> {
      const link = event.target instanceof Element ? event.target.closest("a") : null;
      const isOurs = link && /\/(publish|trial|compare|flow)$/.test(link.pathname);
      if (!isOurs || isSaved()) return;
      event.preventDefault();
      event.stopPropagation();
      await save();
      if (isSaved()) location.assign(link.href);
    }

    const kept = isWritable ? keep.get() : null;
    showProblems(problems);
    draw();
    if (kept && kept.source !== source) {
      // Saved against the revision that it was made from: whoever changed the draft meanwhile is not overwritten.
      saving = { ...saving, revision: kept.revision };
      edit.replace(kept.source);
      standing.line.replaceChildren(icon("info-circle"), t("restored"));
    } else keep.clear();
    window.addEventListener("online", online);
    window.addEventListener("beforeunload", unload);
    document.addEventListener("click", publish, true);
    return () => {
      window.removeEventListener("online", online);
      window.removeEventListener("beforeunload", unload);
      document.removeEventListener("click", publish, true);
      edit.leave();
    };
  }

  void start();
  return () => {
    left = true;
    leave();
  };
}
