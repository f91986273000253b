// What is sent: its id, and how it looks before the server has seen it.
import type { Input } from "./protocol";

/** What stands in the chat for an input that was not sent yet. */
export function wordsOf(input: Input): string {
  if (input.kind === "text") return input.text;
  if (input.kind === "command") return `/${input.command}`;
  return input.kind === "contact" ? input.phone : "…";
}

/** A UUID, on pages without HTTPS too. */
export function newId(): string {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = ((bytes[6] ?? 0) & 15) | 64;
  bytes[8] = ((bytes[8] ?? 0) & 63) | 128;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}
