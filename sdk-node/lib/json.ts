// What the server sends, parsed.

import { AgentPlatformError } from "./error";
import type { NativeHead } from "./native";

/** What V8 says of some wrong texts; of the others it quotes the text instead. */
const POSITION = / in JSON at position (\d+)(?: \(line \d+ column \d+\))?$/;

/**
 * How long a text is that could not be used, and where it stops being JSON. Nothing of the text itself, nor V8's error,
 * which quotes it: the text may hold an API key that was just made, and an error ends up in logs.
 */
function extent(text: string, error?: unknown): string {
  const position = error instanceof Error ? POSITION.exec(error.message)?.[1] : undefined;
  return `${String(text.length)} characters${position === undefined ? "" : `, wrong at position ${position}`}`;
}

/** The object that an answer consists of. What is none comes from something that is not the API, such as a proxy. */
export function parseAnswer(text: string, head: NativeHead): object {
  const wrong = (what: string, error?: unknown): AgentPlatformError =>
    new AgentPlatformError(`the server's answer is ${what} (${extent(text, error)})`, { request_id: head.requestId });
  let value;
  try {
    value = JSON.parse(text) as unknown;
  } catch (error) {
    throw wrong("not JSON", error);
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
    } catch (error) {
      const message = `the ${event} event${id === "" ? "" : ` ${id}`} is not JSON (${extent(data, error)})`;
      return { events, failure: new AgentPlatformError(message) };
    }
  }
  return { events };
}
