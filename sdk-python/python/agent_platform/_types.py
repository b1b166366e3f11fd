# Generated from openapi/openapi.json by `make spec`; changes made here are lost.
"""What the API answers and takes: plain dicts, typed."""

from __future__ import annotations

from typing import Any, Literal, TypeAlias, TypedDict

__all__ = [
    "ActorKind",
    "Agent",
    "AgentId",
    "AgentPage",
    "AgentStatus",
    "ApiKeySummary",
    "ApiKeySummaryPage",
    "AuditEntry",
    "AuditEntryPage",
    "Conversation",
    "ConversationId",
    "ConversationSummary",
    "ConversationSummaryPage",
    "CreatedApiKey",
    "Document",
    "DocumentContent",
    "DocumentId",
    "DocumentPage",
    "Dollars",
    "Execution",
    "ExecutionCancelledEvent",
    "ExecutionCompletedEvent",
    "ExecutionEvent",
    "ExecutionFailedEvent",
    "ExecutionId",
    "ExecutionPage",
    "ExecutionResult",
    "ExecutionStartedEvent",
    "ExecutionStatus",
    "FieldError",
    "FoundPassage",
    "Granularity",
    "KeyId",
    "Message",
    "MessageDeltaEvent",
    "Mode",
    "OnDisconnect",
    "Problem",
    "Quota",
    "Resets",
    "Role",
    "Scope",
    "SearchResults",
    "SignedUp",
    "Step",
    "StepKind",
    "TenantId",
    "Ticket",
    "TicketId",
    "TicketPage",
    "TokenUsage",
    "ToolCall",
    "ToolCalledEvent",
    "ToolCompletedEvent",
    "Usage",
    "UsageHistory",
    "UsagePoint",
    "UsageReport",
]

ActorKind: TypeAlias = Literal["api_key", "operator", "anonymous", "system"] | str
"""What kind of party acted.

Later versions of the server may know more.
"""

AgentStatus: TypeAlias = Literal["active"] | str
"""Whether an agent can be executed.

Later versions of the server may know more.
"""

ExecutionStatus: TypeAlias = Literal["running", "completed", "failed", "cancelled"] | str
"""Where an execution stands.

Later versions of the server may know more.
"""

Granularity: TypeAlias = Literal["hour", "day"] | str
"""A clock hour or a calendar day, in UTC.

Later versions of the server may know more.
"""

Mode: TypeAlias = Literal["live", "test"] | str
"""Which kind of work a key does.

Later versions of the server may know more.
"""

OnDisconnect: TypeAlias = Literal["continue", "cancel"] | str
"""What becomes of an execution when its client goes away.

Later versions of the server may know more.
"""

Role: TypeAlias = Literal["user", "assistant"] | str
"""Who said a message.

Later versions of the server may know more.
"""

Scope: TypeAlias = Literal["read", "execute", "admin"] | str
"""What a key may do; each includes the ones before.

Later versions of the server may know more.
"""

StepKind: TypeAlias = Literal["model", "tool"] | str
"""What a step was.

Later versions of the server may know more.
"""


class Agent(TypedDict):
    """An agent."""

    agent_id: AgentId
    """Names it."""

    name: str
    """What you call it."""

    status: AgentStatus
    """`active`."""

    system_prompt: str
    """What it is told before each conversation."""

    tools: list[str]
    """The tools that it may call."""

    model: str
    """The model that answers."""

    max_output_tokens: int | None
    """How many tokens an execution may write; `null`: 1,024."""

    temperature: float
    """How freely the model chooses its words, 0 to 2."""

    metadata: dict[str, str]
    """Your own labels."""

    created_at: str
    """When it was made."""

    updated_at: str
    """When it was last changed."""


class AgentPage(TypedDict):
    """One page of a list."""

    data: list[Agent]
    """The rows, newest first."""

    has_more: bool
    """Whether there are older ones."""

    next_cursor: str | None
    """What to send as `cursor` for the next page; `null` on the last."""


class ApiKeySummary(TypedDict):
    """A key without its secret."""

    key_id: KeyId
    """Names the key."""

    name: str
    """What you call it."""

    scopes: list[Scope]
    """What it may do."""

    mode: Mode
    """Whether it does live or test work."""

    prefix: str
    """The beginning of the key, to tell it apart."""

    created_at: str
    """When it was made."""

    last_used_at: str | None
    """When it was last used, to the minute; `null`: never."""

    expires_at: str | None
    """From when it is refused; `null`: never."""


class ApiKeySummaryPage(TypedDict):
    """One page of a list."""

    data: list[ApiKeySummary]
    """The rows, newest first."""

    has_more: bool
    """Whether there are older ones."""

    next_cursor: str | None
    """What to send as `cursor` for the next page; `null` on the last."""


class AuditEntry(TypedDict):
    """An entry of the audit log: who did what, when, and from where."""

    seq: int
    """Its place in your log: 1, 2, 3, …, without a gap.

    At least 1.
    """

    created_at: str
    """When it happened."""

    actor: ActorKind
    """What kind of party acted."""

    actor_id: str | None
    """Which one: the id of the API key, or the public part of the operator's; `null` where it has none."""

    address: str | None
    """The address that it came from; `null` where it came from none."""

    request_id: str | None
    """The request, as its answer named it in `X-Request-Id`; `null` where it was none."""

    action: str
    """What was done: `api_key.created`, `agent.updated`, `tenant.updated`, `sign_in.refused`, …."""

    target: str
    """To which kind of thing: `api_key`, `agent`, `tenant`, …."""

    target_id: str | None
    """To which of them; `null` where it is none that exists."""

    before: Any
    """What it was before, without secrets; of a change only what differs. `null`: it was not there."""

    after: Any
    """What it was then, without secrets; of a change only what differs. `null`: it was there no more."""

    hash: str
    """SHA-256, in hexadecimal digits, of this entry and of the hash before it."""


class AuditEntryPage(TypedDict):
    """One page of a list."""

    data: list[AuditEntry]
    """The rows, newest first."""

    has_more: bool
    """Whether there are older ones."""

    next_cursor: str | None
    """What to send as `cursor` for the next page; `null` on the last."""


class Conversation(TypedDict):
    """A conversation."""

    conversation_id: ConversationId
    """Names it."""

    agent_id: AgentId
    """With which agent."""

    created_at: str
    """When it was begun."""

    messages: list[Message]
    """The latest 1,000 messages, oldest first. An execution that failed or was cancelled adds none."""


class ConversationSummary(TypedDict):
    """A conversation without its messages."""

    conversation_id: ConversationId
    """Names it."""

    agent_id: AgentId
    """With which agent."""

    created_at: str
    """When it was begun."""


class ConversationSummaryPage(TypedDict):
    """One page of a list."""

    data: list[ConversationSummary]
    """The rows, newest first."""

    has_more: bool
    """Whether there are older ones."""

    next_cursor: str | None
    """What to send as `cursor` for the next page; `null` on the last."""


class CreatedApiKey(TypedDict):
    """A key just made."""

    key_id: KeyId
    """Names the key."""

    api_key: str
    """The key itself, shown this once: store it now."""

    name: str
    """What you call it."""

    scopes: list[Scope]
    """What it may do."""

    mode: Mode
    """Whether it does live or test work."""

    prefix: str
    """The beginning of the key, to tell it apart."""

    created_at: str
    """When it was made."""

    last_used_at: str | None
    """`null`: it has not been used."""

    expires_at: str | None
    """From when it is refused; `null`: never."""


class Document(TypedDict):
    """A document without its text."""

    document_id: DocumentId
    """Names it."""

    title: str
    """Its title."""

    bytes: int
    """How many bytes title and text take."""

    metadata: dict[str, str]
    """Your own labels."""

    created_at: str
    """When it was made."""


class DocumentContent(TypedDict):
    """A document with its text."""

    document_id: DocumentId
    """Names it."""

    title: str
    """Its title."""

    content: str
    """Its text."""

    bytes: int
    """How many bytes title and text take."""

    metadata: dict[str, str]
    """Your own labels."""

    created_at: str
    """When it was made."""


class DocumentPage(TypedDict):
    """One page of a list."""

    data: list[Document]
    """The rows, newest first."""

    has_more: bool
    """Whether there are older ones."""

    next_cursor: str | None
    """What to send as `cursor` for the next page; `null` on the last."""


class Execution(TypedDict):
    """An execution, running or ended."""

    execution_id: ExecutionId
    """Names it."""

    conversation_id: ConversationId
    """In which conversation."""

    agent_id: AgentId
    """Of which agent."""

    status: ExecutionStatus
    """Where it stands."""

    input: str
    """The user's message."""

    message: str
    """The answer; while it runs and where it did not come to its end, what there is of it."""

    tokens_used: int
    """Tokens read and written."""

    usage: TokenUsage
    """The same, apart."""

    cost: Dollars
    """The metered value of the model's work, in dollars."""

    model: str
    """The model that ran."""

    finish_reason: str | None
    """Why the answer ended; `null` while it runs and where it failed."""

    tool_calls: list[ToolCall]
    """The tools that were called."""

    steps: list[Step]
    """Every round of the model and every call of a tool, in order."""

    error: Problem | None
    """What went wrong, where it failed."""

    metadata: dict[str, str]
    """Your own labels."""

    created_at: str
    """When it was started."""

    completed_at: str | None
    """When it ended; `null` while it runs."""

    duration_ms: int | None
    """How long it took, in milliseconds; `null` while it runs."""


class ExecutionCancelledEvent(TypedDict):
    """The execution was cancelled."""

    type: Literal["execution.cancelled"]
    partial_message: str
    """The answer as far as it came."""

    usage: TokenUsage
    """What was used."""


class ExecutionCompletedEvent(TypedDict):
    """The execution ended with an answer."""

    type: Literal["execution.completed"]
    response: ExecutionResult
    """What the call without a stream answers."""


class ExecutionFailedEvent(TypedDict):
    """The execution ended with an error."""

    type: Literal["execution.failed"]
    error: Problem
    """What went wrong."""

    partial_message: str
    """The answer as far as it came."""

    usage: TokenUsage
    """What was used."""


class ExecutionPage(TypedDict):
    """One page of a list."""

    data: list[Execution]
    """The rows, newest first."""

    has_more: bool
    """Whether there are older ones."""

    next_cursor: str | None
    """What to send as `cursor` for the next page; `null` on the last."""


class ExecutionResult(TypedDict):
    """The answer of an execution."""

    execution_id: ExecutionId
    """Names the execution."""

    conversation_id: ConversationId
    """Continue with it: send it as `conversation_id` with the next message."""

    agent_id: AgentId
    """The agent that answered."""

    message: str
    """The answer."""

    tokens_used: int
    """Tokens read and written."""

    usage: TokenUsage
    """The same, apart."""

    cost: Dollars
    """The metered value of the model's work, in dollars."""

    model: str
    """The model that answered."""

    finish_reason: str
    """Why the answer ended: `stop`, `length` (`max_output_tokens` was reached), `quota` (the tenant's quota allowed no
    further round) or `max_rounds`.
    """

    tool_calls: list[ToolCall]
    """The tools that were called."""

    created_at: str
    """When the execution was started."""

    duration_ms: int
    """How long it took, in milliseconds."""


class ExecutionStartedEvent(TypedDict):
    """The execution has begun."""

    type: Literal["execution.started"]
    execution_id: ExecutionId
    """Names the execution."""

    conversation_id: ConversationId
    """In which conversation."""

    agent_id: AgentId
    """Of which agent."""


class FieldError(TypedDict):
    """One refused part of a request."""

    pointer: str
    """Where: a JSON pointer into the body (`/tools/0`), or `?name` for a query parameter."""

    detail: str
    """What is wrong with it and what would be right."""


class FoundPassage(TypedDict):
    """A passage that was found."""

    document_id: DocumentId
    """In which document."""

    title: str
    """Of what title."""

    passage: str
    """The passage's text."""

    score: float
    """BM25: higher fits better; comparable within one search alone."""


class Message(TypedDict):
    """One message."""

    role: Role
    """Who said it."""

    content: str
    """What was said."""

    execution_id: ExecutionId
    """In which execution."""

    created_at: str
    """When."""


class MessageDeltaEvent(TypedDict):
    """The next piece of the answer."""

    type: Literal["message.delta"]
    text: str
    """The piece."""


class _ProblemRequired(TypedDict):
    type: str
    """A URN that names the kind of problem: `urn:agent-platform:problem:<code>`."""

    title: str
    """The kind in a few words, the same each time."""

    status: int
    """The HTTP status."""

    detail: str
    """This occurrence: what was wrong, with which value, and what to do."""

    code: str
    """A stable word for programs: `not_found`, `rate_limited`, `quota_exceeded`, …."""


class Problem(_ProblemRequired, total=False):
    """What went wrong (RFC 9457), with the extensions of this API."""

    request_id: str | None
    """The id of the request, also in the header `X-Request-Id`; `null` only inside stored executions."""

    errors: list[FieldError]
    """Each field that was refused, where the request's content was."""

    quota: str | None
    """The quota that is used up, by its field's name in `GET /usage`."""

    limit: float | None
    """That quota's limit, in its own unit."""

    used: float | None
    """How much of it is used or reserved."""

    resets_at: str | None
    """When it is reset; `null` for quotas that are not reset by time."""


class Quota(TypedDict):
    """The five quotas of a tenant. A limit of 0 means none allowed."""

    max_requests_per_hour: int
    """Executions that may be started in one clock hour (UTC)."""

    max_tokens_per_month: int
    """Tokens, input and output, that may be used in one calendar month (UTC)."""

    max_spend_per_month: Dollars
    """Dollars of metered model work in one calendar month (UTC)."""

    max_concurrent_agents: int
    """Executions that may run at the same time."""

    max_storage_mb: int
    """Megabytes (10⁶ bytes) of documents and conversations."""


class Resets(TypedDict):
    """When counting begins anew."""

    hour: str
    """The next clock hour, UTC."""

    month: str
    """The next calendar month, UTC."""


class SearchResults(TypedDict):
    """Passages that were found, best first."""

    data: list[FoundPassage]
    """The passages."""


class SignedUp(TypedDict):
    """A tenant just made."""

    tenant_id: TenantId
    """The tenant."""

    api_key: str
    """Its first key, with every scope. It is shown this once: store it now."""

    tier: str
    """Its tier."""

    quota: Quota
    """Its limits."""


class _StepRequired(TypedDict):
    type: StepKind
    """`model` or `tool`."""

    name: str
    """The model's or the tool's name."""

    started_at: str
    """When it began."""

    duration_ms: int
    """How long it took, in milliseconds."""


class Step(_StepRequired, total=False):
    """One round of the model, or one call of a tool, as it is logged."""

    tokens: int | None
    """Tokens read and written, where it was the model."""

    arguments: Any
    """What the tool was called with."""

    output: Any
    """What came out: the model's text, or the tool's output."""

    error: str | None
    """What went wrong."""


class Ticket(TypedDict):
    """A ticket."""

    ticket_id: TicketId
    """Names it."""

    subject: str
    """The matter in one line."""

    body: str
    """The matter in full."""

    execution_id: ExecutionId
    """The execution that made it."""

    created_at: str
    """When it was made."""


class TicketPage(TypedDict):
    """One page of a list."""

    data: list[Ticket]
    """The rows, newest first."""

    has_more: bool
    """Whether there are older ones."""

    next_cursor: str | None
    """What to send as `cursor` for the next page; `null` on the last."""


class TokenUsage(TypedDict):
    """Tokens of an execution, over all its rounds."""

    input_tokens: int
    """Tokens that the model read."""

    output_tokens: int
    """Tokens that the model wrote."""

    estimated: bool
    """Whether the figures are estimated, because the work was cut off."""


class ToolCall(TypedDict):
    """A call of a tool, asked for by the model."""

    tool_call_id: str
    """Names the call within its execution."""

    name: str
    """The tool's name."""

    arguments: Any
    """Its arguments, meant to fit the tool's parameters; the caller checks."""


class ToolCalledEvent(TypedDict):
    """A tool is called."""

    type: Literal["tool.called"]
    tool_call_id: str
    """Names the call within the execution."""

    name: str
    """The tool's name."""

    arguments: Any
    """What it is called with."""


class _ToolCompletedEventRequired(TypedDict):
    type: Literal["tool.completed"]
    tool_call_id: str
    """Which call."""

    duration_ms: int
    """How long it took, in milliseconds."""


class ToolCompletedEvent(_ToolCompletedEventRequired, total=False):
    """A tool has answered, or failed."""

    output: Any
    """What came out."""

    error: str
    """What went wrong."""


class Usage(TypedDict):
    """What is used."""

    requests_this_hour: int
    """Executions started in this clock hour."""

    tokens_this_month: int
    """Tokens used in this calendar month, by the ledger."""

    remaining_tokens: int
    """The token quota less what is used; reservations are shown apart."""

    reserved_tokens: int
    """Tokens held by executions that run."""

    spend_this_month: Dollars
    """Dollars of metered work in this calendar month, by the ledger."""

    concurrent_agents: int
    """Executions that run."""

    storage_mb: float
    """Megabytes (10⁶ bytes) of documents and conversations."""


class UsageHistory(TypedDict):
    """What was used, hour by hour or day by day."""

    data: list[UsagePoint]
    """Every hour or day of the range, oldest first, also those in which nothing was used."""


class UsagePoint(TypedDict):
    """What was used in one hour or day."""

    start: str
    """When the hour or day began, UTC."""

    requests: int
    """Executions that were started in it and have ended."""

    tokens: int
    """Tokens that they read and wrote."""

    cost: Dollars
    """The metered value of their work, in dollars."""

    errors: int
    """How many of them failed."""


class UsageReport(TypedDict):
    """A tenant's quotas and what is used of each."""

    tenant_id: TenantId
    """Whose."""

    tier: str
    """Its tier."""

    quota: Quota
    """The limits."""

    usage: Usage
    """What is used of them."""

    resets: Resets
    """When counting begins anew."""


AgentId: TypeAlias = str
"""Names an agent: `agent-…`."""

ConversationId: TypeAlias = str
"""Names a conversation: `conv-…`."""

DocumentId: TypeAlias = str
"""Names a document of the knowledge base: `doc-…`."""

Dollars: TypeAlias = float
"""US dollars, with at most six decimals."""

ExecutionEvent: TypeAlias = (
    ExecutionStartedEvent
    | MessageDeltaEvent
    | ToolCalledEvent
    | ToolCompletedEvent
    | ExecutionCompletedEvent
    | ExecutionFailedEvent
    | ExecutionCancelledEvent
)
"""One event of a stream. The last is exactly one of `execution.completed`, `execution.failed`, `execution.cancelled`.

Told apart by `type`. Later versions of the server may send others: let a `match` end with `case _: pass`.
"""

ExecutionId: TypeAlias = str
"""Names an execution: `exec-…`."""

KeyId: TypeAlias = str
"""Names an API key without revealing it: `key-…`."""

TenantId: TypeAlias = str
"""The slug that names a tenant: lower-case letters, digits and inner hyphens, at most 63 of them.

Its characters are those of a DNS label, so that it can stand in a URL, a host name or a `SET LOCAL` without quoting.
"""

TicketId: TypeAlias = str
"""Names a ticket: `tick-…`."""
