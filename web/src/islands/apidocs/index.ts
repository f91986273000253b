// The page of the API: every operation of /api/openapi.json, and a form to try it with the session's rights
// or with an API key.
import { csrfToken, debounce, h, icon } from "../../parts/dom";
import { textsOf } from "../../parts/texts";
import {
  address,
  byTag,
  type Document,
  example,
  type Operation,
  operations,
  type Parameter,
  resolve,
} from "./schema";

const KEY_STORE = "karvon.api-key";
const SHOWN_CHARACTERS = 100_000;

type Text = (key: string) => string;

/** `<div data-island=… data-source="/api/openapi.json" data-texts=…>` */
export function mount(root: HTMLElement): undefined {
  const t = textsOf(root);
  root.classList.add("api");
  void load(root, t);
}

async function load(root: HTMLElement, t: Text): Promise<void> {
  try {
    const answer = await fetch(root.dataset.source ?? "/api/openapi.json");
    if (!answer.ok) throw new Error(String(answer.status));
    draw(root, t, (await answer.json()) as Document);
  } catch {
    const again = h(
      "button",
      { type: "button", class: "btn btn-secondary", onclick: () => void load(root, t) },
      t("api-reload"),
    );
    root.replaceChildren(
      h("div", { class: "empty" }, icon("cloud-slash"), h("p", {}, t("network-lost")), again),
    );
  }
}

function draw(root: HTMLElement, t: Text, document: Document): void {
  const key = h("input", {
    class: "form-control",
    id: "api-key",
    type: "password",
    autocomplete: "off",
    spellcheck: "false",
    placeholder: "X-API-KEY",
    value: sessionStorage.getItem(KEY_STORE) ?? "",
    oninput: () => sessionStorage.setItem(KEY_STORE, key.value.trim()),
  });
  const search = h("input", {
    class: "form-control",
    type: "search",
    "data-search": true,
    placeholder: t("api-search"),
    "aria-label": t("api-search"),
  });
  const nothing = h("p", { class: "api-nothing text-muted", hidden: true }, t("api-nothing"));
  const groups = Array.from(byTag(operations(document)), ([tag, list]) =>
    group(t, document, tag, list, () => key.value.trim()),
  );
  search.addEventListener(
    "input",
    debounce(120, () => {
      nothing.hidden = filter(groups, search.value.trim().toLowerCase()) > 0;
    }),
  );
  root.replaceChildren(
    h(
      "div",
      { class: "api-bar card" },
      h("div", { class: "input-icon" }, icon("search"), search),
      h("div", {}, h("label", { class: "visually-hidden", for: "api-key" }, t("api-key")), key),
      h("p", { class: "form-text" }, t("api-key-help")),
    ),
    ...groups,
    nothing,
  );
}

/** Hides what does not hold every word; gives the number of operations left. */
function filter(groups: HTMLElement[], typed: string): number {
  const words = typed.split(/\s+/).filter(Boolean);
  let shown = 0;
  for (const section of groups) {
    let here = 0;
    for (const operation of section.querySelectorAll<HTMLElement>("[data-words]")) {
      operation.hidden = !words.every((word) => operation.dataset.words?.includes(word));
      if (!operation.hidden) here += 1;
    }
    section.hidden = here === 0;
    shown += here;
  }
  return shown;
}

function group(t: Text, document: Document, tag: string, list: Operation[], key: () => string): HTMLElement {
  const about = document.tags?.find((one) => one.name === tag)?.description;
  return h(
    "section",
    { class: "api-group" },
    h("h2", {}, tag === "" ? t("api-other") : tag),
    about ? h("p", { class: "text-muted" }, about) : null,
    h("div", { class: "card" }, ...list.map((operation) => entry(t, document, operation, key))),
  );
}

function entry(t: Text, document: Document, operation: Operation, key: () => string): HTMLElement {
  const words = [operation.method, operation.path, operation.summary, operation.operationId, operation.tag];
  const element = h(
    "details",
    { class: "api-operation", "data-words": words.join(" ").toLowerCase() },
    h(
      "summary",
      {},
      h("span", { class: `api-method is-${operation.method.toLowerCase()}` }, operation.method),
      h("code", {}, operation.path),
      h("span", { class: operation.deprecated ? "api-title is-old" : "api-title" }, operation.summary ?? ""),
    ),
  );
  // Hundreds of forms would be built for nothing: each is built when it is opened.
  element.addEventListener(
    "toggle",
    () => {
      if (element.childElementCount === 1) element.append(body(t, document, operation, key));
    },
    { once: true },
  );
  return element;
}

function body(t: Text, document: Document, operation: Operation, key: () => string): HTMLElement {
  const json = Object.entries(operation.requestBody?.content ?? {}).find(([type]) =>
    type.includes("json"),
  )?.[1];
  const area = json
    ? h("textarea", {
        class: "form-control font-monospace",
        rows: 8,
        spellcheck: "false",
        "aria-label": t("api-body"),
      })
    : null;
  if (area) area.value = JSON.stringify(json?.example ?? example(document, json?.schema), null, 2);
  const output = h("div", { class: "api-answer", "aria-live": "polite" });
  const parameters = (operation.parameters ?? []).filter((one) => one.in !== "cookie");
  const form = h(
    "form",
    {
      class: "api-form",
      onsubmit: async (event: Event) => {
        event.preventDefault();
        const button = form.querySelector(".btn-primary");
        button?.classList.add("is-busy");
        await send(t, operation, form, area, key(), output);
        button?.classList.remove("is-busy");
      },
    },
    parameters.length > 0
      ? h("div", { class: "form-grid" }, ...parameters.map((one) => field(document, operation, one)))
      : null,
    area ? h("div", { class: "field" }, h("div", { class: "form-label" }, t("api-body")), area) : null,
    h(
      "div",
      {},
      h("button", { type: "submit", class: "btn btn-primary btn-sm" }, icon("play"), t("api-send")),
    ),
  );
  return h(
    "div",
    { class: "api-body" },
    operation.description ? h("p", { class: "text-pre" }, operation.description) : null,
    form,
    output,
    responses(t, document, operation),
  );
}

function field(document: Document, operation: Operation, parameter: Parameter): HTMLElement {
  const schema = resolve(document, parameter.schema);
  const id = `${operation.method}${operation.path}${parameter.name}`;
  const attributes = {
    id,
    "data-parameter": `${parameter.in}:${parameter.name}`,
    required: parameter.required === true,
  };
  const control = schema.enum
    ? h(
        "select",
        { ...attributes, class: "form-select" },
        h("option", { value: "" }, ""),
        ...schema.enum.map((value) => h("option", {}, String(value))),
      )
    : h("input", {
        ...attributes,
        class: "form-control",
        placeholder: schema.format ?? String(schema.type ?? ""),
      });
  return h(
    "div",
    { class: "field col-third" },
    h(
      "label",
      { class: "form-label", for: id },
      parameter.name,
      h("span", { class: "optional" }, ` ${parameter.in}`),
    ),
    control,
    parameter.description ? h("div", { class: "form-text" }, parameter.description) : null,
  );
}

async function send(
  t: Text,
  operation: Operation,
  form: HTMLFormElement,
  area: HTMLTextAreaElement | null,
  key: string,
  output: HTMLElement,
): Promise<void> {
  const values = new Map<string, string>();
  const headers: Record<string, string> = { Accept: "application/json" };
  for (const control of form.querySelectorAll<HTMLInputElement>("[data-parameter]")) {
    const name = control.dataset.parameter ?? "";
    values.set(name, control.value);
    if (name.startsWith("header:") && control.value !== "")
      headers[name.slice("header:".length)] = control.value;
  }
  const url = address(operation, values);
  if (url === null) return;
  if (area) headers["Content-Type"] = "application/json";
  if (key !== "") headers["X-API-KEY"] = key;
  else if (operation.method !== "GET") headers["X-CSRF-Token"] = csrfToken();
  const started = performance.now();
  try {
    const answer = await fetch(url, {
      method: operation.method,
      headers,
      body: area ? area.value : null,
      // A key must answer for itself: the session stays out of the way.
      credentials: key === "" ? "same-origin" : "omit",
    });
    const text = await answer.text();
    const ms = Math.round(performance.now() - started);
    show(t, output, operation.method, url, answer, text, ms);
  } catch {
    output.replaceChildren(h("p", { class: "text-danger" }, t("network-lost")));
  }
}

function show(
  t: Text,
  output: HTMLElement,
  method: string,
  url: string,
  answer: Response,
  text: string,
  ms: number,
): void {
  const tone = answer.ok ? "ok" : answer.status < 500 ? "warn" : "bad";
  const size = new Blob([text]).size.toLocaleString("ru");
  output.replaceChildren(
    h(
      "div",
      { class: "api-status" },
      h("span", { class: `badge tone-${tone}` }, `${answer.status} ${answer.statusText}`),
      h("code", {}, `${method} ${url}`),
      h("span", { class: "text-muted num" }, `${ms} ms · ${size} B`),
      h(
        "button",
        { type: "button", class: "btn btn-ghost btn-sm", "data-copy": text },
        icon("clipboard"),
        t("api-copy"),
      ),
    ),
    h("pre", { tabindex: 0 }, pretty(text).slice(0, SHOWN_CHARACTERS)),
  );
}

function pretty(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

function responses(t: Text, document: Document, operation: Operation): HTMLElement | null {
  const list = Object.entries(operation.responses ?? {});
  if (list.length === 0) return null;
  return h(
    "div",
    { class: "api-responses" },
    h("h3", {}, t("api-answers")),
    ...list.map(([status, response]) => {
      const schema = Object.values(response.content ?? {})[0]?.schema;
      const head = [h("code", {}, status), h("span", { class: "text-muted" }, response.description ?? "")];
      if (!schema) return h("div", { class: "api-response" }, ...head);
      const shape = h("details", { class: "api-response" }, h("summary", {}, ...head));
      shape.append(h("pre", { tabindex: 0 }, JSON.stringify(example(document, schema), null, 2)));
      return shape;
    }),
  );
}
