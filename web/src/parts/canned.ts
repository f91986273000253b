// Canned replies: `/` at the beginning of what is typed, and a few letters of the short word, offer them.

import { fitting, type Reply } from "../pure/fitting";
import { h } from "./dom";

export class Canned {
  private readonly box: HTMLElement | null;
  private readonly all: Reply[];
  private offered: Reply[] = [];
  private chosen = 0;

  constructor(
    form: HTMLFormElement,
    private readonly field: HTMLTextAreaElement,
    json: string,
  ) {
    this.box = form.querySelector<HTMLElement>(".inbox-canned");
    this.all = JSON.parse(json) as Reply[];
    field.addEventListener("input", () => this.offer());
    field.addEventListener("blur", () => window.setTimeout(() => this.hide(), 150));
  }

  /** True when the key was meant for the list. */
  key(event: KeyboardEvent): boolean {
    if (this.offered.length === 0) return false;
    const moves: Record<string, number> = { ArrowDown: 1, ArrowUp: -1 };
    const move = moves[event.key];
    if (move !== undefined) this.choose(this.chosen + move);
    else if (event.key === "Enter" || event.key === "Tab") this.take(this.offered[this.chosen]);
    else if (event.key === "Escape") this.hide();
    else return false;
    event.preventDefault();
    return true;
  }

  private offer(): void {
    this.offered = fitting(this.all, this.field.value);
    if (!this.box) return;
    this.box.hidden = this.offered.length === 0;
    this.box.replaceChildren(
      ...this.offered.map((reply) =>
        h(
          "button",
          { type: "button", role: "option", onclick: () => this.take(reply) },
          h("strong", {}, `/${reply.shortcut}`),
          h("span", {}, reply.text),
        ),
      ),
    );
    this.choose(0);
  }

  private choose(place: number): void {
    const count = this.offered.length;
    if (count === 0) return;
    this.chosen = (place + count) % count;
    const rows = Array.from(this.box?.children ?? []);
    for (const [at, row] of rows.entries()) {
      row.setAttribute("aria-selected", String(at === this.chosen));
      if (at === this.chosen) row.scrollIntoView({ block: "nearest" });
    }
  }

  private take(reply: Reply | undefined): void {
    if (!reply) return;
    this.field.value = reply.text;
    this.field.dispatchEvent(new Event("input", { bubbles: true }));
    this.hide();
    this.field.focus();
  }

  private hide(): void {
    this.offered = [];
    if (this.box) this.box.hidden = true;
  }
}
