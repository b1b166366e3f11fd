// Generated from openapi/openapi.json by `make spec`. Do not edit.

import type { Operation } from "../arguments";
import { BaseClient } from "../client";
import type { RequestOptions } from "../options";
import type { PagePromise } from "../page";
import type { APIPromise } from "../promise";
import type { EventStream } from "../stream";
import type {
  Agent,
  CreateAgentRequest,
  DeleteAgentParams,
  ExecuteAgentParams,
  ExecuteAgentResponse,
  Execution,
  ExecutionEvent,
  GetAgentParams,
  GetInvoicePdfParams,
  ListAgentsParams,
  ListExecutionsParams,
  SearchDocumentsParams,
  SearchResults,
  SignUpRequest,
  SignUpResponse,
  StreamAgentParams,
  UpdateAgentParams,
  UsageReport,
} from "./types";

const SIGN_UP: Operation = { id: "sign_up", path: [], query: [], body: true };
const LIST_AGENTS: Operation = { id: "list_agents", path: [], query: ["limit", "cursor"], body: false };
const CREATE_AGENT: Operation = { id: "create_agent", path: [], query: [], body: true };
const GET_AGENT: Operation = { id: "get_agent", path: ["agent_id"], query: [], body: false };
const DELETE_AGENT: Operation = { id: "delete_agent", path: ["agent_id"], query: [], body: false };
const UPDATE_AGENT: Operation = { id: "update_agent", path: ["agent_id"], query: [], body: true };
const EXECUTE_AGENT: Operation = { id: "execute_agent", path: ["agent_id"], query: [], body: true };
const STREAM_AGENT: Operation = { id: "stream_agent", path: ["agent_id"], query: [], body: true };
const LIST_EXECUTIONS: Operation = { id: "list_executions", path: [], query: ["limit", "cursor", "agent_id", "status", "from", "to"], body: false };
const SEARCH_DOCUMENTS: Operation = { id: "search_documents", path: [], query: ["q", "limit"], body: false };
const GET_INVOICE_PDF: Operation = { id: "get_invoice_pdf", path: ["invoice_id"], query: [], body: false };
const GET_USAGE: Operation = { id: "get_usage", path: [], query: [], body: false };

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
   * Makes a tenant and its first key. **The key is shown this once.**
   *
   * @throws ConflictError 409: The address has signed up before
   * @throws UnprocessableEntityError 422: Something in the request is wrong
   */
  signUp(params: SignUpRequest, options?: RequestOptions): APIPromise<SignUpResponse> {
    return this.call(SIGN_UP, params, options);
  }

  /**
   * List agents.
   *
   * Newest first.
   *
   * @throws AuthenticationError 401: No valid key
   * @throws PermissionDeniedError 403: The key's scope is too small
   */
  listAgents(params: ListAgentsParams = {}, options?: RequestOptions): PagePromise<Agent> {
    return this.list(LIST_AGENTS, params, options);
  }

  /**
   * Create an agent.
   *
   * An agent is a prompt, a model and tools.
   *
   * It can be used at once.
   *
   * @throws AuthenticationError 401: No valid key
   * @throws PermissionDeniedError 403: The key's scope is too small
   * @throws UnprocessableEntityError 422: Something in the request is wrong
   */
  createAgent(params: CreateAgentRequest, options?: RequestOptions): APIPromise<Agent> {
    return this.call(CREATE_AGENT, params, options);
  }

  /**
   * Read an agent.
   *
   * @throws AuthenticationError 401: No valid key
   * @throws PermissionDeniedError 403: The key's scope is too small
   * @throws NotFoundError 404: There is no such agent
   */
  getAgent(params: GetAgentParams, options?: RequestOptions): APIPromise<Agent> {
    return this.call(GET_AGENT, params, options);
  }

  /**
   * Delete an agent.
   *
   * Its conversations and executions stay.
   *
   * @throws AuthenticationError 401: No valid key
   * @throws PermissionDeniedError 403: The key's scope is too small
   * @throws NotFoundError 404: There is no such agent
   */
  deleteAgent(params: DeleteAgentParams, options?: RequestOptions): APIPromise<void> {
    return this.call(DELETE_AGENT, params, options);
  }

  /**
   * Change an agent.
   *
   * JSON merge patch: what is absent stays, `null` goes back to the default.
   *
   * @throws AuthenticationError 401: No valid key
   * @throws PermissionDeniedError 403: The key's scope is too small
   * @throws NotFoundError 404: There is no such agent
   */
  updateAgent(params: UpdateAgentParams, options?: RequestOptions): APIPromise<Agent> {
    return this.call(UPDATE_AGENT, params, options);
  }

  /**
   * Execute an agent.
   *
   * Sends a message and waits for the answer.
   *
   * @throws AuthenticationError 401: No valid key
   * @throws PermissionDeniedError 403: The key's scope is too small
   * @throws NotFoundError 404: There is no such agent
   * @throws RateLimitError 429: A quota is used up
   */
  executeAgent(params: ExecuteAgentParams, options?: RequestOptions): APIPromise<ExecuteAgentResponse> {
    return this.call(EXECUTE_AGENT, params, options);
  }

  /**
   * Execute an agent.
   *
   * Sends a message and waits for the answer.
   *
   * Hands out each event as it happens. Leaving the loop closes the connection.
   *
   * @throws AuthenticationError 401: No valid key
   * @throws PermissionDeniedError 403: The key's scope is too small
   * @throws NotFoundError 404: There is no such agent
   * @throws RateLimitError 429: A quota is used up
   */
  streamAgent(params: StreamAgentParams, options?: RequestOptions): EventStream<ExecutionEvent, ExecuteAgentResponse> {
    return this.stream(STREAM_AGENT, params, options);
  }

  /**
   * List executions.
   *
   * Newest first.
   *
   * @throws AuthenticationError 401: No valid key
   * @throws PermissionDeniedError 403: The key's scope is too small
   */
  listExecutions(params: ListExecutionsParams = {}, options?: RequestOptions): PagePromise<Execution> {
    return this.list(LIST_EXECUTIONS, params, options);
  }

  /**
   * Search documents.
   *
   * @throws AuthenticationError 401: No valid key
   * @throws PermissionDeniedError 403: The key's scope is too small
   */
  searchDocuments(params: SearchDocumentsParams, options?: RequestOptions): APIPromise<SearchResults> {
    return this.call(SEARCH_DOCUMENTS, params, options);
  }

  /**
   * Download an invoice.
   *
   * @throws AuthenticationError 401: No valid key
   * @throws PermissionDeniedError 403: The key's scope is too small
   */
  getInvoicePdf(params: GetInvoicePdfParams, options?: RequestOptions): APIPromise<Uint8Array> {
    return this.call(GET_INVOICE_PDF, params, options);
  }

  /**
   * Read quota and usage.
   *
   * @throws AuthenticationError 401: No valid key
   * @throws PermissionDeniedError 403: The key's scope is too small
   */
  getUsage(params: Record<string, never> = {}, options?: RequestOptions): APIPromise<UsageReport> {
    return this.call(GET_USAGE, params, options);
  }
}
