// htmx under our rules: no eval, no injected styles, nothing of a page kept in the browser's storage; and what
// happens when an answer is an error or does not come.
import htmx from "htmx.org";
import { isProblemType, parseProblem } from "../pure/problem";
import { csrfToken } from "./dom";
import { clearFieldErrors, focusFirstError, showFieldErrors } from "./errors";
import { t } from "./texts";
import { toast } from "./toasts";

const TIMEOUT_MS = 30_000;

interface RequestDetail {
  elt: HTMLElement;
  target: HTMLElement;
  xhr: XMLHttpRequest;
  shouldSwap: boolean;
  isError: boolean;
}

export function configureHtmx(): void {
  Object.assign(htmx.config, {
    includeIndicatorStyles: false,
    allowEval: false,
    allowScriptTags: false,
    historyCacheSize: 0,
    refreshOnHistoryMiss: true,
    selfRequestsOnly: true,
    scrollIntoViewOnBoost: false,
    // Without "style": the policy of our pages refuses styles that are set as an attribute.
    attributesToSettle: ["class", "width", "height"],
    timeout: TIMEOUT_MS,
  });
  const body = document.body;
  on<{ headers: Record<string, string>; verb: string; formData: FormData }>(
    "htmx:configRequest",
    (detail) => {
      const token = csrfToken();
      if (detail.verb !== "get") detail.headers["X-CSRF-Token"] = token;
      else dropEmpty(detail.formData);
    },
  );
  on<RequestDetail>("htmx:beforeRequest", ({ elt }) => {
    if (!elt.matches("[data-quiet]")) body.classList.add("is-loading");
  });
  on("htmx:afterRequest", () => body.classList.remove("is-loading"));
  on<RequestDetail>("htmx:beforeSwap", (detail) => {
    const html = (detail.xhr.getResponseHeader("Content-Type") ?? "").startsWith("text/html");
    if (detail.xhr.status < 400) return;
    // A refusal is a problem in JSON; a page with such a status is the form again, its errors beside the fields.
    const form = html && detail.xhr.status < 500;
    detail.shouldSwap = form;
    detail.isError = !form;
  });
  on<{ xhr?: XMLHttpRequest }>("htmx:afterSettle", ({ xhr }) => {
    if (xhr && xhr.status >= 400) focusFirstError(document);
  });
  on<RequestDetail>("htmx:responseError", (detail) => refused(detail));
  for (const name of ["htmx:sendError", "htmx:timeout"]) {
    on<RequestDetail>(name, ({ elt }) => {
      if (!elt.matches("[data-quiet]")) toast("warning", t("network-lost"));
    });
  }
  on("htmx:swapError", () => toast("error", t("failed")));
}

function on<D>(name: string, run: (detail: D) => void): void {
  document.body.addEventListener(name, (event) => run((event as CustomEvent<D>).detail));
}

/** `?q=&page=` says nothing: addresses of lists stay short and can be read aloud. */
function dropEmpty(formData: FormData): void {
  const kept = Array.from(formData.entries()).filter(([, value]) => value !== "");
  for (const name of new Set(formData.keys())) formData.delete(name);
  for (const [name, value] of kept) formData.append(name, value);
}

function refused({ elt, xhr }: RequestDetail): void {
  if (elt.matches("[data-quiet]")) return;
  const problem = isProblemType(xhr.getResponseHeader("Content-Type"))
    ? parseProblem(xhr.responseText, xhr.status)
    : null;
  const form = elt.closest("form");
  if (form) clearFieldErrors(form);
  if (xhr.status === 401 || !problem) {
    toast("error", t(xhr.status === 401 ? "signed-out" : "failed"));
    return;
  }
  const left = form ? showFieldErrors(form, problem.fields) : problem.fields;
  const shown = problem.fields.length > 0 && left.length === 0;
  const text = left.length > 0 ? left.map((error) => error.message).join(" ") : problem.message;
  if (!shown) toast(problem.status === 409 ? "warning" : "error", text);
}
