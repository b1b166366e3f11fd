// Sorts the arguments of a call by where they go: path, query or body.

import { AgentPlatformError } from "./error";
import type { NativeArguments } from "./native";
import { addQuery } from "./options";

/** What the generated methods say of an operation. */
export interface Operation {
  /** As in the specification: `execute_agent`. */
  readonly id: string;
  /** The path parameters, in the path's order. */
  readonly path: readonly string[];
  /** The query parameters. */
  readonly query: readonly string[];
  /** Whether what is neither of these is sent as a JSON body. */
  readonly body: boolean;
}

/** The name of an operation's method. */
function method(operation: Operation): string {
  return operation.id.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

export function sortArguments(operation: Operation, params: unknown): NativeArguments {
  if (!isObject(params)) {
    const given = params === null ? "null" : `a ${typeof params}`;
    throw new AgentPlatformError(`${method(operation)} takes its arguments as one object, not as ${given}`);
  }
  const native: NativeArguments = {
    path: operation.path.map((name) => pathValue(operation, name, params[name])),
    query: [],
  };
  for (const name of operation.query) addQuery(native.query, name, params[name]);
  const isElsewhere = (name: string): boolean => operation.path.includes(name) || operation.query.includes(name);
  if (operation.body) {
    const isBody = operation.path.length + operation.query.length === 0;
    native.body = jsonText(
      operation,
      isBody ? params : Object.fromEntries(Object.entries(params).filter(([name]) => !isElsewhere(name))),
    );
  } else {
    const unknown = Object.keys(params).find((name) => !isElsewhere(name));
    if (unknown !== undefined) throw new AgentPlatformError(unknownParameter(operation, unknown));
  }
  return native;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

function pathValue(operation: Operation, name: string, value: unknown): string {
  if (typeof value === "string" && value !== "") return value;
  const given = value === "" ? "empty" : value === null || value === undefined ? "missing" : `of type ${typeof value}`;
  throw new AgentPlatformError(`${method(operation)} needs ${name}, a string, which is ${given}`);
}

function unknownParameter(operation: Operation, name: string): string {
  const known = [...operation.path, ...operation.query];
  const hint = known.length === 0 ? "it takes none" : `it takes ${known.join(", ")}`;
  return `${method(operation)} has no parameter ${name}; ${hint}. Settings of the call, such as timeout, are its second argument`;
}

function jsonText(operation: Operation, body: object): string {
  try {
    return JSON.stringify(body);
  } catch (cause) {
    throw new AgentPlatformError(`the arguments of ${method(operation)} have no JSON form: ${String(cause)}`, { cause });
  }
}
