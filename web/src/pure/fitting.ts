// Which canned replies fit what is typed. No DOM.

export interface Reply {
  shortcut: string;
  text: string;
}

const OFFERED = 8;

/** Those whose short word begins with what stands after the slash, then those that hold it, in word or text. */
export function fitting(all: Reply[], typed: string): Reply[] {
  if (!typed.startsWith("/") || typed.includes("\n")) return [];
  const asked = plain(typed.slice(1));
  const begins = all.filter((reply) => plain(reply.shortcut).startsWith(asked));
  const holds = all.filter(
    (reply) =>
      !begins.includes(reply) && (plain(reply.shortcut).includes(asked) || plain(reply.text).includes(asked)),
  );
  return [...begins, ...holds].slice(0, OFFERED);
}

/** The apostrophes that people type for oʻ and gʻ are one letter. */
function plain(text: string): string {
  return text
    .trim()
    .toLowerCase()
    .replace(/[ʻʼ‘’`']/g, "'");
}
