// What can be set for a client and for a call, and how it crosses to the core.

import { AgentPlatformError } from "./error";
import type { NativeOptions, NativeSettings } from "./native";

/** Headers as a plain object, a `Headers`, or pairs. */
export type HeadersLike = Record<string, string> | Iterable<readonly [string, string]>;

/** Query parameters; `null` and `undefined` are left out, an array is the same name several times. */
export type QueryLike = Record<string, QueryValue | readonly QueryValue[]>;

type QueryValue = string | number | boolean | Date | null | undefined;

/** How a client is set up. */
export interface ClientOptions {
  /** The API key, `pk_live_…` or `pk_test_…`; by default the environment's `AGENT_PLATFORM_API_KEY`. */
  apiKey?: string | undefined;
  /** Where the server is; by default `AGENT_PLATFORM_BASE_URL`, or else `http://localhost:8000`. */
  baseURL?: string | undefined;
  /**
   * The longest an attempt may take, body included, and the longest silence on a stream, in milliseconds; `null` for
   * no limit. By default 60,000, an execution 600,000, a stream's silence 120,000.
   */
  timeout?: number | null | undefined;
  /** How many times a failed attempt is repeated (2); 0 means never. */
  maxRetries?: number | undefined;
  /** Headers for every request. */
  defaultHeaders?: HeadersLike | undefined;
  /** A proxy for every request, `http://user:password@proxy:3128`; by default `HTTPS_PROXY`, `NO_PROXY`, … hold. */
  proxy?: string | undefined;
  /** A PEM file of certificate authorities to trust beside those of the system. */
  caBundle?: string | undefined;
}

/** What can be set for one call. */
export interface RequestOptions {
  /** Ends the call, or the stream, with an `APIUserAbortError`. */
  signal?: AbortSignal | null | undefined;
  /** The longest an attempt may take, or a stream be silent, in milliseconds; `null` for no limit. */
  timeout?: number | null | undefined;
  /** How many times a failed attempt is repeated; 0 means never. */
  maxRetries?: number | undefined;
  /** Further headers. */
  headers?: HeadersLike | undefined;
  /** Further query parameters. */
  query?: QueryLike | undefined;
  /**
   * In place of the key that is made for each POST, PATCH and DELETE. With a key of your own a call can be repeated
   * after the process was restarted, and is done only once by a server that keeps its answers.
   */
  idempotencyKey?: string | undefined;
}

export function nativeSettings(options: ClientOptions): NativeSettings {
  const settings: NativeSettings = {
    defaultHeaders: headerPairs(options.defaultHeaders ?? {}),
    userAgentSuffix: `node/${process.versions.node}`,
  };
  // Read here too: in a worker thread `process.env` is a copy that the core does not see.
  const apiKey = options.apiKey ?? process.env.AGENT_PLATFORM_API_KEY;
  const baseURL = options.baseURL ?? process.env.AGENT_PLATFORM_BASE_URL;
  if (apiKey !== undefined) settings.apiKey = apiKey;
  if (baseURL !== undefined) settings.baseUrl = baseURL;
  if (options.timeout !== undefined) settings.timeout = milliseconds(options.timeout);
  if (options.maxRetries !== undefined) settings.maxRetries = count(options.maxRetries);
  if (options.proxy !== undefined) settings.proxy = options.proxy;
  if (options.caBundle !== undefined) settings.caBundle = options.caBundle;
  return settings;
}

export function nativeOptions(options: RequestOptions | undefined): NativeOptions | undefined {
  if (options === undefined) return undefined;
  const native: NativeOptions = {};
  if (options.timeout !== undefined) native.timeout = milliseconds(options.timeout);
  if (options.maxRetries !== undefined) native.maxRetries = count(options.maxRetries);
  if (options.headers !== undefined) native.headers = headerPairs(options.headers);
  if (options.query !== undefined) native.query = queryPairs(options.query);
  if (options.idempotencyKey !== undefined) native.idempotencyKey = options.idempotencyKey;
  return native;
}

/** Adds a value to names and values in turn. */
export function addQuery(pairs: string[], name: string, value: unknown): void {
  if (value === undefined || value === null) return;
  if (Array.isArray(value)) {
    for (const item of value) addQuery(pairs, name, item);
  } else if (value instanceof Date) {
    pairs.push(name, value.toISOString());
  } else if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") {
    pairs.push(name, String(value));
  } else {
    throw new AgentPlatformError(`${name} is sent in the query and cannot be ${typeof value}`);
  }
}

function queryPairs(query: QueryLike): string[] {
  const pairs: string[] = [];
  for (const [name, value] of Object.entries(query)) addQuery(pairs, name, value);
  return pairs;
}

function headerPairs(headers: HeadersLike): string[] {
  const entries = isIterable(headers) ? [...headers] : Object.entries(headers);
  return entries.flat();
}

function isIterable(headers: HeadersLike): headers is Iterable<readonly [string, string]> {
  return Symbol.iterator in headers;
}

function milliseconds(timeout: number | null): number {
  if (timeout === null) return Infinity;
  if (typeof timeout === "number" && timeout > 0) return timeout;
  throw new AgentPlatformError(`timeout is a number of milliseconds above 0, or null for none, not ${String(timeout)}`);
}

function count(maxRetries: number): number {
  if (Number.isInteger(maxRetries) && maxRetries >= 0) return maxRetries;
  throw new AgentPlatformError(`maxRetries is a whole number from 0, not ${String(maxRetries)}`);
}
