/// <reference lib="esnext.disposable" preserve="true" />
// The events of one execution.

import { abortError, onAbortOf } from "./abort";
import { AgentPlatformError, errorFrom, thrownHere } from "./error";
import { parseEvents } from "./json";
import { result } from "./mailbox";
import type { NativeBatch, NativeFinal, NativeOpened, NativeStream } from "./native";
import { END, reader } from "./reader";
import { CoreHead, type ResponseHead } from "./response";

/** The event that carries the final response, and the one that carries what the agent says. */
const COMPLETED = "execution.completed";
const DELTA = "message.delta";

/** What every event of a stream has. */
export interface StreamEvent {
  /** Which kind of event it is. */
  readonly type: string;
}

/** What the final event of a stream carries. */
export type FinalResponse<Event> = Event extends { type: typeof COMPLETED; response: infer Response } ? Response : never;

/** A stream with what its answer told before the first event. */
export interface StreamResponse<Stream> extends ResponseHead {
  /** The stream. */
  readonly data: Stream;
}

/** How a stream begins: `open` sends the request. */
export interface StreamRequest {
  open: () => NativeStream;
  signal?: AbortSignal;
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
 * A connection that is cut is made again, and goes on after the last event that arrived. A later version of the server
 * may send events of types that are not known here: leave them be.
 *
 * The request keeps the program alive until the answer begins, and so does who waits for an event; a stream that nobody
 * reads does not.
 */
export class EventStream<Event extends StreamEvent, Response = FinalResponse<Event>>
  implements AsyncIterable<Event>, AsyncDisposable
{
  readonly #native: NativeStream | undefined;
  /** The head of the answer, once that is there. */
  #head: CoreHead | undefined;
  readonly #opening: Promise<void>;
  #rejoined: { rejoins: number; requestId: string | undefined } | undefined;
  /** What has arrived, and how much of it was read. */
  #batch: readonly Event[] = [];
  #position = 0;
  #last: Event | undefined;
  /** What is wrong with the event after those. */
  #broken: AgentPlatformError | undefined;
  #ended = false;
  /** Why nothing more can be read. */
  #failure: AgentPlatformError | undefined;
  /** Why the execution has no final response, although its events came to their end. */
  #outcome: AgentPlatformError | undefined;
  #reading: Promise<boolean> | undefined;
  /** Readers that wait get their events in the order in which they asked. */
  #turn: Promise<void> = Promise.resolve();
  #waiting = 0;
  #letGo: (() => void) | undefined;

  /** The client makes these. */
  constructor(request: () => StreamRequest) {
    try {
      const { open, signal } = request();
      if (signal?.aborted === true) {
        this.#fail(abortError(signal));
      } else {
        this.#native = open();
        if (signal !== undefined) {
          this.#letGo = onAbortOf(signal, this, (stream) => {
            stream.#fail(abortError(signal));
          });
        }
      }
    } catch (error) {
      // Thrown where the stream is read, as what the server refuses is.
      this.#failure = asError(error);
    }
    this.#opening = this.#open();
  }

  /** The HTTP status; `undefined` before the answer begins. */
  get status_code(): number | undefined {
    return this.#head?.status_code;
  }

  /** The headers of the answer; `undefined` before it begins. */
  get headers(): Headers | undefined {
    return this.#head?.headers;
  }

  /** The id of the newest request for it, to be named when asking the operator; `undefined` before the answer begins. */
  get request_id(): string | undefined {
    return this.#rejoined?.requestId ?? this.#head?.request_id;
  }

  /** How many attempts failed before the answer began. */
  get retries_taken(): number {
    return this.#head?.retries_taken ?? 0;
  }

  /** How often the connection was cut and made anew. */
  get rejoins(): number {
    return this.#rejoined?.rejoins ?? 0;
  }

  /** Waits until the answer begins: the stream together with status, headers, request id and number of retries. */
  async withResponse(): Promise<StreamResponse<this>> {
    await this.#opening;
    if (this.#failure !== undefined) throw thrownHere(this.#failure);
    if (this.#head === undefined) throw new AgentPlatformError("the stream was closed before its answer began");
    const { status_code, headers, request_id, retries_taken } = this.#head;
    return { data: this, status_code, headers, request_id, retries_taken };
  }

  /** The events, each once: a loop goes on where another reader has stopped. */
  [Symbol.asyncIterator](): AsyncIterableIterator<Event, undefined, undefined> {
    return reader({ next: () => this.#event(), close: () => { this.close(); } });
  }

  /** Only what the agent says, piece by piece. An execution that failed or was cancelled ends it with an error. */
  get textStream(): AsyncIterableIterator<string, undefined, undefined> {
    return reader({ next: () => this.#text(), close: () => { this.close(); } });
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
    throw thrownHere(this.#outcome ?? new AgentPlatformError("the stream was closed before its final event"));
  }

  /** Closes the connection. Whether the execution goes on is the `on_disconnect` of the request. */
  close(): void {
    this.#ended = true;
    this.#batch = [];
    this.#letGo?.();
    this.#letGo = undefined;
    this.#native?.close();
  }

  /** Closes the connection at the end of a block that says `await using`. */
  [Symbol.asyncDispose](): Promise<void> {
    this.close();
    return Promise.resolve();
  }

  async #open(): Promise<void> {
    try {
      const { head, failure } = this.#native === undefined ? {} : await opened(this.#native);
      if (head !== undefined) this.#head = new CoreHead(head);
      if (failure !== undefined) this.#fail(errorFrom(failure));
    } catch (error) {
      this.#fail(asError(error));
    }
  }

  /** Nothing is left to read then, and nothing for the signal to end. */
  #fail(error: AgentPlatformError): void {
    this.#failure ??= error;
    this.close();
  }

  /** The next event: at once if it is here already and nobody else waits, so that most cost no turn of the queue. */
  #event(): Promise<IteratorResult<Event, undefined>> {
    const event = this.#waiting === 0 ? this.#take() : undefined;
    return event === undefined ? this.#inTurn(() => this.#take()) : Promise.resolve({ done: false, value: event });
  }

  #text(): Promise<IteratorResult<string, undefined>> {
    const text = this.#waiting === 0 ? this.#takeText() : undefined;
    return text === undefined ? this.#textInTurn() : Promise.resolve({ done: false, value: text });
  }

  async #textInTurn(): Promise<IteratorResult<string, undefined>> {
    const result = await this.#inTurn(() => this.#takeText());
    if (result.done === true && this.#outcome !== undefined) throw thrownHere(this.#outcome);
    return result;
  }

  /** Waits until `take` has found something, after all who wait already. */
  async #inTurn<T>(take: () => T | undefined): Promise<IteratorResult<T, undefined>> {
    const before = this.#turn;
    let over: () => void = () => undefined;
    this.#turn = new Promise((resolve) => {
      over = resolve;
    });
    this.#waiting++;
    try {
      await before;
      do {
        const value = take();
        if (value !== undefined) return { done: false, value };
      } while (await this.#read());
      return END;
    } finally {
      this.#waiting--;
      over();
    }
  }

  /** The next event that is here already. */
  #take(): Event | undefined {
    return this.#batch[this.#position++];
  }

  /** The next piece of text that is here already. */
  #takeText(): string | undefined {
    for (let event = this.#take(); event !== undefined; event = this.#take()) {
      const { type, text } = event as StreamEvent & { text?: string };
      if (type === DELTA && text !== undefined) return text;
    }
    return undefined;
  }

  /** Waits for the next batch, which takes the place of the last; readers at the same time share it. */
  async #read(): Promise<boolean> {
    this.#reading ??= this.#next().finally(() => {
      this.#reading = undefined;
    });
    const more = await this.#reading;
    if (!more && this.#failure !== undefined) throw thrownHere(this.#failure);
    return more;
  }

  /** Whether there was another batch. */
  async #next(): Promise<boolean> {
    const native = this.#native;
    if (this.#head === undefined) await this.#opening;
    if (this.#ended || native === undefined) return false;
    if (this.#broken !== undefined) {
      this.#fail(this.#broken);
      return false;
    }
    try {
      const { events, rejoins, requestId, failure } = await nextBatch(native);
      if (rejoins !== undefined) this.#rejoined = { rejoins, requestId };
      if (failure !== undefined) this.#fail(errorFrom(failure));
      if (this.#isClosed()) return false;
      if (events === undefined) {
        await this.#conclude(native);
        return false;
      }
      const parsed = parseEvents(events, () => native.lastBatch());
      this.#broken = parsed.failure;
      this.#batch = parsed.events as Event[];
      this.#position = 0;
      this.#last = this.#batch.at(-1);
      return true;
    } catch (error) {
      this.#fail(asError(error));
      return false;
    }
  }

  /** After the last event: how did the execution end, if not well? The core knows which error that is. */
  async #conclude(native: NativeStream): Promise<void> {
    if (this.#last?.type !== COMPLETED) {
      const { failure } = await finalResponse(native);
      if (failure !== undefined) this.#outcome = errorFrom(failure);
    }
    this.close();
  }

  /** A method, since the compiler takes a field that was checked before an `await` to be still the same after it. */
  #isClosed(): boolean {
    return this.#ended;
  }
}

function opened(native: NativeStream): Promise<NativeOpened> {
  return result((mailbox, ticket) => {
    native.opened(mailbox, ticket);
  });
}

function nextBatch(native: NativeStream): Promise<NativeBatch> {
  return result((mailbox, ticket) => {
    native.nextBatch(mailbox, ticket);
  });
}

function finalResponse(native: NativeStream): Promise<NativeFinal> {
  return result((mailbox, ticket) => {
    native.finalResponse(mailbox, ticket);
  });
}

/** An error of this package, whatever was thrown. */
function asError(error: unknown): AgentPlatformError {
  return error instanceof AgentPlatformError ? error : new AgentPlatformError(String(error), { cause: error });
}
