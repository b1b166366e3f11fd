/// <reference lib="esnext.disposable" preserve="true" />
// The events of one execution.

import { AgentPlatformError, abortError, errorFrom } from "./error";
import { parse } from "./json";
import type { NativeStream } from "./native";

/** The event that carries the final response, and the one that carries what the agent says. */
const COMPLETED = "execution.completed";
const DELTA = "message.delta";

/** What every event of a stream has. */
export interface StreamEvent {
  readonly type: string;
}

/**
 * The events of one execution, as they happen. The request is sent when the stream is made; what goes wrong with it is
 * thrown where the stream is first read. Leaving the loop closes the connection.
 *
 * ```ts
 * for await (const event of client.streamAgent({ agent_id, message: "Hello!" })) {
 *   if (event.type === "message.delta") process.stdout.write(event.text);
 * }
 * ```
 *
 * A later version of the server may send events of types that are not known here: leave them be.
 */
export class EventStream<Event extends StreamEvent, Response> implements AsyncIterable<Event>, AsyncDisposable {
  readonly #native: NativeStream | undefined;
  readonly #signal: AbortSignal | undefined;
  readonly #onAbort: () => void;
  /** What has arrived, and how much of it was read. */
  #batch: readonly Event[] = [];
  #position = 0;
  #last: Event | undefined;
  #ended = false;
  /** Why nothing more can be read. */
  #failure: AgentPlatformError | undefined;
  /** Why the execution has no final response, although its events came to their end. */
  #outcome: AgentPlatformError | undefined;
  #reading: Promise<boolean> | undefined;

  /** `open` sends the request; it is not called when the signal has been used already. */
  constructor(open: () => NativeStream, signal: AbortSignal | null | undefined) {
    this.#signal = signal ?? undefined;
    this.#onAbort = () => {
      if (signal?.aborted === true) this.#failure ??= abortError(signal);
      this.close();
    };
    if (signal?.aborted === true) {
      this.#onAbort();
      return;
    }
    try {
      this.#native = open();
      signal?.addEventListener("abort", this.#onAbort, { once: true });
    } catch (error) {
      // Thrown where the stream is read, as what the server refuses is.
      this.#failure = error instanceof AgentPlatformError ? error : new AgentPlatformError(String(error), { cause: error });
    }
  }

  /** The events, each once: a loop goes on where another reader has stopped. */
  async *[Symbol.asyncIterator](): AsyncGenerator<Event, void, undefined> {
    try {
      do {
        for (let event = this.#take(); event !== undefined; event = this.#take()) yield event;
      } while (await this.#read());
    } finally {
      this.close();
    }
  }

  /** Only what the agent says, piece by piece. An execution that failed or was cancelled ends it with an error. */
  get textStream(): AsyncIterable<string> {
    return this.#text();
  }

  /** Reads what is left and returns the final response. Throws when the execution failed or was cancelled. */
  async finalResponse(): Promise<Response> {
    try {
      while (await this.#read());
    } finally {
      this.close();
    }
    const last = this.#last as (StreamEvent & { response?: Response }) | undefined;
    if (last?.type === COMPLETED && last.response !== undefined) return last.response;
    throw this.#outcome ?? new AgentPlatformError("the stream was closed before its final event");
  }

  /** Closes the connection. Whether the execution goes on is the `on_disconnect` of the request. */
  close(): void {
    this.#ended = true;
    this.#batch = [];
    this.#signal?.removeEventListener("abort", this.#onAbort);
    this.#native?.close();
  }

  /** Closes the connection at the end of a block that says `await using`. */
  [Symbol.asyncDispose](): Promise<void> {
    this.close();
    return Promise.resolve();
  }

  async *#text(): AsyncGenerator<string, void, undefined> {
    for await (const event of this as AsyncIterable<StreamEvent & { text?: string }>) {
      if (event.type === DELTA && event.text !== undefined) yield event.text;
    }
    if (this.#outcome !== undefined) throw this.#outcome;
  }

  /** The next event that is here already. */
  #take(): Event | undefined {
    return this.#batch[this.#position++];
  }

  /** Waits for the next batch, which takes the place of the last; readers at the same time share it. */
  #read(): Promise<boolean> {
    this.#reading ??= this.#next().finally(() => {
      this.#reading = undefined;
    });
    return this.#reading;
  }

  /** Whether there was another batch. */
  async #next(): Promise<boolean> {
    const native = this.#native;
    if (!this.#ended && native !== undefined && this.#failure === undefined) {
      const { events, failure } = await native.nextBatch();
      if (failure !== undefined) this.#failure ??= errorFrom(failure);
      if (events !== undefined && !this.#isClosed()) {
        this.#batch = parse(events) as Event[];
        this.#position = 0;
        this.#last = this.#batch.at(-1);
        return true;
      }
      if (this.#failure === undefined && !this.#isClosed()) await this.#conclude(native);
    }
    if (this.#failure !== undefined) throw this.#failure;
    return false;
  }

  /** After the last event: how did the execution end, if not well? The core knows which error that is. */
  async #conclude(native: NativeStream): Promise<void> {
    if (this.#last?.type !== COMPLETED) {
      const { failure } = await native.finalResponse();
      if (failure !== undefined) this.#outcome = errorFrom(failure);
    }
    this.close();
  }

  /** A method, since the compiler takes a field that was checked before an `await` to be still the same after it. */
  #isClosed(): boolean {
    return this.#ended;
  }
}
