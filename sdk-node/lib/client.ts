// What the generated client stands on: a call, a list, a stream.

import { abortError, onAbort, signalOf } from "./abort";
import { type Operation, method, sortArguments } from "./arguments";
import { AgentPlatformError, CallSite, errorFrom } from "./error";
import { parseAnswer } from "./json";
import { result } from "./mailbox";
import {
  type NativeAnswer,
  type NativeArguments,
  type NativeClient,
  type NativeOptions,
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
import { APIPromise } from "./promise";
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
    const site = new CallSite();
    const answer = respond(nativeOf(this), site, operation, params, options);
    return new APIPromise(answer, (arrived) => valueOf(arrived, site) as T);
  }

  /** Calls an operation that answers a page of a list. */
  protected list<T>(operation: Operation, params: object, options?: RequestOptions): PagePromise<T> {
    const site = new CallSite();
    const answer = respond(nativeOf(this), site, operation, params, options);
    const next = (cursor: string): PagePromise<T> => this.list(operation, { ...params, cursor }, options);
    return new PagePromise(answer, (arrived) => new Page(pageOf<T>(arrived, site), next));
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

/** What an operation answers. Throws what goes wrong, with the stack of the call. */
async function respond(
  client: NativeClient,
  site: CallSite,
  operation: Operation,
  params: object,
  options?: RequestOptions,
): Promise<NativeAnswer> {
  const sorted = sortArguments(operation, params);
  const settings = nativeOptions(options, method(operation));
  const signal = signalOf(options?.signal);
  const { answer, failure } = await outcome(client, operation, sorted, settings, signal);
  if (failure !== undefined) throw errorFrom(failure, site);
  // Without either it was cancelled, which only the signal does.
  if (answer === undefined) throw site.of(abortError(signal));
  return answer;
}

async function outcome(
  client: NativeClient,
  operation: Operation,
  params: NativeArguments,
  settings: NativeOptions | undefined,
  signal: AbortSignal | undefined,
): Promise<NativeOutcome> {
  if (signal === undefined) {
    return result((ticket) => {
      client.call(ticket, operation.id, params, settings);
    });
  }
  if (signal.aborted) return {};
  const cancellation = new native.Cancellation();
  const letGo = onAbort(signal, () => {
    cancellation.cancel();
  });
  try {
    return await result((ticket) => {
      client.call(ticket, operation.id, params, settings, cancellation);
    });
  } finally {
    letGo();
  }
}

function valueOf(answer: NativeAnswer, site: CallSite): unknown {
  return answer.text === undefined ? answer.bytes : parseAnswer(answer.text, answer.head, site);
}

function pageOf<T>(answer: NativeAnswer, site: CallSite): PageData<T> {
  const page = valueOf(answer, site) as PageData<T>;
  if (Array.isArray(page.data)) return page;
  const { requestId } = answer.head;
  throw site.of(new AgentPlatformError("the server's answer is no page of a list: it has no data", { request_id: requestId }));
}
