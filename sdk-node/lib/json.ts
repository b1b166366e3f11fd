// What the server sends, parsed.

import { AgentPlatformError } from "./error";

/** The value of a JSON text. A proxy that answers 200 with a page of its own is an error of this package's kind. */
export function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    throw new AgentPlatformError(`the server's answer is not JSON: ${text.slice(0, 100)}`, { cause });
  }
}
