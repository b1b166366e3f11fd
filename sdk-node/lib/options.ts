// What can be set for a client and for a call, and how it crosses to the core.

import { AgentPlatformError } from "./error";
import { refuseUnknown } from "./names";
import type { NativeOptions, NativeSettings } from "./native";
import { addQuery } from "./query";
import { inheritedTrace, traceHeaders } from "./trace";

/** Headers as a plain object, a `Headers`, or pairs. */
export type HeadersLike = Record<string, string> | Iterable<readonly [string, string]>;

/** Query parameters; `null` and `undefined` are left out, an array is the same name several times. */
export type QueryLike = Record<string, QueryValue | readonly QueryValue[]>;

/** The value of a query parameter; a `Date` is sent as RFC 3339. */
export type QueryValue = string | number | boolean | Date | null | undefined;

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
  /**
   * Whether retries are bounded over all calls of the client (`true`), so that a server in trouble is not given up to
   * `maxRetries` times the load.
   */
  retryBudget?: boolean | undefined;
  /** Headers for every request. */
  defaultHeaders?: HeadersLike | undefined;
  /** A proxy for every request, `http://user:password@proxy:3128`; by default `HTTPS_PROXY`, `NO_PROXY`, … hold. */
  proxy?: string | undefined;
  /** A PEM file of certificate authorities to trust beside those of the system. */
  caBundle?: string | undefined;
}

/** What can be set for all calls that are made through `client.withOptions()`. */
export interface SharedOptions {
  /** The longest an attempt may take, or a stream be silent, in milliseconds; `null` for no limit. */
  timeout?: number | null | undefined;
  /** How many times a failed attempt is repeated; 0 means never. */
  maxRetries?: number | undefined;
  /** Further headers. */
  headers?: HeadersLike | undefined;
  /** Further query parameters. */
  query?: QueryLike | undefined;
}

/** What can be set for one call. */
export interface RequestOptions extends SharedOptions {
  /** Ends the call, or the stream, with an `APIUserAbortError`. */
  signal?: AbortSignal | null | undefined;
  /**
   * In place of the key that is made for each POST, PATCH and DELETE. With a key of your own a call can be repeated
   * after the process was restarted, and is still done only once.
   */
  idempotencyKey?: string | undefined;
}

const CLIENT: Record<keyof ClientOptions, true> = {
  apiKey: true,
  baseURL: true,
  timeout: true,
  maxRetries: true,
  retryBudget: true,
  defaultHeaders: true,
  proxy: true,
  caBundle: true,
};
const SHARED: Record<keyof SharedOptions, true> = { timeout: true, maxRetries: true, headers: true, query: true };
const REQUEST: Record<keyof RequestOptions, true> = { ...SHARED, signal: true, idempotencyKey: true };

/** The names of what can be set for a call. */
export const REQUEST_OPTIONS: readonly string[] = Object.keys(REQUEST);

/** How a client is set up, for the core. */
export function nativeSettings(options: ClientOptions): NativeSettings {
  checkNames(options, Object.keys(CLIENT), "new AgentPlatformClient");
  const { defaultHeaders, timeout, maxRetries, retryBudget } = options;
  const settings: NativeSettings = {
    // What is given holds over what is inherited.
    defaultHeaders: [...(inheritedTrace() ?? []), ...(defaultHeaders === undefined ? [] : headerPairs(defaultHeaders, "defaultHeaders"))],
    userAgentSuffix: `node/${process.versions.node}`,
  };
  // Read here too: in a worker thread `process.env` is a copy that the core does not see.
  const apiKey = text(options.apiKey, "apiKey") ?? process.env.AGENT_PLATFORM_API_KEY;
  const baseURL = text(options.baseURL, "baseURL") ?? process.env.AGENT_PLATFORM_BASE_URL;
  const proxy = text(options.proxy, "proxy");
  const caBundle = text(options.caBundle, "caBundle");
  if (apiKey !== undefined) settings.apiKey = apiKey;
  if (baseURL !== undefined) settings.baseUrl = baseURL;
  if (timeout !== undefined) settings.timeout = milliseconds(timeout);
  if (maxRetries !== undefined) settings.maxRetries = count(maxRetries);
  if (retryBudget !== undefined) settings.retryBudget = flag(retryBudget, "retryBudget");
  if (proxy !== undefined) settings.proxy = proxy;
  if (caBundle !== undefined) settings.caBundle = caBundle;
  return settings;
}

/** The options of a call, for the core. `method` is whose they are. */
export function nativeOptions(options: RequestOptions | undefined, method: string): NativeOptions | undefined {
  const trace = traceHeaders();
  if (options === undefined) return trace && { headers: trace };
  checkNames(options, REQUEST_OPTIONS, `the second argument of ${method}`);
  const native = shared(options);
  const idempotencyKey = text(options.idempotencyKey, "idempotencyKey");
  if (idempotencyKey !== undefined) native.idempotencyKey = idempotencyKey;
  // Before the caller's own, which hold over them.
  if (trace !== undefined) native.headers = [...trace, ...(native.headers ?? [])];
  return native;
}

/** The options of `withOptions`, for the core. */
export function sharedOptions(options: SharedOptions): NativeOptions {
  checkNames(options, Object.keys(SHARED), "withOptions");
  return shared(options);
}

function shared({ timeout, maxRetries, headers, query }: SharedOptions): NativeOptions {
  const native: NativeOptions = {};
  if (timeout !== undefined) native.timeout = milliseconds(timeout);
  if (maxRetries !== undefined) native.maxRetries = count(maxRetries);
  if (headers !== undefined) native.headers = headerPairs(headers, "headers");
  if (query !== undefined) native.query = queryPairs(query);
  return native;
}

function checkNames(options: unknown, known: readonly string[], whose: string): void {
  if (typeof options !== "object" || options === null) {
    const given = options === null ? "null" : `a ${typeof options}`;
    throw new AgentPlatformError(`${whose} takes its options as one object, not as ${given}`);
  }
  refuseUnknown(options, known, (name) => `${whose} has no option ${name}`);
}

function queryPairs(query: QueryLike): string[] {
  const pairs: string[] = [];
  for (const [name, value] of Object.entries(query)) addQuery(pairs, name, value);
  return pairs;
}

function headerPairs(headers: HeadersLike, option: string): string[] {
  if (typeof headers !== "object" || (headers as unknown) === null) {
    // Only of what type it is: a header given as text may hold a credential.
    throw new AgentPlatformError(`${option} is an object, a Headers or a list of pairs, not ${kind(headers)}`);
  }
  const pairs: string[] = [];
  const entries: Iterable<unknown> = Symbol.iterator in headers ? headers : Object.entries(headers);
  for (const entry of entries) {
    const [name, value] = pair(entry, option);
    if (typeof value !== "string") {
      throw new AgentPlatformError(`the header ${name} of ${option} is a string, not ${value === null ? "null" : typeof value}`);
    }
    pairs.push(name, value);
  }
  return pairs;
}

/** A string is no pair, though it could be taken apart like one: it would be sent as a header of a single letter. */
function pair(entry: unknown, option: string): [string, unknown] {
  if (Array.isArray(entry) && entry.length === 2 && typeof entry[0] === "string") return [entry[0], entry[1]];
  throw new AgentPlatformError(`${option} is a list of pairs of a name and a value, and has something else in it`);
}

function kind(value: unknown): string {
  return value === null ? "null" : `of type ${typeof value}`;
}

function text(value: unknown, option: string): string | undefined {
  if (value === undefined || typeof value === "string") return value;
  throw new AgentPlatformError(`${option} is a string, not ${kind(value)}`);
}

function flag(value: unknown, option: string): boolean {
  if (typeof value === "boolean") return value;
  throw new AgentPlatformError(`${option} is true or false, not ${String(value)}`);
}

function milliseconds(timeout: number | null): number {
  if (timeout === null) return Infinity;
  if (typeof timeout === "number" && timeout > 0) return timeout;
  throw new AgentPlatformError(`timeout is a number of milliseconds above 0, or null for none, not ${String(timeout)}`);
}

/** More than the core can count is as good as without end. */
const MOST_RETRIES = 0xffff_ffff;

function count(maxRetries: number): number {
  if (Number.isInteger(maxRetries) && maxRetries >= 0) return Math.min(maxRetries, MOST_RETRIES);
  throw new AgentPlatformError(`maxRetries is a whole number from 0, not ${String(maxRetries)}`);
}
