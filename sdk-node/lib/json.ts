// What the server sends, parsed.

import { AgentPlatformError } from "./error";
import type { NativeHead } from "./native";

/** How much of a wrong answer an error shows. */
const SHOWN = 100;

/** The object that an answer consists of. What is none comes from something that is not the API, such as a proxy. */
export function parseAnswer(text: string, head: NativeHead): object {
  const wrong = (what: string, cause?: unknown): AgentPlatformError =>
    new AgentPlatformError(`the server's answer is ${what}: ${text.slice(0, SHOWN)}`, { request_id: head.requestId, cause });
  let value;
  try {
    value = JSON.parse(text) as unknown;
  } catch (cause) {
    throw wrong("not JSON", cause);
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw wrong("no JSON object");
  return value;
}

/** An event as the core hands it over. */
export interface EventText {
  id: string;
  event: string;
  data: string;
}

/** The events of a batch, and what is wrong with the one after them. `each` has the batch event by event. */
export function parseEvents(text: string, each: () => EventText[]): { events: unknown[]; failure?: AgentPlatformError } {
  try {
    return { events: JSON.parse(text) as unknown[] };
  } catch {
    // The whole could not be parsed: which of them is it?
  }
  const events: unknown[] = [];
  for (const { id, event, data } of each()) {
    try {
      events.push(JSON.parse(data));
    } catch (cause) {
      const message = `the ${event} event${id === "" ? "" : ` ${id}`} is not JSON: ${data.slice(0, SHOWN)}`;
      return { events, failure: new AgentPlatformError(message, { cause }) };
    }
  }
  return { events };
}
