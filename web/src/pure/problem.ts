// RFC 9457 problem details as the server writes them, read defensively: an answer may come from a proxy.

/** What went wrong, ready to be shown. */
export interface Problem {
  status: number;
  code: string;
  message: string;
  fields: FieldProblem[];
}

export interface FieldProblem {
  field: string;
  message: string;
}

export function isProblemType(contentType: string | null): boolean {
  return /^application\/(problem\+)?json\b/i.test(contentType ?? "");
}

/** The problem in `body`, or null when it is not one. */
export function parseProblem(body: string, status: number): Problem | null {
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch {
    return null;
  }
  if (typeof json !== "object" || json === null) return null;
  const record = json as Record<string, unknown>;
  const message = [record.detail, record.title].find((v): v is string => typeof v === "string" && v !== "");
  if (message === undefined) return null;
  return {
    status: typeof record.status === "number" ? record.status : status,
    code: typeof record.code === "string" ? record.code : "",
    message,
    fields: fieldProblems(record.errors ?? record.fields),
  };
}

/** Both shapes in use: `[{field, message}]` and `{field: message | [message]}`. */
function fieldProblems(errors: unknown): FieldProblem[] {
  if (Array.isArray(errors)) {
    return errors.flatMap((item) => {
      if (typeof item !== "object" || item === null) return [];
      const { field, message, detail } = item as Record<string, unknown>;
      const text = message ?? detail;
      return typeof field === "string" && typeof text === "string" ? [{ field, message: text }] : [];
    });
  }
  if (typeof errors !== "object" || errors === null) return [];
  return Object.entries(errors).flatMap(([field, value]) => {
    const message = Array.isArray(value) ? value.join(" ") : value;
    return typeof message === "string" ? [{ field, message }] : [];
  });
}

/** `lines[2].quantity` → line 2, its field `quantity`; null for a field of the document itself. */
export function lineField(field: string): { line: number; field: string } | null {
  const match = /^\w+(?:\[(\d+)\]|\.(\d+))\.(\w+)$/.exec(field);
  const index = match?.[1] ?? match?.[2];
  return match?.[3] !== undefined && index !== undefined ? { line: Number(index), field: match[3] } : null;
}
