// The arguments of a call: checked against the specification, and sorted by where they go.

import { AgentPlatformError } from "./error";
import { refuseUnknown } from "./names";
import type { NativeArguments } from "./native";
import { REQUEST_OPTIONS } from "./options";
import { addQuery } from "./query";

/** What the generated methods say of an operation. */
export interface Operation {
  /** As in the specification: `execute_agent`. */
  readonly id: string;
  /** The path parameters, in the path's order. They are all required. */
  readonly path: readonly string[];
  /** The query parameters. */
  readonly query: Fields;
  /** The header parameters, by the names of their arguments. */
  readonly headers: Fields;
  /** The fields of the JSON body, where there is one. */
  readonly body?: Fields;
  /** Which of all these must be given, besides those of the path. */
  readonly required: readonly string[];
}

/** Each field with its kind: `string`, `date`, `integer`, `number`, `boolean`, `object`, `any`, with `[]` or ` | null`. */
export type Fields = Readonly<Record<string, string>>;

const NULLABLE = " | null";

/** The name of an operation's method. */
export function method(operation: Operation): string {
  return operation.id.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

/** The arguments as the core takes them. Throws what is wrong with them, before anything is sent. */
export function sortArguments(operation: Operation, params: unknown): NativeArguments {
  if (typeof params !== "object" || params === null) {
    const given = params === null ? "null" : `a ${typeof params}`;
    throw new AgentPlatformError(`${method(operation)} takes its arguments as one object, not as ${given}`);
  }
  const values = params as Readonly<Record<string, unknown>>;
  const { path, query, headers, body, required } = operation;
  refuseUnknown(values, [...path, ...Object.keys({ ...query, ...headers, ...body })], (name) => unknown(operation, name));
  for (const name of required) {
    if (values[name] === undefined) throw wrong(operation, name, "is missing");
  }
  const native: NativeArguments = { path: path.map((name) => pathValue(operation, name, values[name])), query: [], headers: [] };
  for (const name of Object.keys(query)) addQuery(native.query, name, checked(operation, query, values, name));
  for (const name of Object.keys(headers)) addQuery(native.headers, name, checked(operation, headers, values, name));
  if (body !== undefined) native.body = jsonText(operation, body, values);
  return native;
}

/** The value of a parameter, where `null` is as if there were none. */
function checked(operation: Operation, fields: Fields, values: Readonly<Record<string, unknown>>, name: string): unknown {
  const value = values[name] ?? undefined;
  if (value !== undefined) check(operation, name, fields[name] ?? "any", value);
  return value;
}

function pathValue(operation: Operation, name: string, value: unknown): string {
  if (typeof value === "string" && value !== "") return value;
  const given = value === "" ? "is empty" : value === undefined ? "is missing" : `is ${shown(value)}`;
  throw new AgentPlatformError(`${method(operation)} needs ${name}, a string, which ${given}`);
}

function jsonText(operation: Operation, fields: Fields, values: Readonly<Record<string, unknown>>): string {
  const body: Record<string, unknown> = {};
  for (const [name, kind] of Object.entries(fields)) {
    const value = values[name];
    if (value === undefined) continue;
    check(operation, name, kind, value);
    body[name] = value;
  }
  try {
    return JSON.stringify(body);
  } catch (cause) {
    throw new AgentPlatformError(`the arguments of ${method(operation)} have no JSON form: ${String(cause)}`, { cause });
  }
}

/** Refuses a value of another type than the specification's, and those of which JSON would silently make `null`. */
function check(operation: Operation, name: string, kind: string, value: unknown): void {
  const nullable = kind.endsWith(NULLABLE);
  if (nullable && value === null) return;
  const bare = nullable ? kind.slice(0, -NULLABLE.length) : kind;
  if (!bare.endsWith("[]")) {
    if (!isOf(bare, value)) throw wrong(operation, name, `is ${described(bare)}, not ${shown(value)}`);
    return;
  }
  const item = bare.slice(0, -2);
  if (!Array.isArray(value)) throw wrong(operation, name, `is a list, not ${shown(value)}`);
  for (const [index, entry] of value.entries()) {
    if (!isOf(item, entry)) throw wrong(operation, `${name}[${String(index)}]`, `is ${described(item)}, not ${shown(entry)}`);
  }
}

function isOf(kind: string, value: unknown): boolean {
  switch (kind) {
    case "string":
      return typeof value === "string";
    case "date":
      return typeof value === "string" || (value instanceof Date && !Number.isNaN(value.getTime()));
    case "integer":
      return Number.isInteger(value);
    case "number":
      return Number.isFinite(value);
    case "boolean":
      return typeof value === "boolean";
    case "object":
      return typeof value === "object" && value !== null && !Array.isArray(value);
    default:
      return true;
  }
}

function described(kind: string): string {
  const words: Record<string, string> = {
    string: "a string",
    date: "a Date or its text",
    integer: "a whole number",
    number: "a number",
    boolean: "true or false",
    object: "an object",
  };
  return words[kind] ?? kind;
}

/** What was given, without its text: that may be a secret in the wrong place. */
function shown(value: unknown): string {
  if (value === null || typeof value === "number" || typeof value === "boolean") return String(value);
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? "an invalid Date" : "a Date";
  if (Array.isArray(value)) return "a list";
  return typeof value === "object" ? "an object" : `of type ${typeof value}`;
}

function wrong(operation: Operation, name: string, what: string): AgentPlatformError {
  return new AgentPlatformError(`${method(operation)}: ${name} ${what}`);
}

function unknown(operation: Operation, name: string): string {
  const where = REQUEST_OPTIONS.includes(name) ? ", but its second argument has" : "";
  return `${method(operation)} has no parameter ${name}${where}`;
}
