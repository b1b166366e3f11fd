// What an answer tells besides its body.

import type { NativeAnswer, NativeHead } from "./native";

/** What an answer tells besides its body. */
export interface ResponseHead {
  /** The HTTP status. */
  readonly status_code: number;
  /** The headers. */
  readonly headers: Headers;
  /** The request's id, to be named when asking the operator. */
  readonly request_id: string | undefined;
  /** How many attempts failed before this answer. */
  readonly retries_taken: number;
}

/** An answer with what is not in its body. */
export interface APIResponse<T> extends ResponseHead {
  /** What the promise itself resolves to. */
  readonly data: T;
  /** The answer as `fetch` would hand it over, its body unread. */
  readonly response: Response;
}

/** A head as the core hands it over. */
export class CoreHead implements ResponseHead {
  readonly status_code: number;
  readonly request_id: string | undefined;
  readonly retries_taken: number;
  readonly #lines: string;

  constructor(head: NativeHead) {
    this.status_code = head.status;
    this.request_id = head.requestId;
    this.retries_taken = head.retriesTaken;
    this.#lines = head.headers;
  }

  /** Made when it is asked for: to load what Node has for `fetch` takes longer than a call. */
  get headers(): Headers {
    const lines = this.#lines.split("\n").filter((line) => line !== "");
    return new Headers(
      lines.map((line): [string, string] => {
        const colon = line.indexOf(": ");
        return [line.slice(0, colon), line.slice(colon + 2)];
      }),
    );
  }
}

/** An answer as the core hands it over. */
export class CoreResponse<T> extends CoreHead implements APIResponse<T> {
  readonly #answer: NativeAnswer;

  constructor(
    answer: NativeAnswer,
    readonly data: T,
  ) {
    super(answer.head);
    this.#answer = answer;
  }

  get response(): Response {
    return responseOf(this.#answer);
  }
}

/** The answer as `fetch` would hand it over. */
export function responseOf(answer: NativeAnswer): Response {
  // No body, rather than an empty one, is what 204 must have.
  const body = answer.text ?? (answer.bytes as Uint8Array<ArrayBuffer> | undefined) ?? null;
  return new Response(body, { status: answer.head.status, headers: new CoreHead(answer.head).headers });
}
