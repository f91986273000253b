// Words for scripts come from the page, in its language: a JSON object in `data-texts`.

const own = read(document.body);

/** The page's text of a key; the key itself shows a forgotten one. */
export function t(key: string): string {
  return own[key] ?? key;
}

/** The texts of an island's element, falling back to the page's. */
export function textsOf(element: HTMLElement): (key: string, args?: Record<string, string>) => string {
  const texts = { ...own, ...read(element) };
  return (key, args = {}) =>
    Object.entries(args).reduce((text, [name, value]) => text.replace(`{${name}}`, value), texts[key] ?? key);
}

function read(element: HTMLElement): Record<string, string> {
  try {
    return JSON.parse(element.dataset.texts ?? "{}") as Record<string, string>;
  } catch {
    return {};
  }
}
