// Loads the native module, and says what its functions are (src/*.rs).

import { AgentPlatformError } from "./error";
import { type Attempt, type Manifest, explain, isMissing, mismatch, packageOf, targets, thisPlatform } from "./platform";

/** What a call came to: an answer, a failure, or neither when it was cancelled. */
export interface NativeOutcome {
  answer?: NativeAnswer;
  failure?: NativeFailure;
}

/** What an answer tells besides its body. */
export interface NativeHead {
  status: number;
  /** A line each. */
  headers: string;
  requestId?: string;
  retriesTaken: number;
}

/** A successful answer; `text` for JSON, `bytes` for a file, neither for 204. */
export interface NativeAnswer {
  head: NativeHead;
  text?: string;
  bytes?: Uint8Array;
}

/** An error, as plain values. */
export interface NativeFailure {
  className: string;
  message: string;
  statusCode?: number;
  code?: string;
  detail?: string;
  requestId?: string;
  retryAfter?: number;
  body?: string;
  partialText?: string;
  lastEventId?: string;
  /** Outermost first; `Error` for those from below the core. */
  causes: NativeFailure[];
}

/** The arguments of a call, sorted by where they go. Names and values of query and headers stand in turn. */
export interface NativeArguments {
  path: string[];
  query: string[];
  headers: string[];
  body?: string;
}

/** What may be set for one call. `timeout` is in milliseconds, and infinite for none. */
export interface NativeOptions {
  timeout?: number;
  maxRetries?: number;
  headers?: string[];
  query?: string[];
  idempotencyKey?: string;
}

/** How a client is set up. */
export interface NativeSettings {
  apiKey?: string;
  baseUrl?: string;
  timeout?: number;
  maxRetries?: number;
  defaultHeaders: string[];
  proxy?: string;
  caBundle?: string;
  userAgentSuffix: string;
  retryBudget?: boolean;
}

/** Stops the call that it was given to. */
export interface NativeCancellation {
  cancel(): void;
}

/** Where results go; what it is stays in the module. */
export type NativeMailbox = object;

/** The Rust client. What it is asked for goes to a mailbox, under a ticket. */
export interface NativeClient {
  /** A `NativeOutcome`. */
  call(
    mailbox: NativeMailbox,
    ticket: number,
    operation: string,
    params: NativeArguments,
    options?: NativeOptions,
    cancellation?: NativeCancellation,
  ): void;
  stream(operation: string, params: NativeArguments, options?: NativeOptions): NativeStream;
  withOptions(options: NativeOptions): NativeClient;
  readonly baseUrl: string;
}

/** What `opened` came to. */
export interface NativeOpened {
  head?: NativeHead;
  failure?: NativeFailure;
}

/** What `nextBatch` came to. */
export interface NativeBatch {
  events?: string;
  rejoins?: number;
  requestId?: string;
  failure?: NativeFailure;
}

/** What `finalResponse` came to. */
export interface NativeFinal {
  response?: string;
  failure?: NativeFailure;
}

/** The events of one execution. */
export interface NativeStream {
  /** A `NativeOpened`. */
  opened(mailbox: NativeMailbox, ticket: number): void;
  /** A `NativeBatch`. */
  nextBatch(mailbox: NativeMailbox, ticket: number): void;
  /** A `NativeFinal`. */
  finalResponse(mailbox: NativeMailbox, ticket: number): void;
  lastBatch(): { id: string; event: string; data: string }[];
  close(): void;
}

interface NativeModule {
  NativeClient: new (settings: NativeSettings) => NativeClient;
  Cancellation: new () => NativeCancellation;
  /** `settle` gets tickets and the result of each, in the same order. */
  Mailbox: new (settle: (tickets: number[], results: unknown[]) => void) => NativeMailbox;
  /** The program `agent-platform-cli`: its exit status. */
  runCli(mailbox: NativeMailbox, ticket: number, args: string[]): void;
  /** The version of the package that it was built for. */
  version(): string;
}

function load(): NativeModule {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- outside of lib, where the compiler has no say
  const manifest = require("../package.json") as Manifest;
  const attempts: Attempt[] = [];
  for (const target of targets(process.platform, process.arch)) {
    // Beside this file in a checkout and in a package made by `npm pack`; a package of its own in a release.
    for (const path of [`../agent-platform-sdk.${target}.node`, packageOf(target)]) {
      let module;
      try {
        // eslint-disable-next-line @typescript-eslint/no-require-imports -- import() would make loading asynchronous
        module = require(path) as NativeModule;
      } catch (error) {
        attempts.push({ target, error });
        continue;
      }
      const wrong = mismatch(target, module, manifest);
      if (wrong === undefined) return module;
      throw new AgentPlatformError(wrong);
    }
  }
  const cause = attempts.find(({ error }) => !isMissing(error));
  throw new AgentPlatformError(explain(thisPlatform(), attempts, manifest), { cause: (cause ?? attempts[0])?.error });
}

/** The native module. */
export const native: NativeModule = load();
