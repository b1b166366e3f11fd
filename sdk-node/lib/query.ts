// How a value stands in a query.

import { AgentPlatformError } from "./error";

/** Adds a value to names and values in turn. */
export function addQuery(pairs: string[], name: string, value: unknown): void {
  if (value === undefined || value === null) return;
  if (Array.isArray(value)) {
    for (const item of value) addQuery(pairs, name, item);
  } else if (value instanceof Date) {
    pairs.push(name, value.toISOString());
  } else if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") {
    pairs.push(name, String(value));
  } else {
    throw new AgentPlatformError(`${name} is sent in the query and cannot be ${typeof value}`);
  }
}
