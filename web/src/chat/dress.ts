// The chat's styles, inside its shadow tree.
import { h } from "../parts/dom";

/** Put in by the build (build.mjs). */
declare const CHAT_STYLES: string;

/** Styles that a Content-Security-Policy of the site lets be; a <style> where the browser is too old for them. */
export function dress(shadow: ShadowRoot): void {
  try {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(CHAT_STYLES);
    shadow.adoptedStyleSheets = [sheet];
  } catch {
    shadow.append(h("style", {}, CHAT_STYLES));
  }
}
