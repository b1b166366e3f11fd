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
export type { ClientOptions, HeadersLike, QueryLike, RequestOptions } from "./options";
export { Page, PagePromise } from "./page";
export { APIPromise, type APIResponse } from "./promise";
export { EventStream, type StreamEvent } from "./stream";
