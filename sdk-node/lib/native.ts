// Finds and loads the native module, and says what its functions are (src/*.rs).

import { AgentPlatformError } from "./error";

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

/** The Rust client. */
export interface NativeClient {
  call(
    operation: string,
    params: NativeArguments,
    options?: NativeOptions,
    cancellation?: NativeCancellation,
  ): Promise<NativeOutcome>;
  stream(operation: string, params: NativeArguments, options?: NativeOptions): NativeStream;
  withOptions(options: NativeOptions): NativeClient;
  readonly baseUrl: string;
}

/** The events of one execution. */
export interface NativeStream {
  opened(): Promise<{ head?: NativeHead; failure?: NativeFailure }>;
  nextBatch(): Promise<{ events?: string; rejoins?: number; requestId?: string; failure?: NativeFailure }>;
  lastBatch(): { id: string; event: string; data: string }[];
  finalResponse(): Promise<{ response?: string; failure?: NativeFailure }>;
  close(): void;
}

interface NativeModule {
  NativeClient: new (settings: NativeSettings) => NativeClient;
  Cancellation: new () => NativeCancellation;
  /** The program `agent-platform-cli`; its exit status. */
  runCli(args: string[]): Promise<number>;
  /** The version of the package that it was built for. */
  version(): string;
}

/** Which builds may run here, the likelier first: to ask for the libc takes longer than to try. */
export function targets(platform: string, arch: string): string[] {
  switch (platform) {
    case "linux":
      return [`linux-${arch}-gnu`, `linux-${arch}-musl`];
    case "win32":
      return [`win32-${arch}-msvc`];
    default:
      return [`${platform}-${arch}`];
  }
}

/** The libc of this process, for the one who has to be told which package is missing. */
function target(): string {
  const [gnu, musl] = targets(process.platform, process.arch);
  if (process.platform !== "linux" || gnu === undefined || musl === undefined) return gnu ?? "unknown";
  const report = process.report.getReport() as { header?: { glibcVersionRuntime?: string } };
  return report.header?.glibcVersionRuntime === undefined ? musl : gnu;
}

function load(): NativeModule {
  const failures: unknown[] = [];
  for (const name of targets(process.platform, process.arch)) {
    // Beside this file in a checkout and in a package made by `npm pack`; a package of its own in a release.
    for (const path of [`../agent-platform-sdk.${name}.node`, `agent-platform-sdk-${name}`]) {
      try {
        // eslint-disable-next-line @typescript-eslint/no-require-imports -- import() would make loading asynchronous
        return require(path) as NativeModule;
      } catch (error) {
        // What is there and does not load tells more than what is not there.
        if (isMissing(error)) failures.push(error);
        else failures.unshift(error);
      }
    }
  }
  throw notLoaded(failures[0]);
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "MODULE_NOT_FOUND";
}

function notLoaded(cause: unknown): AgentPlatformError {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- read only here, where it is needed
  const { version } = require("../package.json") as { version: string };
  const name = `agent-platform-sdk-${target()}`;
  const why = isMissing(cause)
    ? "it is not installed; npm leaves it out with --omit=optional, or when node_modules or package-lock.json came from another platform"
    : `it does not load: ${cause instanceof Error ? cause.message : String(cause)}`;
  return new AgentPlatformError(
    `agent-platform-sdk has no native module for ${process.platform}-${process.arch} (Node ${process.version}). ` +
      `It comes in the package ${name}, and ${why}. Install it with: npm install ${name}@${version}`,
    { cause },
  );
}

/** The native module. */
export const native: NativeModule = load();
