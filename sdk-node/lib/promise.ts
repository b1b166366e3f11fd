// What a call returns: a promise of the parsed answer that can also hand out what is not in its body.

import type { NativeAnswer } from "./native";
import { type APIResponse, CoreResponse, responseOf } from "./response";

/**
 * A promise of the parsed answer.
 *
 * ```ts
 * const agent = await client.getAgent({ agent_id });
 * const { data, request_id, retries_taken, response } = await client.getAgent({ agent_id }).withResponse();
 * ```
 */
export class APIPromise<T> extends Promise<T> {
  readonly #answer: Promise<NativeAnswer>;

  constructor(answer: Promise<NativeAnswer>, parse: (answer: NativeAnswer) => T) {
    super((resolve, reject) => {
      answer.then((arrived) => {
        try {
          resolve(parse(arrived));
        } catch (error) {
          reject(error);
        }
      }, reject);
    });
    this.#answer = answer;
  }

  /** What `then` makes is an ordinary promise. */
  static override get [Symbol.species](): PromiseConstructor {
    return Promise;
  }

  /** The parsed answer together with status, headers, request id and the number of retries. */
  async withResponse(): Promise<APIResponse<T>> {
    const data = await this;
    return new CoreResponse(await this.#answer, data);
  }

  /** The answer as `fetch` would hand it over: its body is not parsed. An error status throws, as it does everywhere. */
  async asResponse(): Promise<Response> {
    // Whoever asks for the answer as it came need not handle that it has no JSON.
    this.catch(() => undefined);
    return responseOf(await this.#answer);
  }
}
