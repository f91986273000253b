// Lines of a document (an order, a receipt): add, remove, sums. `data-lines` on the table's wrapper, a
// <template> with an empty line, `data-line` on each. Names repeat (line_product_id, line_quantity, …), so the
// server reads columns of equal length. Sums shown here are a preview; the server's figures count.
import { fromUnits, groupDecimal, toUnits } from "../pure/decimal";
import { documentTotal, type Line, lineTotal } from "../pure/line";
import { comboboxes } from "./combobox";
import { all, first } from "./dom";
import { moneyInputs, plainValue, setPlain } from "./money";

const mark = document.documentElement.lang === "en" ? "." : ",";

export function lines(root: ParentNode): void {
  for (const box of all(root, "[data-lines]")) {
    if (!first(box, "Lines")) continue;
    box.addEventListener("click", (event) => {
      const button = (event.target as Element).closest("[data-line-add],[data-line-remove]");
      if (button?.matches("[data-line-add]")) add(box);
      else if (button) remove(box, button);
    });
    box.addEventListener("combobox:pick", (event) => picked(box, event as CustomEvent<DOMStringMap>));
    box.addEventListener("input", () => sums(box));
    box.addEventListener("keydown", (event) => {
      // Enter in a line goes on to the next line; it never sends half an order.
      const input = event.target as HTMLElement;
      if (event.key !== "Enter" || event.defaultPrevented || input.tagName !== "INPUT") return;
      event.preventDefault();
      const row = input.closest("[data-line]");
      const next = row?.nextElementSibling?.querySelector<HTMLElement>("input:not([type=hidden])");
      if (next) next.focus();
      else add(box);
    });
    if (box.querySelector("[data-line]") === null) add(box, false);
    sums(box);
  }
}

function add(box: HTMLElement, focus = true): void {
  const template = box.querySelector<HTMLTemplateElement>("template[data-line-template]");
  const body = box.querySelector("[data-line-body]");
  if (!template || !body) return;
  body.append(template.content.cloneNode(true));
  const line = body.lastElementChild as HTMLElement;
  moneyInputs(line);
  comboboxes(line);
  if (focus) line.querySelector<HTMLElement>("input:not([type=hidden])")?.focus();
  changed(box);
}

function remove(box: HTMLElement, button: Element): void {
  const line = button.closest("[data-line]");
  const near = (line?.nextElementSibling ?? line?.previousElementSibling)?.querySelector<HTMLElement>(
    "input",
  );
  line?.remove();
  if (box.querySelector("[data-line]") === null) add(box);
  else near?.focus();
  changed(box);
}

function picked(box: HTMLElement, event: CustomEvent<DOMStringMap>): void {
  const line = (event.target as Element).closest<HTMLElement>("[data-line]");
  const price = line?.querySelector<HTMLInputElement>("[data-line-price]");
  const quantity = line?.querySelector<HTMLInputElement>("[data-line-quantity]");
  const unit = line?.querySelector<HTMLInputElement>("[data-line-unit]");
  if (price && event.detail.price !== undefined) setPlain(price, event.detail.price);
  if (unit && event.detail.unit !== undefined) unit.value = event.detail.unit;
  if (quantity && quantity.value === "") quantity.value = "1";
  changed(box);
  quantity?.focus();
}

/** The server's preview of the totals listens to this; typing it hears by itself. */
function changed(box: HTMLElement): void {
  sums(box);
  box.dispatchEvent(new CustomEvent("lines:changed", { bubbles: true }));
}

function sums(box: HTMLElement): void {
  const read = all<HTMLElement>(box, "[data-line]").map((row) => {
    const units = (selector: string, decimals: number) => {
      const input = row.querySelector<HTMLInputElement>(selector);
      return (input ? toUnits(plainValue(input), decimals) : null) ?? 0n;
    };
    const line: Line = {
      priceTiyin: units("[data-line-price]", 2),
      quantityThousandths: units("[data-line-quantity]", 3),
      discountBp: units("[data-line-discount]", 2),
    };
    show(row.querySelector("[data-line-sum]"), lineTotal(line));
    return line;
  });
  const total = documentTotal(read);
  for (const place of box.querySelectorAll("[data-lines-total]")) show(place, total);
  for (const place of box.querySelectorAll("[data-lines-count]")) place.textContent = String(read.length);
}

function show(place: Element | null, tiyin: bigint): void {
  if (place) place.textContent = groupDecimal(fromUnits(tiyin, 2), mark);
}
