// Generated from openapi/openapi.json by `make spec`. Do not edit.

/** An agent: a prompt, a model and tools. */
export interface Agent {
  /** Its id. */
  agent_id: string;
  /** Its name. */
  name: string;
  status: AgentStatus;
  /** What it is told before every conversation. */
  system_prompt: string;
  /** The tools it may use. */
  tools: string[];
  /** The model it runs on. */
  model: string;
  /** The most tokens an answer may have. */
  max_output_tokens: number;
  /** How freely it phrases. */
  temperature?: number | null;
  /**
   * Anything you want to keep with it.
   *
   * At most 16 entries.
   */
  metadata: Record<string, unknown>;
  /** When it was made. */
  created_at: string;
  /** When it was last changed. */
  updated_at: string;
}

/** One page of a list. */
export interface AgentPage {
  /** The items of this page. */
  data: Agent[];
  /** Whether there are more. */
  has_more: boolean;
  /** Pass it as `cursor` to get the next page. */
  next_cursor?: string | null;
}

/** Whether an agent can be used. */
export type AgentStatus = "active" | (string & Record<never, never>);

/** A new agent. */
export interface CreateAgentRequest {
  /**
   * Its name.
   *
   * 1 to 200 characters.
   */
  name: string;
  /**
   * What it is told before every conversation.
   *
   * 1 to 100000 characters.
   */
  system_prompt: string;
  /**
   * The tools it may use.
   *
   * At most 32 items.
   */
  tools?: string[];
  /** The model it runs on: `builtin`, `openai:<model>` or `anthropic:<model>`. */
  model?: string | null;
  /**
   * The most tokens an answer may have.
   *
   * 1 to 32000.
   */
  max_output_tokens?: number | null;
  /** 0 to 2. */
  temperature?: number | null;
  /**
   * Anything you want to keep with it.
   *
   * At most 16 entries.
   */
  metadata?: Record<string, unknown>;
}

/** A message to an agent. */
export interface ExecuteAgentRequest {
  /**
   * What to say to the agent.
   *
   * 1 to 1000000 characters.
   */
  message: string;
  /** The conversation to go on with; a new one otherwise. */
  conversation_id?: string | null;
  /** At least 1. */
  max_output_tokens?: number | null;
  /** What happens when the client goes away. */
  on_disconnect?: OnDisconnect | null;
  /**
   * Anything you want to keep with it.
   *
   * At most 16 entries.
   */
  metadata?: Record<string, unknown>;
}

/** What an agent answered. */
export interface ExecuteAgentResponse {
  execution_id: string;
  conversation_id: string;
  agent_id: string;
  /** The answer. */
  message: string;
  /** Input and output together. */
  tokens_used: number;
  usage: ExecutionUsage;
  /** In dollars. */
  cost: number;
  model: string;
  finish_reason: FinishReason;
  tool_calls: ToolCall[];
  created_at: string;
  duration_ms: number;
}

/** An execution as it was logged. */
export interface Execution {
  execution_id: string;
  agent_id: string;
  status: ExecutionStatus;
  steps: ExecutionStep[];
  error?: Problem | null;
}

/** The end: it was cancelled. */
export interface ExecutionCancelledEvent {
  partial_message: string;
  usage: ExecutionUsage;
  type: "execution.cancelled";
}

/** The end: all went well. */
export interface ExecutionCompletedEvent {
  response: ExecuteAgentResponse;
  type: "execution.completed";
}

/**
 * Something that happens in an execution.
 *
 * Told apart by `type`. A later version of the server may send others: leave those be.
 */
export type ExecutionEvent =
  | ExecutionStarted
  | MessageDeltaEvent
  | ToolCalledEvent
  | ToolCompletedEvent
  | ExecutionCompletedEvent
  | ExecutionFailedEvent
  | ExecutionCancelledEvent;

/** The end: it failed. */
export interface ExecutionFailedEvent {
  error: Problem;
  partial_message: string;
  usage: ExecutionUsage;
  type: "execution.failed";
}

/** One page of a list. */
export interface ExecutionPage {
  /** The items of this page. */
  data: Execution[];
  /** Whether there are more. */
  has_more: boolean;
  /** Pass it as `cursor` to get the next page. */
  next_cursor?: string | null;
}

/** The execution has begun. */
export interface ExecutionStarted {
  execution_id: string;
  conversation_id: string;
  agent_id: string;
  type: "execution.started";
}

/** How an execution stands. */
export type ExecutionStatus = "running" | "completed" | "failed" | "cancelled" | (string & Record<never, never>);

/** A step of an execution. */
export interface ExecutionStep {
  /** What took the step. */
  type: ExecutionStepType;
  name: string;
  started_at: string;
  duration_ms?: number | null;
  tokens?: number | null;
}

/** What took the step. */
export type ExecutionStepType = "model" | "tool" | (string & Record<never, never>);

/** Tokens of an execution. */
export interface ExecutionUsage {
  input_tokens: number;
  output_tokens: number;
  /** Whether the counts are estimates. */
  estimated: boolean;
}

/** What is wrong with one field. */
export interface FieldProblem {
  pointer: string;
  detail: string;
}

/** Why an answer ended. */
export type FinishReason = "stop" | "length" | "quota" | "tool_rounds" | (string & Record<never, never>);

/** The agent says something. */
export interface MessageDeltaEvent {
  /** The next piece of the answer. */
  text: string;
  type: "message.delta";
}

/**
 * What happens to an execution when its client goes away.
 *
 * - `continue`: It runs to its end.
 * - `cancel`: It is cancelled.
 */
export type OnDisconnect = "continue" | "cancel";

/** An error, as RFC 9457 has it. */
export interface Problem {
  type: string;
  title: string;
  status: number;
  /** What was wrong and what to do. */
  detail: string;
  /** A stable word. */
  code: string;
  request_id: string;
  errors?: FieldProblem[];
}

/** What a tenant may use. */
export interface Quota {
  max_requests_per_hour: number;
  max_tokens_per_month: number;
  /** In dollars. */
  max_spend_per_month: number;
  max_concurrent_agents: number;
  max_storage_mb: number;
}

/** A passage. */
export interface SearchHit {
  document_id: string;
  title: string;
  passage: string;
  score: number;
}

/** What was found, best first. */
export interface SearchResults {
  data: SearchHit[];
}

/** A new tenant. */
export interface SignUpRequest {
  /** Your address. */
  email: string;
  tier: Tier;
  /** Your organisation's name. */
  name?: string | null;
}

/** The new tenant, and its key. */
export interface SignUpResponse {
  tenant_id: string;
  /** Shown this once. */
  api_key: string;
  tier: Tier;
  quota: Quota;
}

/** What a tenant pays for. */
export type Tier = "starter" | "professional" | "enterprise" | (string & Record<never, never>);

/** A use of a tool. */
export interface ToolCall {
  tool_call_id: string;
  name: string;
  /** What the tool was given. */
  arguments: unknown;
  /** What it gave back. */
  output?: unknown;
  /** Why it failed. */
  error?: string | null;
}

/** The agent uses a tool. */
export interface ToolCalledEvent {
  tool_call_id: string;
  name: string;
  arguments: unknown;
  type: "tool.called";
}

/** A tool gave its result. */
export interface ToolCompletedEvent {
  tool_call_id: string;
  output?: unknown;
  error?: string | null;
  duration_ms: number;
  type: "tool.completed";
}

/** What to change. What is absent stays as it is. */
export interface UpdateAgentRequest {
  /**
   * Its name.
   *
   * 1 to 200 characters.
   */
  name?: string;
  /** What it is told before every conversation. */
  system_prompt?: string;
  tools?: string[];
  /** `null` goes back to the default. */
  model?: string | null;
  /** `null` goes back to the default. */
  temperature?: number | null;
  /**
   * Anything you want to keep with it.
   *
   * At most 16 entries.
   */
  metadata?: Record<string, unknown> | null;
}

/** What a tenant has used. */
export interface Usage {
  requests_this_hour: number;
  tokens_this_month: number;
  /** Limit less used. */
  remaining_tokens: number;
  /** In dollars. */
  spend_this_month: number;
}

/** Quota and usage. */
export interface UsageReport {
  tenant_id: string;
  tier: Tier;
  quota: Quota;
  usage: Usage;
  /** When counts start again. */
  resets: UsageReportResets;
}

/** When counts start again. */
export interface UsageReportResets {
  /** When the hour's count starts again. */
  hour: string;
  month: string;
}

/** The arguments of `listAgents`. */
export interface ListAgentsParams {
  /**
   * How many items a page has.
   *
   * 1 to 100. Default: `20`.
   */
  limit?: number;
  /** Where to go on: the `next_cursor` of the page before. */
  cursor?: string;
}

/** The arguments of `getAgent`. */
export interface GetAgentParams {
  /** The agent's id. */
  agent_id: string;
}

/** The arguments of `deleteAgent`. */
export interface DeleteAgentParams {
  /** The agent's id. */
  agent_id: string;
}

/** The arguments of `updateAgent`. */
export interface UpdateAgentParams extends UpdateAgentRequest {
  /** The agent's id. */
  agent_id: string;
}

/** The arguments of `executeAgent`. */
export interface ExecuteAgentParams extends ExecuteAgentRequest {
  /** The agent's id. */
  agent_id: string;
}

/** The arguments of `streamAgent`. */
export interface StreamAgentParams extends ExecuteAgentRequest {
  /** The agent's id. */
  agent_id: string;
}

/** The arguments of `listExecutions`. */
export interface ListExecutionsParams {
  /**
   * How many items a page has.
   *
   * 1 to 100. Default: `20`.
   */
  limit?: number;
  /** Where to go on: the `next_cursor` of the page before. */
  cursor?: string;
  /** Only those of this agent. */
  agent_id?: string;
  /** Only those in one of these states. */
  status?: ExecutionStatus[];
  /** Only those since then. */
  from?: string | Date;
  /** Only those before then. */
  to?: string | Date;
}

/** The arguments of `searchDocuments`. */
export interface SearchDocumentsParams {
  /**
   * What to look for.
   *
   * 1 to 1000 characters.
   */
  q: string;
  /**
   * How many items a page has.
   *
   * 1 to 100. Default: `20`.
   */
  limit?: number;
}

/** The arguments of `getInvoicePdf`. */
export interface GetInvoicePdfParams {
  /** The invoice's id. */
  invoice_id: string;
}
