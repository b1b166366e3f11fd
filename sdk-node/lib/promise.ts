// What a call returns: a promise of the parsed answer that can also hand out what is not in its body.

import { AgentPlatformError } from "./error";
import type { NativeAnswer } from "./native";
import { type APIResponse, CoreResponse, responseOf } from "./response";

/** Where an answer is put when it arrives. */
export interface Arrival {
  answer?: NativeAnswer;
}

/**
 * A promise of the parsed answer.
 *
 * ```ts
 * const agent = await client.getAgent({ agent_id });
 * const { data, request_id, retries_taken, response } = await client.getAgent({ agent_id }).withResponse();
 * ```
 */
export class APIPromise<T> extends Promise<T> {
  readonly #arrival: Arrival;

  /** Of the parsed answer, and of where the answer itself is put before it is parsed. The client makes these. */
  constructor(parsed: Promise<T>, arrival: Arrival) {
    // These very functions, and no others around them: by them the engine finds the way from an error to the call.
    super((resolve, reject) => {
      parsed.then(resolve, reject);
    });
    this.#arrival = arrival;
  }

  /** What `then` makes is an ordinary promise. */
  static override get [Symbol.species](): PromiseConstructor {
    return Promise;
  }

  /** The parsed answer together with status, headers, request id and the number of retries. */
  async withResponse(): Promise<APIResponse<T>> {
    const data = await this;
    return new CoreResponse(arrived(this.#arrival), data);
  }

  /** The answer as `fetch` would hand it over: its body is not parsed. An error status throws, as it does everywhere. */
  async asResponse(): Promise<Response> {
    try {
      await this;
    } catch (error) {
      // That it cannot be parsed is of no interest here.
      if (this.#arrival.answer === undefined) throw error;
    }
    return responseOf(arrived(this.#arrival));
  }
}

function arrived({ answer }: Arrival): NativeAnswer {
  if (answer === undefined) throw new AgentPlatformError("this promise was not made by a client");
  return answer;
}
