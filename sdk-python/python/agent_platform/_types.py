# Generated from openapi/openapi.json by `make spec`; changes made here are lost.
"""What the API answers and takes: plain dicts, typed."""

from __future__ import annotations

from typing import Any, Literal, TypeAlias, TypedDict

__all__ = [
    "Agent",
    "AgentPage",
    "AgentStatus",
    "ExecuteAgentResponse",
    "Execution",
    "ExecutionCancelledEvent",
    "ExecutionCompletedEvent",
    "ExecutionEvent",
    "ExecutionFailedEvent",
    "ExecutionPage",
    "ExecutionStarted",
    "ExecutionStatus",
    "ExecutionStep",
    "ExecutionStepType",
    "ExecutionUsage",
    "FieldProblem",
    "FinishReason",
    "MessageDeltaEvent",
    "OnDisconnect",
    "Problem",
    "Quota",
    "SearchHit",
    "SearchResults",
    "SignUpResponse",
    "Tier",
    "ToolCall",
    "ToolCalledEvent",
    "ToolCompletedEvent",
    "Usage",
    "UsageReport",
    "UsageReportResets",
]

AgentStatus: TypeAlias = Literal["active"] | str
"""Whether an agent can be used.

Later versions of the server may know more.
"""

ExecutionStatus: TypeAlias = Literal["running", "completed", "failed", "cancelled"] | str
"""How an execution stands.

Later versions of the server may know more.
"""

ExecutionStepType: TypeAlias = Literal["model", "tool"] | str
"""What took the step.

Later versions of the server may know more.
"""

FinishReason: TypeAlias = Literal["stop", "length", "quota", "tool_rounds"] | str
"""Why an answer ended.

Later versions of the server may know more.
"""

OnDisconnect: TypeAlias = Literal["continue", "cancel"] | str
"""What happens to an execution when its client goes away.

Later versions of the server may know more.
"""

Tier: TypeAlias = Literal["starter", "professional", "enterprise"] | str
"""What a tenant pays for.

Later versions of the server may know more.
"""


class _AgentRequired(TypedDict):
    agent_id: str
    """Its id."""

    name: str
    """Its name."""

    status: AgentStatus
    system_prompt: str
    """What it is told before every conversation."""

    tools: list[str]
    """The tools it may use."""

    model: str
    """The model it runs on."""

    max_output_tokens: int
    """The most tokens an answer may have."""

    metadata: dict[str, Any]
    """Anything you want to keep with it.

    At most 16 entries.
    """

    created_at: str
    """When it was made."""

    updated_at: str
    """When it was last changed."""


class Agent(_AgentRequired, total=False):
    """An agent: a prompt, a model and tools."""

    temperature: float | None
    """How freely it phrases."""


class _AgentPageRequired(TypedDict):
    data: list[Agent]
    """The items of this page."""

    has_more: bool
    """Whether there are more."""


class AgentPage(_AgentPageRequired, total=False):
    """One page of a list."""

    next_cursor: str | None
    """Pass it as `cursor` to get the next page."""


class ExecuteAgentResponse(TypedDict):
    """What an agent answered."""

    execution_id: str
    conversation_id: str
    agent_id: str
    message: str
    """The answer."""

    tokens_used: int
    """Input and output together."""

    usage: ExecutionUsage
    cost: float
    """In dollars."""

    model: str
    finish_reason: FinishReason
    tool_calls: list[ToolCall]
    created_at: str
    duration_ms: int


class _ExecutionRequired(TypedDict):
    execution_id: str
    agent_id: str
    status: ExecutionStatus
    steps: list[ExecutionStep]


class Execution(_ExecutionRequired, total=False):
    """An execution as it was logged."""

    error: Problem | None


class ExecutionCancelledEvent(TypedDict):
    """The end: it was cancelled."""

    type: Literal["execution.cancelled"]
    partial_message: str
    usage: ExecutionUsage


class ExecutionCompletedEvent(TypedDict):
    """The end: all went well."""

    type: Literal["execution.completed"]
    response: ExecuteAgentResponse


class ExecutionFailedEvent(TypedDict):
    """The end: it failed."""

    type: Literal["execution.failed"]
    error: Problem
    partial_message: str
    usage: ExecutionUsage


class _ExecutionPageRequired(TypedDict):
    data: list[Execution]
    """The items of this page."""

    has_more: bool
    """Whether there are more."""


class ExecutionPage(_ExecutionPageRequired, total=False):
    """One page of a list."""

    next_cursor: str | None
    """Pass it as `cursor` to get the next page."""


class ExecutionStarted(TypedDict):
    """The execution has begun."""

    type: Literal["execution.started"]
    execution_id: str
    conversation_id: str
    agent_id: str


class _ExecutionStepRequired(TypedDict):
    type: ExecutionStepType
    """What took the step."""

    name: str
    started_at: str


class ExecutionStep(_ExecutionStepRequired, total=False):
    """A step of an execution."""

    duration_ms: int | None
    tokens: int | None


class ExecutionUsage(TypedDict):
    """Tokens of an execution."""

    input_tokens: int
    output_tokens: int
    estimated: bool
    """Whether the counts are estimates."""


class FieldProblem(TypedDict):
    """What is wrong with one field."""

    pointer: str
    detail: str


class MessageDeltaEvent(TypedDict):
    """The agent says something."""

    type: Literal["message.delta"]
    text: str
    """The next piece of the answer."""


class _ProblemRequired(TypedDict):
    type: str
    title: str
    status: int
    detail: str
    """What was wrong and what to do."""

    code: str
    """A stable word."""

    request_id: str


class Problem(_ProblemRequired, total=False):
    """An error, as RFC 9457 has it."""

    errors: list[FieldProblem]


class Quota(TypedDict):
    """What a tenant may use."""

    max_requests_per_hour: int
    max_tokens_per_month: int
    max_spend_per_month: float
    """In dollars."""

    max_concurrent_agents: int
    max_storage_mb: float


class SearchHit(TypedDict):
    """A passage."""

    document_id: str
    title: str
    passage: str
    score: float


class SearchResults(TypedDict):
    """What was found, best first."""

    data: list[SearchHit]


class SignUpResponse(TypedDict):
    """The new tenant, and its key."""

    tenant_id: str
    api_key: str
    """Shown this once."""

    tier: Tier
    quota: Quota


class _ToolCallRequired(TypedDict):
    tool_call_id: str
    name: str
    arguments: Any
    """What the tool was given."""


class ToolCall(_ToolCallRequired, total=False):
    """A use of a tool."""

    output: Any
    """What it gave back."""

    error: str | None
    """Why it failed."""


class ToolCalledEvent(TypedDict):
    """The agent uses a tool."""

    type: Literal["tool.called"]
    tool_call_id: str
    name: str
    arguments: Any


class _ToolCompletedEventRequired(TypedDict):
    type: Literal["tool.completed"]
    tool_call_id: str
    duration_ms: int


class ToolCompletedEvent(_ToolCompletedEventRequired, total=False):
    """A tool gave its result."""

    output: Any
    error: str | None


class Usage(TypedDict):
    """What a tenant has used."""

    requests_this_hour: int
    tokens_this_month: int
    remaining_tokens: int
    """Limit less used."""

    spend_this_month: float
    """In dollars."""


class UsageReport(TypedDict):
    """Quota and usage."""

    tenant_id: str
    tier: Tier
    quota: Quota
    usage: Usage
    resets: UsageReportResets
    """When counts start again."""


class UsageReportResets(TypedDict):
    """When counts start again."""

    hour: str
    """When the hour's count starts again."""

    month: str


ExecutionEvent: TypeAlias = (
    ExecutionStarted
    | MessageDeltaEvent
    | ToolCalledEvent
    | ToolCompletedEvent
    | ExecutionCompletedEvent
    | ExecutionFailedEvent
    | ExecutionCancelledEvent
)
"""Something that happens in an execution.

Told apart by `type`. Later versions of the server may send others: let a `match` end with `case _: pass`.
"""
