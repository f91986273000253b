// Which letters can be read on a colour. Pure.

/** `#fff` or `#111`, whichever stands out more (WCAG 2, relative luminance). */
export function lettersOn(colour: string): string {
  const channel = (at: number) => {
    const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  };
  const luminance = 0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5);
  return 1.05 / (luminance + 0.05) >= (luminance + 0.05) / 0.056 ? "#fff" : "#111";
}

/** The first language of these that the chat speaks. */
export function spoken(wishes: Array<string | null | undefined>): string {
  for (const wish of wishes) {
    const found = /^(uz|ru|en)\b/i.exec(wish ?? "");
    if (found?.[1]) return found[1].toLowerCase();
  }
  return "uz";
}
