// Generated from openapi/openapi.json by `make spec`. Do not edit.

import type { Operation } from "../arguments";
import { BaseClient } from "../client";
import type { RequestOptions } from "../options";
import type { PagePromise } from "../page";
import type { APIPromise } from "../promise";
import type { EventStream } from "../stream";
import type {
  Agent,
  ApiKeySummary,
  AuditEntry,
  CancelExecutionParams,
  Conversation,
  ConversationSummary,
  CreateAgentRequest,
  CreateApiKeyRequest,
  CreateDocumentRequest,
  CreatedApiKey,
  DeleteAgentParams,
  DeleteConversationParams,
  DeleteDocumentParams,
  Document,
  DocumentContent,
  ExecuteAgentParams,
  Execution,
  ExecutionEvent,
  ExecutionResult,
  GetAgentParams,
  GetConversationParams,
  GetDocumentParams,
  GetExecutionParams,
  GetTicketParams,
  GetUsageHistoryParams,
  ListAgentsParams,
  ListApiKeysParams,
  ListAuditEntriesParams,
  ListConversationsParams,
  ListDocumentsParams,
  ListExecutionsParams,
  ListTicketsParams,
  RevokeApiKeyParams,
  RotateApiKeyParams,
  SearchDocumentsParams,
  SearchResults,
  SignUpRequest,
  SignedUp,
  StreamAgentParams,
  StreamExecutionEventsParams,
  Ticket,
  UpdateAgentParams,
  UsageHistory,
  UsageReport,
} from "./types";

const SIGN_UP: Operation = {
  id: "sign_up",
  path: [],
  query: {},
  headers: {},
  body: { email: "string", tier: "string", name: "string | null" },
  required: ["email", "tier"],
};
const LIST_AGENTS: Operation = {
  id: "list_agents",
  path: [],
  query: { limit: "integer", cursor: "string" },
  headers: {},
  required: [],
};
const CREATE_AGENT: Operation = {
  id: "create_agent",
  path: [],
  query: {},
  headers: {},
  body: { name: "string", system_prompt: "string", tools: "string[]", model: "string | null", max_output_tokens: "integer | null", temperature: "number | null", metadata: "object | null" },
  required: ["name", "system_prompt"],
};
const GET_AGENT: Operation = {
  id: "get_agent",
  path: ["agent_id"],
  query: {},
  headers: {},
  required: [],
};
const DELETE_AGENT: Operation = {
  id: "delete_agent",
  path: ["agent_id"],
  query: {},
  headers: {},
  required: [],
};
const UPDATE_AGENT: Operation = {
  id: "update_agent",
  path: ["agent_id"],
  query: {},
  headers: {},
  body: { name: "string", system_prompt: "string", tools: "string[]", model: "string", max_output_tokens: "integer | null", temperature: "number | null", metadata: "object | null" },
  required: [],
};
const EXECUTE_AGENT: Operation = {
  id: "execute_agent",
  path: ["agent_id"],
  query: {},
  headers: {},
  body: { message: "string", conversation_id: "string | null", max_output_tokens: "integer | null", on_disconnect: "string | null", metadata: "object | null" },
  required: ["message"],
};
const STREAM_AGENT: Operation = {
  id: "stream_agent",
  path: ["agent_id"],
  query: {},
  headers: {},
  body: { message: "string", conversation_id: "string | null", max_output_tokens: "integer | null", on_disconnect: "string | null", metadata: "object | null" },
  required: ["message"],
};
const LIST_EXECUTIONS: Operation = {
  id: "list_executions",
  path: [],
  query: { agent_id: "string", status: "string", from: "date", to: "date", limit: "integer", cursor: "string" },
  headers: {},
  required: [],
};
const GET_EXECUTION: Operation = {
  id: "get_execution",
  path: ["execution_id"],
  query: {},
  headers: {},
  required: [],
};
const STREAM_EXECUTION_EVENTS: Operation = {
  id: "stream_execution_events",
  path: ["execution_id"],
  query: {},
  headers: { last_event_id: "string" },
  required: [],
};
const CANCEL_EXECUTION: Operation = {
  id: "cancel_execution",
  path: ["execution_id"],
  query: {},
  headers: {},
  required: [],
};
const LIST_CONVERSATIONS: Operation = {
  id: "list_conversations",
  path: [],
  query: { limit: "integer", cursor: "string" },
  headers: {},
  required: [],
};
const GET_CONVERSATION: Operation = {
  id: "get_conversation",
  path: ["conversation_id"],
  query: {},
  headers: {},
  required: [],
};
const DELETE_CONVERSATION: Operation = {
  id: "delete_conversation",
  path: ["conversation_id"],
  query: {},
  headers: {},
  required: [],
};
const LIST_DOCUMENTS: Operation = {
  id: "list_documents",
  path: [],
  query: { limit: "integer", cursor: "string" },
  headers: {},
  required: [],
};
const CREATE_DOCUMENT: Operation = {
  id: "create_document",
  path: [],
  query: {},
  headers: {},
  body: { title: "string", content: "string", metadata: "object | null" },
  required: ["title", "content"],
};
const SEARCH_DOCUMENTS: Operation = {
  id: "search_documents",
  path: [],
  query: { q: "string", limit: "integer" },
  headers: {},
  required: ["q"],
};
const GET_DOCUMENT: Operation = {
  id: "get_document",
  path: ["document_id"],
  query: {},
  headers: {},
  required: [],
};
const DELETE_DOCUMENT: Operation = {
  id: "delete_document",
  path: ["document_id"],
  query: {},
  headers: {},
  required: [],
};
const LIST_TICKETS: Operation = {
  id: "list_tickets",
  path: [],
  query: { limit: "integer", cursor: "string" },
  headers: {},
  required: [],
};
const GET_TICKET: Operation = {
  id: "get_ticket",
  path: ["ticket_id"],
  query: {},
  headers: {},
  required: [],
};
const GET_USAGE: Operation = {
  id: "get_usage",
  path: [],
  query: {},
  headers: {},
  required: [],
};
const GET_USAGE_HISTORY: Operation = {
  id: "get_usage_history",
  path: [],
  query: { from: "date", to: "date", granularity: "string" },
  headers: {},
  required: [],
};
const LIST_API_KEYS: Operation = {
  id: "list_api_keys",
  path: [],
  query: { limit: "integer", cursor: "string" },
  headers: {},
  required: [],
};
const CREATE_API_KEY: Operation = {
  id: "create_api_key",
  path: [],
  query: {},
  headers: {},
  body: { name: "string | null", scopes: "string[] | null", mode: "string | null", expires_at: "date | null" },
  required: [],
};
const REVOKE_API_KEY: Operation = {
  id: "revoke_api_key",
  path: ["key_id"],
  query: {},
  headers: {},
  required: [],
};
const ROTATE_API_KEY: Operation = {
  id: "rotate_api_key",
  path: ["key_id"],
  query: {},
  headers: {},
  body: { grace_seconds: "integer | null" },
  required: [],
};
const LIST_AUDIT_ENTRIES: Operation = {
  id: "list_audit_entries",
  path: [],
  query: { limit: "integer", cursor: "string" },
  headers: {},
  required: [],
};

/**
 * A client of Agent Platform 0.1.0. Clients of one process share their threads; each has its own connections and key.
 *
 * ```ts
 * const client = new AgentPlatformClient({ apiKey: "pk_live_…" });
 * ```
 */
export class AgentPlatformClient extends BaseClient {
  /**
   * Sign up.
   *
   * Makes a tenant with its first API key, which is shown this once.
   *
   * @throws BadRequestError 400: The body is not JSON, or stopped half way; or the Idempotency-Key is malformed.
   * @throws APIStatusError 406: The Accept header allows nothing that this operation answers.
   * @throws ConflictError 409: It exists already, or a request with this Idempotency-Key is being worked on.
   * @throws APIStatusError 413: The body is too large.
   * @throws APIStatusError 415: The body is not declared to be JSON.
   * @throws UnprocessableEntityError 422: A field was refused, and `errors` names each; or the Idempotency-Key was used for another request.
   * @throws RateLimitError 429: There were too many requests; `Retry-After` says when to try again.
   * @throws InternalServerError 500: A fault of the server.
   * @throws InternalServerError 503: A part of the platform is down or overloaded; `Retry-After` says when to try again.
   */
  signUp(params: SignUpRequest, options?: RequestOptions): APIPromise<SignedUp> {
    return this.call(SIGN_UP, params, options);
  }

  /**
   * List agents.
   *
   * Newest first.
   *
   * Needs a key with the scope `read`.
   *
   * @throws AuthenticationError 401: No valid key was given.
   * @throws PermissionDeniedError 403: The key lacks the scope, or the tenant is suspended.
   * @throws APIStatusError 406: The Accept header allows nothing that this operation answers.
   * @throws UnprocessableEntityError 422: A field or parameter was refused; `errors` names each.
   * @throws RateLimitError 429: There were too many requests; `Retry-After` says when to try again.
   * @throws InternalServerError 500: A fault of the server.
   * @throws InternalServerError 503: A part of the platform is down or overloaded; `Retry-After` says when to try again.
   */
  listAgents(params: ListAgentsParams = {}, options?: RequestOptions): PagePromise<Agent> {
    return this.list(LIST_AGENTS, params, options);
  }

  /**
   * Create an agent.
   *
   * Its tools must be known and its model configured.
   *
   * Needs a key with the scope `admin`.
   *
   * @throws BadRequestError 400: The body is not JSON, or stopped half way; or the Idempotency-Key is malformed.
   * @throws AuthenticationError 401: No valid key was given.
   * @throws PermissionDeniedError 403: The key lacks the scope, or the tenant is suspended.
   * @throws APIStatusError 406: The Accept header allows nothing that this operation answers.
   * @throws ConflictError 409: A request with this Idempotency-Key is being worked on.
   * @throws APIStatusError 413: The body is too large.
   * @throws APIStatusError 415: The body is not declared to be JSON.
   * @throws UnprocessableEntityError 422: A field was refused, and `errors` names each; or the Idempotency-Key was used for another request.
   * @throws RateLimitError 429: There were too many requests; `Retry-After` says when to try again.
   * @throws InternalServerError 500: A fault of the server.
   * @throws InternalServerError 503: A part of the platform is down or overloaded; `Retry-After` says when to try again.
   */
  createAgent(params: CreateAgentRequest, options?: RequestOptions): APIPromise<Agent> {
    return this.call(CREATE_AGENT, params, options);
  }

  /**
   * Read an agent.
   *
   * Needs a key with the scope `read`.
   *
   * @throws AuthenticationError 401: No valid key was given.
   * @throws PermissionDeniedError 403: The key lacks the scope, or the tenant is suspended.
   * @throws NotFoundError 404: There is no such thing, or it is another tenant's.
   * @throws APIStatusError 406: The Accept header allows nothing that this operation answers.
   * @throws RateLimitError 429: There were too many requests; `Retry-After` says when to try again.
   * @throws InternalServerError 500: A fault of the server.
   * @throws InternalServerError 503: A part of the platform is down or overloaded; `Retry-After` says when to try again.
   */
  getAgent(params: GetAgentParams, options?: RequestOptions): APIPromise<Agent> {
    return this.call(GET_AGENT, params, options);
  }

  /**
   * Delete an agent.
   *
   * Its executions and conversations stay readable; nothing more can be executed with it.
   *
   * Needs a key with the scope `admin`.
   *
   * @throws BadRequestError 400: The Idempotency-Key is malformed.
   * @throws AuthenticationError 401: No valid key was given.
   * @throws PermissionDeniedError 403: The key lacks the scope, or the tenant is suspended.
   * @throws NotFoundError 404: There is no such thing, or it is another tenant's.
   * @throws APIStatusError 406: The Accept header allows nothing that this operation answers.
   * @throws ConflictError 409: A request with this Idempotency-Key is being worked on.
   * @throws UnprocessableEntityError 422: The Idempotency-Key was used for another request.
   * @throws RateLimitError 429: There were too many requests; `Retry-After` says when to try again.
   * @throws InternalServerError 500: A fault of the server.
   * @throws InternalServerError 503: A part of the platform is down or overloaded; `Retry-After` says when to try again.
   */
  deleteAgent(params: DeleteAgentParams, options?: RequestOptions): APIPromise<void> {
    return this.call(DELETE_AGENT, params, options);
  }

  /**
   * Change an agent.
   *
   * Executions that run go on as they were begun. The change holds on every server within a second.
   *
   * Needs a key with the scope `admin`.
   *
   * @throws BadRequestError 400: The body is not JSON, or stopped half way; or the Idempotency-Key is malformed.
   * @throws AuthenticationError 401: No valid key was given.
   * @throws PermissionDeniedError 403: The key lacks the scope, or the tenant is suspended.
   * @throws NotFoundError 404: There is no such thing, or it is another tenant's.
   * @throws APIStatusError 406: The Accept header allows nothing that this operation answers.
   * @throws ConflictError 409: A request with this Idempotency-Key is being worked on.
   * @throws APIStatusError 413: The body is too large.
   * @throws APIStatusError 415: The body is not declared to be JSON.
   * @throws UnprocessableEntityError 422: A field was refused, and `errors` names each; or the Idempotency-Key was used for another request.
   * @throws RateLimitError 429: There were too many requests; `Retry-After` says when to try again.
   * @throws InternalServerError 500: A fault of the server.
   * @throws InternalServerError 503: A part of the platform is down or overloaded; `Retry-After` says when to try again.
   */
  updateAgent(params: UpdateAgentParams, options?: RequestOptions): APIPromise<Agent> {
    return this.call(UPDATE_AGENT, params, options);
  }

  /**
   * Execute an agent.
   *
   * Answers when the execution has ended; or, asked for `text/event-stream`, with its events as they happen. The execution is
   * charged to the tenant whatever becomes of the connection. Asked for again under its `Idempotency-Key`, it is followed from its
   * first event while it runs, and answered as it ended afterwards.
   *
   * Needs a key with the scope `execute`.
   *
   * @throws BadRequestError 400: The body is not JSON, or stopped half way; or the Idempotency-Key is malformed.
   * @throws AuthenticationError 401: No valid key was given.
   * @throws PermissionDeniedError 403: The key lacks the scope, or the tenant is suspended.
   * @throws NotFoundError 404: There is no such thing, or it is another tenant's.
   * @throws APIStatusError 406: The Accept header allows nothing that this operation answers.
   * @throws ConflictError 409: It was cancelled meanwhile, or a request with this Idempotency-Key is being worked on elsewhere.
   * @throws APIStatusError 413: The body is too large.
   * @throws APIStatusError 415: The body is not declared to be JSON.
   * @throws UnprocessableEntityError 422: A field was refused, and `errors` names each; or the Idempotency-Key was used for another request.
   * @throws RateLimitError 429: A quota does not let this through, and `quota` names it; or there were too many requests.
   * @throws InternalServerError 500: A fault of the server.
   * @throws InternalServerError 502: The model provider failed.
   * @throws InternalServerError 503: A part of the platform is down or overloaded; `Retry-After` says when to try again.
   * @throws InternalServerError 504: The execution ran into its deadline.
   */
  executeAgent(params: ExecuteAgentParams, options?: RequestOptions): APIPromise<ExecutionResult> {
    return this.call(EXECUTE_AGENT, params, options);
  }

  /**
   * Execute an agent.
   *
   * Answers when the execution has ended; or, asked for `text/event-stream`, with its events as they happen. The execution is
   * charged to the tenant whatever becomes of the connection. Asked for again under its `Idempotency-Key`, it is followed from its
   * first event while it runs, and answered as it ended afterwards.
   *
   * Needs a key with the scope `execute`.
   *
   * Hands out each event as it happens. Leaving the loop closes the connection.
   *
   * @throws BadRequestError 400: The body is not JSON, or stopped half way; or the Idempotency-Key is malformed.
   * @throws AuthenticationError 401: No valid key was given.
   * @throws PermissionDeniedError 403: The key lacks the scope, or the tenant is suspended.
   * @throws NotFoundError 404: There is no such thing, or it is another tenant's.
   * @throws APIStatusError 406: The Accept header allows nothing that this operation answers.
   * @throws ConflictError 409: It was cancelled meanwhile, or a request with this Idempotency-Key is being worked on elsewhere.
   * @throws APIStatusError 413: The body is too large.
   * @throws APIStatusError 415: The body is not declared to be JSON.
   * @throws UnprocessableEntityError 422: A field was refused, and `errors` names each; or the Idempotency-Key was used for another request.
   * @throws RateLimitError 429: A quota does not let this through, and `quota` names it; or there were too many requests.
   * @throws InternalServerError 500: A fault of the server.
   * @throws InternalServerError 502: The model provider failed.
   * @throws InternalServerError 503: A part of the platform is down or overloaded; `Retry-After` says when to try again.
   * @throws InternalServerError 504: The execution ran into its deadline.
   */
  streamAgent(params: StreamAgentParams, options?: RequestOptions): EventStream<ExecutionEvent, ExecutionResult> {
    return this.stream(STREAM_AGENT, params, options);
  }

  /**
   * List executions.
   *
   * Newest first.
   *
   * Needs a key with the scope `read`.
   *
   * @throws AuthenticationError 401: No valid key was given.
   * @throws PermissionDeniedError 403: The key lacks the scope, or the tenant is suspended.
   * @throws APIStatusError 406: The Accept header allows nothing that this operation answers.
   * @throws UnprocessableEntityError 422: A field or parameter was refused; `errors` names each.
   * @throws RateLimitError 429: There were too many requests; `Retry-After` says when to try again.
   * @throws InternalServerError 500: A fault of the server.
   * @throws InternalServerError 503: A part of the platform is down or overloaded; `Retry-After` says when to try again.
   */
  listExecutions(params: ListExecutionsParams = {}, options?: RequestOptions): PagePromise<Execution> {
    return this.list(LIST_EXECUTIONS, params, options);
  }

  /**
   * Read an execution.
   *
   * With every step.
   *
   * Needs a key with the scope `read`.
   *
   * @throws AuthenticationError 401: No valid key was given.
   * @throws PermissionDeniedError 403: The key lacks the scope, or the tenant is suspended.
   * @throws NotFoundError 404: There is no such thing, or it is another tenant's.
   * @throws APIStatusError 406: The Accept header allows nothing that this operation answers.
   * @throws RateLimitError 429: There were too many requests; `Retry-After` says when to try again.
   * @throws InternalServerError 500: A fault of the server.
   * @throws InternalServerError 503: A part of the platform is down or overloaded; `Retry-After` says when to try again.
   */
  getExecution(params: GetExecutionParams, options?: RequestOptions): APIPromise<Execution> {
    return this.call(GET_EXECUTION, params, options);
  }

  /**
   * Follow an execution.
   *
   * Its events as they happen, or as they happened: from the first, or from behind the one that `Last-Event-ID` names. They are kept
   * for 24 hours after its end. The same events have the same ids and the same bytes each time.
   *
   * After a crash of the server the ids may have one gap: the terminal event's lies beyond every id that was sent.
   *
   * Needs a key with the scope `execute`.
   *
   * Hands out each event as it happens. Leaving the loop closes the connection.
   *
   * @throws BadRequestError 400: The header `Last-Event-ID` is no event's id.
   * @throws AuthenticationError 401: No valid key was given.
   * @throws PermissionDeniedError 403: The key lacks the scope, or the tenant is suspended.
   * @throws NotFoundError 404: There is no such thing, or it is another tenant's.
   * @throws APIStatusError 406: The Accept header allows nothing that this operation answers.
   * @throws APIStatusError 410: The events are not kept any more: the execution ended over 24 hours ago.
   * @throws RateLimitError 429: There were too many requests; `Retry-After` says when to try again.
   * @throws InternalServerError 500: A fault of the server.
   * @throws InternalServerError 503: A part of the platform is down or overloaded; `Retry-After` says when to try again.
   */
  streamExecutionEvents(params: StreamExecutionEventsParams, options?: RequestOptions): EventStream<ExecutionEvent> {
    return this.stream(STREAM_EXECUTION_EVENTS, params, options);
  }

  /**
   * Cancel an execution.
   *
   * Answers with the execution once its end is settled: what it used until then is charged. One that has ended already stays as it
   * is, and is the answer.
   *
   * Needs a key with the scope `execute`.
   *
   * @throws BadRequestError 400: The Idempotency-Key is malformed.
   * @throws AuthenticationError 401: No valid key was given.
   * @throws PermissionDeniedError 403: The key lacks the scope, or the tenant is suspended.
   * @throws NotFoundError 404: There is no such thing, or it is another tenant's.
   * @throws APIStatusError 406: The Accept header allows nothing that this operation answers.
   * @throws ConflictError 409: A request with this Idempotency-Key is being worked on.
   * @throws UnprocessableEntityError 422: The Idempotency-Key was used for another request.
   * @throws RateLimitError 429: There were too many requests; `Retry-After` says when to try again.
   * @throws InternalServerError 500: A fault of the server.
   * @throws InternalServerError 503: A part of the platform is down or overloaded; `Retry-After` says when to try again.
   */
  cancelExecution(params: CancelExecutionParams, options?: RequestOptions): APIPromise<Execution> {
    return this.call(CANCEL_EXECUTION, params, options);
  }

  /**
   * List conversations.
   *
   * Newest first, without their messages.
   *
   * Needs a key with the scope `read`.
   *
   * @throws AuthenticationError 401: No valid key was given.
   * @throws PermissionDeniedError 403: The key lacks the scope, or the tenant is suspended.
   * @throws APIStatusError 406: The Accept header allows nothing that this operation answers.
   * @throws UnprocessableEntityError 422: A field or parameter was refused; `errors` names each.
   * @throws RateLimitError 429: There were too many requests; `Retry-After` says when to try again.
   * @throws InternalServerError 500: A fault of the server.
   * @throws InternalServerError 503: A part of the platform is down or overloaded; `Retry-After` says when to try again.
   */
  listConversations(params: ListConversationsParams = {}, options?: RequestOptions): PagePromise<ConversationSummary> {
    return this.list(LIST_CONVERSATIONS, params, options);
  }

  /**
   * Read a conversation.
   *
   * With its messages.
   *
   * Needs a key with the scope `read`.
   *
   * @throws AuthenticationError 401: No valid key was given.
   * @throws PermissionDeniedError 403: The key lacks the scope, or the tenant is suspended.
   * @throws NotFoundError 404: There is no such thing, or it is another tenant's.
   * @throws APIStatusError 406: The Accept header allows nothing that this operation answers.
   * @throws RateLimitError 429: There were too many requests; `Retry-After` says when to try again.
   * @throws InternalServerError 500: A fault of the server.
   * @throws InternalServerError 503: A part of the platform is down or overloaded; `Retry-After` says when to try again.
   */
  getConversation(params: GetConversationParams, options?: RequestOptions): APIPromise<Conversation> {
    return this.call(GET_CONVERSATION, params, options);
  }

  /**
   * Delete a conversation.
   *
   * With its messages. Its executions stay in the log, and what they cost in the ledger.
   *
   * Needs a key with the scope `admin`.
   *
   * @throws BadRequestError 400: The Idempotency-Key is malformed.
   * @throws AuthenticationError 401: No valid key was given.
   * @throws PermissionDeniedError 403: The key lacks the scope, or the tenant is suspended.
   * @throws NotFoundError 404: There is no such thing, or it is another tenant's.
   * @throws APIStatusError 406: The Accept header allows nothing that this operation answers.
   * @throws ConflictError 409: A request with this Idempotency-Key is being worked on.
   * @throws UnprocessableEntityError 422: The Idempotency-Key was used for another request.
   * @throws RateLimitError 429: There were too many requests; `Retry-After` says when to try again.
   * @throws InternalServerError 500: A fault of the server.
   * @throws InternalServerError 503: A part of the platform is down or overloaded; `Retry-After` says when to try again.
   */
  deleteConversation(params: DeleteConversationParams, options?: RequestOptions): APIPromise<void> {
    return this.call(DELETE_CONVERSATION, params, options);
  }

  /**
   * List documents.
   *
   * Without their text, newest first.
   *
   * Needs a key with the scope `read`.
   *
   * @throws AuthenticationError 401: No valid key was given.
   * @throws PermissionDeniedError 403: The key lacks the scope, or the tenant is suspended.
   * @throws APIStatusError 406: The Accept header allows nothing that this operation answers.
   * @throws UnprocessableEntityError 422: A field or parameter was refused; `errors` names each.
   * @throws RateLimitError 429: A quota does not let this through, and `quota` names it; or there were too many requests.
   * @throws InternalServerError 500: A fault of the server.
   * @throws InternalServerError 503: A part of the platform is down or overloaded; `Retry-After` says when to try again.
   */
  listDocuments(params: ListDocumentsParams = {}, options?: RequestOptions): PagePromise<Document> {
    return this.list(LIST_DOCUMENTS, params, options);
  }

  /**
   * Create a document.
   *
   * It can be found as soon as the answer is there.
   *
   * Needs a key with the scope `admin`.
   *
   * @throws BadRequestError 400: The body is not JSON, or stopped half way; or the Idempotency-Key is malformed.
   * @throws AuthenticationError 401: No valid key was given.
   * @throws PermissionDeniedError 403: The key lacks the scope, or the tenant is suspended.
   * @throws APIStatusError 406: The Accept header allows nothing that this operation answers.
   * @throws ConflictError 409: A request with this Idempotency-Key is being worked on.
   * @throws APIStatusError 413: The body is too large.
   * @throws APIStatusError 415: The body is not declared to be JSON.
   * @throws UnprocessableEntityError 422: A field was refused, and `errors` names each; or the Idempotency-Key was used for another request.
   * @throws RateLimitError 429: A quota does not let this through, and `quota` names it; or there were too many requests.
   * @throws InternalServerError 500: A fault of the server.
   * @throws InternalServerError 503: A part of the platform is down or overloaded; `Retry-After` says when to try again.
   */
  createDocument(params: CreateDocumentRequest, options?: RequestOptions): APIPromise<Document> {
    return this.call(CREATE_DOCUMENT, params, options);
  }

  /**
   * Search the documents.
   *
   * Finds the passages that fit best, as the tool `search_kb` does.
   *
   * Needs a key with the scope `read`.
   *
   * @throws AuthenticationError 401: No valid key was given.
   * @throws PermissionDeniedError 403: The key lacks the scope, or the tenant is suspended.
   * @throws APIStatusError 406: The Accept header allows nothing that this operation answers.
   * @throws UnprocessableEntityError 422: A field or parameter was refused; `errors` names each.
   * @throws RateLimitError 429: There were too many requests; `Retry-After` says when to try again.
   * @throws InternalServerError 500: A fault of the server.
   * @throws InternalServerError 503: A part of the platform is down or overloaded; `Retry-After` says when to try again.
   */
  searchDocuments(params: SearchDocumentsParams, options?: RequestOptions): APIPromise<SearchResults> {
    return this.call(SEARCH_DOCUMENTS, params, options);
  }

  /**
   * Read a document.
   *
   * With its text.
   *
   * Needs a key with the scope `read`.
   *
   * @throws AuthenticationError 401: No valid key was given.
   * @throws PermissionDeniedError 403: The key lacks the scope, or the tenant is suspended.
   * @throws NotFoundError 404: There is no such thing, or it is another tenant's.
   * @throws APIStatusError 406: The Accept header allows nothing that this operation answers.
   * @throws RateLimitError 429: There were too many requests; `Retry-After` says when to try again.
   * @throws InternalServerError 500: A fault of the server.
   * @throws InternalServerError 503: A part of the platform is down or overloaded; `Retry-After` says when to try again.
   */
  getDocument(params: GetDocumentParams, options?: RequestOptions): APIPromise<DocumentContent> {
    return this.call(GET_DOCUMENT, params, options);
  }

  /**
   * Delete a document.
   *
   * It is found no more as soon as the answer is there.
   *
   * Needs a key with the scope `admin`.
   *
   * @throws BadRequestError 400: The Idempotency-Key is malformed.
   * @throws AuthenticationError 401: No valid key was given.
   * @throws PermissionDeniedError 403: The key lacks the scope, or the tenant is suspended.
   * @throws NotFoundError 404: There is no such thing, or it is another tenant's.
   * @throws APIStatusError 406: The Accept header allows nothing that this operation answers.
   * @throws ConflictError 409: A request with this Idempotency-Key is being worked on.
   * @throws UnprocessableEntityError 422: The Idempotency-Key was used for another request.
   * @throws RateLimitError 429: There were too many requests; `Retry-After` says when to try again.
   * @throws InternalServerError 500: A fault of the server.
   * @throws InternalServerError 503: A part of the platform is down or overloaded; `Retry-After` says when to try again.
   */
  deleteDocument(params: DeleteDocumentParams, options?: RequestOptions): APIPromise<void> {
    return this.call(DELETE_DOCUMENT, params, options);
  }

  /**
   * List tickets.
   *
   * What agents made with `create_ticket`, newest first.
   *
   * Needs a key with the scope `read`.
   *
   * @throws AuthenticationError 401: No valid key was given.
   * @throws PermissionDeniedError 403: The key lacks the scope, or the tenant is suspended.
   * @throws APIStatusError 406: The Accept header allows nothing that this operation answers.
   * @throws UnprocessableEntityError 422: A field or parameter was refused; `errors` names each.
   * @throws RateLimitError 429: There were too many requests; `Retry-After` says when to try again.
   * @throws InternalServerError 500: A fault of the server.
   * @throws InternalServerError 503: A part of the platform is down or overloaded; `Retry-After` says when to try again.
   */
  listTickets(params: ListTicketsParams = {}, options?: RequestOptions): PagePromise<Ticket> {
    return this.list(LIST_TICKETS, params, options);
  }

  /**
   * Read a ticket.
   *
   * Needs a key with the scope `read`.
   *
   * @throws AuthenticationError 401: No valid key was given.
   * @throws PermissionDeniedError 403: The key lacks the scope, or the tenant is suspended.
   * @throws NotFoundError 404: There is no such thing, or it is another tenant's.
   * @throws APIStatusError 406: The Accept header allows nothing that this operation answers.
   * @throws RateLimitError 429: There were too many requests; `Retry-After` says when to try again.
   * @throws InternalServerError 500: A fault of the server.
   * @throws InternalServerError 503: A part of the platform is down or overloaded; `Retry-After` says when to try again.
   */
  getTicket(params: GetTicketParams, options?: RequestOptions): APIPromise<Ticket> {
    return this.call(GET_TICKET, params, options);
  }

  /**
   * Read the usage.
   *
   * The figures that the quotas go by. Those of tokens and spend are sums over the ledger.
   *
   * Needs a key with the scope `read`.
   *
   * @throws AuthenticationError 401: No valid key was given.
   * @throws PermissionDeniedError 403: The key lacks the scope, or the tenant is suspended.
   * @throws APIStatusError 406: The Accept header allows nothing that this operation answers.
   * @throws RateLimitError 429: There were too many requests; `Retry-After` says when to try again.
   * @throws InternalServerError 500: A fault of the server.
   * @throws InternalServerError 503: A part of the platform is down or overloaded; `Retry-After` says when to try again.
   */
  getUsage(params: Record<string, never> = {}, options?: RequestOptions): APIPromise<UsageReport> {
    return this.call(GET_USAGE, params, options);
  }

  /**
   * Read the usage over time.
   *
   * Every figure is a sum over the ledger, so an execution counts once it has ended, in the hour or day in which it was started. Hours
   * and days are whole, in UTC; one answer has at most 1,000 of them. Work of test keys is left out.
   *
   * Needs a key with the scope `read`.
   *
   * @throws AuthenticationError 401: No valid key was given.
   * @throws PermissionDeniedError 403: The key lacks the scope, or the tenant is suspended.
   * @throws APIStatusError 406: The Accept header allows nothing that this operation answers.
   * @throws UnprocessableEntityError 422: A field or parameter was refused; `errors` names each.
   * @throws RateLimitError 429: There were too many requests; `Retry-After` says when to try again.
   * @throws InternalServerError 500: A fault of the server.
   * @throws InternalServerError 503: A part of the platform is down or overloaded; `Retry-After` says when to try again.
   */
  getUsageHistory(params: GetUsageHistoryParams = {}, options?: RequestOptions): APIPromise<UsageHistory> {
    return this.call(GET_USAGE_HISTORY, params, options);
  }

  /**
   * List API keys.
   *
   * Those that are not revoked, newest first, without their secrets.
   *
   * Needs a key with the scope `admin`.
   *
   * @throws AuthenticationError 401: No valid key was given.
   * @throws PermissionDeniedError 403: The key lacks the scope, or the tenant is suspended.
   * @throws APIStatusError 406: The Accept header allows nothing that this operation answers.
   * @throws UnprocessableEntityError 422: A field or parameter was refused; `errors` names each.
   * @throws RateLimitError 429: There were too many requests; `Retry-After` says when to try again.
   * @throws InternalServerError 500: A fault of the server.
   * @throws InternalServerError 503: A part of the platform is down or overloaded; `Retry-After` says when to try again.
   */
  listApiKeys(params: ListApiKeysParams = {}, options?: RequestOptions): PagePromise<ApiKeySummary> {
    return this.list(LIST_API_KEYS, params, options);
  }

  /**
   * Create an API key.
   *
   * The key is shown this once.
   *
   * Needs a key with the scope `admin`.
   *
   * @throws BadRequestError 400: The body is not JSON, or stopped half way; or the Idempotency-Key is malformed.
   * @throws AuthenticationError 401: No valid key was given.
   * @throws PermissionDeniedError 403: The key lacks the scope, or the tenant is suspended.
   * @throws APIStatusError 406: The Accept header allows nothing that this operation answers.
   * @throws ConflictError 409: A request with this Idempotency-Key is being worked on.
   * @throws APIStatusError 413: The body is too large.
   * @throws APIStatusError 415: The body is not declared to be JSON.
   * @throws UnprocessableEntityError 422: A field was refused, and `errors` names each; or the Idempotency-Key was used for another request.
   * @throws RateLimitError 429: There were too many requests; `Retry-After` says when to try again.
   * @throws InternalServerError 500: A fault of the server.
   * @throws InternalServerError 503: A part of the platform is down or overloaded; `Retry-After` says when to try again.
   */
  createApiKey(params: CreateApiKeyRequest = {}, options?: RequestOptions): APIPromise<CreatedApiKey> {
    return this.call(CREATE_API_KEY, params, options);
  }

  /**
   * Revoke an API key.
   *
   * It is refused everywhere within a second. Executions that it started go on. A test key revokes test keys alone.
   *
   * Needs a key with the scope `admin`.
   *
   * @throws BadRequestError 400: The Idempotency-Key is malformed.
   * @throws AuthenticationError 401: No valid key was given.
   * @throws PermissionDeniedError 403: The key lacks the scope, or the tenant is suspended.
   * @throws NotFoundError 404: There is no such thing, or it is another tenant's.
   * @throws APIStatusError 406: The Accept header allows nothing that this operation answers.
   * @throws ConflictError 409: A request with this Idempotency-Key is being worked on.
   * @throws UnprocessableEntityError 422: The Idempotency-Key was used for another request.
   * @throws RateLimitError 429: There were too many requests; `Retry-After` says when to try again.
   * @throws InternalServerError 500: A fault of the server.
   * @throws InternalServerError 503: A part of the platform is down or overloaded; `Retry-After` says when to try again.
   */
  revokeApiKey(params: RevokeApiKeyParams, options?: RequestOptions): APIPromise<void> {
    return this.call(REVOKE_API_KEY, params, options);
  }

  /**
   * Rotate an API key.
   *
   * Gives a new key with the same name, scopes and mode, which is shown this once; it expires when the old one would have. The old key
   * stays valid until the grace ends, which the list of keys shows as its `expires_at`.
   *
   * Needs a key with the scope `admin`.
   *
   * @throws BadRequestError 400: The body is not JSON, or stopped half way; or the Idempotency-Key is malformed.
   * @throws AuthenticationError 401: No valid key was given.
   * @throws PermissionDeniedError 403: The key lacks the scope, or does test work alone; or the tenant is suspended.
   * @throws NotFoundError 404: There is no such thing, or it is another tenant's.
   * @throws APIStatusError 406: The Accept header allows nothing that this operation answers.
   * @throws ConflictError 409: The key has expired or was replaced already, or a request with this Idempotency-Key is being worked on.
   * @throws APIStatusError 413: The body is too large.
   * @throws APIStatusError 415: The body is not declared to be JSON.
   * @throws UnprocessableEntityError 422: A field was refused, and `errors` names each; or the Idempotency-Key was used for another request.
   * @throws RateLimitError 429: There were too many requests; `Retry-After` says when to try again.
   * @throws InternalServerError 500: A fault of the server.
   * @throws InternalServerError 503: A part of the platform is down or overloaded; `Retry-After` says when to try again.
   */
  rotateApiKey(params: RotateApiKeyParams, options?: RequestOptions): APIPromise<CreatedApiKey> {
    return this.call(ROTATE_API_KEY, params, options);
  }

  /**
   * Read the audit log.
   *
   * Every change to the tenant's keys, agents, quotas, tier and status, and every refused sign-in with one of its keys, newest first.
   * Refusals of one kind are written together: the first at once, the rest with their number each minute.
   *
   * Needs a key with the scope `admin`.
   *
   * @throws AuthenticationError 401: No valid key was given.
   * @throws PermissionDeniedError 403: The key lacks the scope, or the tenant is suspended.
   * @throws APIStatusError 406: The Accept header allows nothing that this operation answers.
   * @throws UnprocessableEntityError 422: A field or parameter was refused; `errors` names each.
   * @throws RateLimitError 429: There were too many requests; `Retry-After` says when to try again.
   * @throws InternalServerError 500: A fault of the server.
   * @throws InternalServerError 503: A part of the platform is down or overloaded; `Retry-After` says when to try again.
   */
  listAuditEntries(params: ListAuditEntriesParams = {}, options?: RequestOptions): PagePromise<AuditEntry> {
    return this.list(LIST_AUDIT_ENTRIES, params, options);
  }
}
