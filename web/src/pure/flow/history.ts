// What was before, to go back to; typing into one place is one step back.

const KEPT = 200;

export interface History<T> {
  present: T;
  past: readonly T[];
  future: readonly T[];
  /** What was changed last, and when. */
  last: { what: string; at: number };
}

/** Two changes of one place within this time are one. */
const TOGETHER_MS = 1500;

export function begun<T>(present: T): History<T> {
  return { present, past: [], future: [], last: { what: "", at: 0 } };
}

/** A change of `what`; an empty word is a change by itself. */
export function changed<T>(history: History<T>, present: T, what: string, at: number): History<T> {
  const { last } = history;
  const isSame = what !== "" && what === last.what && at - last.at < TOGETHER_MS && history.past.length > 0;
  const past = isSame ? history.past : [...history.past, history.present].slice(-KEPT);
  return { present, past, future: [], last: { what, at } };
}

export function undone<T>(history: History<T>): History<T> {
  const present = history.past.at(-1);
  if (present === undefined) return history;
  const future = [history.present, ...history.future];
  return { present, past: history.past.slice(0, -1), future, last: { what: "", at: 0 } };
}

export function redone<T>(history: History<T>): History<T> {
  const [present, ...future] = history.future;
  if (present === undefined) return history;
  return { present, past: [...history.past, history.present], future, last: { what: "", at: 0 } };
}
