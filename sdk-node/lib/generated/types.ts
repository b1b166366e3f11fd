// Generated from openapi/openapi.json by `make spec`. Do not edit.

/** What kind of party acted. */
export type ActorKind = "api_key" | "operator" | "anonymous" | "system" | (string & Record<never, never>);

/** An agent. */
export interface Agent {
  /** Names it. */
  agent_id: AgentId;
  /** What you call it. */
  name: string;
  /** `active`. */
  status: AgentStatus;
  /** What it is told before each conversation. */
  system_prompt: string;
  /** The tools that it may call. */
  tools: string[];
  /** The model that answers. */
  model: string;
  /** How many tokens an execution may write; `null`: 1,024. */
  max_output_tokens: number | null;
  /** How freely the model chooses its words, 0 to 2. */
  temperature: number;
  /** Your own labels. */
  metadata: Record<string, string>;
  /** When it was made. */
  created_at: string;
  /** When it was last changed. */
  updated_at: string;
}

/** Names an agent: `agent-…`. */
export type AgentId = string;

/** One page of a list. */
export interface AgentPage {
  /** The rows, newest first. */
  data: Agent[];
  /** Whether there are older ones. */
  has_more: boolean;
  /** What to send as `cursor` for the next page; `null` on the last. */
  next_cursor: string | null;
}

/** Whether an agent can be executed. */
export type AgentStatus = "active" | (string & Record<never, never>);

/** A key without its secret. */
export interface ApiKeySummary {
  /** Names the key. */
  key_id: KeyId;
  /** What you call it. */
  name: string;
  /** What it may do. */
  scopes: Scope[];
  /** Whether it does live or test work. */
  mode: Mode;
  /** The beginning of the key, to tell it apart. */
  prefix: string;
  /** When it was made. */
  created_at: string;
  /** When it was last used, to the minute; `null`: never. */
  last_used_at: string | null;
  /** From when it is refused; `null`: never. */
  expires_at: string | null;
}

/** One page of a list. */
export interface ApiKeySummaryPage {
  /** The rows, newest first. */
  data: ApiKeySummary[];
  /** Whether there are older ones. */
  has_more: boolean;
  /** What to send as `cursor` for the next page; `null` on the last. */
  next_cursor: string | null;
}

/** An entry of the audit log: who did what, when, and from where. */
export interface AuditEntry {
  /**
   * Its place in your log: 1, 2, 3, …, without a gap.
   *
   * At least 1.
   */
  seq: number;
  /** When it happened. */
  created_at: string;
  /** What kind of party acted. */
  actor: ActorKind;
  /** Which one: the id of the API key, or the public part of the operator's; `null` where it has none. */
  actor_id: string | null;
  /** The address that it came from; `null` where it came from none. */
  address: string | null;
  /** The request, as its answer named it in `X-Request-Id`; `null` where it was none. */
  request_id: string | null;
  /** What was done: `api_key.created`, `agent.updated`, `tenant.updated`, `sign_in.refused`, …. */
  action: string;
  /** To which kind of thing: `api_key`, `agent`, `tenant`, …. */
  target: string;
  /** To which of them; `null` where it is none that exists. */
  target_id: string | null;
  /** What it was before, without secrets; of a change only what differs. `null`: it was not there. */
  before: unknown;
  /** What it was then, without secrets; of a change only what differs. `null`: it was there no more. */
  after: unknown;
  /** SHA-256, in hexadecimal digits, of this entry and of the hash before it. */
  hash: string;
}

/** One page of a list. */
export interface AuditEntryPage {
  /** The rows, newest first. */
  data: AuditEntry[];
  /** Whether there are older ones. */
  has_more: boolean;
  /** What to send as `cursor` for the next page; `null` on the last. */
  next_cursor: string | null;
}

/** A conversation. */
export interface Conversation {
  /** Names it. */
  conversation_id: ConversationId;
  /** With which agent. */
  agent_id: AgentId;
  /** When it was begun. */
  created_at: string;
  /** The latest 1,000 messages, oldest first. An execution that failed or was cancelled adds none. */
  messages: Message[];
}

/** Names a conversation: `conv-…`. */
export type ConversationId = string;

/** A conversation without its messages. */
export interface ConversationSummary {
  /** Names it. */
  conversation_id: ConversationId;
  /** With which agent. */
  agent_id: AgentId;
  /** When it was begun. */
  created_at: string;
}

/** One page of a list. */
export interface ConversationSummaryPage {
  /** The rows, newest first. */
  data: ConversationSummary[];
  /** Whether there are older ones. */
  has_more: boolean;
  /** What to send as `cursor` for the next page; `null` on the last. */
  next_cursor: string | null;
}

/** An agent to make. */
export interface CreateAgentRequest {
  /**
   * What you call it.
   *
   * 1 to 200 characters.
   */
  name: string;
  /**
   * What it is told before each conversation.
   *
   * 1 to 32768 characters.
   */
  system_prompt: string;
  /**
   * The tools that it may call: `search_kb` (or `search`), `create_ticket`.
   *
   * At most 32 items.
   */
  tools?: string[];
  /**
   * The model that answers: `builtin`.
   *
   * At most 200 characters. Default: `builtin`.
   */
  model?: string | null;
  /**
   * How many tokens an execution may write, where its request does not say; 1,024 if absent.
   *
   * 1 to 32768.
   */
  max_output_tokens?: number | null;
  /**
   * How freely the model chooses its words, 0 to 2; 1 if absent. The built-in model ignores it.
   *
   * 0 to 2.
   */
  temperature?: number | null;
  /**
   * Your own labels: at most 16, names of 1 to 64 characters, values of at most 512.
   *
   * At most 16 entries.
   */
  metadata?: Record<string, string> | null;
}

/** A key to make. */
export interface CreateApiKeyRequest {
  /**
   * What you call it.
   *
   * At most 200 characters.
   */
  name?: string | null;
  /**
   * What it may do: `read` < `execute` < `admin`, each includes the ones before; absent: `admin`.
   *
   * 1 to 3 items.
   */
  scopes?: Scope[] | null;
  /** `live` (the default with a live key), or `test`: the built-in model on the same data, not billed. */
  mode?: Mode | null;
  /** From when it is refused; absent: never. */
  expires_at?: string | Date | null;
}

/** A document to make. */
export interface CreateDocumentRequest {
  /**
   * Its title.
   *
   * 1 to 300 characters.
   */
  title: string;
  /**
   * Its text, plain or Markdown.
   *
   * 1 to 500000 characters.
   */
  content: string;
  /**
   * Your own labels: at most 16, names of 1 to 64 characters, values of at most 512.
   *
   * At most 16 entries.
   */
  metadata?: Record<string, string> | null;
}

/** A key just made. */
export interface CreatedApiKey {
  /** Names the key. */
  key_id: KeyId;
  /** The key itself, shown this once: store it now. */
  api_key: string;
  /** What you call it. */
  name: string;
  /** What it may do. */
  scopes: Scope[];
  /** Whether it does live or test work. */
  mode: Mode;
  /** The beginning of the key, to tell it apart. */
  prefix: string;
  /** When it was made. */
  created_at: string;
  /** `null`: it has not been used. */
  last_used_at: string | null;
  /** From when it is refused; `null`: never. */
  expires_at: string | null;
}

/** A document without its text. */
export interface Document {
  /** Names it. */
  document_id: DocumentId;
  /** Its title. */
  title: string;
  /** How many bytes title and text take. */
  bytes: number;
  /** Your own labels. */
  metadata: Record<string, string>;
  /** When it was made. */
  created_at: string;
}

/** A document with its text. */
export interface DocumentContent {
  /** Names it. */
  document_id: DocumentId;
  /** Its title. */
  title: string;
  /** Its text. */
  content: string;
  /** How many bytes title and text take. */
  bytes: number;
  /** Your own labels. */
  metadata: Record<string, string>;
  /** When it was made. */
  created_at: string;
}

/** Names a document of the knowledge base: `doc-…`. */
export type DocumentId = string;

/** One page of a list. */
export interface DocumentPage {
  /** The rows, newest first. */
  data: Document[];
  /** Whether there are older ones. */
  has_more: boolean;
  /** What to send as `cursor` for the next page; `null` on the last. */
  next_cursor: string | null;
}

/** US dollars, with at most six decimals. */
export type Dollars = number;

/** What to ask of the agent. */
export interface ExecuteAgentRequest {
  /**
   * The user's message.
   *
   * 1 to 100000 characters.
   */
  message: string;
  /**
   * The conversation to continue; absent: a new one.
   *
   * At most 100 characters.
   */
  conversation_id?: string | null;
  /**
   * How many tokens the answer may have in all; absent: the agent's figure, or 1,024, cut to what the quota leaves.
   *
   * 1 to 32768.
   */
  max_output_tokens?: number | null;
  /**
   * What becomes of the execution when the client goes away: it goes on (`continue`, the default) or is cancelled (`cancel`),
   * under an `Idempotency-Key` only when nobody has come back to it for 15 seconds.
   */
  on_disconnect?: OnDisconnect | null;
  /**
   * Your own labels: at most 16, names of 1 to 64 characters, values of at most 512.
   *
   * At most 16 entries.
   */
  metadata?: Record<string, string> | null;
}

/** An execution, running or ended. */
export interface Execution {
  /** Names it. */
  execution_id: ExecutionId;
  /** In which conversation. */
  conversation_id: ConversationId;
  /** Of which agent. */
  agent_id: AgentId;
  /** Where it stands. */
  status: ExecutionStatus;
  /** The user's message. */
  input: string;
  /** The answer; while it runs and where it did not come to its end, what there is of it. */
  message: string;
  /** Tokens read and written. */
  tokens_used: number;
  /** The same, apart. */
  usage: TokenUsage;
  /** The metered value of the model's work, in dollars. */
  cost: Dollars;
  /** The model that ran. */
  model: string;
  /** Why the answer ended; `null` while it runs and where it failed. */
  finish_reason: string | null;
  /** The tools that were called. */
  tool_calls: ToolCall[];
  /** Every round of the model and every call of a tool, in order. */
  steps: Step[];
  /** What went wrong, where it failed. */
  error: Problem | null;
  /** Your own labels. */
  metadata: Record<string, string>;
  /** When it was started. */
  created_at: string;
  /** When it ended; `null` while it runs. */
  completed_at: string | null;
  /** How long it took, in milliseconds; `null` while it runs. */
  duration_ms: number | null;
}

/** The execution was cancelled. */
export interface ExecutionCancelledEvent {
  /** The answer as far as it came. */
  partial_message: string;
  /** What was used. */
  usage: TokenUsage;
  /** Always `execution.cancelled`. */
  type: "execution.cancelled";
}

/** The execution ended with an answer. */
export interface ExecutionCompletedEvent {
  /** What the call without a stream answers. */
  response: ExecutionResult;
  /** Always `execution.completed`. */
  type: "execution.completed";
}

/**
 * One event of a stream. The last is exactly one of `execution.completed`, `execution.failed`, `execution.cancelled`.
 *
 * Told apart by `type`. A later version of the server may send others: leave those be.
 */
export type ExecutionEvent =
  | ExecutionStartedEvent
  | MessageDeltaEvent
  | ToolCalledEvent
  | ToolCompletedEvent
  | ExecutionCompletedEvent
  | ExecutionFailedEvent
  | ExecutionCancelledEvent;

/** The execution ended with an error. */
export interface ExecutionFailedEvent {
  /** What went wrong. */
  error: Problem;
  /** The answer as far as it came. */
  partial_message: string;
  /** What was used. */
  usage: TokenUsage;
  /** Always `execution.failed`. */
  type: "execution.failed";
}

/** Names an execution: `exec-…`. */
export type ExecutionId = string;

/** One page of a list. */
export interface ExecutionPage {
  /** The rows, newest first. */
  data: Execution[];
  /** Whether there are older ones. */
  has_more: boolean;
  /** What to send as `cursor` for the next page; `null` on the last. */
  next_cursor: string | null;
}

/** The answer of an execution. */
export interface ExecutionResult {
  /** Names the execution. */
  execution_id: ExecutionId;
  /** Continue with it: send it as `conversation_id` with the next message. */
  conversation_id: ConversationId;
  /** The agent that answered. */
  agent_id: AgentId;
  /** The answer. */
  message: string;
  /** Tokens read and written. */
  tokens_used: number;
  /** The same, apart. */
  usage: TokenUsage;
  /** The metered value of the model's work, in dollars. */
  cost: Dollars;
  /** The model that answered. */
  model: string;
  /**
   * Why the answer ended: `stop`, `length` (`max_output_tokens` was reached), `quota` (the tenant's quota allowed no
   * further round) or `max_rounds`.
   */
  finish_reason: string;
  /** The tools that were called. */
  tool_calls: ToolCall[];
  /** When the execution was started. */
  created_at: string;
  /** How long it took, in milliseconds. */
  duration_ms: number;
}

/** The execution has begun. */
export interface ExecutionStartedEvent {
  /** Names the execution. */
  execution_id: ExecutionId;
  /** In which conversation. */
  conversation_id: ConversationId;
  /** Of which agent. */
  agent_id: AgentId;
  /** Always `execution.started`. */
  type: "execution.started";
}

/** Where an execution stands. */
export type ExecutionStatus = "running" | "completed" | "failed" | "cancelled" | (string & Record<never, never>);

/** One refused part of a request. */
export interface FieldError {
  /** Where: a JSON pointer into the body (`/tools/0`), or `?name` for a query parameter. */
  pointer: string;
  /** What is wrong with it and what would be right. */
  detail: string;
}

/** A passage that was found. */
export interface FoundPassage {
  /** In which document. */
  document_id: DocumentId;
  /** Of what title. */
  title: string;
  /** The passage's text. */
  passage: string;
  /** BM25: higher fits better; comparable within one search alone. */
  score: number;
}

/** A clock hour or a calendar day, in UTC. */
export type Granularity = "hour" | "day";

/** Names an API key without revealing it: `key-…`. */
export type KeyId = string;

/** One message. */
export interface Message {
  /** Who said it. */
  role: Role;
  /** What was said. */
  content: string;
  /** In which execution. */
  execution_id: ExecutionId;
  /** When. */
  created_at: string;
}

/** The next piece of the answer. */
export interface MessageDeltaEvent {
  /** The piece. */
  text: string;
  /** Always `message.delta`. */
  type: "message.delta";
}

/** Which kind of work a key does. */
export type Mode = "live" | "test" | (string & Record<never, never>);

/** What becomes of an execution when its client goes away. */
export type OnDisconnect = "continue" | "cancel";

/** What went wrong (RFC 9457), with the extensions of this API. */
export interface Problem {
  /** A URN that names the kind of problem: `urn:agent-platform:problem:<code>`. */
  type: string;
  /** The kind in a few words, the same each time. */
  title: string;
  /** The HTTP status. */
  status: number;
  /** This occurrence: what was wrong, with which value, and what to do. */
  detail: string;
  /** A stable word for programs: `not_found`, `rate_limited`, `quota_exceeded`, …. */
  code: string;
  /** The id of the request, also in the header `X-Request-Id`; `null` only inside stored executions. */
  request_id?: string | null;
  /** Each field that was refused, where the request's content was. */
  errors?: FieldError[];
  /** The quota that is used up, by its field's name in `GET /usage`. */
  quota?: string | null;
  /** That quota's limit, in its own unit. */
  limit?: number | null;
  /** How much of it is used or reserved. */
  used?: number | null;
  /** When it is reset; `null` for quotas that are not reset by time. */
  resets_at?: string | null;
}

/** The five quotas of a tenant. A limit of 0 means none allowed. */
export interface Quota {
  /** Executions that may be started in one clock hour (UTC). */
  max_requests_per_hour: number;
  /** Tokens, input and output, that may be used in one calendar month (UTC). */
  max_tokens_per_month: number;
  /** Dollars of metered model work in one calendar month (UTC). */
  max_spend_per_month: Dollars;
  /** Executions that may run at the same time. */
  max_concurrent_agents: number;
  /** Megabytes (10⁶ bytes) of documents and conversations. */
  max_storage_mb: number;
}

/** When counting begins anew. */
export interface Resets {
  /** The next clock hour, UTC. */
  hour: string;
  /** The next calendar month, UTC. */
  month: string;
}

/** Who said a message. */
export type Role = "user" | "assistant" | (string & Record<never, never>);

/** How a key is replaced. */
export interface RotateApiKeyRequest {
  /**
   * For how long the old key stays valid, in seconds; 0: it ends at once. A day if absent, 30 days at most. A key that rotates
   * itself stays valid for 60 seconds at least, so that a lost answer can be asked for again.
   *
   * At most 2592000. Default: `86400`.
   */
  grace_seconds?: number | null;
}

/** What a key may do; each includes the ones before. */
export type Scope = "read" | "execute" | "admin" | (string & Record<never, never>);

/** Passages that were found, best first. */
export interface SearchResults {
  /** The passages. */
  data: FoundPassage[];
}

/** Who signs up. */
export interface SignUpRequest {
  /**
   * Your e-mail address; one tenant an address.
   *
   * 3 to 254 characters.
   */
  email: string;
  /**
   * The tier: `starter`, `professional` or `enterprise`, as far as the platform opens them at sign-up.
   *
   * 1 to 100 characters.
   */
  tier: string;
  /**
   * What you call yourself; the tenant's id is made of it, or of the address's domain.
   *
   * At most 200 characters.
   */
  name?: string | null;
}

/** A tenant just made. */
export interface SignedUp {
  /** The tenant. */
  tenant_id: TenantId;
  /** Its first key, with every scope. It is shown this once: store it now. */
  api_key: string;
  /** Its tier. */
  tier: string;
  /** Its limits. */
  quota: Quota;
}

/** One round of the model, or one call of a tool, as it is logged. */
export interface Step {
  /** `model` or `tool`. */
  type: StepKind;
  /** The model's or the tool's name. */
  name: string;
  /** When it began. */
  started_at: string;
  /** How long it took, in milliseconds. */
  duration_ms: number;
  /** Tokens read and written, where it was the model. */
  tokens?: number | null;
  /** What the tool was called with. */
  arguments?: unknown;
  /** What came out: the model's text, or the tool's output. */
  output?: unknown;
  /** What went wrong. */
  error?: string | null;
}

/** What a step was. */
export type StepKind = "model" | "tool" | (string & Record<never, never>);

/**
 * The slug that names a tenant: lower-case letters, digits and inner hyphens, at most 63 of them.
 *
 * Its characters are those of a DNS label, so that it can stand in a URL, a host name or a `SET LOCAL` without quoting.
 */
export type TenantId = string;

/** A ticket. */
export interface Ticket {
  /** Names it. */
  ticket_id: TicketId;
  /** The matter in one line. */
  subject: string;
  /** The matter in full. */
  body: string;
  /** The execution that made it. */
  execution_id: ExecutionId;
  /** When it was made. */
  created_at: string;
}

/** Names a ticket: `tick-…`. */
export type TicketId = string;

/** One page of a list. */
export interface TicketPage {
  /** The rows, newest first. */
  data: Ticket[];
  /** Whether there are older ones. */
  has_more: boolean;
  /** What to send as `cursor` for the next page; `null` on the last. */
  next_cursor: string | null;
}

/** Tokens of an execution, over all its rounds. */
export interface TokenUsage {
  /** Tokens that the model read. */
  input_tokens: number;
  /** Tokens that the model wrote. */
  output_tokens: number;
  /** Whether the figures are estimated, because the work was cut off. */
  estimated: boolean;
}

/** A call of a tool, asked for by the model. */
export interface ToolCall {
  /** Names the call within its execution. */
  tool_call_id: string;
  /** The tool's name. */
  name: string;
  /** Its arguments, meant to fit the tool's parameters; the caller checks. */
  arguments: unknown;
}

/** A tool is called. */
export interface ToolCalledEvent {
  /** Names the call within the execution. */
  tool_call_id: string;
  /** The tool's name. */
  name: string;
  /** What it is called with. */
  arguments: unknown;
  /** Always `tool.called`. */
  type: "tool.called";
}

/** A tool has answered, or failed. */
export interface ToolCompletedEvent {
  /** Which call. */
  tool_call_id: string;
  /** What came out. */
  output?: unknown;
  /** What went wrong. */
  error?: string;
  /** How long it took, in milliseconds. */
  duration_ms: number;
  /** Always `tool.completed`. */
  type: "tool.completed";
}

/** Changes to an agent. What is absent stays; `null` brings the default back. */
export interface UpdateAgentRequest {
  /**
   * What you call it.
   *
   * 1 to 200 characters.
   */
  name?: string;
  /**
   * What it is told before each conversation.
   *
   * 1 to 32768 characters.
   */
  system_prompt?: string;
  /**
   * The tools that it may call, in place of those there were.
   *
   * At most 32 items.
   */
  tools?: string[];
  /**
   * The model that answers.
   *
   * At most 200 characters.
   */
  model?: string;
  /**
   * How many tokens an execution may write; `null`: the default.
   *
   * 1 to 32768.
   */
  max_output_tokens?: number | null;
  /**
   * How freely the model chooses its words, 0 to 2; `null`: the default.
   *
   * 0 to 2.
   */
  temperature?: number | null;
  /**
   * Your own labels: at most 16, names of 1 to 64 characters, values of at most 512.
   *
   * At most 16 entries.
   */
  metadata?: Record<string, string> | null;
}

/** What is used. */
export interface Usage {
  /** Executions started in this clock hour. */
  requests_this_hour: number;
  /** Tokens used in this calendar month, by the ledger. */
  tokens_this_month: number;
  /** The token quota less what is used; reservations are shown apart. */
  remaining_tokens: number;
  /** Tokens held by executions that run. */
  reserved_tokens: number;
  /** Dollars of metered work in this calendar month, by the ledger. */
  spend_this_month: Dollars;
  /** Executions that run. */
  concurrent_agents: number;
  /** Megabytes (10⁶ bytes) of documents and conversations. */
  storage_mb: number;
}

/** What was used, hour by hour or day by day. */
export interface UsageHistory {
  /** Every hour or day of the range, oldest first, also those in which nothing was used. */
  data: UsagePoint[];
}

/** What was used in one hour or day. */
export interface UsagePoint {
  /** When the hour or day began, UTC. */
  start: string;
  /** Executions that were started in it and have ended. */
  requests: number;
  /** Tokens that they read and wrote. */
  tokens: number;
  /** The metered value of their work, in dollars. */
  cost: Dollars;
  /** How many of them failed. */
  errors: number;
}

/** A tenant's quotas and what is used of each. */
export interface UsageReport {
  /** Whose. */
  tenant_id: TenantId;
  /** Its tier. */
  tier: string;
  /** The limits. */
  quota: Quota;
  /** What is used of them. */
  usage: Usage;
  /** When counting begins anew. */
  resets: Resets;
}

/** The arguments of `listAgents`. */
export interface ListAgentsParams {
  /**
   * How many rows at most.
   *
   * 1 to 100. Default: `20`.
   */
  limit?: number;
  /** Where the page begins: `next_cursor` of the page before. */
  cursor?: string;
}

/** The arguments of `getAgent`. */
export interface GetAgentParams {
  /** The agent. */
  agent_id: AgentId;
}

/** The arguments of `deleteAgent`. */
export interface DeleteAgentParams {
  /** The agent. */
  agent_id: AgentId;
}

/** The arguments of `updateAgent`. */
export interface UpdateAgentParams extends UpdateAgentRequest {
  /** The agent. */
  agent_id: AgentId;
}

/** The arguments of `executeAgent`. */
export interface ExecuteAgentParams extends ExecuteAgentRequest {
  /** The agent. */
  agent_id: AgentId;
}

/** The arguments of `streamAgent`. */
export interface StreamAgentParams extends ExecuteAgentRequest {
  /** The agent. */
  agent_id: AgentId;
}

/** The arguments of `listExecutions`. */
export interface ListExecutionsParams {
  /** Of this agent alone. */
  agent_id?: AgentId;
  /** In this state alone. */
  status?: ExecutionStatus;
  /** Started at or after this time (RFC 3339). */
  from?: string | Date;
  /** Started before this time (RFC 3339). */
  to?: string | Date;
  /**
   * How many rows at most.
   *
   * 1 to 100. Default: `20`.
   */
  limit?: number;
  /** Where the page begins: `next_cursor` of the page before. */
  cursor?: string;
}

/** The arguments of `getExecution`. */
export interface GetExecutionParams {
  /** The execution. */
  execution_id: ExecutionId;
}

/** The arguments of `streamExecutionEvents`. */
export interface StreamExecutionEventsParams {
  /** The execution. */
  execution_id: ExecutionId;
  /**
   * The `id` of the last event that you saw: the stream begins behind it. Absent: with the first event.
   *
   * Matches `^[0-9]+$`.
   */
  last_event_id?: string;
}

/** The arguments of `cancelExecution`. */
export interface CancelExecutionParams {
  /** The execution. */
  execution_id: ExecutionId;
}

/** The arguments of `listConversations`. */
export interface ListConversationsParams {
  /**
   * How many rows at most.
   *
   * 1 to 100. Default: `20`.
   */
  limit?: number;
  /** Where the page begins: `next_cursor` of the page before. */
  cursor?: string;
}

/** The arguments of `getConversation`. */
export interface GetConversationParams {
  /** The conversation. */
  conversation_id: ConversationId;
}

/** The arguments of `deleteConversation`. */
export interface DeleteConversationParams {
  /** The conversation. */
  conversation_id: ConversationId;
}

/** The arguments of `listDocuments`. */
export interface ListDocumentsParams {
  /**
   * How many rows at most.
   *
   * 1 to 100. Default: `20`.
   */
  limit?: number;
  /** Where the page begins: `next_cursor` of the page before. */
  cursor?: string;
}

/** The arguments of `searchDocuments`. */
export interface SearchDocumentsParams {
  /**
   * Words or a question.
   *
   * 1 to 1000 characters.
   */
  q: string;
  /**
   * How many passages at most.
   *
   * 1 to 50. Default: `10`.
   */
  limit?: number;
}

/** The arguments of `getDocument`. */
export interface GetDocumentParams {
  /** The document. */
  document_id: DocumentId;
}

/** The arguments of `deleteDocument`. */
export interface DeleteDocumentParams {
  /** The document. */
  document_id: DocumentId;
}

/** The arguments of `listTickets`. */
export interface ListTicketsParams {
  /**
   * How many rows at most.
   *
   * 1 to 100. Default: `20`.
   */
  limit?: number;
  /** Where the page begins: `next_cursor` of the page before. */
  cursor?: string;
}

/** The arguments of `getTicket`. */
export interface GetTicketParams {
  /** The ticket. */
  ticket_id: TicketId;
}

/** The arguments of `getUsageHistory`. */
export interface GetUsageHistoryParams {
  /** The first hour or day is the one with this time (RFC 3339); absent: 24 hours or 30 days before the end. */
  from?: string | Date;
  /** The last hour or day is the one that ends with or after this time (RFC 3339); absent: now. */
  to?: string | Date;
  /** Hour by hour, or day by day (the default). */
  granularity?: Granularity;
}

/** The arguments of `listApiKeys`. */
export interface ListApiKeysParams {
  /**
   * How many rows at most.
   *
   * 1 to 100. Default: `20`.
   */
  limit?: number;
  /** Where the page begins: `next_cursor` of the page before. */
  cursor?: string;
}

/** The arguments of `revokeApiKey`. */
export interface RevokeApiKeyParams {
  /** The key. */
  key_id: KeyId;
}

/** The arguments of `rotateApiKey`. */
export interface RotateApiKeyParams extends RotateApiKeyRequest {
  /** The key. */
  key_id: KeyId;
}

/** The arguments of `listAuditEntries`. */
export interface ListAuditEntriesParams {
  /**
   * How many rows at most.
   *
   * 1 to 100. Default: `20`.
   */
  limit?: number;
  /** Where the page begins: `next_cursor` of the page before. */
  cursor?: string;
}
