// "Are you sure?" in our own dialog: `data-confirm` on a form, a button, a link or an htmx element holds the
// question; `data-confirm-yes` the words of the button, `data-confirm-tone="danger"` its look.
import Modal from "bootstrap/js/src/modal";
import { t } from "./texts";

interface ConfirmDetail {
  elt: HTMLElement;
  triggeringEvent?: Event;
  issueRequest(skip: boolean): void;
}

export function confirms(): void {
  document.body.addEventListener("htmx:confirm", (event) => {
    const { elt, triggeringEvent, issueRequest } = (event as CustomEvent<ConfirmDetail>).detail;
    const submitter = triggeringEvent instanceof SubmitEvent ? triggeringEvent.submitter : null;
    const asking = submitter?.matches("[data-confirm]") ? submitter : elt;
    if (!asking.dataset.confirm) return;
    event.preventDefault();
    ask(asking as HTMLElement, () => issueRequest(true));
  });
  document.addEventListener(
    "click",
    (event) => {
      const link = (event.target as Element).closest<HTMLAnchorElement>("a[data-confirm][href]");
      if (!link || event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      ask(link, () => location.assign(link.href));
    },
    true,
  );
  document.addEventListener(
    "submit",
    (event) => {
      const form = event.target as HTMLFormElement;
      if (!form.matches("[data-plain][data-confirm]") || form.dataset.confirmed !== undefined) return;
      event.preventDefault();
      ask(form, () => {
        form.dataset.confirmed = "";
        form.requestSubmit();
      });
    },
    true,
  );
}

function ask(asking: HTMLElement, yes: () => void): void {
  const element = document.getElementById("confirm");
  const button = element?.querySelector<HTMLElement>("[data-confirm-yes-button]");
  if (!element || !button) return;
  const danger = asking.dataset.confirmTone !== "plain";
  const set = (selector: string, text: string) => {
    const place = element.querySelector(selector);
    if (place) place.textContent = text;
  };
  set("[data-confirm-title]", asking.dataset.confirmTitle ?? t("confirm-title"));
  set("[data-confirm-text]", asking.dataset.confirm ?? "");
  button.textContent = asking.dataset.confirmYes ?? t("confirm-yes");
  button.className = `btn ${danger ? "btn-danger" : "btn-primary"}`;
  const dialog = Modal.getOrCreateInstance(element);
  let agreed = false;
  const agree = () => {
    agreed = true;
    dialog.hide();
  };
  button.addEventListener("click", agree);
  element.addEventListener("shown.bs.modal", () => button.focus(), { once: true });
  element.addEventListener(
    "hidden.bs.modal",
    () => {
      button.removeEventListener("click", agree);
      if (agreed) yes();
      else asking.focus();
    },
    { once: true },
  );
  dialog.show();
}
