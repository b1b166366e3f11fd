// What the generated client stands on: a call, a list, a stream.

import { type Operation, sortArguments } from "./arguments";
import { AgentPlatformError, CallSite, abortError, errorFrom } from "./error";
import { parse } from "./json";
import { type NativeAnswer, type NativeClient, type NativeOutcome, native } from "./native";
import { type ClientOptions, type RequestOptions, nativeOptions, nativeSettings } from "./options";
import { type PageData, PagePromise } from "./page";
import { APIPromise, CoreResponse } from "./promise";
import { EventStream, type StreamEvent } from "./stream";

/** The hand-written half of `AgentPlatformClient`. */
export abstract class BaseClient {
  // Private to the engine, so that nothing which prints a client can print its key; the key itself is in the core only.
  readonly #native: NativeClient;

  /** @throws AgentPlatformError when a setting is not usable; the message names it. */
  constructor(options: ClientOptions = {}) {
    const settings = nativeSettings(options);
    try {
      this.#native = new native.NativeClient(settings);
    } catch (error) {
      throw new AgentPlatformError(error instanceof Error ? error.message : String(error));
    }
  }

  /** Calls an operation that answers JSON, nothing, or a file. */
  protected call<T>(operation: Operation, params: object, options?: RequestOptions): APIPromise<T> {
    return new APIPromise(this.#respond<T>(operation, params, options));
  }

  /** Calls an operation that answers a page of a list. */
  protected list<T>(operation: Operation, params: object, options?: RequestOptions): PagePromise<T> {
    return new PagePromise(this.#respond<PageData<T>>(operation, params, options), (cursor) =>
      this.list<T>(operation, { ...params, cursor }, options),
    );
  }

  /** Calls an operation that answers events. */
  protected stream<Event extends StreamEvent, Response>(
    operation: Operation,
    params: object,
    options?: RequestOptions,
  ): EventStream<Event, Response> {
    return new EventStream(
      () => this.#native.stream(operation.id, sortArguments(operation, params), nativeOptions(options)),
      options?.signal,
    );
  }

  async #respond<T>(operation: Operation, params: object, options?: RequestOptions): Promise<CoreResponse<T>> {
    const site = new CallSite(this.#respond);
    const { answer, failure } = await this.#outcome(operation, params, options);
    if (failure !== undefined) throw errorFrom(failure, site);
    // Without either it was cancelled, which only the signal does.
    if (answer === undefined) throw site.of(abortError(options?.signal));
    return new CoreResponse(answer, valueOf(answer) as T);
  }

  async #outcome(operation: Operation, params: object, options?: RequestOptions): Promise<NativeOutcome> {
    const sorted = sortArguments(operation, params);
    const settings = nativeOptions(options);
    const signal = options?.signal;
    if (!signal) return this.#native.call(operation.id, sorted, settings);
    if (signal.aborted) return {};
    const cancellation = new native.Cancellation();
    const cancel = (): void => {
      cancellation.cancel();
    };
    signal.addEventListener("abort", cancel, { once: true });
    try {
      return await this.#native.call(operation.id, sorted, settings, cancellation);
    } finally {
      // A signal may outlive thousands of calls.
      signal.removeEventListener("abort", cancel);
    }
  }
}

function valueOf(answer: NativeAnswer): unknown {
  return answer.text === undefined ? answer.bytes : parse(answer.text);
}
