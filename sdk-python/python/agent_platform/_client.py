# Generated from openapi/openapi.json by `make spec`; changes made here are lost.
"""The client: one method for each operation of the API."""

from __future__ import annotations

from ._base import AsyncBaseClient, SyncBaseClient
from ._native import OMIT
from ._page import through_pages, through_pages_blocking

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
    from datetime import datetime
    from typing import Any

    from ._native import AsyncStream, Omit, Stream
    from ._types import (
        Agent,
        AgentPage,
        ExecuteAgentResponse,
        Execution,
        ExecutionEvent,
        ExecutionPage,
        ExecutionStatus,
        OnDisconnect,
        SearchResults,
        SignUpResponse,
        Tier,
        UsageReport,
    )


class AgentPlatformClient(AsyncBaseClient):
    """The client for asyncio.

    Example:
        async with AgentPlatformClient(api_key="pk_live_...") as client:
            agent = await client.create_agent(name="Support Agent", system_prompt="You are helpful.")
    """

    __slots__ = ()

    async def sign_up(
        self,
        *,
        email: str,
        tier: Tier,
        name: str | None = None,
        timeout: float | Omit | None = OMIT,
        max_retries: int | None = None,
        extra_headers: Mapping[str, str] | None = None,
        extra_query: Mapping[str, str] | None = None,
        idempotency_key: str | None = None,
    ) -> SignUpResponse:
        """Sign up.

        Makes a tenant and its first key. **The key is shown this once.**

        Args:
            email: Your address.
            name: Your organisation's name.

        Raises:
            ConflictError: The address has signed up before
            UnprocessableEntityError: Something in the request is wrong
        """
        answer: SignUpResponse = await self._native.call(
            "sign_up",
            {"email": email, "tier": tier},
            {"name": name},
            (timeout, max_retries, extra_headers, extra_query, idempotency_key),
        )
        return answer

    async def list_agents(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        timeout: float | Omit | None = OMIT,
        max_retries: int | None = None,
        extra_headers: Mapping[str, str] | None = None,
        extra_query: Mapping[str, str] | None = None,
    ) -> AgentPage:
        """List agents.

        Newest first.

        Args:
            limit: How many items a page has. 1 to 100. Default: `20`.
            cursor: Where to go on: the `next_cursor` of the page before.

        Raises:
            AuthenticationError: No valid key
            PermissionDeniedError: The key's scope is too small
        """
        answer: AgentPage = await self._native.call(
            "list_agents",
            {},
            {"limit": limit, "cursor": cursor},
            (timeout, max_retries, extra_headers, extra_query, None),
        )
        return answer

    def list_agents_all(
        self,
        *,
        limit: int | None = None,
        timeout: float | Omit | None = OMIT,
        max_retries: int | None = None,
        extra_headers: Mapping[str, str] | None = None,
        extra_query: Mapping[str, str] | None = None,
    ) -> AsyncIterator[Agent]:
        """List agents. Iterates through all pages, fetching `limit` items at a time.

        Newest first.

        Args:
            limit: How many items a page has. 1 to 100. Default: `20`.

        Raises:
            AuthenticationError: No valid key
            PermissionDeniedError: The key's scope is too small
        """
        return through_pages(
            self._native,
            "list_agents",
            {},
            {"limit": limit},
            (timeout, max_retries, extra_headers, extra_query, None),
        )

    async def create_agent(
        self,
        *,
        name: str,
        system_prompt: str,
        tools: Sequence[str] | None = None,
        model: str | None = None,
        max_output_tokens: int | None = None,
        temperature: float | None = None,
        metadata: Mapping[str, Any] | None = None,
        timeout: float | Omit | None = OMIT,
        max_retries: int | None = None,
        extra_headers: Mapping[str, str] | None = None,
        extra_query: Mapping[str, str] | None = None,
        idempotency_key: str | None = None,
    ) -> Agent:
        """Create an agent.

        An agent is a prompt, a model and tools.

        It can be used at once.

        Args:
            name: Its name. 1 to 200 characters.
            system_prompt: What it is told before every conversation. 1 to 100000 characters.
            tools: The tools it may use. At most 32 items.
            model: The model it runs on: `builtin`, `openai:<model>` or `anthropic:<model>`.
            max_output_tokens: The most tokens an answer may have. 1 to 32000.
            temperature: 0 to 2.
            metadata: Anything you want to keep with it. At most 16 entries.

        Raises:
            AuthenticationError: No valid key
            PermissionDeniedError: The key's scope is too small
            UnprocessableEntityError: Something in the request is wrong
        """
        answer: Agent = await self._native.call(
            "create_agent",
            {"name": name, "system_prompt": system_prompt},
            {
                "tools": tools,
                "model": model,
                "max_output_tokens": max_output_tokens,
                "temperature": temperature,
                "metadata": metadata,
            },
            (timeout, max_retries, extra_headers, extra_query, idempotency_key),
        )
        return answer

    async def get_agent(
        self,
        *,
        agent_id: str,
        timeout: float | Omit | None = OMIT,
        max_retries: int | None = None,
        extra_headers: Mapping[str, str] | None = None,
        extra_query: Mapping[str, str] | None = None,
    ) -> Agent:
        """Read an agent.

        Args:
            agent_id: The agent's id.

        Raises:
            AuthenticationError: No valid key
            PermissionDeniedError: The key's scope is too small
            NotFoundError: There is no such agent
        """
        answer: Agent = await self._native.call(
            "get_agent",
            {"agent_id": agent_id},
            {},
            (timeout, max_retries, extra_headers, extra_query, None),
        )
        return answer

    async def delete_agent(
        self,
        *,
        agent_id: str,
        timeout: float | Omit | None = OMIT,
        max_retries: int | None = None,
        extra_headers: Mapping[str, str] | None = None,
        extra_query: Mapping[str, str] | None = None,
        idempotency_key: str | None = None,
    ) -> None:
        """Delete an agent.

        Its conversations and executions stay.

        Args:
            agent_id: The agent's id.

        Raises:
            AuthenticationError: No valid key
            PermissionDeniedError: The key's scope is too small
            NotFoundError: There is no such agent
        """
        await self._native.call(
            "delete_agent",
            {"agent_id": agent_id},
            {},
            (timeout, max_retries, extra_headers, extra_query, idempotency_key),
        )

    async def update_agent(
        self,
        *,
        agent_id: str,
        name: str | Omit = OMIT,
        system_prompt: str | Omit = OMIT,
        tools: Sequence[str] | Omit = OMIT,
        model: str | Omit | None = OMIT,
        temperature: float | Omit | None = OMIT,
        metadata: Mapping[str, Any] | Omit | None = OMIT,
        timeout: float | Omit | None = OMIT,
        max_retries: int | None = None,
        extra_headers: Mapping[str, str] | None = None,
        extra_query: Mapping[str, str] | None = None,
        idempotency_key: str | None = None,
    ) -> Agent:
        """Change an agent.

        JSON merge patch: what is absent stays, `null` goes back to the default.

        Args:
            agent_id: The agent's id.
            name: Its name. 1 to 200 characters.
            system_prompt: What it is told before every conversation.
            model: `null` goes back to the default.
            temperature: `null` goes back to the default.
            metadata: Anything you want to keep with it. At most 16 entries.

        Raises:
            AuthenticationError: No valid key
            PermissionDeniedError: The key's scope is too small
            NotFoundError: There is no such agent
        """
        answer: Agent = await self._native.call(
            "update_agent",
            {
                "agent_id": agent_id,
                "name": name,
                "system_prompt": system_prompt,
                "tools": tools,
                "model": model,
                "temperature": temperature,
                "metadata": metadata,
            },
            {},
            (timeout, max_retries, extra_headers, extra_query, idempotency_key),
        )
        return answer

    async def execute_agent(
        self,
        *,
        agent_id: str,
        message: str,
        conversation_id: str | None = None,
        max_output_tokens: int | None = None,
        on_disconnect: OnDisconnect | None = None,
        metadata: Mapping[str, Any] | None = None,
        timeout: float | Omit | None = OMIT,
        max_retries: int | None = None,
        extra_headers: Mapping[str, str] | None = None,
        extra_query: Mapping[str, str] | None = None,
        idempotency_key: str | None = None,
    ) -> ExecuteAgentResponse:
        """Execute an agent.

        Sends a message and waits for the answer.

        Args:
            agent_id: The agent's id.
            message: What to say to the agent. 1 to 1000000 characters.
            conversation_id: The conversation to go on with; a new one otherwise.
            max_output_tokens: At least 1.
            on_disconnect: What happens when the client goes away.
            metadata: Anything you want to keep with it. At most 16 entries.

        Raises:
            AuthenticationError: No valid key
            PermissionDeniedError: The key's scope is too small
            NotFoundError: There is no such agent
            RateLimitError: A quota is used up
        """
        answer: ExecuteAgentResponse = await self._native.call(
            "execute_agent",
            {"agent_id": agent_id, "message": message},
            {
                "conversation_id": conversation_id,
                "max_output_tokens": max_output_tokens,
                "on_disconnect": on_disconnect,
                "metadata": metadata,
            },
            (timeout, max_retries, extra_headers, extra_query, idempotency_key),
        )
        return answer

    def stream_agent(
        self,
        *,
        agent_id: str,
        message: str,
        conversation_id: str | None = None,
        max_output_tokens: int | None = None,
        on_disconnect: OnDisconnect | None = None,
        metadata: Mapping[str, Any] | None = None,
        timeout: float | Omit | None = OMIT,
        max_retries: int | None = None,
        extra_headers: Mapping[str, str] | None = None,
        extra_query: Mapping[str, str] | None = None,
        idempotency_key: str | None = None,
    ) -> AsyncStream[ExecutionEvent, ExecuteAgentResponse]:
        """Execute an agent.

        Sends a message and waits for the answer.

        Args:
            agent_id: The agent's id.
            message: What to say to the agent. 1 to 1000000 characters.
            conversation_id: The conversation to go on with; a new one otherwise.
            max_output_tokens: At least 1.
            on_disconnect: What happens when the client goes away.
            metadata: Anything you want to keep with it. At most 16 entries.

        Raises:
            AuthenticationError: No valid key
            PermissionDeniedError: The key's scope is too small
            NotFoundError: There is no such agent
            RateLimitError: A quota is used up
        """
        return self._native.stream(
            "stream_agent",
            {"agent_id": agent_id, "message": message},
            {
                "conversation_id": conversation_id,
                "max_output_tokens": max_output_tokens,
                "on_disconnect": on_disconnect,
                "metadata": metadata,
            },
            (timeout, max_retries, extra_headers, extra_query, idempotency_key),
        )

    async def list_executions(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        agent_id: str | None = None,
        status: Sequence[ExecutionStatus] | None = None,
        from_: datetime | str | None = None,
        to: datetime | str | None = None,
        timeout: float | Omit | None = OMIT,
        max_retries: int | None = None,
        extra_headers: Mapping[str, str] | None = None,
        extra_query: Mapping[str, str] | None = None,
    ) -> ExecutionPage:
        """List executions.

        Newest first.

        Args:
            limit: How many items a page has. 1 to 100. Default: `20`.
            cursor: Where to go on: the `next_cursor` of the page before.
            agent_id: Only those of this agent.
            status: Only those in one of these states.
            from_: Only those since then.
            to: Only those before then.

        Raises:
            AuthenticationError: No valid key
            PermissionDeniedError: The key's scope is too small
        """
        answer: ExecutionPage = await self._native.call(
            "list_executions",
            {},
            {"limit": limit, "cursor": cursor, "agent_id": agent_id, "status": status, "from": from_, "to": to},
            (timeout, max_retries, extra_headers, extra_query, None),
        )
        return answer

    def list_executions_all(
        self,
        *,
        limit: int | None = None,
        agent_id: str | None = None,
        status: Sequence[ExecutionStatus] | None = None,
        from_: datetime | str | None = None,
        to: datetime | str | None = None,
        timeout: float | Omit | None = OMIT,
        max_retries: int | None = None,
        extra_headers: Mapping[str, str] | None = None,
        extra_query: Mapping[str, str] | None = None,
    ) -> AsyncIterator[Execution]:
        """List executions. Iterates through all pages, fetching `limit` items at a time.

        Newest first.

        Args:
            limit: How many items a page has. 1 to 100. Default: `20`.
            agent_id: Only those of this agent.
            status: Only those in one of these states.
            from_: Only those since then.
            to: Only those before then.

        Raises:
            AuthenticationError: No valid key
            PermissionDeniedError: The key's scope is too small
        """
        return through_pages(
            self._native,
            "list_executions",
            {},
            {"limit": limit, "agent_id": agent_id, "status": status, "from": from_, "to": to},
            (timeout, max_retries, extra_headers, extra_query, None),
        )

    async def search_documents(
        self,
        *,
        q: str,
        limit: int | None = None,
        timeout: float | Omit | None = OMIT,
        max_retries: int | None = None,
        extra_headers: Mapping[str, str] | None = None,
        extra_query: Mapping[str, str] | None = None,
    ) -> SearchResults:
        """Search documents.

        Args:
            q: What to look for. 1 to 1000 characters.
            limit: How many items a page has. 1 to 100. Default: `20`.

        Raises:
            AuthenticationError: No valid key
            PermissionDeniedError: The key's scope is too small
        """
        answer: SearchResults = await self._native.call(
            "search_documents",
            {"q": q},
            {"limit": limit},
            (timeout, max_retries, extra_headers, extra_query, None),
        )
        return answer

    async def get_invoice_pdf(
        self,
        *,
        invoice_id: str,
        timeout: float | Omit | None = OMIT,
        max_retries: int | None = None,
        extra_headers: Mapping[str, str] | None = None,
        extra_query: Mapping[str, str] | None = None,
    ) -> bytes:
        """Download an invoice.

        Args:
            invoice_id: The invoice's id.

        Raises:
            AuthenticationError: No valid key
            PermissionDeniedError: The key's scope is too small
        """
        answer: bytes = await self._native.call(
            "get_invoice_pdf",
            {"invoice_id": invoice_id},
            {},
            (timeout, max_retries, extra_headers, extra_query, None),
        )
        return answer

    async def get_usage(
        self,
        *,
        timeout: float | Omit | None = OMIT,
        max_retries: int | None = None,
        extra_headers: Mapping[str, str] | None = None,
        extra_query: Mapping[str, str] | None = None,
    ) -> UsageReport:
        """Read quota and usage.

        Raises:
            AuthenticationError: No valid key
            PermissionDeniedError: The key's scope is too small
        """
        answer: UsageReport = await self._native.call(
            "get_usage",
            {},
            {},
            (timeout, max_retries, extra_headers, extra_query, None),
        )
        return answer


class SyncAgentPlatformClient(SyncBaseClient):
    """The client for blocking code.

    Example:
        with SyncAgentPlatformClient(api_key="pk_live_...") as client:
            agent = client.create_agent(name="Support Agent", system_prompt="You are helpful.")
    """

    __slots__ = ()

    def sign_up(
        self,
        *,
        email: str,
        tier: Tier,
        name: str | None = None,
        timeout: float | Omit | None = OMIT,
        max_retries: int | None = None,
        extra_headers: Mapping[str, str] | None = None,
        extra_query: Mapping[str, str] | None = None,
        idempotency_key: str | None = None,
    ) -> SignUpResponse:
        """Sign up.

        Makes a tenant and its first key. **The key is shown this once.**

        Args:
            email: Your address.
            name: Your organisation's name.

        Raises:
            ConflictError: The address has signed up before
            UnprocessableEntityError: Something in the request is wrong
        """
        answer: SignUpResponse = self._native.call_blocking(
            "sign_up",
            {"email": email, "tier": tier},
            {"name": name},
            (timeout, max_retries, extra_headers, extra_query, idempotency_key),
        )
        return answer

    def list_agents(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        timeout: float | Omit | None = OMIT,
        max_retries: int | None = None,
        extra_headers: Mapping[str, str] | None = None,
        extra_query: Mapping[str, str] | None = None,
    ) -> AgentPage:
        """List agents.

        Newest first.

        Args:
            limit: How many items a page has. 1 to 100. Default: `20`.
            cursor: Where to go on: the `next_cursor` of the page before.

        Raises:
            AuthenticationError: No valid key
            PermissionDeniedError: The key's scope is too small
        """
        answer: AgentPage = self._native.call_blocking(
            "list_agents",
            {},
            {"limit": limit, "cursor": cursor},
            (timeout, max_retries, extra_headers, extra_query, None),
        )
        return answer

    def list_agents_all(
        self,
        *,
        limit: int | None = None,
        timeout: float | Omit | None = OMIT,
        max_retries: int | None = None,
        extra_headers: Mapping[str, str] | None = None,
        extra_query: Mapping[str, str] | None = None,
    ) -> Iterator[Agent]:
        """List agents. Iterates through all pages, fetching `limit` items at a time.

        Newest first.

        Args:
            limit: How many items a page has. 1 to 100. Default: `20`.

        Raises:
            AuthenticationError: No valid key
            PermissionDeniedError: The key's scope is too small
        """
        return through_pages_blocking(
            self._native,
            "list_agents",
            {},
            {"limit": limit},
            (timeout, max_retries, extra_headers, extra_query, None),
        )

    def create_agent(
        self,
        *,
        name: str,
        system_prompt: str,
        tools: Sequence[str] | None = None,
        model: str | None = None,
        max_output_tokens: int | None = None,
        temperature: float | None = None,
        metadata: Mapping[str, Any] | None = None,
        timeout: float | Omit | None = OMIT,
        max_retries: int | None = None,
        extra_headers: Mapping[str, str] | None = None,
        extra_query: Mapping[str, str] | None = None,
        idempotency_key: str | None = None,
    ) -> Agent:
        """Create an agent.

        An agent is a prompt, a model and tools.

        It can be used at once.

        Args:
            name: Its name. 1 to 200 characters.
            system_prompt: What it is told before every conversation. 1 to 100000 characters.
            tools: The tools it may use. At most 32 items.
            model: The model it runs on: `builtin`, `openai:<model>` or `anthropic:<model>`.
            max_output_tokens: The most tokens an answer may have. 1 to 32000.
            temperature: 0 to 2.
            metadata: Anything you want to keep with it. At most 16 entries.

        Raises:
            AuthenticationError: No valid key
            PermissionDeniedError: The key's scope is too small
            UnprocessableEntityError: Something in the request is wrong
        """
        answer: Agent = self._native.call_blocking(
            "create_agent",
            {"name": name, "system_prompt": system_prompt},
            {
                "tools": tools,
                "model": model,
                "max_output_tokens": max_output_tokens,
                "temperature": temperature,
                "metadata": metadata,
            },
            (timeout, max_retries, extra_headers, extra_query, idempotency_key),
        )
        return answer

    def get_agent(
        self,
        *,
        agent_id: str,
        timeout: float | Omit | None = OMIT,
        max_retries: int | None = None,
        extra_headers: Mapping[str, str] | None = None,
        extra_query: Mapping[str, str] | None = None,
    ) -> Agent:
        """Read an agent.

        Args:
            agent_id: The agent's id.

        Raises:
            AuthenticationError: No valid key
            PermissionDeniedError: The key's scope is too small
            NotFoundError: There is no such agent
        """
        answer: Agent = self._native.call_blocking(
            "get_agent",
            {"agent_id": agent_id},
            {},
            (timeout, max_retries, extra_headers, extra_query, None),
        )
        return answer

    def delete_agent(
        self,
        *,
        agent_id: str,
        timeout: float | Omit | None = OMIT,
        max_retries: int | None = None,
        extra_headers: Mapping[str, str] | None = None,
        extra_query: Mapping[str, str] | None = None,
        idempotency_key: str | None = None,
    ) -> None:
        """Delete an agent.

        Its conversations and executions stay.

        Args:
            agent_id: The agent's id.

        Raises:
            AuthenticationError: No valid key
            PermissionDeniedError: The key's scope is too small
            NotFoundError: There is no such agent
        """
        self._native.call_blocking(
            "delete_agent",
            {"agent_id": agent_id},
            {},
            (timeout, max_retries, extra_headers, extra_query, idempotency_key),
        )

    def update_agent(
        self,
        *,
        agent_id: str,
        name: str | Omit = OMIT,
        system_prompt: str | Omit = OMIT,
        tools: Sequence[str] | Omit = OMIT,
        model: str | Omit | None = OMIT,
        temperature: float | Omit | None = OMIT,
        metadata: Mapping[str, Any] | Omit | None = OMIT,
        timeout: float | Omit | None = OMIT,
        max_retries: int | None = None,
        extra_headers: Mapping[str, str] | None = None,
        extra_query: Mapping[str, str] | None = None,
        idempotency_key: str | None = None,
    ) -> Agent:
        """Change an agent.

        JSON merge patch: what is absent stays, `null` goes back to the default.

        Args:
            agent_id: The agent's id.
            name: Its name. 1 to 200 characters.
            system_prompt: What it is told before every conversation.
            model: `null` goes back to the default.
            temperature: `null` goes back to the default.
            metadata: Anything you want to keep with it. At most 16 entries.

        Raises:
            AuthenticationError: No valid key
            PermissionDeniedError: The key's scope is too small
            NotFoundError: There is no such agent
        """
        answer: Agent = self._native.call_blocking(
            "update_agent",
            {
                "agent_id": agent_id,
                "name": name,
                "system_prompt": system_prompt,
                "tools": tools,
                "model": model,
                "temperature": temperature,
                "metadata": metadata,
            },
            {},
            (timeout, max_retries, extra_headers, extra_query, idempotency_key),
        )
        return answer

    def execute_agent(
        self,
        *,
        agent_id: str,
        message: str,
        conversation_id: str | None = None,
        max_output_tokens: int | None = None,
        on_disconnect: OnDisconnect | None = None,
        metadata: Mapping[str, Any] | None = None,
        timeout: float | Omit | None = OMIT,
        max_retries: int | None = None,
        extra_headers: Mapping[str, str] | None = None,
        extra_query: Mapping[str, str] | None = None,
        idempotency_key: str | None = None,
    ) -> ExecuteAgentResponse:
        """Execute an agent.

        Sends a message and waits for the answer.

        Args:
            agent_id: The agent's id.
            message: What to say to the agent. 1 to 1000000 characters.
            conversation_id: The conversation to go on with; a new one otherwise.
            max_output_tokens: At least 1.
            on_disconnect: What happens when the client goes away.
            metadata: Anything you want to keep with it. At most 16 entries.

        Raises:
            AuthenticationError: No valid key
            PermissionDeniedError: The key's scope is too small
            NotFoundError: There is no such agent
            RateLimitError: A quota is used up
        """
        answer: ExecuteAgentResponse = self._native.call_blocking(
            "execute_agent",
            {"agent_id": agent_id, "message": message},
            {
                "conversation_id": conversation_id,
                "max_output_tokens": max_output_tokens,
                "on_disconnect": on_disconnect,
                "metadata": metadata,
            },
            (timeout, max_retries, extra_headers, extra_query, idempotency_key),
        )
        return answer

    def stream_agent(
        self,
        *,
        agent_id: str,
        message: str,
        conversation_id: str | None = None,
        max_output_tokens: int | None = None,
        on_disconnect: OnDisconnect | None = None,
        metadata: Mapping[str, Any] | None = None,
        timeout: float | Omit | None = OMIT,
        max_retries: int | None = None,
        extra_headers: Mapping[str, str] | None = None,
        extra_query: Mapping[str, str] | None = None,
        idempotency_key: str | None = None,
    ) -> Stream[ExecutionEvent, ExecuteAgentResponse]:
        """Execute an agent.

        Sends a message and waits for the answer.

        Args:
            agent_id: The agent's id.
            message: What to say to the agent. 1 to 1000000 characters.
            conversation_id: The conversation to go on with; a new one otherwise.
            max_output_tokens: At least 1.
            on_disconnect: What happens when the client goes away.
            metadata: Anything you want to keep with it. At most 16 entries.

        Raises:
            AuthenticationError: No valid key
            PermissionDeniedError: The key's scope is too small
            NotFoundError: There is no such agent
            RateLimitError: A quota is used up
        """
        return self._native.stream_blocking(
            "stream_agent",
            {"agent_id": agent_id, "message": message},
            {
                "conversation_id": conversation_id,
                "max_output_tokens": max_output_tokens,
                "on_disconnect": on_disconnect,
                "metadata": metadata,
            },
            (timeout, max_retries, extra_headers, extra_query, idempotency_key),
        )

    def list_executions(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        agent_id: str | None = None,
        status: Sequence[ExecutionStatus] | None = None,
        from_: datetime | str | None = None,
        to: datetime | str | None = None,
        timeout: float | Omit | None = OMIT,
        max_retries: int | None = None,
        extra_headers: Mapping[str, str] | None = None,
        extra_query: Mapping[str, str] | None = None,
    ) -> ExecutionPage:
        """List executions.

        Newest first.

        Args:
            limit: How many items a page has. 1 to 100. Default: `20`.
            cursor: Where to go on: the `next_cursor` of the page before.
            agent_id: Only those of this agent.
            status: Only those in one of these states.
            from_: Only those since then.
            to: Only those before then.

        Raises:
            AuthenticationError: No valid key
            PermissionDeniedError: The key's scope is too small
        """
        answer: ExecutionPage = self._native.call_blocking(
            "list_executions",
            {},
            {"limit": limit, "cursor": cursor, "agent_id": agent_id, "status": status, "from": from_, "to": to},
            (timeout, max_retries, extra_headers, extra_query, None),
        )
        return answer

    def list_executions_all(
        self,
        *,
        limit: int | None = None,
        agent_id: str | None = None,
        status: Sequence[ExecutionStatus] | None = None,
        from_: datetime | str | None = None,
        to: datetime | str | None = None,
        timeout: float | Omit | None = OMIT,
        max_retries: int | None = None,
        extra_headers: Mapping[str, str] | None = None,
        extra_query: Mapping[str, str] | None = None,
    ) -> Iterator[Execution]:
        """List executions. Iterates through all pages, fetching `limit` items at a time.

        Newest first.

        Args:
            limit: How many items a page has. 1 to 100. Default: `20`.
            agent_id: Only those of this agent.
            status: Only those in one of these states.
            from_: Only those since then.
            to: Only those before then.

        Raises:
            AuthenticationError: No valid key
            PermissionDeniedError: The key's scope is too small
        """
        return through_pages_blocking(
            self._native,
            "list_executions",
            {},
            {"limit": limit, "agent_id": agent_id, "status": status, "from": from_, "to": to},
            (timeout, max_retries, extra_headers, extra_query, None),
        )

    def search_documents(
        self,
        *,
        q: str,
        limit: int | None = None,
        timeout: float | Omit | None = OMIT,
        max_retries: int | None = None,
        extra_headers: Mapping[str, str] | None = None,
        extra_query: Mapping[str, str] | None = None,
    ) -> SearchResults:
        """Search documents.

        Args:
            q: What to look for. 1 to 1000 characters.
            limit: How many items a page has. 1 to 100. Default: `20`.

        Raises:
            AuthenticationError: No valid key
            PermissionDeniedError: The key's scope is too small
        """
        answer: SearchResults = self._native.call_blocking(
            "search_documents",
            {"q": q},
            {"limit": limit},
            (timeout, max_retries, extra_headers, extra_query, None),
        )
        return answer

    def get_invoice_pdf(
        self,
        *,
        invoice_id: str,
        timeout: float | Omit | None = OMIT,
        max_retries: int | None = None,
        extra_headers: Mapping[str, str] | None = None,
        extra_query: Mapping[str, str] | None = None,
    ) -> bytes:
        """Download an invoice.

        Args:
            invoice_id: The invoice's id.

        Raises:
            AuthenticationError: No valid key
            PermissionDeniedError: The key's scope is too small
        """
        answer: bytes = self._native.call_blocking(
            "get_invoice_pdf",
            {"invoice_id": invoice_id},
            {},
            (timeout, max_retries, extra_headers, extra_query, None),
        )
        return answer

    def get_usage(
        self,
        *,
        timeout: float | Omit | None = OMIT,
        max_retries: int | None = None,
        extra_headers: Mapping[str, str] | None = None,
        extra_query: Mapping[str, str] | None = None,
    ) -> UsageReport:
        """Read quota and usage.

        Raises:
            AuthenticationError: No valid key
            PermissionDeniedError: The key's scope is too small
        """
        answer: UsageReport = self._native.call_blocking(
            "get_usage",
            {},
            {},
            (timeout, max_retries, extra_headers, extra_query, None),
        )
        return answer
