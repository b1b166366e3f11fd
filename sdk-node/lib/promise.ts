// What a call returns: a promise of the parsed answer that can also hand out what is not in its body.

import type { NativeAnswer } from "./native";

/** An answer with what is not in its body. */
export interface APIResponse<T> {
  /** What the promise itself resolves to. */
  readonly data: T;
  /** The HTTP status. */
  readonly status_code: number;
  /** The headers. */
  readonly headers: Headers;
  /** The request's id, to be named when asking the operator. */
  readonly request_id: string | undefined;
  /** How many attempts failed before this answer. */
  readonly retries_taken: number;
}

/** An answer as the core hands it over, with what was made of its body. */
export class CoreResponse<T> implements APIResponse<T> {
  readonly #answer: NativeAnswer;

  constructor(
    answer: NativeAnswer,
    readonly data: T,
  ) {
    this.#answer = answer;
  }

  get status_code(): number {
    return this.#answer.status;
  }

  get headers(): Headers {
    const lines = this.#answer.headers.split("\n").filter((line) => line !== "");
    return new Headers(
      lines.map((line): [string, string] => {
        const colon = line.indexOf(": ");
        return [line.slice(0, colon), line.slice(colon + 2)];
      }),
    );
  }

  get request_id(): string | undefined {
    return this.#answer.requestId;
  }

  get retries_taken(): number {
    return this.#answer.retriesTaken;
  }

  /** The same answer, of which something else was made. */
  map<U>(make: (data: T) => U): CoreResponse<U> {
    return new CoreResponse(this.#answer, make(this.data));
  }
}

/** A promise of the parsed answer. */
export class APIPromise<T> extends Promise<T> {
  readonly #response: Promise<APIResponse<T>>;

  constructor(response: Promise<APIResponse<T>>) {
    super((resolve, reject) => {
      response.then((answer) => {
        resolve(answer.data);
      }, reject);
    });
    this.#response = response;
  }

  /** What `then` makes is an ordinary promise. */
  static override get [Symbol.species](): PromiseConstructor {
    return Promise;
  }

  /** The parsed answer together with status, headers, request id and the number of retries. */
  withResponse(): Promise<APIResponse<T>> {
    // Whoever asks for the whole answer need not handle the promise of the data as well.
    this.catch(() => undefined);
    return this.#response;
  }
}
