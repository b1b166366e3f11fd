// The package's public surface.

export { AgentPlatformClient } from "./generated/client";
export type * from "./generated/types";
export {
  APIConnectionError,
  APIStatusError,
  APITimeoutError,
  APIUserAbortError,
  AgentPlatformError,
  AuthenticationError,
  BadRequestError,
  ConflictError,
  InternalServerError,
  NotFoundError,
  PermissionDeniedError,
  QuotaExceededError,
  RateLimitError,
  StreamInterruptedError,
  UnprocessableEntityError,
} from "./error";
export type { ClientOptions, HeadersLike, QueryLike, QueryValue, RequestOptions, SharedOptions } from "./options";
export { Page, PagePromise } from "./page";
export { APIPromise } from "./promise";
export type { APIResponse, ResponseHead } from "./response";
export { EventStream, type FinalResponse, type StreamEvent, type StreamResponse } from "./stream";
