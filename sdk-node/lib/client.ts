// What the generated client stands on: a call, a list, a stream.

import { abortError, onAbort, signalOf } from "./abort";
import { type Operation, method, sortArguments } from "./arguments";
import { AgentPlatformError, errorFrom } from "./error";
import { parseAnswer } from "./json";
import { result } from "./mailbox";
import {
  type NativeAnswer,
  type NativeCancellation,
  type NativeClient,
  type NativeOutcome,
  type NativeStream,
  native,
} from "./native";
import {
  type ClientOptions,
  type RequestOptions,
  type SharedOptions,
  nativeOptions,
  nativeSettings,
  sharedOptions,
} from "./options";
import { Page, type PageData, PagePromise } from "./page";
import { APIPromise, type Arrival } from "./promise";
import { EventStream, type StreamEvent } from "./stream";

// Not in a field, so that nothing which prints a client can print its key; the key itself is in the core only.
const natives = new WeakMap<BaseClient, NativeClient>();

/** The hand-written half of `AgentPlatformClient`. */
export abstract class BaseClient {
  /** Where the server is, without the last slash. */
  readonly baseURL: string;

  /** @throws AgentPlatformError when a setting is not usable; the message names it. */
  constructor(options: ClientOptions = {}) {
    const settings = nativeSettings(options);
    let client;
    try {
      client = new native.NativeClient(settings);
    } catch (error) {
      throw new AgentPlatformError(error instanceof Error ? error.message : String(error));
    }
    natives.set(this, client);
    this.baseURL = client.baseUrl;
  }

  /**
   * The same client, over the same connections, with other options for the calls that are made through it. What a call
   * is given itself holds over these; headers and query add up.
   *
   * ```ts
   * const patient = client.withOptions({ timeout: 300_000, maxRetries: 5 });
   * ```
   */
  withOptions(options: SharedOptions): this {
    const shared = nativeOf(this).withOptions(sharedOptions(options));
    const client = Object.create(Object.getPrototypeOf(this) as object, Object.getOwnPropertyDescriptors(this)) as this;
    natives.set(client, shared);
    return client;
  }

  /** Calls an operation that answers JSON, nothing, or a file. */
  protected call<T>(operation: Operation, params: object, options?: RequestOptions): APIPromise<T> {
    const arrival: Arrival = {};
    return new APIPromise(respond(nativeOf(this), arrival, operation, params, options, (answer) => valueOf(answer) as T), arrival);
  }

  /** Calls an operation that answers a page of a list. */
  protected list<T>(operation: Operation, params: object, options?: RequestOptions): PagePromise<T> {
    const arrival: Arrival = {};
    const next = (cursor: string): PagePromise<T> => this.list(operation, { ...params, cursor }, options);
    const page = (answer: NativeAnswer): Page<T> => new Page(pageOf<T>(answer), next, (params as { cursor?: string | null }).cursor);
    return new PagePromise(respond(nativeOf(this), arrival, operation, params, options, page), arrival);
  }

  /** Calls an operation that answers events. */
  protected stream<Event extends StreamEvent, Response>(
    operation: Operation,
    params: object,
    options?: RequestOptions,
  ): EventStream<Event, Response> {
    return new EventStream(() => {
      const sorted = sortArguments(operation, params);
      const settings = nativeOptions(options, method(operation));
      const signal = signalOf(options?.signal);
      const open = (): NativeStream => nativeOf(this).stream(operation.id, sorted, settings);
      return signal === undefined ? { open } : { open, signal };
    });
  }
}

/** Not a private method: what `withOptions` makes has not been through the constructor. */
function nativeOf(client: BaseClient): NativeClient {
  const found = natives.get(client);
  if (found === undefined) throw new AgentPlatformError("a method of the client was called on something else");
  return found;
}

/** What is made of the answer of an operation. */
async function respond<T>(
  client: NativeClient,
  arrival: Arrival,
  operation: Operation,
  params: object,
  options: RequestOptions | undefined,
  make: (answer: NativeAnswer) => T,
): Promise<T> {
  const sorted = sortArguments(operation, params);
  const settings = nativeOptions(options, method(operation));
  const signal = signalOf(options?.signal);
  if (signal?.aborted === true) throw abortError(signal);
  const call = (cancellation?: NativeCancellation): Promise<NativeOutcome> =>
    result((mailbox, ticket) => {
      client.call(mailbox, ticket, operation.id, sorted, settings, cancellation);
    });
  const { answer, failure } = await (signal === undefined ? call() : untilAborted(signal, call));
  if (failure !== undefined) throw errorFrom(failure);
  // Without either it was cancelled, which only the signal does.
  if (answer === undefined) throw abortError(signal);
  arrival.answer = answer;
  return make(answer);
}

async function untilAborted(
  signal: AbortSignal,
  call: (cancellation: NativeCancellation) => Promise<NativeOutcome>,
): Promise<NativeOutcome> {
  const cancellation = new native.Cancellation();
  const letGo = onAbort(signal, () => {
    cancellation.cancel();
  });
  try {
    return await call(cancellation);
  } finally {
    letGo();
  }
}

function valueOf(answer: NativeAnswer): unknown {
  return answer.text === undefined ? answer.bytes : parseAnswer(answer.text, answer.head);
}

function pageOf<T>(answer: NativeAnswer): PageData<T> {
  const page = valueOf(answer) as PageData<T>;
  const missing = !Array.isArray(page.data) ? "data" : typeof page.has_more !== "boolean" ? "has_more" : undefined;
  if (missing === undefined) return page;
  const { requestId } = answer.head;
  throw new AgentPlatformError(`the server's answer is no page of a list: it has no proper ${missing}`, { request_id: requestId });
}
