// What the server sends, parsed.

import { AgentPlatformError, type CallSite } from "./error";

/** The value of a JSON text. A proxy that answers 200 with a page of its own is an error of this package's kind. */
export function parse(text: string, site?: CallSite): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    const error = new AgentPlatformError(`the server's answer is not JSON: ${text.slice(0, 100)}`, { cause });
    throw site === undefined ? error : site.of(error);
  }
}
