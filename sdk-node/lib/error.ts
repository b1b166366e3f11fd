// The errors of the client, one class a kind, as a tree: catch as much or as little of it as you want to handle.

import type { NativeFailure } from "./native";

/** What an error knows besides its message. */
export interface ErrorDetails {
  status_code?: number | undefined;
  code?: string | undefined;
  detail?: string | undefined;
  request_id?: string | undefined;
  retry_after?: number | undefined;
  body?: unknown;
  partial_text?: string | undefined;
  last_event_id?: string | undefined;
  cause?: unknown;
}

/** Everything that this package throws. */
export class AgentPlatformError extends Error {
  /** The HTTP status. */
  declare readonly status_code?: number;
  /** The problem's stable word, such as `quota_exceeded`. */
  declare readonly code?: string;
  /** The problem's explanation for people. */
  declare readonly detail?: string;
  /** The request's id, to be named when asking the operator. */
  declare readonly request_id?: string;
  /** Seconds to wait before the call is tried again. */
  declare readonly retry_after?: number;
  /** The whole problem document (RFC 9457), or the text of an answer that is not JSON. */
  declare readonly body?: unknown;

  constructor(message: string, details: ErrorDetails = {}) {
    const { cause, ...known } = details;
    super(message, cause === undefined ? undefined : { cause });
    // Only what is known, so that a printed error shows no row of undefined.
    for (const [name, value] of Object.entries(known)) {
      if (value !== undefined) Object.assign(this, { [name]: value });
    }
  }

  /** What `JSON.stringify` shows: also name and message, which it leaves out of other errors. */
  toJSON(): Record<string, unknown> {
    return { name: this.name, message: this.message, ...Object.fromEntries(Object.entries(this) as [string, unknown][]) };
  }
}

/** There was no connection, or it broke before the answer was complete. */
export class APIConnectionError extends AgentPlatformError {}

/** No complete answer came within the time-out. */
export class APITimeoutError extends APIConnectionError {}

/** A stream ended without its final event. */
export class StreamInterruptedError extends APIConnectionError {
  /** What the agent had said until then. */
  declare readonly partial_text: string;
  /** The id of the last event that arrived. */
  declare readonly last_event_id?: string;
}

/** The call was ended by its `signal`, whose reason is the `cause`. */
export class APIUserAbortError extends AgentPlatformError {}

/** The server answered with an error status, or a stream told that its execution failed. */
export class APIStatusError extends AgentPlatformError {
  declare readonly status_code: number;
}

/** 400: the request could not be read. */
export class BadRequestError extends APIStatusError {}

/** 401: the API key is missing, malformed, unknown or revoked. */
export class AuthenticationError extends APIStatusError {}

/** 403: the API key lacks the scope. */
export class PermissionDeniedError extends APIStatusError {}

/** 404: there is no such thing, or it belongs to another tenant. */
export class NotFoundError extends APIStatusError {}

/** 409: it conflicts with what is there. */
export class ConflictError extends APIStatusError {}

/** 422: a field or a rule is not met; `body.errors` names the fields. */
export class UnprocessableEntityError extends APIStatusError {}

/** 429: too much at once. */
export class RateLimitError extends APIStatusError {}

/** 429 for one of the tenant's quotas; `body` has `quota`, `limit`, `used` and `resets_at`. */
export class QuotaExceededError extends RateLimitError {}

/** 500 and above: the server failed. */
export class InternalServerError extends APIStatusError {}

/** By the name under which the core knows them. */
const CLASSES = {
  AgentPlatformError,
  APIConnectionError,
  APITimeoutError,
  StreamInterruptedError,
  APIUserAbortError,
  APIStatusError,
  BadRequestError,
  AuthenticationError,
  PermissionDeniedError,
  NotFoundError,
  ConflictError,
  UnprocessableEntityError,
  RateLimitError,
  QuotaExceededError,
  InternalServerError,
} as const;

// On the prototype, as the built-in errors have it, so that it is no field of each error and survives a minifier.
for (const [name, constructor] of Object.entries(CLASSES)) {
  Object.defineProperty(constructor.prototype, "name", { value: name, configurable: true, writable: true });
}

/** The error that the core tells of. */
export function errorFrom(failure: NativeFailure): AgentPlatformError {
  const constructor =
    failure.className in CLASSES ? CLASSES[failure.className as keyof typeof CLASSES] : AgentPlatformError;
  return new constructor(failure.message, {
    status_code: failure.statusCode,
    code: failure.code,
    detail: failure.detail,
    request_id: failure.requestId,
    retry_after: failure.retryAfter,
    body: failure.body === undefined ? undefined : (JSON.parse(failure.body) as unknown),
    partial_text: failure.partialText,
    last_event_id: failure.lastEventId,
    cause: failure.causes.reduceRight<Error | undefined>(causeFrom, undefined),
  });
}

/** A cause with what lies behind it: of this package's classes where the core made it, such as the 404 of a rejoin. */
function causeFrom(inner: Error | undefined, failure: NativeFailure): Error {
  const isOurs = failure.className in CLASSES;
  const cause = isOurs ? errorFrom(failure) : new Error(failure.message);
  if (inner !== undefined) Object.defineProperty(cause, "cause", { value: inner, configurable: true, writable: true });
  return cause;
}

/**
 * The error with the stack of where it is thrown. That of a stream comes to be when nobody may be reading; it should
 * lead to who does.
 */
export function thrownHere<E extends Error>(error: E): E {
  const here: { stack?: string } = {};
  Error.captureStackTrace(here, thrownHere);
  const frames = here.stack?.indexOf("\n    at ") ?? -1;
  error.stack = `${error.name}: ${error.message}${frames === -1 ? "" : (here.stack?.slice(frames) ?? "")}`;
  return error;
}
