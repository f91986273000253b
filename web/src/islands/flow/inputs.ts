// Controls of one value: lines, numbers, choices, targets, variables, days, and texts in three languages.
import { h, icon } from "../../parts/dom";
import { nameOf, withoutUnused } from "../../pure/flow/changing";
import { fieldsOf, isFields, type Json, put } from "../../pure/flow/model";
import { Places, targetOf, WORDS, wordsOf } from "../../pure/flow/targets";
import type { Desk, Spot } from "./spot";

const LANGS = ["uz", "ru", "en"] as const;
let lastId = 0;

export function freshId(): string {
  lastId += 1;
  return `flow-field-${lastId}`;
}

/** A control with its label, its help and room for faults; `data-path` says what it is about. */
export function field(
  spot: Spot,
  label: string,
  control: HTMLElement,
  ...more: Array<HTMLElement | null>
): HTMLElement {
  const id = control.id || freshId();
  control.id = id;
  const help = spot.desk.word(`help-${spot.key}`, "");
  const helpId = help === "" ? null : `${id}-help`;
  if (helpId) control.setAttribute("aria-describedby", helpId);
  return h(
    "div",
    { class: "field", "data-path": spot.name },
    h("label", { class: "form-label", for: id }, label),
    control,
    ...more,
    helpId ? h("small", { class: "form-text", id: helpId }, help) : null,
  );
}

export function said(value: Json | undefined): string {
  if (value === undefined || value === null) return "";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

/** One line of words. An empty one takes the field away. */
export function line(spot: Spot, label: string, onEmpty: Json | undefined = undefined): HTMLElement {
  const input = h("input", {
    class: "form-control",
    value: said(spot.get()),
    readonly: !spot.desk.isWritable,
    oninput: () => spot.set(input.value === "" ? onEmpty : input.value),
  });
  return field(spot, label, input);
}

/** A value: a whole number, yes or no, or words with `{values}`. */
export function valueInput(spot: Spot, label: string, onEmpty: Json | undefined = ""): HTMLInputElement {
  const wasText = typeof spot.get() === "string";
  const input = h("input", {
    class: "form-control",
    value: said(spot.get()),
    "aria-label": label,
    readonly: !spot.desk.isWritable || isFields(spot.get()) || Array.isArray(spot.get()),
    oninput: () => {
      const typed = input.value;
      if (typed === "") spot.set(onEmpty);
      else if (!wasText && /^-?\d{1,15}$/.test(typed)) spot.set(Number(typed));
      else if (!wasText && (typed === "true" || typed === "false")) spot.set(typed === "true");
      else spot.set(typed);
    },
  });
  return input;
}

/** Words over several lines. Empty ones take the field away. */
export function area(spot: Spot, label: string): HTMLElement {
  const input = h("textarea", {
    class: "form-control",
    rows: 4,
    readonly: !spot.desk.isWritable,
    oninput: () => spot.set(input.value === "" ? undefined : input.value),
  });
  input.value = said(spot.get());
  return field(spot, label, input);
}

export function integer(spot: Spot, label: string): HTMLElement {
  const input = h("input", {
    class: "form-control",
    inputmode: "numeric",
    value: said(spot.get()),
    readonly: !spot.desk.isWritable,
    oninput: () => {
      const typed = input.value.trim();
      if (typed === "") spot.set(undefined);
      else spot.set(/^-?\d{1,15}$/.test(typed) ? Number(typed) : typed);
    },
  });
  return field(spot, label, input);
}

export function flag(spot: Spot, label: string): HTMLElement {
  const { t } = spot.desk;
  const words = [
    ["", t("as-usual")],
    ["true", t("yes")],
    ["false", t("no")],
  ] as const;
  return chosen(spot, label, words, said(spot.get()), (value) =>
    spot.set(value === "" ? undefined : value === "true"),
  );
}

export function one(spot: Spot, label: string, words: readonly string[]): HTMLElement {
  const { t, word } = spot.desk;
  const name = spot.key;
  const all = words.map(
    (value) => [value, word(`word-${name}-${value}`, word(`word-${value}`, value))] as const,
  );
  return chosen(spot, label, [["", t("as-usual")], ...all], said(spot.get()), (value) =>
    spot.set(value === "" ? undefined : value),
  );
}

function chosen(
  spot: Spot,
  label: string,
  words: ReadonlyArray<readonly [string, string]>,
  present: string,
  choose: (value: string) => void,
): HTMLElement {
  const options = words.map(([value, text]) => h("option", { value, selected: value === present }, text));
  if (!words.some(([value]) => value === present))
    options.push(h("option", { value: present, selected: true }, present));
  const select = h("select", { class: "form-select", disabled: !spot.desk.isWritable }, ...options);
  select.addEventListener("change", () => choose(select.value));
  return field(spot, label, select);
}

/** A word that is chosen or not. */
function box(spot: Spot, text: string, checked: boolean, change: (is: boolean) => void): HTMLElement {
  const id = freshId();
  const disabled = !spot.desk.isWritable;
  const input = h("input", { type: "checkbox", class: "form-check-input", id, checked, disabled });
  input.addEventListener("change", () => change(input.checked));
  return h("div", { class: "form-check" }, input, h("label", { class: "form-check-label", for: id }, text));
}

function boxes(spot: Spot, label: string, ...parts: HTMLElement[]): HTMLElement {
  const help = spot.desk.word(`help-${spot.key}`, "");
  return h(
    "fieldset",
    { class: "field flow-some", "data-path": spot.name },
    h("legend", { class: "form-label" }, label),
    ...parts,
    help === "" ? null : h("small", { class: "form-text" }, help),
  );
}

/** Several words of a few; without any choice it is as usual. */
export function some(spot: Spot, label: string, words: readonly string[]): HTMLElement {
  const { t, word } = spot.desk;
  const present = spot.get();
  const list = Array.isArray(present) ? present : [];
  const usual = box(spot, t("as-usual"), present === undefined, (is) => spot.set(is ? undefined : [], true));
  const parts = words.map((value) =>
    box(spot, word(`word-${spot.key}-${value}`, word(`word-${value}`, value)), list.includes(value), (is) =>
      spot.set(is ? [...list, value] : list.filter((other) => other !== value), true),
    ),
  );
  return boxes(spot, label, usual, ...parts);
}

/** Several words of a few, kept as one line with commas. */
export function several(
  spot: Spot,
  label: string,
  words: readonly string[],
  called: (word: string) => string,
): HTMLElement {
  const present = said(spot.get()).split(",");
  const list = present.map((word) => word.trim()).filter((word) => word !== "");
  const parts = [...new Set([...words, ...list])].map((word) =>
    box(spot, called(word), list.includes(word), (is) => {
      const kept = is ? [...list, word] : list.filter((one) => one !== word);
      spot.set(kept.length === 0 ? undefined : kept.join(", "), true);
    }),
  );
  return boxes(spot, label, ...parts);
}

/** Where it goes on: a word, a step, or one that is made now. */
export function target(spot: Spot, label: string, isOptional: boolean): HTMLElement {
  const { desk } = spot;
  const { t, isWritable } = desk;
  const value = spot.get();
  const { steps } = desk.model();
  const flow = spot.flow;
  const present = typeof value === "string" ? value : "";
  const found = new Places(steps).find(present, flow);
  const select = h("select", { class: "form-select", disabled: !isWritable });
  const option = (value: string, text: string, selected: boolean) => h("option", { value, selected }, text);
  if (isOptional || present === "")
    select.append(option("", isOptional ? t("none") : t("to-choose"), present === ""));
  if (present !== "" && !found && !WORDS.some((word) => word === present))
    select.append(option(present, `⚠ ${present}`, true));
  if (spot.step) {
    const words = WORDS.map((word) => option(word, t(`to-${word}`), word === present));
    select.append(h("optgroup", { label: t("to-words") }, ...words));
  }
  const flows = new Set([flow, ...steps.map((step) => step.flow)]);
  for (const one of flows) {
    const options = steps
      .filter((step) => step.flow === one)
      .map((step) => {
        const words = wordsOf(step.fields.text, desk.lang)
          .replace(/<[^>]*>/g, "")
          .slice(0, 32);
        return option(
          targetOf(step, flow),
          words === "" ? step.name : `${step.name} · ${words}`,
          step === found,
        );
      });
    if (options.length > 0) select.append(h("optgroup", { label: one }, ...options));
  }
  if (spot.step && isWritable) select.append(option("+", t("to-new"), false));
  select.addEventListener("change", () => {
    const step = spot.step;
    if (select.value === "+" && step) {
      select.value = present;
      desk.addBehind({ step, path: spot.place });
    } else spot.set(select.value === "" ? undefined : select.value, true);
  });
  const go = found
    ? h(
        "button",
        {
          type: "button",
          class: "btn btn-ghost btn-icon",
          title: t("go-there"),
          "aria-label": `${t("go-there")}: ${found.name}`,
          onclick: () => desk.go(found),
        },
        icon("arrow-right"),
      )
    : null;
  const id = freshId();
  select.id = id;
  return h(
    "div",
    { class: "field", "data-path": spot.name },
    h("label", { class: "form-label", for: id }, label),
    h("div", { class: "flow-with" }, select, go),
  );
}

/** A variable of the bot, or one that is made now. */
export function variable(spot: Spot, label: string, isOptional: boolean): HTMLElement {
  const { desk } = spot;
  const holder = h("div", { class: "flow-with" });
  const id = freshId();
  const was = said(spot.get());
  const choose = (name: string) => {
    spot.set(name === "" ? undefined : name, true);
    // The one that was made with the step goes, when nothing else knows it.
    const tidied = was === name ? desk.model() : withoutUnused(desk.model(), was);
    if (tidied !== desk.model()) desk.change(tidied, spot.what, true);
  };
  holder.append(variableSelect(desk, was, isOptional, id, holder, choose));
  return h(
    "div",
    { class: "field", "data-path": spot.name },
    h("label", { class: "form-label", for: id }, label),
    holder,
  );
}

/** The choice of a variable; "new" puts a line in its place. */
export function variableSelect(
  desk: Desk,
  present: string,
  isOptional: boolean,
  id: string,
  holder: HTMLElement,
  choose: (name: string) => void,
  label?: string,
): HTMLElement {
  const { t } = desk;
  const names = Object.keys(fieldsOf(desk.model().top.variables));
  const select = h("select", { class: "form-select", id, "aria-label": label, disabled: !desk.isWritable });
  const option = (value: string, text: string) => h("option", { value, selected: value === present }, text);
  if (isOptional || present === "") select.append(option("", isOptional ? t("none") : t("to-choose")));
  if (present !== "" && !names.includes(present)) select.append(option(present, present));
  select.append(...names.map((name) => option(name, name)), h("option", { value: "+" }, t("variable-new")));
  select.addEventListener("change", () => {
    if (select.value !== "+") {
      choose(select.value);
      return;
    }
    const input = h("input", {
      class: "form-control",
      id,
      maxlength: 40,
      placeholder: t("variable-name"),
      "aria-label": t("variable-name"),
    });
    const done = () => {
      const name = nameOf(input.value);
      if (name === "") return;
      if (!names.includes(name)) {
        const model = desk.model();
        desk.change({ ...model, top: fieldsOf(put(model.top, ["variables", name], {})) }, "");
      }
      choose(name);
    };
    input.addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault();
      done();
    });
    const ok = h("button", { type: "button", class: "btn btn-secondary", onclick: done }, t("ok"));
    holder.replaceChildren(input, ok);
    input.focus();
  });
  return select;
}

/** A day: none, counted from today, or one of the calendar. */
export function date(spot: Spot, label: string): HTMLElement {
  const { t, isWritable } = spot.desk;
  const present = said(spot.get());
  const counted = /^today([+-])(\d+)([ymd])$/.exec(present);
  const mode =
    present === ""
      ? ""
      : present === "today"
        ? "today"
        : counted
          ? counted[1] === "+"
            ? "after"
            : "before"
          : "day";
  const select = h("select", { class: "form-select", disabled: !isWritable });
  for (const one of ["", "today", "after", "before", "day"])
    select.append(h("option", { value: one, selected: one === mode }, t(`day-${one === "" ? "none" : one}`)));
  const row = h("div", { class: "flow-with" }, select);
  if (mode === "after" || mode === "before") {
    const count = h("input", {
      class: "form-control flow-count",
      inputmode: "numeric",
      value: counted?.[2] ?? "1",
      "aria-label": t("day-count"),
    });
    const unit = h("select", { class: "form-select", "aria-label": t("day-unit") });
    for (const one of ["d", "m", "y"])
      unit.append(h("option", { value: one, selected: one === counted?.[3] }, t(`day-${one}`)));
    const sign = mode === "after" ? "+" : "-";
    const keep = () =>
      spot.set(/^\d{1,4}$/.test(count.value) ? `today${sign}${count.value}${unit.value}` : undefined);
    count.addEventListener("input", keep);
    unit.addEventListener("change", keep);
    row.append(count, unit);
  }
  if (mode === "day") {
    const day = h("input", {
      class: "form-control",
      type: "date",
      value: present,
      "aria-label": t("day-day"),
    });
    day.addEventListener("input", () => spot.set(day.value === "" ? undefined : day.value));
    row.append(day);
  }
  select.addEventListener("change", () => {
    const today = new Date(Date.now() + 5 * 3_600_000).toISOString().slice(0, 10);
    const made: Record<string, string | undefined> = {
      today: "today",
      after: "today+30d",
      before: "today-18y",
      day: today,
    };
    spot.set(made[select.value], true);
  });
  const id = freshId();
  select.id = id;
  return h(
    "div",
    { class: "field", "data-path": spot.name },
    h("label", { class: "form-label", for: id }, label),
    row,
  );
}

/** Words in three languages side by side; what is missing is marked. */
export function texts(spot: Spot, label: string, isNeeded: boolean, names?: readonly string[]): HTMLElement {
  const { desk } = spot;
  const { t, isWritable } = desk;
  const value = spot.get();
  const table = fieldsOf(value);
  const isSame = typeof value === "string" || table.all !== undefined;
  let last: HTMLTextAreaElement | null = null;
  const areas: Array<{ lang: string; area: HTMLTextAreaElement; mark: HTMLElement }> = [];

  function mark(): void {
    const isAny = isNeeded || areas.some(({ area }) => area.value.trim() !== "");
    for (const { area, mark } of areas) {
      const isMissing = isAny && area.value.trim() === "";
      area.classList.toggle("is-missing", isMissing);
      mark.hidden = !isMissing;
    }
  }

  function keep(lang: string): void {
    const area = areas.find((one) => one.lang === lang)?.area;
    if (!area) return;
    if (typeof spot.get() === "string") spot.set(area.value);
    else {
      const now = fieldsOf(put(spot.get(), [lang], area.value));
      const isEmpty = Object.values(now).every((one) => one === "");
      if (lang !== "all") for (const other of LANGS) now[other] ??= "";
      spot.set(isEmpty && !isNeeded ? undefined : now);
    }
    mark();
  }

  for (const lang of isSame ? ["all"] : LANGS) {
    const id = freshId();
    const text = typeof value === "string" ? value : said(table[lang]);
    const area = h("textarea", {
      class: "form-control",
      id,
      rows: 3,
      lang: lang === "all" ? null : lang,
      readonly: !isWritable,
      "data-lang": lang,
    });
    area.value = text;
    area.addEventListener("input", () => keep(lang));
    area.addEventListener("focus", () => {
      last = area;
    });
    areas.push({ lang, area, mark: h("span", { class: "badge tone-warn", hidden: true }, t("missing")) });
  }
  const columns = areas.map(({ lang, area, mark }) =>
    h(
      "div",
      { "data-path": lang === "all" && typeof value === "string" ? spot.name : `${spot.name}.${lang}` },
      h("label", { class: "form-label", for: area.id }, h("span", {}, t(`lang-${lang}`)), mark),
      area,
    ),
  );
  mark();
  const tools = h("div", { class: "flow-text-tools" });
  if (isWritable) {
    const id = freshId();
    const same = h("input", { type: "checkbox", class: "form-check-input", id, checked: isSame });
    same.addEventListener("change", () => {
      const words = wordsOf(spot.get(), desk.lang);
      spot.set(same.checked ? { all: words } : { uz: words, ru: words, en: words }, true);
    });
    tools.append(
      h(
        "div",
        { class: "form-check" },
        same,
        h("label", { class: "form-check-label", for: id }, t("text-same")),
      ),
    );
    const variables = names ?? Object.keys(fieldsOf(desk.model().top.variables));
    if (variables.length > 0) {
      const insert = h(
        "select",
        { class: "form-select form-select-sm", "aria-label": `${t("text-insert")}: ${label}` },
        h("option", { value: "" }, t("text-insert")),
        ...variables.map((name) => h("option", { value: name }, name)),
      );
      insert.addEventListener("change", () => {
        const area = last ?? areas[0]?.area;
        if (area && insert.value !== "") {
          area.setRangeText(`{${insert.value}}`, area.selectionStart, area.selectionEnd, "end");
          area.dispatchEvent(new Event("input"));
          area.focus();
        }
        insert.value = "";
      });
      tools.append(insert);
    }
  }
  return h(
    "fieldset",
    { class: "field flow-texts", "data-path": spot.name },
    h("legend", { class: "form-label" }, label),
    h("div", { class: "flow-langs" }, ...columns),
    tools,
  );
}
