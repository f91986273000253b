// What belongs to the bot and not to a step: its name, beginning, variables, commands, answers that nobody asked for,
// notices, words for codes, and the engine's own phrases.
import { h, icon } from "../../parts/dom";
import { nameOf } from "../../pure/flow/changing";
import type { Field } from "../../pure/flow/kinds";
import { fieldsOf, type Json, listOf, type Path } from "../../pure/flow/model";
import { withVariable } from "../../pure/flow/variables";
import { draw } from "./form";
import { field, freshId, integer, line, one, said, target, texts, valueInput, variable } from "./inputs";
import { folded, tool } from "./lists";
import { nameInput } from "./naming";
import { type Desk, Spot } from "./spot";

const EMPTY = { uz: "", ru: "", en: "" };

export function settings(desk: Desk): HTMLElement {
  const { t } = desk;
  const top = (...path: Path) => new Spot(desk, null, path);
  const part = (path: string, called: string, body: () => HTMLElement[]) => {
    const help = () => h("p", { class: "form-text" }, t(`help-${called}`));
    const made = folded(top(), path, t(`settings-${called}`), () => [help(), ...body()]);
    made.dataset.path = path;
    return made;
  };
  return h(
    "div",
    { class: "flow-form" },
    texts(top("name"), t("field-bot-name"), true),
    target(top("start"), t("field-start"), false),
    target(top("home"), t("field-home"), false),
    one(top("language"), t("field-language"), ["uz", "ru", "en"]),
    part("variables", "variables", () => [variables(top("variables"))]),
    part("commands", "commands", () => [commands(top("commands"))]),
    part("notifications", "notices", () => [notices(top("notifications"))]),
    part("on", "on", () => unasked(top("on"))),
    part("small_talk", "talk", () => [smallTalk(top("small_talk"))]),
    part("texts", "phrases", () => [phrases(top("texts"))]),
    part("words", "words", () => [words(top("words"))]),
    folded(top(), "file", t("settings-file"), () => [
      line(top("id"), t("field-bot-id"), ""),
      integer(top("version"), t("field-bot-version")),
      integer(top("format"), t("field-bot-format")),
    ]),
  );
}

/** Things by name, each a part that folds, and a line for another. */
function table(
  spot: Spot,
  label: string,
  fresh: () => Json,
  body: (one: Spot, name: string) => HTMLElement[],
): HTMLElement {
  const { desk } = spot;
  const { t, isWritable } = desk;
  const all = Object.keys(fieldsOf(spot.get()));
  const parts = all.map((name) => {
    const remove = tool("trash", `${t("remove")}: ${name}`, () => spot.in(name).set(undefined, true));
    const tools = isWritable ? [h("div", { class: "flow-tools" }, remove)] : [];
    return h(
      "div",
      { "data-path": spot.in(name).name },
      folded(spot, spot.in(name).name, name, () => [...body(spot.in(name), name), ...tools]),
    );
  });
  const id = freshId();
  const input = h("input", { class: "form-control", id, maxlength: 40 });
  const add = () => {
    const name = nameOf(input.value);
    if (name === "" || all.includes(name)) return;
    desk.open.add(`null ${spot.in(name).name}`);
    spot.in(name).set(fresh(), true);
  };
  input.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    add();
  });
  const button = h(
    "button",
    { type: "button", class: "btn btn-secondary", onclick: add },
    icon("plus-lg"),
    t("add"),
  );
  return h(
    "div",
    { "data-path": spot.name },
    ...parts,
    isWritable &&
      h(
        "div",
        { class: "field" },
        h("label", { class: "form-label", for: id }, label),
        h("div", { class: "flow-with" }, input, button),
      ),
  );
}

function variables(spot: Spot): HTMLElement {
  const { t, isWritable } = spot.desk;
  return table(
    spot,
    t("add-variable"),
    () => ({}),
    (one, name) => {
      const keep = one.in("keep");
      const id = freshId();
      const input = h("input", {
        type: "checkbox",
        class: "form-check-input",
        id,
        checked: keep.get() === true,
        disabled: !isWritable,
      });
      input.addEventListener("change", () => keep.set(input.checked ? true : undefined));
      const start = one.in("start");
      return [
        nameInput(spot.desk, "variable-called", name, (to) => renameVariable(spot, name, to)),
        h(
          "div",
          { class: "form-check" },
          input,
          h("label", { class: "form-check-label", for: id }, t("field-keep")),
        ),
        field(start, t("field-start-value"), valueInput(start, t("field-start-value"), undefined)),
      ];
    },
  );
}

/** The variable under another name, in one step back; or the key of why not. */
function renameVariable(variables: Spot, name: string, to: string): string | null {
  const { desk } = variables;
  const now = withVariable(desk.model(), name, to);
  if (typeof now === "string") return `variable-${now}`;
  // Its part stays open, and the cursor in it.
  desk.open.add(`null ${variables.in(to).name}`);
  desk.change(now, "", true);
  document.querySelector<HTMLElement>(`[data-path="${variables.in(to).name}"] input`)?.focus();
  return null;
}

function commands(spot: Spot): HTMLElement {
  const { t } = spot.desk;
  return table(
    spot,
    t("add-command"),
    () => ({ go: said(spot.desk.model().top.home), text: EMPTY }),
    (one) => [
      target(one.in("go"), t("field-go"), false),
      texts(one.in("text"), t("field-command-text"), true),
      variable(one.in("save"), t("field-command-save"), true),
    ],
  );
}

function notices(spot: Spot): HTMLElement {
  const { t, isWritable } = spot.desk;
  return table(
    spot,
    t("add-notice"),
    () => ({ args: [], text: EMPTY }),
    (one) => {
      const args = one.in("args");
      const names = listOf(args.get()).map(said);
      const input = h("input", { class: "form-control", value: names.join(", "), readonly: !isWritable });
      input.addEventListener("change", () =>
        args.set(
          input.value
            .split(",")
            .map(nameOf)
            .filter((name) => name !== ""),
          true,
        ),
      );
      return [
        field(args, t("field-notice-args"), input),
        texts(one.in("text"), t("notice-text"), true, names),
      ];
    },
  );
}

/** Phrases, one on a line, and what is said to them. */
function smallTalk(spot: Spot): HTMLElement {
  const { t, isWritable } = spot.desk;
  return table(
    spot,
    t("add-talk"),
    () => ({ heard: [], say: EMPTY }),
    (one) => {
      const heard = one.in("heard");
      const input = h("textarea", { class: "form-control", rows: 4, readonly: !isWritable });
      input.value = listOf(heard.get()).map(said).join("\n");
      input.addEventListener("change", () =>
        heard.set(
          input.value
            .split("\n")
            .map((phrase) => phrase.trim())
            .filter((phrase) => phrase !== ""),
          true,
        ),
      );
      return [field(heard, t("field-heard"), input), texts(one.in("say"), t("field-talk"), true)];
    },
  );
}

function unasked(spot: Spot): HTMLElement[] {
  const { t } = spot.desk;
  const set: Field = { name: "set", widget: "values" };
  return ["text", "contact", "location", "media"].map((kind) => {
    const one = spot.in(kind);
    const go = target(one.in("go"), t(`on-${kind}`), true);
    // Without a way on, nothing of it is kept.
    go.querySelector("select")?.addEventListener("change", () => {
      if (one.in("go").get() === undefined) one.set(undefined, true);
    });
    if (one.get() === undefined) return go;
    return h(
      "div",
      { class: "flow-outcome" },
      go,
      variable(one.in("save"), t("field-save"), true),
      variable(one.in("add"), t("field-add"), true),
      draw(one.in("set"), set, false),
    );
  });
}

function phrases(spot: Spot): HTMLElement {
  const { desk } = spot;
  const { t } = desk;
  const own = Object.keys(fieldsOf(spot.get()));
  const parts = own.map((name) =>
    h(
      "div",
      {},
      texts(spot.in(name), name, true),
      tool("trash", `${t("remove")}: ${name}`, () => spot.in(name).set(undefined, true)),
    ),
  );
  const add = h(
    "select",
    { class: "form-select", "aria-label": t("add-phrase"), disabled: !desk.isWritable },
    h("option", { value: "" }, t("add-phrase")),
  );
  void desk.phrases().then((names) => {
    for (const name of names) if (!own.includes(name)) add.append(h("option", { value: name }, name));
  });
  add.addEventListener("change", () => add.value !== "" && spot.in(add.value).set(EMPTY, true));
  return h("div", { "data-path": spot.name }, ...parts, add);
}

function words(spot: Spot): HTMLElement {
  const { t } = spot.desk;
  return table(
    spot,
    t("add-words"),
    () => ({}),
    (one) => [
      table(
        one,
        t("add-word"),
        () => EMPTY,
        (word, name) => [texts(word, name, true)],
      ),
    ],
  );
}
