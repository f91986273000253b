// Reads an OpenAPI 3.1 document as far as the page needs: operations by tag, parameters, example bodies.

export interface Schema {
  $ref?: string;
  type?: string | string[];
  format?: string;
  description?: string;
  example?: unknown;
  examples?: unknown[];
  default?: unknown;
  enum?: unknown[];
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
  oneOf?: Schema[];
  anyOf?: Schema[];
  allOf?: Schema[];
}

export interface Parameter {
  name: string;
  in: "query" | "path" | "header" | "cookie";
  required?: boolean;
  description?: string;
  schema?: Schema;
}

export interface OperationSource {
  operationId?: string;
  summary?: string;
  description?: string;
  tags?: string[];
  deprecated?: boolean;
  parameters?: Parameter[];
  requestBody?: { required?: boolean; content?: Record<string, { schema?: Schema; example?: unknown }> };
  responses?: Record<string, { description?: string; content?: Record<string, { schema?: Schema }> }>;
}

export interface Document {
  info?: { title?: string; version?: string; description?: string };
  tags?: Array<{ name: string; description?: string }>;
  paths?: Record<string, Record<string, unknown>>;
  components?: { schemas?: Record<string, Schema> };
}

export interface Operation extends OperationSource {
  method: string;
  path: string;
  tag: string;
}

const METHODS = ["get", "post", "put", "patch", "delete"];
const MAX_DEPTH = 8;

/** Every operation, in the order of the document's tags and then of its paths. */
export function operations(document: Document): Operation[] {
  const found: Operation[] = [];
  for (const [path, item] of Object.entries(document.paths ?? {})) {
    const shared = (item.parameters ?? []) as Parameter[];
    for (const method of METHODS) {
      const source = item[method] as OperationSource | undefined;
      if (!source) continue;
      found.push({
        ...source,
        parameters: [...shared, ...(source.parameters ?? [])],
        method: method.toUpperCase(),
        path,
        tag: source.tags?.[0] ?? "",
      });
    }
  }
  const order = (document.tags ?? []).map((tag) => tag.name);
  const rank = (tag: string) => (order.includes(tag) ? order.indexOf(tag) : order.length);
  return found
    .map((operation, index) => ({ operation, index }))
    .sort((a, b) => rank(a.operation.tag) - rank(b.operation.tag) || a.index - b.index)
    .map(({ operation }) => operation);
}

export function byTag(list: Operation[]): Map<string, Operation[]> {
  const groups = new Map<string, Operation[]>();
  for (const operation of list) groups.set(operation.tag, [...(groups.get(operation.tag) ?? []), operation]);
  return groups;
}

export function resolve(document: Document, schema: Schema | undefined): Schema {
  let found = schema ?? {};
  for (let depth = 0; found.$ref && depth < MAX_DEPTH; depth += 1) {
    found = document.components?.schemas?.[found.$ref.split("/").pop() ?? ""] ?? {};
  }
  return found;
}

/** A value that fits the schema, from its examples where it has any. */
export function example(document: Document, schema: Schema | undefined, depth = 0): unknown {
  const at = resolve(document, schema);
  const given = at.example ?? at.examples?.[0] ?? at.default ?? at.enum?.[0];
  if (given !== undefined) return given;
  if (depth > MAX_DEPTH) return null;
  if (at.allOf) {
    return Object.assign({}, ...at.allOf.map((part) => example(document, part, depth + 1) ?? {}));
  }
  const choice = (at.oneOf ?? at.anyOf)?.find((one) => typeName(one) !== "null");
  if (choice) return example(document, choice, depth + 1);
  switch (typeName(at)) {
    case "array":
      return [example(document, at.items, depth + 1)];
    case "object":
      return Object.fromEntries(
        Object.entries(at.properties ?? {}).map(([name, part]) => [name, example(document, part, depth + 1)]),
      );
    case "integer":
    case "number":
      return 0;
    case "boolean":
      return false;
    case "string":
      return stringExample(at.format);
    default:
      return null;
  }
}

function typeName(schema: Schema): string {
  const types = Array.isArray(schema.type)
    ? schema.type
    : [schema.type ?? (schema.properties ? "object" : "")];
  return types.find((type) => type !== "null") ?? "null";
}

function stringExample(format: string | undefined): string {
  if (format === "date") return "2026-01-31";
  if (format === "date-time") return "2026-01-31T09:00:00Z";
  if (format === "uuid") return "00000000-0000-7000-8000-000000000000";
  return "";
}

/** `/api/products/{id}?q=…` with its values; null when a path value is missing. */
export function address(operation: Operation, values: Map<string, string>): string | null {
  let path = operation.path;
  const query = new URLSearchParams();
  for (const parameter of operation.parameters ?? []) {
    const value = values.get(`${parameter.in}:${parameter.name}`) ?? "";
    if (parameter.in === "path") {
      if (value === "") return null;
      path = path.replace(`{${parameter.name}}`, encodeURIComponent(value));
    } else if (parameter.in === "query" && value !== "") query.set(parameter.name, value);
  }
  const search = query.toString();
  return search === "" ? path : `${path}?${search}`;
}
