// What is heard, and what it concerns.

/** Whether the event `name` is of one of these topics: a whole name, or its beginning up to a dot. */
export function concerns(topics: string, name: string): boolean {
  return topics
    .split(/\s+/)
    .filter(Boolean)
    .some((topic) => name === topic || name.startsWith(`${topic}.`));
}

/** The topics of several parts, each once. */
export function together(parts: string[]): string {
  const all = parts.flatMap((topics) => topics.split(/\s+/)).filter(Boolean);
  return Array.from(new Set(all)).sort().join(",");
}

/** The name of an event as the stream tells it, and the row it is about; nothing for what is none. */
export function eventOf(data: string): { name: string; subject: string } {
  try {
    const event: unknown = JSON.parse(data);
    const told = event as { name?: unknown; subject?: unknown } | null;
    return { name: text(told?.name), subject: text(told?.subject) };
  } catch {
    return { name: "", subject: "" };
  }
}

/** Parts by where they are asked for, in the order in which each place is named first. */
export function shared<P extends { href: string }>(parts: P[]): P[][] {
  const places = new Map<string, P[]>();
  for (const part of parts) {
    const same = places.get(part.href);
    if (same) same.push(part);
    else places.set(part.href, [part]);
  }
  return Array.from(places.values());
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}
