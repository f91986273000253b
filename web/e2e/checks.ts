// What must hold on every page, looked at from inside it. Runs in the browser: it may use nothing of this module's
// surroundings.

/** Everything that is wrong with the page that is shown. */
export function faultsOf(lang: string): string[] {
  const faults: string[] = [];
  const root = document.documentElement;
  const visible = (element: Element) =>
    element.checkVisibility({ visibilityProperty: true, opacityProperty: true }) &&
    element.getClientRects().length > 0;
  const named = (element: Element) => {
    const { id, className } = element as HTMLElement;
    const more = id
      ? `#${id}`
      : typeof className === "string" && className
        ? `.${className.split(" ")[0]}`
        : "";
    return `<${element.tagName.toLowerCase()}${more}>`;
  };

  if (root.lang !== lang) faults.push(`the page is in ${root.lang}`);
  const headings = Array.from(document.querySelectorAll("h1")).filter(visible);
  if (headings.length !== 1) faults.push(`${headings.length} first headings`);
  if (headings.some((heading) => heading.textContent?.trim() === "")) faults.push("an empty heading");

  // Nothing to scroll sideways. Tables may scroll within their own frame.
  if (root.scrollWidth > root.clientWidth) {
    const wide = Array.from(document.querySelectorAll("main *"))
      .filter((element) => visible(element) && element.getBoundingClientRect().right > root.clientWidth + 1)
      .slice(0, 4);
    faults.push(
      `wider than the screen by ${root.scrollWidth - root.clientWidth} px: ${wide.map(named).join(" ")}`,
    );
  }

  // Every control says what it is to somebody who does not see it.
  const spoken = (element: Element) => {
    const by = element.getAttribute("aria-labelledby")?.split(" ") ?? [];
    const parts = by.map((id) => document.getElementById(id)?.textContent ?? "");
    for (const label of (element as HTMLInputElement).labels ?? []) parts.push(label.textContent ?? "");
    parts.push(element.getAttribute("aria-label") ?? "", element.getAttribute("title") ?? "");
    if (/^(A|BUTTON|SUMMARY)$/.test(element.tagName)) parts.push(element.textContent ?? "");
    for (const image of element.querySelectorAll("img")) parts.push(image.alt);
    return parts.join("").trim();
  };
  for (const control of document.querySelectorAll(
    "input:not([type=hidden]),select,textarea,button,summary,a[href]",
  )) {
    if (visible(control) && spoken(control) === "")
      faults.push(`no label: ${control.outerHTML.slice(0, 120)}`);
  }

  // Words, and no keys of words.
  const key =
    /^(app|audit|auth|bots|catalog|channels|contacts|files|flow|ingest|jobs|kernel|sales|stock|tax|web)-[a-z0-9-]+$/;
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const text = node.textContent?.trim() ?? "";
    if (key.test(text)) faults.push(`a key instead of words: ${text}`);
    if (/\{ ?\$|[\u2068\u2069]/.test(text)) faults.push(`an argument instead of words: ${text.slice(0, 60)}`);
  }
  for (const element of document.querySelectorAll("[aria-label],[title],[placeholder]")) {
    for (const name of ["aria-label", "title", "placeholder"]) {
      const text = element.getAttribute(name) ?? "";
      if (key.test(text)) faults.push(`a key instead of words: ${text}`);
    }
  }

  const ids = Array.from(document.querySelectorAll("[id]"), (element) => element.id);
  const twice = ids.filter((id, place) => ids.indexOf(id) !== place);
  if (twice.length > 0) faults.push(`the same id twice: ${twice.slice(0, 3).join(" ")}`);
  for (const icon of document.querySelectorAll<SVGGraphicsElement>("svg:has(use)")) {
    const from = icon.querySelector("use")?.getAttribute("href");
    if (visible(icon) && icon.getBBox().width === 0) faults.push(`an icon that is not there: ${from}`);
  }
  for (const image of document.images) {
    if (image.complete && image.naturalWidth === 0 && visible(image))
      faults.push(`a broken picture: ${image.src}`);
  }
  return faults;
}

/** Links of this page that lead to pages of the same kind of things: the first row, the actions, the tabs. */
export function linksOf(): string[] {
  const first = Array.from(document.querySelectorAll("main tbody")).flatMap((body) =>
    Array.from(body.querySelectorAll<HTMLAnchorElement>("a[href]")).slice(0, 1),
  );
  const others = document.querySelectorAll<HTMLAnchorElement>(
    ".page-actions a[href], .nav-tabs a[href], main .facts a[href], .tiles a[href]",
  );
  return [...first, ...others]
    .filter((link) => !link.hasAttribute("download") && link.origin === location.origin)
    .map((link) => link.pathname);
}
