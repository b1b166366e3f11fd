"""Client for Agent Platform: run AI agents, stream their answers.

    from agent_platform import AgentPlatformClient

    async with AgentPlatformClient(api_key="pk_live_...") as client:
        agent = await client.create_agent(name="Support Agent", system_prompt="You are helpful.", tools=["search_kb"])
        response = await client.execute_agent(agent_id=agent["agent_id"], message="Hello!")
        print(response["message"])

`SyncAgentPlatformClient` is the same for blocking code. The types of what calls answer are in `agent_platform.types`.
"""

from __future__ import annotations

from ._client import AgentPlatformClient, SyncAgentPlatformClient
from ._errors import (
    AgentPlatformError,
    APIConnectionError,
    APIStatusError,
    APITimeoutError,
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
)
from ._native import OMIT, AsyncStream, Omit, RawResponse, Stream, __version__

__all__ = [
    "OMIT",
    "APIConnectionError",
    "APIStatusError",
    "APITimeoutError",
    "AgentPlatformClient",
    "AgentPlatformError",
    "AsyncStream",
    "AuthenticationError",
    "BadRequestError",
    "ConflictError",
    "InternalServerError",
    "NotFoundError",
    "Omit",
    "PermissionDeniedError",
    "QuotaExceededError",
    "RateLimitError",
    "RawResponse",
    "Stream",
    "StreamInterruptedError",
    "SyncAgentPlatformClient",
    "UnprocessableEntityError",
    "__version__",
]
