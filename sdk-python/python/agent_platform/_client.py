# Generated from openapi/openapi.json by `make spec`; changes made here are lost.
"""The client: one method for each operation of the API."""

from __future__ import annotations

from ._base import AsyncBaseClient, SyncBaseClient
from ._native import OMIT
from ._page import AsyncPages, pages

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Coroutine, Iterator, Mapping, Sequence
    from datetime import datetime
    from typing import Any

    from ._native import AsyncStream, Omit, Stream
    from ._raw import AgentPlatformClientWithRawResponse, SyncAgentPlatformClientWithRawResponse
    from ._types import (
        Agent,
        AgentId,
        AgentPage,
        ApiKeySummary,
        ApiKeySummaryPage,
        AuditEntry,
        AuditEntryPage,
        Conversation,
        ConversationId,
        ConversationSummary,
        ConversationSummaryPage,
        CreatedApiKey,
        Document,
        DocumentContent,
        DocumentId,
        DocumentPage,
        Execution,
        ExecutionEvent,
        ExecutionId,
        ExecutionPage,
        ExecutionResult,
        ExecutionStatus,
        Granularity,
        KeyId,
        Mode,
        OnDisconnect,
        Scope,
        SearchResults,
        SignedUp,
        Ticket,
        TicketId,
        TicketPage,
        UsageHistory,
        UsageReport,
    )


class AgentPlatformClient(AsyncBaseClient):
    """The client for asyncio.

    Example:
        async with AgentPlatformClient(api_key="pk_live_...") as client:
            agent = await client.create_agent(name="Support Agent", system_prompt="You are helpful.")
    """

    __slots__ = ()

    @property
    def with_raw_response(self) -> AgentPlatformClientWithRawResponse:
        """The same methods, answering with status, headers, request id and retries taken."""
        from ._raw import AgentPlatformClientWithRawResponse

        return AgentPlatformClientWithRawResponse(self._native.with_raw_response())

    def sign_up(
        self,
        *,
        email: str,
        tier: str,
        name: str | None = None,
        timeout: float | Omit | None = OMIT,
        max_retries: int | None = None,
        extra_headers: Mapping[str, str] | None = None,
        extra_query: Mapping[str, str] | None = None,
        idempotency_key: str | None = None,
    ) -> Coroutine[Any, Any, SignedUp]:
        """Sign up.

        Makes a tenant with its first API key, which is shown this once.

        Args:
            email: Your e-mail address; one tenant an address. 3 to 254 characters.
            tier: The tier: `starter`, `professional` or `enterprise`, as far as the platform opens them at sign-up.
                1 to 100 characters.
            name: What you call yourself; the tenant's id is made of it, or of the address's domain. At most 200
                characters.
            timeout, max_retries, extra_headers, extra_query, idempotency_key: Options of this call alone; see
                `with_options`.

        Raises:
            BadRequestError: The body is not JSON, or stopped half way; or the Idempotency-Key is malformed.
            ConflictError: It exists already, or a request with this Idempotency-Key is being worked on.
            UnprocessableEntityError: A field was refused, and `errors` names each; or the Idempotency-Key was used
                for another request.
            RateLimitError: There were too many requests; `Retry-After` says when to try again.
            InternalServerError: A fault of the server. A part of the platform is down or overloaded; `Retry-After`
                says when to try again.
            APIConnectionError: No connection, or it broke; `APITimeoutError` when it took too long.

        Example:
            signed_up = await client.sign_up(email="user@acme.com", tier="professional")
        """
        answer: Coroutine[Any, Any, SignedUp] = self._native.call(
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
    ) -> Coroutine[Any, Any, AgentPage]:
        """List agents.

        Newest first.

        Needs a key with the scope `read`.

        Args:
            limit: How many rows at most. 1 to 100. Default: `20`.
            cursor: Where the page begins: `next_cursor` of the page before.
            timeout, max_retries, extra_headers, extra_query: Options of this call alone; see `with_options`.

        Raises:
            AuthenticationError: No valid key was given.
            PermissionDeniedError: The key lacks the scope, or the tenant is suspended.
            UnprocessableEntityError: A field or parameter was refused; `errors` names each.
            RateLimitError: There were too many requests; `Retry-After` says when to try again.
            InternalServerError: A fault of the server. A part of the platform is down or overloaded; `Retry-After`
                says when to try again.
            APIConnectionError: No connection, or it broke; `APITimeoutError` when it took too long.

        Example:
            page = await client.list_agents()
        """
        answer: Coroutine[Any, Any, AgentPage] = self._native.call(
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

        Needs a key with the scope `read`.

        Args:
            limit: How many rows at most. 1 to 100. Default: `20`.
            timeout, max_retries, extra_headers, extra_query: Options of this call alone; see `with_options`.

        Raises:
            AuthenticationError: No valid key was given.
            PermissionDeniedError: The key lacks the scope, or the tenant is suspended.
            UnprocessableEntityError: A field or parameter was refused; `errors` names each.
            RateLimitError: There were too many requests; `Retry-After` says when to try again.
            InternalServerError: A fault of the server. A part of the platform is down or overloaded; `Retry-After`
                says when to try again.
            APIConnectionError: No connection, or it broke; `APITimeoutError` when it took too long.

        Example:
            async for item in client.list_agents_all():
                print(item)
        """
        return AsyncPages(
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
        metadata: Mapping[str, str] | None = None,
        timeout: float | Omit | None = OMIT,
        max_retries: int | None = None,
        extra_headers: Mapping[str, str] | None = None,
        extra_query: Mapping[str, str] | None = None,
        idempotency_key: str | None = None,
    ) -> Coroutine[Any, Any, Agent]:
        """Create an agent.

        Its tools must be known and its model configured.

        Needs a key with the scope `admin`.

        Args:
            name: What you call it. 1 to 200 characters.
            system_prompt: What it is told before each conversation. 1 to 32768 characters.
            tools: The tools that it may call: `search_kb` (or `search`), `create_ticket`. At most 32 items.
            model: The model that answers: `builtin`. At most 200 characters. Default: `builtin`.
            max_output_tokens: How many tokens an execution may write, where its request does not say; 1,024 if
                absent. 1 to 32768.
            temperature: How freely the model chooses its words, 0 to 2; 1 if absent. The built-in model ignores it.
                0 to 2.
            metadata: Your own labels: at most 16, names of 1 to 64 characters, values of at most 512. At most 16
                entries.
            timeout, max_retries, extra_headers, extra_query, idempotency_key: Options of this call alone; see
                `with_options`.

        Raises:
            BadRequestError: The body is not JSON, or stopped half way; or the Idempotency-Key is malformed.
            AuthenticationError: No valid key was given.
            PermissionDeniedError: The key lacks the scope, or the tenant is suspended.
            ConflictError: A request with this Idempotency-Key is being worked on.
            UnprocessableEntityError: A field was refused, and `errors` names each; or the Idempotency-Key was used
                for another request.
            RateLimitError: There were too many requests; `Retry-After` says when to try again.
            InternalServerError: A fault of the server. A part of the platform is down or overloaded; `Retry-After`
                says when to try again.
            APIConnectionError: No connection, or it broke; `APITimeoutError` when it took too long.

        Example:
            agent = await client.create_agent(
                name="Support Agent",
                system_prompt="You are a helpful support agent.",
            )
        """
        answer: Coroutine[Any, Any, Agent] = self._native.call(
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
        agent_id: AgentId,
        timeout: float | Omit | None = OMIT,
        max_retries: int | None = None,
        extra_headers: Mapping[str, str] | None = None,
        extra_query: Mapping[str, str] | None = None,
    ) -> Coroutine[Any, Any, Agent]:
        """Read an agent.

        Needs a key with the scope `read`.

        Args:
            agent_id: The agent.
            timeout, max_retries, extra_headers, extra_query: Options of this call alone; see `with_options`.

        Raises:
            AuthenticationError: No valid key was given.
            PermissionDeniedError: The key lacks the scope, or the tenant is suspended.
            NotFoundError: There is no such thing, or it is another tenant's.
            RateLimitError: There were too many requests; `Retry-After` says when to try again.
            InternalServerError: A fault of the server. A part of the platform is down or overloaded; `Retry-After`
                says when to try again.
            APIConnectionError: No connection, or it broke; `APITimeoutError` when it took too long.

        Example:
            agent = await client.get_agent(agent_id=agent_id)
        """
        answer: Coroutine[Any, Any, Agent] = self._native.call(
            "get_agent",
            {"agent_id": agent_id},
            {},
            (timeout, max_retries, extra_headers, extra_query, None),
        )
        return answer

    def delete_agent(
        self,
        *,
        agent_id: AgentId,
        timeout: float | Omit | None = OMIT,
        max_retries: int | None = None,
        extra_headers: Mapping[str, str] | None = None,
        extra_query: Mapping[str, str] | None = None,
        idempotency_key: str | None = None,
    ) -> Coroutine[Any, Any, None]:
        """Delete an agent.

        Its executions and conversations stay readable; nothing more can be executed with it.

        Needs a key with the scope `admin`.

        Args:
            agent_id: The agent.
            timeout, max_retries, extra_headers, extra_query, idempotency_key: Options of this call alone; see
                `with_options`.

        Raises:
            BadRequestError: The Idempotency-Key is malformed.
            AuthenticationError: No valid key was given.
            PermissionDeniedError: The key lacks the scope, or the tenant is suspended.
            NotFoundError: There is no such thing, or it is another tenant's.
            ConflictError: A request with this Idempotency-Key is being worked on.
            UnprocessableEntityError: The Idempotency-Key was used for another request.
            RateLimitError: There were too many requests; `Retry-After` says when to try again.
            InternalServerError: A fault of the server. A part of the platform is down or overloaded; `Retry-After`
                says when to try again.
            APIConnectionError: No connection, or it broke; `APITimeoutError` when it took too long.

        Example:
            await client.delete_agent(agent_id=agent_id)
        """
        answer: Coroutine[Any, Any, None] = self._native.call(
            "delete_agent",
            {"agent_id": agent_id},
            {},
            (timeout, max_retries, extra_headers, extra_query, idempotency_key),
        )
        return answer

    def update_agent(
        self,
        *,
        agent_id: AgentId,
        name: str | Omit = OMIT,
        system_prompt: str | Omit = OMIT,
        tools: Sequence[str] | Omit = OMIT,
        model: str | Omit = OMIT,
        max_output_tokens: int | Omit | None = OMIT,
        temperature: float | Omit | None = OMIT,
        metadata: Mapping[str, str] | Omit | None = OMIT,
        timeout: float | Omit | None = OMIT,
        max_retries: int | None = None,
        extra_headers: Mapping[str, str] | None = None,
        extra_query: Mapping[str, str] | None = None,
        idempotency_key: str | None = None,
    ) -> Coroutine[Any, Any, Agent]:
        """Change an agent.

        Executions that run go on as they were begun. The change holds on every server within a second.

        Needs a key with the scope `admin`.

        Args:
            agent_id: The agent.
            name: What you call it. 1 to 200 characters.
            system_prompt: What it is told before each conversation. 1 to 32768 characters.
            tools: The tools that it may call, in place of those there were. At most 32 items.
            model: The model that answers. At most 200 characters.
            max_output_tokens: How many tokens an execution may write; `null`: the default. 1 to 32768.
            temperature: How freely the model chooses its words, 0 to 2; `null`: the default. 0 to 2.
            metadata: Your own labels: at most 16, names of 1 to 64 characters, values of at most 512. At most 16
                entries.
            timeout, max_retries, extra_headers, extra_query, idempotency_key: Options of this call alone; see
                `with_options`.

        Raises:
            BadRequestError: The body is not JSON, or stopped half way; or the Idempotency-Key is malformed.
            AuthenticationError: No valid key was given.
            PermissionDeniedError: The key lacks the scope, or the tenant is suspended.
            NotFoundError: There is no such thing, or it is another tenant's.
            ConflictError: A request with this Idempotency-Key is being worked on.
            UnprocessableEntityError: A field was refused, and `errors` names each; or the Idempotency-Key was used
                for another request.
            RateLimitError: There were too many requests; `Retry-After` says when to try again.
            InternalServerError: A fault of the server. A part of the platform is down or overloaded; `Retry-After`
                says when to try again.
            APIConnectionError: No connection, or it broke; `APITimeoutError` when it took too long.

        Example:
            agent = await client.update_agent(agent_id=agent_id)
        """
        answer: Coroutine[Any, Any, Agent] = self._native.call(
            "update_agent",
            {
                "agent_id": agent_id,
                "name": name,
                "system_prompt": system_prompt,
                "tools": tools,
                "model": model,
                "max_output_tokens": max_output_tokens,
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
        agent_id: AgentId,
        message: str,
        conversation_id: str | None = None,
        max_output_tokens: int | None = None,
        on_disconnect: OnDisconnect | None = None,
        metadata: Mapping[str, str] | None = None,
        timeout: float | Omit | None = OMIT,
        max_retries: int | None = None,
        extra_headers: Mapping[str, str] | None = None,
        extra_query: Mapping[str, str] | None = None,
        idempotency_key: str | None = None,
    ) -> Coroutine[Any, Any, ExecutionResult]:
        """Execute an agent.

        Answers when the execution has ended; or, asked for `text/event-stream`, with its events as they happen. The
        execution is
        charged to the tenant whatever becomes of the connection. Asked for again under its `Idempotency-Key`, it is
        followed from its
        first event while it runs, and answered as it ended afterwards.

        Needs a key with the scope `execute`.

        Args:
            agent_id: The agent.
            message: The user's message. 1 to 100000 characters.
            conversation_id: The conversation to continue; absent: a new one. At most 100 characters.
            max_output_tokens: How many tokens the answer may have in all; absent: the agent's figure, or 1,024, cut
                to what the quota leaves. 1 to 32768.
            on_disconnect: What becomes of the execution when the client goes away: it goes on (`continue`, the
                default) or is cancelled (`cancel`), under an `Idempotency-Key` only when nobody has come back to it
                for 15 seconds.
            metadata: Your own labels: at most 16, names of 1 to 64 characters, values of at most 512. At most 16
                entries.
            timeout, max_retries, extra_headers, extra_query, idempotency_key: Options of this call alone; see
                `with_options`.

        Raises:
            BadRequestError: The body is not JSON, or stopped half way; or the Idempotency-Key is malformed.
            AuthenticationError: No valid key was given.
            PermissionDeniedError: The key lacks the scope, or the tenant is suspended.
            NotFoundError: There is no such thing, or it is another tenant's.
            ConflictError: It was cancelled meanwhile, or a request with this Idempotency-Key is being worked on
                elsewhere.
            UnprocessableEntityError: A field was refused, and `errors` names each; or the Idempotency-Key was used
                for another request.
            RateLimitError: A quota does not let this through, and `quota` names it; or there were too many requests.
            InternalServerError: A fault of the server. The model provider failed. A part of the platform is down or
                overloaded; `Retry-After` says when to try again. The execution ran into its deadline.
            APIConnectionError: No connection, or it broke; `APITimeoutError` when it took too long.

        Example:
            execution_result = await client.execute_agent(agent_id=agent_id, message="How do I reset my password?")
        """
        answer: Coroutine[Any, Any, ExecutionResult] = self._native.call(
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
        agent_id: AgentId,
        message: str,
        conversation_id: str | None = None,
        max_output_tokens: int | None = None,
        on_disconnect: OnDisconnect | None = None,
        metadata: Mapping[str, str] | None = None,
        timeout: float | Omit | None = OMIT,
        max_retries: int | None = None,
        extra_headers: Mapping[str, str] | None = None,
        extra_query: Mapping[str, str] | None = None,
        idempotency_key: str | None = None,
    ) -> AsyncStream[ExecutionEvent, ExecutionResult]:
        """Execute an agent.

        Answers when the execution has ended; or, asked for `text/event-stream`, with its events as they happen. The
        execution is
        charged to the tenant whatever becomes of the connection. Asked for again under its `Idempotency-Key`, it is
        followed from its
        first event while it runs, and answered as it ended afterwards.

        Needs a key with the scope `execute`.

        Args:
            agent_id: The agent.
            message: The user's message. 1 to 100000 characters.
            conversation_id: The conversation to continue; absent: a new one. At most 100 characters.
            max_output_tokens: How many tokens the answer may have in all; absent: the agent's figure, or 1,024, cut
                to what the quota leaves. 1 to 32768.
            on_disconnect: What becomes of the execution when the client goes away: it goes on (`continue`, the
                default) or is cancelled (`cancel`), under an `Idempotency-Key` only when nobody has come back to it
                for 15 seconds.
            metadata: Your own labels: at most 16, names of 1 to 64 characters, values of at most 512. At most 16
                entries.
            timeout, max_retries, extra_headers, extra_query, idempotency_key: Options of this call alone; see
                `with_options`.

        Raises:
            BadRequestError: The body is not JSON, or stopped half way; or the Idempotency-Key is malformed.
            AuthenticationError: No valid key was given.
            PermissionDeniedError: The key lacks the scope, or the tenant is suspended.
            NotFoundError: There is no such thing, or it is another tenant's.
            ConflictError: It was cancelled meanwhile, or a request with this Idempotency-Key is being worked on
                elsewhere.
            UnprocessableEntityError: A field was refused, and `errors` names each; or the Idempotency-Key was used
                for another request.
            RateLimitError: A quota does not let this through, and `quota` names it; or there were too many requests.
            InternalServerError: A fault of the server. The model provider failed. A part of the platform is down or
                overloaded; `Retry-After` says when to try again. The execution ran into its deadline.
            APIConnectionError: No connection, or it broke; `APITimeoutError` when it took too long.

        Example:
            async with client.stream_agent(agent_id=agent_id, message="How do I reset my password?") as stream:
                async for text in stream.text_stream:
                    print(text, end="")
        """
        stream: AsyncStream[ExecutionEvent, ExecutionResult] = self._native.stream(
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
        return stream

    def list_executions(
        self,
        *,
        agent_id: AgentId | None = None,
        status: ExecutionStatus | None = None,
        from_: datetime | str | None = None,
        to: datetime | str | None = None,
        limit: int | None = None,
        cursor: str | None = None,
        timeout: float | Omit | None = OMIT,
        max_retries: int | None = None,
        extra_headers: Mapping[str, str] | None = None,
        extra_query: Mapping[str, str] | None = None,
    ) -> Coroutine[Any, Any, ExecutionPage]:
        """List executions.

        Newest first.

        Needs a key with the scope `read`.

        Args:
            agent_id: Of this agent alone.
            status: In this state alone.
            from_: Started at or after this time (RFC 3339).
            to: Started before this time (RFC 3339).
            limit: How many rows at most. 1 to 100. Default: `20`.
            cursor: Where the page begins: `next_cursor` of the page before.
            timeout, max_retries, extra_headers, extra_query: Options of this call alone; see `with_options`.

        Raises:
            AuthenticationError: No valid key was given.
            PermissionDeniedError: The key lacks the scope, or the tenant is suspended.
            UnprocessableEntityError: A field or parameter was refused; `errors` names each.
            RateLimitError: There were too many requests; `Retry-After` says when to try again.
            InternalServerError: A fault of the server. A part of the platform is down or overloaded; `Retry-After`
                says when to try again.
            APIConnectionError: No connection, or it broke; `APITimeoutError` when it took too long.

        Example:
            page = await client.list_executions()
        """
        answer: Coroutine[Any, Any, ExecutionPage] = self._native.call(
            "list_executions",
            {},
            {"agent_id": agent_id, "status": status, "from": from_, "to": to, "limit": limit, "cursor": cursor},
            (timeout, max_retries, extra_headers, extra_query, None),
        )
        return answer

    def list_executions_all(
        self,
        *,
        agent_id: AgentId | None = None,
        status: ExecutionStatus | None = None,
        from_: datetime | str | None = None,
        to: datetime | str | None = None,
        limit: int | None = None,
        timeout: float | Omit | None = OMIT,
        max_retries: int | None = None,
        extra_headers: Mapping[str, str] | None = None,
        extra_query: Mapping[str, str] | None = None,
    ) -> AsyncIterator[Execution]:
        """List executions. Iterates through all pages, fetching `limit` items at a time.

        Newest first.

        Needs a key with the scope `read`.

        Args:
            agent_id: Of this agent alone.
            status: In this state alone.
            from_: Started at or after this time (RFC 3339).
            to: Started before this time (RFC 3339).
            limit: How many rows at most. 1 to 100. Default: `20`.
            timeout, max_retries, extra_headers, extra_query: Options of this call alone; see `with_options`.

        Raises:
            AuthenticationError: No valid key was given.
            PermissionDeniedError: The key lacks the scope, or the tenant is suspended.
            UnprocessableEntityError: A field or parameter was refused; `errors` names each.
            RateLimitError: There were too many requests; `Retry-After` says when to try again.
            InternalServerError: A fault of the server. A part of the platform is down or overloaded; `Retry-After`
                says when to try again.
            APIConnectionError: No connection, or it broke; `APITimeoutError` when it took too long.

        Example:
            async for item in client.list_executions_all():
                print(item)
        """
        return AsyncPages(
            self._native,
            "list_executions",
            {},
            {"agent_id": agent_id, "status": status, "from": from_, "to": to, "limit": limit},
            (timeout, max_retries, extra_headers, extra_query, None),
        )

    def get_execution(
        self,
        *,
        execution_id: ExecutionId,
        timeout: float | Omit | None = OMIT,
        max_retries: int | None = None,
        extra_headers: Mapping[str, str] | None = None,
        extra_query: Mapping[str, str] | None = None,
    ) -> Coroutine[Any, Any, Execution]:
        """Read an execution.

        With every step.

        Needs a key with the scope `read`.

        Args:
            execution_id: The execution.
            timeout, max_retries, extra_headers, extra_query: Options of this call alone; see `with_options`.

        Raises:
            AuthenticationError: No valid key was given.
            PermissionDeniedError: The key lacks the scope, or the tenant is suspended.
            NotFoundError: There is no such thing, or it is another tenant's.
            RateLimitError: There were too many requests; `Retry-After` says when to try again.
            InternalServerError: A fault of the server. A part of the platform is down or overloaded; `Retry-After`
                says when to try again.
            APIConnectionError: No connection, or it broke; `APITimeoutError` when it took too long.

        Example:
            execution = await client.get_execution(execution_id=execution_id)
        """
        answer: Coroutine[Any, Any, Execution] = self._native.call(
            "get_execution",
            {"execution_id": execution_id},
            {},
            (timeout, max_retries, extra_headers, extra_query, None),
        )
        return answer

    def stream_execution_events(
        self,
        *,
        execution_id: ExecutionId,
        last_event_id: str | None = None,
        timeout: float | Omit | None = OMIT,
        max_retries: int | None = None,
        extra_headers: Mapping[str, str] | None = None,
        extra_query: Mapping[str, str] | None = None,
    ) -> AsyncStream[ExecutionEvent, ExecutionResult]:
        """Follow an execution.

        Its events as they happen, or as they happened: from the first, or from behind the one that `Last-Event-ID`
        names. They are kept
        for 24 hours after its end. The same events have the same ids and the same bytes each time.

        After a crash of the server the ids may have one gap: the terminal event's lies beyond every id that was
        sent.

        Needs a key with the scope `execute`.

        Args:
            execution_id: The execution.
            last_event_id: The `id` of the last event that you saw: the stream begins behind it. Absent: with the
                first event. Matches `^[0-9]+$`.
            timeout, max_retries, extra_headers, extra_query: Options of this call alone; see `with_options`.

        Raises:
            BadRequestError: The header `Last-Event-ID` is no event's id.
            AuthenticationError: No valid key was given.
            PermissionDeniedError: The key lacks the scope, or the tenant is suspended.
            NotFoundError: There is no such thing, or it is another tenant's.
            RateLimitError: There were too many requests; `Retry-After` says when to try again.
            InternalServerError: A fault of the server. A part of the platform is down or overloaded; `Retry-After`
                says when to try again.
            APIConnectionError: No connection, or it broke; `APITimeoutError` when it took too long.

        Example:
            async with client.stream_execution_events(execution_id=execution_id) as stream:
                async for text in stream.text_stream:
                    print(text, end="")
        """
        stream: AsyncStream[ExecutionEvent, ExecutionResult] = self._native.stream(
            "stream_execution_events",
            {"execution_id": execution_id},
            {"last_event_id": last_event_id},
            (timeout, max_retries, extra_headers, extra_query, None),
        )
        return stream

    def cancel_execution(
        self,
        *,
        execution_id: ExecutionId,
        timeout: float | Omit | None = OMIT,
        max_retries: int | None = None,
        extra_headers: Mapping[str, str] | None = None,
        extra_query: Mapping[str, str] | None = None,
        idempotency_key: str | None = None,
    ) -> Coroutine[Any, Any, Execution]:
        """Cancel an execution.

        Answers with the execution once its end is settled: what it used until then is charged. One that has ended
        already stays as it
        is, and is the answer.

        Needs a key with the scope `execute`.

        Args:
            execution_id: The execution.
            timeout, max_retries, extra_headers, extra_query, idempotency_key: Options of this call alone; see
                `with_options`.

        Raises:
            BadRequestError: The Idempotency-Key is malformed.
            AuthenticationError: No valid key was given.
            PermissionDeniedError: The key lacks the scope, or the tenant is suspended.
            NotFoundError: There is no such thing, or it is another tenant's.
            ConflictError: A request with this Idempotency-Key is being worked on.
            UnprocessableEntityError: The Idempotency-Key was used for another request.
            RateLimitError: There were too many requests; `Retry-After` says when to try again.
            InternalServerError: A fault of the server. A part of the platform is down or overloaded; `Retry-After`
                says when to try again.
            APIConnectionError: No connection, or it broke; `APITimeoutError` when it took too long.

        Example:
            execution = await client.cancel_execution(execution_id=execution_id)
        """
        answer: Coroutine[Any, Any, Execution] = self._native.call(
            "cancel_execution",
            {"execution_id": execution_id},
            {},
            (timeout, max_retries, extra_headers, extra_query, idempotency_key),
        )
        return answer

    def list_conversations(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        timeout: float | Omit | None = OMIT,
        max_retries: int | None = None,
        extra_headers: Mapping[str, str] | None = None,
        extra_query: Mapping[str, str] | None = None,
    ) -> Coroutine[Any, Any, ConversationSummaryPage]:
        """List conversations.

        Newest first, without their messages.

        Needs a key with the scope `read`.

        Args:
            limit: How many rows at most. 1 to 100. Default: `20`.
            cursor: Where the page begins: `next_cursor` of the page before.
            timeout, max_retries, extra_headers, extra_query: Options of this call alone; see `with_options`.

        Raises:
            AuthenticationError: No valid key was given.
            PermissionDeniedError: The key lacks the scope, or the tenant is suspended.
            UnprocessableEntityError: A field or parameter was refused; `errors` names each.
            RateLimitError: There were too many requests; `Retry-After` says when to try again.
            InternalServerError: A fault of the server. A part of the platform is down or overloaded; `Retry-After`
                says when to try again.
            APIConnectionError: No connection, or it broke; `APITimeoutError` when it took too long.

        Example:
            page = await client.list_conversations()
        """
        answer: Coroutine[Any, Any, ConversationSummaryPage] = self._native.call(
            "list_conversations",
            {},
            {"limit": limit, "cursor": cursor},
            (timeout, max_retries, extra_headers, extra_query, None),
        )
        return answer

    def list_conversations_all(
        self,
        *,
        limit: int | None = None,
        timeout: float | Omit | None = OMIT,
        max_retries: int | None = None,
        extra_headers: Mapping[str, str] | None = None,
        extra_query: Mapping[str, str] | None = None,
    ) -> AsyncIterator[ConversationSummary]:
        """List conversations. Iterates through all pages, fetching `limit` items at a time.

        Newest first, without their messages.

        Needs a key with the scope `read`.

        Args:
            limit: How many rows at most. 1 to 100. Default: `20`.
            timeout, max_retries, extra_headers, extra_query: Options of this call alone; see `with_options`.

        Raises:
            AuthenticationError: No valid key was given.
            PermissionDeniedError: The key lacks the scope, or the tenant is suspended.
            UnprocessableEntityError: A field or parameter was refused; `errors` names each.
            RateLimitError: There were too many requests; `Retry-After` says when to try again.
            InternalServerError: A fault of the server. A part of the platform is down or overloaded; `Retry-After`
                says when to try again.
            APIConnectionError: No connection, or it broke; `APITimeoutError` when it took too long.

        Example:
            async for item in client.list_conversations_all():
                print(item)
        """
        return AsyncPages(
            self._native,
            "list_conversations",
            {},
            {"limit": limit},
            (timeout, max_retries, extra_headers, extra_query, None),
        )

    def get_conversation(
        self,
        *,
        conversation_id: ConversationId,
        timeout: float | Omit | None = OMIT,
        max_retries: int | None = None,
        extra_headers: Mapping[str, str] | None = None,
        extra_query: Mapping[str, str] | None = None,
    ) -> Coroutine[Any, Any, Conversation]:
        """Read a conversation.

        With its messages.

        Needs a key with the scope `read`.

        Args:
            conversation_id: The conversation.
            timeout, max_retries, extra_headers, extra_query: Options of this call alone; see `with_options`.

        Raises:
            AuthenticationError: No valid key was given.
            PermissionDeniedError: The key lacks the scope, or the tenant is suspended.
            NotFoundError: There is no such thing, or it is another tenant's.
            RateLimitError: There were too many requests; `Retry-After` says when to try again.
            InternalServerError: A fault of the server. A part of the platform is down or overloaded; `Retry-After`
                says when to try again.
            APIConnectionError: No connection, or it broke; `APITimeoutError` when it took too long.

        Example:
            conversation = await client.get_conversation(conversation_id=conversation_id)
        """
        answer: Coroutine[Any, Any, Conversation] = self._native.call(
            "get_conversation",
            {"conversation_id": conversation_id},
            {},
            (timeout, max_retries, extra_headers, extra_query, None),
        )
        return answer

    def delete_conversation(
        self,
        *,
        conversation_id: ConversationId,
        timeout: float | Omit | None = OMIT,
        max_retries: int | None = None,
        extra_headers: Mapping[str, str] | None = None,
        extra_query: Mapping[str, str] | None = None,
        idempotency_key: str | None = None,
    ) -> Coroutine[Any, Any, None]:
        """Delete a conversation.

        With its messages. Its executions stay in the log, and what they cost in the ledger.

        Needs a key with the scope `admin`.

        Args:
            conversation_id: The conversation.
            timeout, max_retries, extra_headers, extra_query, idempotency_key: Options of this call alone; see
                `with_options`.

        Raises:
            BadRequestError: The Idempotency-Key is malformed.
            AuthenticationError: No valid key was given.
            PermissionDeniedError: The key lacks the scope, or the tenant is suspended.
            NotFoundError: There is no such thing, or it is another tenant's.
            ConflictError: A request with this Idempotency-Key is being worked on.
            UnprocessableEntityError: The Idempotency-Key was used for another request.
            RateLimitError: There were too many requests; `Retry-After` says when to try again.
            InternalServerError: A fault of the server. A part of the platform is down or overloaded; `Retry-After`
                says when to try again.
            APIConnectionError: No connection, or it broke; `APITimeoutError` when it took too long.

        Example:
            await client.delete_conversation(conversation_id=conversation_id)
        """
        answer: Coroutine[Any, Any, None] = self._native.call(
            "delete_conversation",
            {"conversation_id": conversation_id},
            {},
            (timeout, max_retries, extra_headers, extra_query, idempotency_key),
        )
        return answer

    def list_documents(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        timeout: float | Omit | None = OMIT,
        max_retries: int | None = None,
        extra_headers: Mapping[str, str] | None = None,
        extra_query: Mapping[str, str] | None = None,
    ) -> Coroutine[Any, Any, DocumentPage]:
        """List documents.

        Without their text, newest first.

        Needs a key with the scope `read`.

        Args:
            limit: How many rows at most. 1 to 100. Default: `20`.
            cursor: Where the page begins: `next_cursor` of the page before.
            timeout, max_retries, extra_headers, extra_query: Options of this call alone; see `with_options`.

        Raises:
            AuthenticationError: No valid key was given.
            PermissionDeniedError: The key lacks the scope, or the tenant is suspended.
            UnprocessableEntityError: A field or parameter was refused; `errors` names each.
            RateLimitError: A quota does not let this through, and `quota` names it; or there were too many requests.
            InternalServerError: A fault of the server. A part of the platform is down or overloaded; `Retry-After`
                says when to try again.
            APIConnectionError: No connection, or it broke; `APITimeoutError` when it took too long.

        Example:
            page = await client.list_documents()
        """
        answer: Coroutine[Any, Any, DocumentPage] = self._native.call(
            "list_documents",
            {},
            {"limit": limit, "cursor": cursor},
            (timeout, max_retries, extra_headers, extra_query, None),
        )
        return answer

    def list_documents_all(
        self,
        *,
        limit: int | None = None,
        timeout: float | Omit | None = OMIT,
        max_retries: int | None = None,
        extra_headers: Mapping[str, str] | None = None,
        extra_query: Mapping[str, str] | None = None,
    ) -> AsyncIterator[Document]:
        """List documents. Iterates through all pages, fetching `limit` items at a time.

        Without their text, newest first.

        Needs a key with the scope `read`.

        Args:
            limit: How many rows at most. 1 to 100. Default: `20`.
            timeout, max_retries, extra_headers, extra_query: Options of this call alone; see `with_options`.

        Raises:
            AuthenticationError: No valid key was given.
            PermissionDeniedError: The key lacks the scope, or the tenant is suspended.
            UnprocessableEntityError: A field or parameter was refused; `errors` names each.
            RateLimitError: A quota does not let this through, and `quota` names it; or there were too many requests.
            InternalServerError: A fault of the server. A part of the platform is down or overloaded; `Retry-After`
                says when to try again.
            APIConnectionError: No connection, or it broke; `APITimeoutError` when it took too long.

        Example:
            async for item in client.list_documents_all():
                print(item)
        """
        return AsyncPages(
            self._native,
            "list_documents",
            {},
            {"limit": limit},
            (timeout, max_retries, extra_headers, extra_query, None),
        )

    def create_document(
        self,
        *,
        title: str,
        content: str,
        metadata: Mapping[str, str] | None = None,
        timeout: float | Omit | None = OMIT,
        max_retries: int | None = None,
        extra_headers: Mapping[str, str] | None = None,
        extra_query: Mapping[str, str] | None = None,
        idempotency_key: str | None = None,
    ) -> Coroutine[Any, Any, Document]:
        """Create a document.

        It can be found as soon as the answer is there.

        Needs a key with the scope `admin`.

        Args:
            title: Its title. 1 to 300 characters.
            content: Its text, plain or Markdown. 1 to 500000 characters.
            metadata: Your own labels: at most 16, names of 1 to 64 characters, values of at most 512. At most 16
                entries.
            timeout, max_retries, extra_headers, extra_query, idempotency_key: Options of this call alone; see
                `with_options`.

        Raises:
            BadRequestError: The body is not JSON, or stopped half way; or the Idempotency-Key is malformed.
            AuthenticationError: No valid key was given.
            PermissionDeniedError: The key lacks the scope, or the tenant is suspended.
            ConflictError: A request with this Idempotency-Key is being worked on.
            UnprocessableEntityError: A field was refused, and `errors` names each; or the Idempotency-Key was used
                for another request.
            RateLimitError: A quota does not let this through, and `quota` names it; or there were too many requests.
            InternalServerError: A fault of the server. A part of the platform is down or overloaded; `Retry-After`
                says when to try again.
            APIConnectionError: No connection, or it broke; `APITimeoutError` when it took too long.

        Example:
            document = await client.create_document(title="Resetting your password", content=content)
        """
        answer: Coroutine[Any, Any, Document] = self._native.call(
            "create_document",
            {"title": title, "content": content},
            {"metadata": metadata},
            (timeout, max_retries, extra_headers, extra_query, idempotency_key),
        )
        return answer

    def search_documents(
        self,
        *,
        q: str,
        limit: int | None = None,
        timeout: float | Omit | None = OMIT,
        max_retries: int | None = None,
        extra_headers: Mapping[str, str] | None = None,
        extra_query: Mapping[str, str] | None = None,
    ) -> Coroutine[Any, Any, SearchResults]:
        """Search the documents.

        Finds the passages that fit best, as the tool `search_kb` does.

        Needs a key with the scope `read`.

        Args:
            q: Words or a question. 1 to 1000 characters.
            limit: How many passages at most. 1 to 50. Default: `10`.
            timeout, max_retries, extra_headers, extra_query: Options of this call alone; see `with_options`.

        Raises:
            AuthenticationError: No valid key was given.
            PermissionDeniedError: The key lacks the scope, or the tenant is suspended.
            UnprocessableEntityError: A field or parameter was refused; `errors` names each.
            RateLimitError: There were too many requests; `Retry-After` says when to try again.
            InternalServerError: A fault of the server. A part of the platform is down or overloaded; `Retry-After`
                says when to try again.
            APIConnectionError: No connection, or it broke; `APITimeoutError` when it took too long.

        Example:
            search_results = await client.search_documents(q=q)
        """
        answer: Coroutine[Any, Any, SearchResults] = self._native.call(
            "search_documents",
            {"q": q},
            {"limit": limit},
            (timeout, max_retries, extra_headers, extra_query, None),
        )
        return answer

    def get_document(
        self,
        *,
        document_id: DocumentId,
        timeout: float | Omit | None = OMIT,
        max_retries: int | None = None,
        extra_headers: Mapping[str, str] | None = None,
        extra_query: Mapping[str, str] | None = None,
    ) -> Coroutine[Any, Any, DocumentContent]:
        """Read a document.

        With its text.

        Needs a key with the scope `read`.

        Args:
            document_id: The document.
            timeout, max_retries, extra_headers, extra_query: Options of this call alone; see `with_options`.

        Raises:
            AuthenticationError: No valid key was given.
            PermissionDeniedError: The key lacks the scope, or the tenant is suspended.
            NotFoundError: There is no such thing, or it is another tenant's.
            RateLimitError: There were too many requests; `Retry-After` says when to try again.
            InternalServerError: A fault of the server. A part of the platform is down or overloaded; `Retry-After`
                says when to try again.
            APIConnectionError: No connection, or it broke; `APITimeoutError` when it took too long.

        Example:
            document_content = await client.get_document(document_id=document_id)
        """
        answer: Coroutine[Any, Any, DocumentContent] = self._native.call(
            "get_document",
            {"document_id": document_id},
            {},
            (timeout, max_retries, extra_headers, extra_query, None),
        )
        return answer

    def delete_document(
        self,
        *,
        document_id: DocumentId,
        timeout: float | Omit | None = OMIT,
        max_retries: int | None = None,
        extra_headers: Mapping[str, str] | None = None,
        extra_query: Mapping[str, str] | None = None,
        idempotency_key: str | None = None,
    ) -> Coroutine[Any, Any, None]:
        """Delete a document.

        It is found no more as soon as the answer is there.

        Needs a key with the scope `admin`.

        Args:
            document_id: The document.
            timeout, max_retries, extra_headers, extra_query, idempotency_key: Options of this call alone; see
                `with_options`.

        Raises:
            BadRequestError: The Idempotency-Key is malformed.
            AuthenticationError: No valid key was given.
            PermissionDeniedError: The key lacks the scope, or the tenant is suspended.
            NotFoundError: There is no such thing, or it is another tenant's.
            ConflictError: A request with this Idempotency-Key is being worked on.
            UnprocessableEntityError: The Idempotency-Key was used for another request.
            RateLimitError: There were too many requests; `Retry-After` says when to try again.
            InternalServerError: A fault of the server. A part of the platform is down or overloaded; `Retry-After`
                says when to try again.
            APIConnectionError: No connection, or it broke; `APITimeoutError` when it took too long.

        Example:
            await client.delete_document(document_id=document_id)
        """
        answer: Coroutine[Any, Any, None] = self._native.call(
            "delete_document",
            {"document_id": document_id},
            {},
            (timeout, max_retries, extra_headers, extra_query, idempotency_key),
        )
        return answer

    def list_tickets(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        timeout: float | Omit | None = OMIT,
        max_retries: int | None = None,
        extra_headers: Mapping[str, str] | None = None,
        extra_query: Mapping[str, str] | None = None,
    ) -> Coroutine[Any, Any, TicketPage]:
        """List tickets.

        What agents made with `create_ticket`, newest first.

        Needs a key with the scope `read`.

        Args:
            limit: How many rows at most. 1 to 100. Default: `20`.
            cursor: Where the page begins: `next_cursor` of the page before.
            timeout, max_retries, extra_headers, extra_query: Options of this call alone; see `with_options`.

        Raises:
            AuthenticationError: No valid key was given.
            PermissionDeniedError: The key lacks the scope, or the tenant is suspended.
            UnprocessableEntityError: A field or parameter was refused; `errors` names each.
            RateLimitError: There were too many requests; `Retry-After` says when to try again.
            InternalServerError: A fault of the server. A part of the platform is down or overloaded; `Retry-After`
                says when to try again.
            APIConnectionError: No connection, or it broke; `APITimeoutError` when it took too long.

        Example:
            page = await client.list_tickets()
        """
        answer: Coroutine[Any, Any, TicketPage] = self._native.call(
            "list_tickets",
            {},
            {"limit": limit, "cursor": cursor},
            (timeout, max_retries, extra_headers, extra_query, None),
        )
        return answer

    def list_tickets_all(
        self,
        *,
        limit: int | None = None,
        timeout: float | Omit | None = OMIT,
        max_retries: int | None = None,
        extra_headers: Mapping[str, str] | None = None,
        extra_query: Mapping[str, str] | None = None,
    ) -> AsyncIterator[Ticket]:
        """List tickets. Iterates through all pages, fetching `limit` items at a time.

        What agents made with `create_ticket`, newest first.

        Needs a key with the scope `read`.

        Args:
            limit: How many rows at most. 1 to 100. Default: `20`.
            timeout, max_retries, extra_headers, extra_query: Options of this call alone; see `with_options`.

        Raises:
            AuthenticationError: No valid key was given.
            PermissionDeniedError: The key lacks the scope, or the tenant is suspended.
            UnprocessableEntityError: A field or parameter was refused; `errors` names each.
            RateLimitError: There were too many requests; `Retry-After` says when to try again.
            InternalServerError: A fault of the server. A part of the platform is down or overloaded; `Retry-After`
                says when to try again.
            APIConnectionError: No connection, or it broke; `APITimeoutError` when it took too long.

        Example:
            async for item in client.list_tickets_all():
                print(item)
        """
        return AsyncPages(
            self._native,
            "list_tickets",
            {},
            {"limit": limit},
            (timeout, max_retries, extra_headers, extra_query, None),
        )

    def get_ticket(
        self,
        *,
        ticket_id: TicketId,
        timeout: float | Omit | None = OMIT,
        max_retries: int | None = None,
        extra_headers: Mapping[str, str] | None = None,
        extra_query: Mapping[str, str] | None = None,
    ) -> Coroutine[Any, Any, Ticket]:
        """Read a ticket.

        Needs a key with the scope `read`.

        Args:
            ticket_id: The ticket.
            timeout, max_retries, extra_headers, extra_query: Options of this call alone; see `with_options`.

        Raises:
            AuthenticationError: No valid key was given.
            PermissionDeniedError: The key lacks the scope, or the tenant is suspended.
            NotFoundError: There is no such thing, or it is another tenant's.
            RateLimitError: There were too many requests; `Retry-After` says when to try again.
            InternalServerError: A fault of the server. A part of the platform is down or overloaded; `Retry-After`
                says when to try again.
            APIConnectionError: No connection, or it broke; `APITimeoutError` when it took too long.

        Example:
            ticket = await client.get_ticket(ticket_id=ticket_id)
        """
        answer: Coroutine[Any, Any, Ticket] = self._native.call(
            "get_ticket",
            {"ticket_id": ticket_id},
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
    ) -> Coroutine[Any, Any, UsageReport]:
        """Read the usage.

        The figures that the quotas go by. Those of tokens and spend are sums over the ledger.

        Needs a key with the scope `read`.

        Args:
            timeout, max_retries, extra_headers, extra_query: Options of this call alone; see `with_options`.

        Raises:
            AuthenticationError: No valid key was given.
            PermissionDeniedError: The key lacks the scope, or the tenant is suspended.
            RateLimitError: There were too many requests; `Retry-After` says when to try again.
            InternalServerError: A fault of the server. A part of the platform is down or overloaded; `Retry-After`
                says when to try again.
            APIConnectionError: No connection, or it broke; `APITimeoutError` when it took too long.

        Example:
            usage_report = await client.get_usage()
        """
        answer: Coroutine[Any, Any, UsageReport] = self._native.call(
            "get_usage",
            {},
            {},
            (timeout, max_retries, extra_headers, extra_query, None),
        )
        return answer

    def get_usage_history(
        self,
        *,
        from_: datetime | str | None = None,
        to: datetime | str | None = None,
        granularity: Granularity | None = None,
        timeout: float | Omit | None = OMIT,
        max_retries: int | None = None,
        extra_headers: Mapping[str, str] | None = None,
        extra_query: Mapping[str, str] | None = None,
    ) -> Coroutine[Any, Any, UsageHistory]:
        """Read the usage over time.

        Every figure is a sum over the ledger, so an execution counts once it has ended, in the hour or day in which
        it was started. Hours
        and days are whole, in UTC; one answer has at most 1,000 of them. Work of test keys is left out.

        Needs a key with the scope `read`.

        Args:
            from_: The first hour or day is the one with this time (RFC 3339); absent: 24 hours or 30 days before the
                end.
            to: The last hour or day is the one that ends with or after this time (RFC 3339); absent: now.
            granularity: Hour by hour, or day by day (the default).
            timeout, max_retries, extra_headers, extra_query: Options of this call alone; see `with_options`.

        Raises:
            AuthenticationError: No valid key was given.
            PermissionDeniedError: The key lacks the scope, or the tenant is suspended.
            UnprocessableEntityError: A field or parameter was refused; `errors` names each.
            RateLimitError: There were too many requests; `Retry-After` says when to try again.
            InternalServerError: A fault of the server. A part of the platform is down or overloaded; `Retry-After`
                says when to try again.
            APIConnectionError: No connection, or it broke; `APITimeoutError` when it took too long.

        Example:
            usage_history = await client.get_usage_history()
        """
        answer: Coroutine[Any, Any, UsageHistory] = self._native.call(
            "get_usage_history",
            {},
            {"from": from_, "to": to, "granularity": granularity},
            (timeout, max_retries, extra_headers, extra_query, None),
        )
        return answer

    def list_api_keys(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        timeout: float | Omit | None = OMIT,
        max_retries: int | None = None,
        extra_headers: Mapping[str, str] | None = None,
        extra_query: Mapping[str, str] | None = None,
    ) -> Coroutine[Any, Any, ApiKeySummaryPage]:
        """List API keys.

        Those that are not revoked, newest first, without their secrets.

        Needs a key with the scope `admin`.

        Args:
            limit: How many rows at most. 1 to 100. Default: `20`.
            cursor: Where the page begins: `next_cursor` of the page before.
            timeout, max_retries, extra_headers, extra_query: Options of this call alone; see `with_options`.

        Raises:
            AuthenticationError: No valid key was given.
            PermissionDeniedError: The key lacks the scope, or the tenant is suspended.
            UnprocessableEntityError: A field or parameter was refused; `errors` names each.
            RateLimitError: There were too many requests; `Retry-After` says when to try again.
            InternalServerError: A fault of the server. A part of the platform is down or overloaded; `Retry-After`
                says when to try again.
            APIConnectionError: No connection, or it broke; `APITimeoutError` when it took too long.

        Example:
            page = await client.list_api_keys()
        """
        answer: Coroutine[Any, Any, ApiKeySummaryPage] = self._native.call(
            "list_api_keys",
            {},
            {"limit": limit, "cursor": cursor},
            (timeout, max_retries, extra_headers, extra_query, None),
        )
        return answer

    def list_api_keys_all(
        self,
        *,
        limit: int | None = None,
        timeout: float | Omit | None = OMIT,
        max_retries: int | None = None,
        extra_headers: Mapping[str, str] | None = None,
        extra_query: Mapping[str, str] | None = None,
    ) -> AsyncIterator[ApiKeySummary]:
        """List API keys. Iterates through all pages, fetching `limit` items at a time.

        Those that are not revoked, newest first, without their secrets.

        Needs a key with the scope `admin`.

        Args:
            limit: How many rows at most. 1 to 100. Default: `20`.
            timeout, max_retries, extra_headers, extra_query: Options of this call alone; see `with_options`.

        Raises:
            AuthenticationError: No valid key was given.
            PermissionDeniedError: The key lacks the scope, or the tenant is suspended.
            UnprocessableEntityError: A field or parameter was refused; `errors` names each.
            RateLimitError: There were too many requests; `Retry-After` says when to try again.
            InternalServerError: A fault of the server. A part of the platform is down or overloaded; `Retry-After`
                says when to try again.
            APIConnectionError: No connection, or it broke; `APITimeoutError` when it took too long.

        Example:
            async for item in client.list_api_keys_all():
                print(item)
        """
        return AsyncPages(
            self._native,
            "list_api_keys",
            {},
            {"limit": limit},
            (timeout, max_retries, extra_headers, extra_query, None),
        )

    def create_api_key(
        self,
        *,
        name: str | None = None,
        scopes: Sequence[Scope] | None = None,
        mode: Mode | None = None,
        expires_at: datetime | str | None = None,
        timeout: float | Omit | None = OMIT,
        max_retries: int | None = None,
        extra_headers: Mapping[str, str] | None = None,
        extra_query: Mapping[str, str] | None = None,
        idempotency_key: str | None = None,
    ) -> Coroutine[Any, Any, CreatedApiKey]:
        """Create an API key.

        The key is shown this once.

        Needs a key with the scope `admin`.

        Args:
            name: What you call it. At most 200 characters.
            scopes: What it may do: `read` < `execute` < `admin`, each includes the ones before; absent: `admin`. 1
                to 3 items.
            mode: `live` (the default with a live key), or `test`: the built-in model on the same data, not billed.
            expires_at: From when it is refused; absent: never.
            timeout, max_retries, extra_headers, extra_query, idempotency_key: Options of this call alone; see
                `with_options`.

        Raises:
            BadRequestError: The body is not JSON, or stopped half way; or the Idempotency-Key is malformed.
            AuthenticationError: No valid key was given.
            PermissionDeniedError: The key lacks the scope, or the tenant is suspended.
            ConflictError: A request with this Idempotency-Key is being worked on.
            UnprocessableEntityError: A field was refused, and `errors` names each; or the Idempotency-Key was used
                for another request.
            RateLimitError: There were too many requests; `Retry-After` says when to try again.
            InternalServerError: A fault of the server. A part of the platform is down or overloaded; `Retry-After`
                says when to try again.
            APIConnectionError: No connection, or it broke; `APITimeoutError` when it took too long.

        Example:
            created_api_key = await client.create_api_key()
        """
        answer: Coroutine[Any, Any, CreatedApiKey] = self._native.call(
            "create_api_key",
            {},
            {"name": name, "scopes": scopes, "mode": mode, "expires_at": expires_at},
            (timeout, max_retries, extra_headers, extra_query, idempotency_key),
        )
        return answer

    def revoke_api_key(
        self,
        *,
        key_id: KeyId,
        timeout: float | Omit | None = OMIT,
        max_retries: int | None = None,
        extra_headers: Mapping[str, str] | None = None,
        extra_query: Mapping[str, str] | None = None,
        idempotency_key: str | None = None,
    ) -> Coroutine[Any, Any, None]:
        """Revoke an API key.

        It is refused everywhere within a second. Executions that it started go on. A test key revokes test keys
        alone.

        Needs a key with the scope `admin`.

        Args:
            key_id: The key.
            timeout, max_retries, extra_headers, extra_query, idempotency_key: Options of this call alone; see
                `with_options`.

        Raises:
            BadRequestError: The Idempotency-Key is malformed.
            AuthenticationError: No valid key was given.
            PermissionDeniedError: The key lacks the scope, or the tenant is suspended.
            NotFoundError: There is no such thing, or it is another tenant's.
            ConflictError: A request with this Idempotency-Key is being worked on.
            UnprocessableEntityError: The Idempotency-Key was used for another request.
            RateLimitError: There were too many requests; `Retry-After` says when to try again.
            InternalServerError: A fault of the server. A part of the platform is down or overloaded; `Retry-After`
                says when to try again.
            APIConnectionError: No connection, or it broke; `APITimeoutError` when it took too long.

        Example:
            await client.revoke_api_key(key_id=key_id)
        """
        answer: Coroutine[Any, Any, None] = self._native.call(
            "revoke_api_key",
            {"key_id": key_id},
            {},
            (timeout, max_retries, extra_headers, extra_query, idempotency_key),
        )
        return answer

    def rotate_api_key(
        self,
        *,
        key_id: KeyId,
        grace_seconds: int | None = None,
        timeout: float | Omit | None = OMIT,
        max_retries: int | None = None,
        extra_headers: Mapping[str, str] | None = None,
        extra_query: Mapping[str, str] | None = None,
        idempotency_key: str | None = None,
    ) -> Coroutine[Any, Any, CreatedApiKey]:
        """Rotate an API key.

        Gives a new key with the same name, scopes and mode, which is shown this once; it expires when the old one
        would have. The old key
        stays valid until the grace ends, which the list of keys shows as its `expires_at`.

        Needs a key with the scope `admin`.

        Args:
            key_id: The key.
            grace_seconds: For how long the old key stays valid, in seconds; 0: it ends at once. A day if absent, 30
                days at most. A key that rotates itself stays valid for 60 seconds at least, so that a lost answer
                can be asked for again. At most 2592000. Default: `86400`.
            timeout, max_retries, extra_headers, extra_query, idempotency_key: Options of this call alone; see
                `with_options`.

        Raises:
            BadRequestError: The body is not JSON, or stopped half way; or the Idempotency-Key is malformed.
            AuthenticationError: No valid key was given.
            PermissionDeniedError: The key lacks the scope, or does test work alone; or the tenant is suspended.
            NotFoundError: There is no such thing, or it is another tenant's.
            ConflictError: The key has expired or was replaced already, or a request with this Idempotency-Key is
                being worked on.
            UnprocessableEntityError: A field was refused, and `errors` names each; or the Idempotency-Key was used
                for another request.
            RateLimitError: There were too many requests; `Retry-After` says when to try again.
            InternalServerError: A fault of the server. A part of the platform is down or overloaded; `Retry-After`
                says when to try again.
            APIConnectionError: No connection, or it broke; `APITimeoutError` when it took too long.

        Example:
            created_api_key = await client.rotate_api_key(key_id=key_id)
        """
        answer: Coroutine[Any, Any, CreatedApiKey] = self._native.call(
            "rotate_api_key",
            {"key_id": key_id},
            {"grace_seconds": grace_seconds},
            (timeout, max_retries, extra_headers, extra_query, idempotency_key),
        )
        return answer

    def list_audit_entries(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        timeout: float | Omit | None = OMIT,
        max_retries: int | None = None,
        extra_headers: Mapping[str, str] | None = None,
        extra_query: Mapping[str, str] | None = None,
    ) -> Coroutine[Any, Any, AuditEntryPage]:
        """Read the audit log.

        Every change to the tenant's keys, agents, quotas, tier and status, and every refused sign-in with one of its
        keys, newest first.
        Refusals of one kind are written together: the first at once, the rest with their number each minute.

        Needs a key with the scope `admin`.

        Args:
            limit: How many rows at most. 1 to 100. Default: `20`.
            cursor: Where the page begins: `next_cursor` of the page before.
            timeout, max_retries, extra_headers, extra_query: Options of this call alone; see `with_options`.

        Raises:
            AuthenticationError: No valid key was given.
            PermissionDeniedError: The key lacks the scope, or the tenant is suspended.
            UnprocessableEntityError: A field or parameter was refused; `errors` names each.
            RateLimitError: There were too many requests; `Retry-After` says when to try again.
            InternalServerError: A fault of the server. A part of the platform is down or overloaded; `Retry-After`
                says when to try again.
            APIConnectionError: No connection, or it broke; `APITimeoutError` when it took too long.

        Example:
            page = await client.list_audit_entries()
        """
        answer: Coroutine[Any, Any, AuditEntryPage] = self._native.call(
            "list_audit_entries",
            {},
            {"limit": limit, "cursor": cursor},
            (timeout, max_retries, extra_headers, extra_query, None),
        )
        return answer

    def list_audit_entries_all(
        self,
        *,
        limit: int | None = None,
        timeout: float | Omit | None = OMIT,
        max_retries: int | None = None,
        extra_headers: Mapping[str, str] | None = None,
        extra_query: Mapping[str, str] | None = None,
    ) -> AsyncIterator[AuditEntry]:
        """Read the audit log. Iterates through all pages, fetching `limit` items at a time.

        Every change to the tenant's keys, agents, quotas, tier and status, and every refused sign-in with one of its
        keys, newest first.
        Refusals of one kind are written together: the first at once, the rest with their number each minute.

        Needs a key with the scope `admin`.

        Args:
            limit: How many rows at most. 1 to 100. Default: `20`.
            timeout, max_retries, extra_headers, extra_query: Options of this call alone; see `with_options`.

        Raises:
            AuthenticationError: No valid key was given.
            PermissionDeniedError: The key lacks the scope, or the tenant is suspended.
            UnprocessableEntityError: A field or parameter was refused; `errors` names each.
            RateLimitError: There were too many requests; `Retry-After` says when to try again.
            InternalServerError: A fault of the server. A part of the platform is down or overloaded; `Retry-After`
                says when to try again.
            APIConnectionError: No connection, or it broke; `APITimeoutError` when it took too long.

        Example:
            async for item in client.list_audit_entries_all():
                print(item)
        """
        return AsyncPages(
            self._native,
            "list_audit_entries",
            {},
            {"limit": limit},
            (timeout, max_retries, extra_headers, extra_query, None),
        )


class SyncAgentPlatformClient(SyncBaseClient):
    """The client for blocking code.

    Example:
        with SyncAgentPlatformClient(api_key="pk_live_...") as client:
            agent = client.create_agent(name="Support Agent", system_prompt="You are helpful.")
    """

    __slots__ = ()

    @property
    def with_raw_response(self) -> SyncAgentPlatformClientWithRawResponse:
        """The same methods, answering with status, headers, request id and retries taken."""
        from ._raw import SyncAgentPlatformClientWithRawResponse

        return SyncAgentPlatformClientWithRawResponse(self._native.with_raw_response())

    def sign_up(
        self,
        *,
        email: str,
        tier: str,
        name: str | None = None,
        timeout: float | Omit | None = OMIT,
        max_retries: int | None = None,
        extra_headers: Mapping[str, str] | None = None,
        extra_query: Mapping[str, str] | None = None,
        idempotency_key: str | None = None,
    ) -> SignedUp:
        """Sign up.

        Makes a tenant with its first API key, which is shown this once.

        Args:
            email: Your e-mail address; one tenant an address. 3 to 254 characters.
            tier: The tier: `starter`, `professional` or `enterprise`, as far as the platform opens them at sign-up.
                1 to 100 characters.
            name: What you call yourself; the tenant's id is made of it, or of the address's domain. At most 200
                characters.
            timeout, max_retries, extra_headers, extra_query, idempotency_key: Options of this call alone; see
                `with_options`.

        Raises:
            BadRequestError: The body is not JSON, or stopped half way; or the Idempotency-Key is malformed.
            ConflictError: It exists already, or a request with this Idempotency-Key is being worked on.
            UnprocessableEntityError: A field was refused, and `errors` names each; or the Idempotency-Key was used
                for another request.
            RateLimitError: There were too many requests; `Retry-After` says when to try again.
            InternalServerError: A fault of the server. A part of the platform is down or overloaded; `Retry-After`
                says when to try again.
            APIConnectionError: No connection, or it broke; `APITimeoutError` when it took too long.

        Example:
            signed_up = client.sign_up(email="user@acme.com", tier="professional")
        """
        answer: SignedUp = self._native.call(
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

        Needs a key with the scope `read`.

        Args:
            limit: How many rows at most. 1 to 100. Default: `20`.
            cursor: Where the page begins: `next_cursor` of the page before.
            timeout, max_retries, extra_headers, extra_query: Options of this call alone; see `with_options`.

        Raises:
            AuthenticationError: No valid key was given.
            PermissionDeniedError: The key lacks the scope, or the tenant is suspended.
            UnprocessableEntityError: A field or parameter was refused; `errors` names each.
            RateLimitError: There were too many requests; `Retry-After` says when to try again.
            InternalServerError: A fault of the server. A part of the platform is down or overloaded; `Retry-After`
                says when to try again.
            APIConnectionError: No connection, or it broke; `APITimeoutError` when it took too long.

        Example:
            page = client.list_agents()
        """
        answer: AgentPage = self._native.call(
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

        Needs a key with the scope `read`.

        Args:
            limit: How many rows at most. 1 to 100. Default: `20`.
            timeout, max_retries, extra_headers, extra_query: Options of this call alone; see `with_options`.

        Raises:
            AuthenticationError: No valid key was given.
            PermissionDeniedError: The key lacks the scope, or the tenant is suspended.
            UnprocessableEntityError: A field or parameter was refused; `errors` names each.
            RateLimitError: There were too many requests; `Retry-After` says when to try again.
            InternalServerError: A fault of the server. A part of the platform is down or overloaded; `Retry-After`
                says when to try again.
            APIConnectionError: No connection, or it broke; `APITimeoutError` when it took too long.

        Example:
            for item in client.list_agents_all():
                print(item)
        """
        return pages(
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
        metadata: Mapping[str, str] | None = None,
        timeout: float | Omit | None = OMIT,
        max_retries: int | None = None,
        extra_headers: Mapping[str, str] | None = None,
        extra_query: Mapping[str, str] | None = None,
        idempotency_key: str | None = None,
    ) -> Agent:
        """Create an agent.

        Its tools must be known and its model configured.

        Needs a key with the scope `admin`.

        Args:
            name: What you call it. 1 to 200 characters.
            system_prompt: What it is told before each conversation. 1 to 32768 characters.
            tools: The tools that it may call: `search_kb` (or `search`), `create_ticket`. At most 32 items.
            model: The model that answers: `builtin`. At most 200 characters. Default: `builtin`.
            max_output_tokens: How many tokens an execution may write, where its request does not say; 1,024 if
                absent. 1 to 32768.
            temperature: How freely the model chooses its words, 0 to 2; 1 if absent. The built-in model ignores it.
                0 to 2.
            metadata: Your own labels: at most 16, names of 1 to 64 characters, values of at most 512. At most 16
                entries.
            timeout, max_retries, extra_headers, extra_query, idempotency_key: Options of this call alone; see
                `with_options`.

        Raises:
            BadRequestError: The body is not JSON, or stopped half way; or the Idempotency-Key is malformed.
            AuthenticationError: No valid key was given.
            PermissionDeniedError: The key lacks the scope, or the tenant is suspended.
            ConflictError: A request with this Idempotency-Key is being worked on.
            UnprocessableEntityError: A field was refused, and `errors` names each; or the Idempotency-Key was used
                for another request.
            RateLimitError: There were too many requests; `Retry-After` says when to try again.
            InternalServerError: A fault of the server. A part of the platform is down or overloaded; `Retry-After`
                says when to try again.
            APIConnectionError: No connection, or it broke; `APITimeoutError` when it took too long.

        Example:
            agent = client.create_agent(
                name="Support Agent",
                system_prompt="You are a helpful support agent.",
            )
        """
        answer: Agent = self._native.call(
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
        agent_id: AgentId,
        timeout: float | Omit | None = OMIT,
        max_retries: int | None = None,
        extra_headers: Mapping[str, str] | None = None,
        extra_query: Mapping[str, str] | None = None,
    ) -> Agent:
        """Read an agent.

        Needs a key with the scope `read`.

        Args:
            agent_id: The agent.
            timeout, max_retries, extra_headers, extra_query: Options of this call alone; see `with_options`.

        Raises:
            AuthenticationError: No valid key was given.
            PermissionDeniedError: The key lacks the scope, or the tenant is suspended.
            NotFoundError: There is no such thing, or it is another tenant's.
            RateLimitError: There were too many requests; `Retry-After` says when to try again.
            InternalServerError: A fault of the server. A part of the platform is down or overloaded; `Retry-After`
                says when to try again.
            APIConnectionError: No connection, or it broke; `APITimeoutError` when it took too long.

        Example:
            agent = client.get_agent(agent_id=agent_id)
        """
        answer: Agent = self._native.call(
            "get_agent",
            {"agent_id": agent_id},
            {},
            (timeout, max_retries, extra_headers, extra_query, None),
        )
        return answer

    def delete_agent(
        self,
        *,
        agent_id: AgentId,
        timeout: float | Omit | None = OMIT,
        max_retries: int | None = None,
        extra_headers: Mapping[str, str] | None = None,
        extra_query: Mapping[str, str] | None = None,
        idempotency_key: str | None = None,
    ) -> None:
        """Delete an agent.

        Its executions and conversations stay readable; nothing more can be executed with it.

        Needs a key with the scope `admin`.

        Args:
            agent_id: The agent.
            timeout, max_retries, extra_headers, extra_query, idempotency_key: Options of this call alone; see
                `with_options`.

        Raises:
            BadRequestError: The Idempotency-Key is malformed.
            AuthenticationError: No valid key was given.
            PermissionDeniedError: The key lacks the scope, or the tenant is suspended.
            NotFoundError: There is no such thing, or it is another tenant's.
            ConflictError: A request with this Idempotency-Key is being worked on.
            UnprocessableEntityError: The Idempotency-Key was used for another request.
            RateLimitError: There were too many requests; `Retry-After` says when to try again.
            InternalServerError: A fault of the server. A part of the platform is down or overloaded; `Retry-After`
                says when to try again.
            APIConnectionError: No connection, or it broke; `APITimeoutError` when it took too long.

        Example:
            client.delete_agent(agent_id=agent_id)
        """
        self._native.call(
            "delete_agent",
            {"agent_id": agent_id},
            {},
            (timeout, max_retries, extra_headers, extra_query, idempotency_key),
        )

    def update_agent(
        self,
        *,
        agent_id: AgentId,
        name: str | Omit = OMIT,
        system_prompt: str | Omit = OMIT,
        tools: Sequence[str] | Omit = OMIT,
        model: str | Omit = OMIT,
        max_output_tokens: int | Omit | None = OMIT,
        temperature: float | Omit | None = OMIT,
        metadata: Mapping[str, str] | Omit | None = OMIT,
        timeout: float | Omit | None = OMIT,
        max_retries: int | None = None,
        extra_headers: Mapping[str, str] | None = None,
        extra_query: Mapping[str, str] | None = None,
        idempotency_key: str | None = None,
    ) -> Agent:
        """Change an agent.

        Executions that run go on as they were begun. The change holds on every server within a second.

        Needs a key with the scope `admin`.

        Args:
            agent_id: The agent.
            name: What you call it. 1 to 200 characters.
            system_prompt: What it is told before each conversation. 1 to 32768 characters.
            tools: The tools that it may call, in place of those there were. At most 32 items.
            model: The model that answers. At most 200 characters.
            max_output_tokens: How many tokens an execution may write; `null`: the default. 1 to 32768.
            temperature: How freely the model chooses its words, 0 to 2; `null`: the default. 0 to 2.
            metadata: Your own labels: at most 16, names of 1 to 64 characters, values of at most 512. At most 16
                entries.
            timeout, max_retries, extra_headers, extra_query, idempotency_key: Options of this call alone; see
                `with_options`.

        Raises:
            BadRequestError: The body is not JSON, or stopped half way; or the Idempotency-Key is malformed.
            AuthenticationError: No valid key was given.
            PermissionDeniedError: The key lacks the scope, or the tenant is suspended.
            NotFoundError: There is no such thing, or it is another tenant's.
            ConflictError: A request with this Idempotency-Key is being worked on.
            UnprocessableEntityError: A field was refused, and `errors` names each; or the Idempotency-Key was used
                for another request.
            RateLimitError: There were too many requests; `Retry-After` says when to try again.
            InternalServerError: A fault of the server. A part of the platform is down or overloaded; `Retry-After`
                says when to try again.
            APIConnectionError: No connection, or it broke; `APITimeoutError` when it took too long.

        Example:
            agent = client.update_agent(agent_id=agent_id)
        """
        answer: Agent = self._native.call(
            "update_agent",
            {
                "agent_id": agent_id,
                "name": name,
                "system_prompt": system_prompt,
                "tools": tools,
                "model": model,
                "max_output_tokens": max_output_tokens,
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
        agent_id: AgentId,
        message: str,
        conversation_id: str | None = None,
        max_output_tokens: int | None = None,
        on_disconnect: OnDisconnect | None = None,
        metadata: Mapping[str, str] | None = None,
        timeout: float | Omit | None = OMIT,
        max_retries: int | None = None,
        extra_headers: Mapping[str, str] | None = None,
        extra_query: Mapping[str, str] | None = None,
        idempotency_key: str | None = None,
    ) -> ExecutionResult:
        """Execute an agent.

        Answers when the execution has ended; or, asked for `text/event-stream`, with its events as they happen. The
        execution is
        charged to the tenant whatever becomes of the connection. Asked for again under its `Idempotency-Key`, it is
        followed from its
        first event while it runs, and answered as it ended afterwards.

        Needs a key with the scope `execute`.

        Args:
            agent_id: The agent.
            message: The user's message. 1 to 100000 characters.
            conversation_id: The conversation to continue; absent: a new one. At most 100 characters.
            max_output_tokens: How many tokens the answer may have in all; absent: the agent's figure, or 1,024, cut
                to what the quota leaves. 1 to 32768.
            on_disconnect: What becomes of the execution when the client goes away: it goes on (`continue`, the
                default) or is cancelled (`cancel`), under an `Idempotency-Key` only when nobody has come back to it
                for 15 seconds.
            metadata: Your own labels: at most 16, names of 1 to 64 characters, values of at most 512. At most 16
                entries.
            timeout, max_retries, extra_headers, extra_query, idempotency_key: Options of this call alone; see
                `with_options`.

        Raises:
            BadRequestError: The body is not JSON, or stopped half way; or the Idempotency-Key is malformed.
            AuthenticationError: No valid key was given.
            PermissionDeniedError: The key lacks the scope, or the tenant is suspended.
            NotFoundError: There is no such thing, or it is another tenant's.
            ConflictError: It was cancelled meanwhile, or a request with this Idempotency-Key is being worked on
                elsewhere.
            UnprocessableEntityError: A field was refused, and `errors` names each; or the Idempotency-Key was used
                for another request.
            RateLimitError: A quota does not let this through, and `quota` names it; or there were too many requests.
            InternalServerError: A fault of the server. The model provider failed. A part of the platform is down or
                overloaded; `Retry-After` says when to try again. The execution ran into its deadline.
            APIConnectionError: No connection, or it broke; `APITimeoutError` when it took too long.

        Example:
            execution_result = client.execute_agent(agent_id=agent_id, message="How do I reset my password?")
        """
        answer: ExecutionResult = self._native.call(
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
        agent_id: AgentId,
        message: str,
        conversation_id: str | None = None,
        max_output_tokens: int | None = None,
        on_disconnect: OnDisconnect | None = None,
        metadata: Mapping[str, str] | None = None,
        timeout: float | Omit | None = OMIT,
        max_retries: int | None = None,
        extra_headers: Mapping[str, str] | None = None,
        extra_query: Mapping[str, str] | None = None,
        idempotency_key: str | None = None,
    ) -> Stream[ExecutionEvent, ExecutionResult]:
        """Execute an agent.

        Answers when the execution has ended; or, asked for `text/event-stream`, with its events as they happen. The
        execution is
        charged to the tenant whatever becomes of the connection. Asked for again under its `Idempotency-Key`, it is
        followed from its
        first event while it runs, and answered as it ended afterwards.

        Needs a key with the scope `execute`.

        Args:
            agent_id: The agent.
            message: The user's message. 1 to 100000 characters.
            conversation_id: The conversation to continue; absent: a new one. At most 100 characters.
            max_output_tokens: How many tokens the answer may have in all; absent: the agent's figure, or 1,024, cut
                to what the quota leaves. 1 to 32768.
            on_disconnect: What becomes of the execution when the client goes away: it goes on (`continue`, the
                default) or is cancelled (`cancel`), under an `Idempotency-Key` only when nobody has come back to it
                for 15 seconds.
            metadata: Your own labels: at most 16, names of 1 to 64 characters, values of at most 512. At most 16
                entries.
            timeout, max_retries, extra_headers, extra_query, idempotency_key: Options of this call alone; see
                `with_options`.

        Raises:
            BadRequestError: The body is not JSON, or stopped half way; or the Idempotency-Key is malformed.
            AuthenticationError: No valid key was given.
            PermissionDeniedError: The key lacks the scope, or the tenant is suspended.
            NotFoundError: There is no such thing, or it is another tenant's.
            ConflictError: It was cancelled meanwhile, or a request with this Idempotency-Key is being worked on
                elsewhere.
            UnprocessableEntityError: A field was refused, and `errors` names each; or the Idempotency-Key was used
                for another request.
            RateLimitError: A quota does not let this through, and `quota` names it; or there were too many requests.
            InternalServerError: A fault of the server. The model provider failed. A part of the platform is down or
                overloaded; `Retry-After` says when to try again. The execution ran into its deadline.
            APIConnectionError: No connection, or it broke; `APITimeoutError` when it took too long.

        Example:
            with client.stream_agent(agent_id=agent_id, message="How do I reset my password?") as stream:
                for text in stream.text_stream:
                    print(text, end="")
        """
        stream: Stream[ExecutionEvent, ExecutionResult] = self._native.stream(
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
        return stream

    def list_executions(
        self,
        *,
        agent_id: AgentId | None = None,
        status: ExecutionStatus | None = None,
        from_: datetime | str | None = None,
        to: datetime | str | None = None,
        limit: int | None = None,
        cursor: str | None = None,
        timeout: float | Omit | None = OMIT,
        max_retries: int | None = None,
        extra_headers: Mapping[str, str] | None = None,
        extra_query: Mapping[str, str] | None = None,
    ) -> ExecutionPage:
        """List executions.

        Newest first.

        Needs a key with the scope `read`.

        Args:
            agent_id: Of this agent alone.
            status: In this state alone.
            from_: Started at or after this time (RFC 3339).
            to: Started before this time (RFC 3339).
            limit: How many rows at most. 1 to 100. Default: `20`.
            cursor: Where the page begins: `next_cursor` of the page before.
            timeout, max_retries, extra_headers, extra_query: Options of this call alone; see `with_options`.

        Raises:
            AuthenticationError: No valid key was given.
            PermissionDeniedError: The key lacks the scope, or the tenant is suspended.
            UnprocessableEntityError: A field or parameter was refused; `errors` names each.
            RateLimitError: There were too many requests; `Retry-After` says when to try again.
            InternalServerError: A fault of the server. A part of the platform is down or overloaded; `Retry-After`
                says when to try again.
            APIConnectionError: No connection, or it broke; `APITimeoutError` when it took too long.

        Example:
            page = client.list_executions()
        """
        answer: ExecutionPage = self._native.call(
            "list_executions",
            {},
            {"agent_id": agent_id, "status": status, "from": from_, "to": to, "limit": limit, "cursor": cursor},
            (timeout, max_retries, extra_headers, extra_query, None),
        )
        return answer

    def list_executions_all(
        self,
        *,
        agent_id: AgentId | None = None,
        status: ExecutionStatus | None = None,
        from_: datetime | str | None = None,
        to: datetime | str | None = None,
        limit: int | None = None,
        timeout: float | Omit | None = OMIT,
        max_retries: int | None = None,
        extra_headers: Mapping[str, str] | None = None,
        extra_query: Mapping[str, str] | None = None,
    ) -> Iterator[Execution]:
        """List executions. Iterates through all pages, fetching `limit` items at a time.

        Newest first.

        Needs a key with the scope `read`.

        Args:
            agent_id: Of this agent alone.
            status: In this state alone.
            from_: Started at or after this time (RFC 3339).
            to: Started before this time (RFC 3339).
            limit: How many rows at most. 1 to 100. Default: `20`.
            timeout, max_retries, extra_headers, extra_query: Options of this call alone; see `with_options`.

        Raises:
            AuthenticationError: No valid key was given.
            PermissionDeniedError: The key lacks the scope, or the tenant is suspended.
            UnprocessableEntityError: A field or parameter was refused; `errors` names each.
            RateLimitError: There were too many requests; `Retry-After` says when to try again.
            InternalServerError: A fault of the server. A part of the platform is down or overloaded; `Retry-After`
                says when to try again.
            APIConnectionError: No connection, or it broke; `APITimeoutError` when it took too long.

        Example:
            for item in client.list_executions_all():
                print(item)
        """
        return pages(
            self._native,
            "list_executions",
            {},
            {"agent_id": agent_id, "status": status, "from": from_, "to": to, "limit": limit},
            (timeout, max_retries, extra_headers, extra_query, None),
        )

    def get_execution(
        self,
        *,
        execution_id: ExecutionId,
        timeout: float | Omit | None = OMIT,
        max_retries: int | None = None,
        extra_headers: Mapping[str, str] | None = None,
        extra_query: Mapping[str, str] | None = None,
    ) -> Execution:
        """Read an execution.

        With every step.

        Needs a key with the scope `read`.

        Args:
            execution_id: The execution.
            timeout, max_retries, extra_headers, extra_query: Options of this call alone; see `with_options`.

        Raises:
            AuthenticationError: No valid key was given.
            PermissionDeniedError: The key lacks the scope, or the tenant is suspended.
            NotFoundError: There is no such thing, or it is another tenant's.
            RateLimitError: There were too many requests; `Retry-After` says when to try again.
            InternalServerError: A fault of the server. A part of the platform is down or overloaded; `Retry-After`
                says when to try again.
            APIConnectionError: No connection, or it broke; `APITimeoutError` when it took too long.

        Example:
            execution = client.get_execution(execution_id=execution_id)
        """
        answer: Execution = self._native.call(
            "get_execution",
            {"execution_id": execution_id},
            {},
            (timeout, max_retries, extra_headers, extra_query, None),
        )
        return answer

    def stream_execution_events(
        self,
        *,
        execution_id: ExecutionId,
        last_event_id: str | None = None,
        timeout: float | Omit | None = OMIT,
        max_retries: int | None = None,
        extra_headers: Mapping[str, str] | None = None,
        extra_query: Mapping[str, str] | None = None,
    ) -> Stream[ExecutionEvent, ExecutionResult]:
        """Follow an execution.

        Its events as they happen, or as they happened: from the first, or from behind the one that `Last-Event-ID`
        names. They are kept
        for 24 hours after its end. The same events have the same ids and the same bytes each time.

        After a crash of the server the ids may have one gap: the terminal event's lies beyond every id that was
        sent.

        Needs a key with the scope `execute`.

        Args:
            execution_id: The execution.
            last_event_id: The `id` of the last event that you saw: the stream begins behind it. Absent: with the
                first event. Matches `^[0-9]+$`.
            timeout, max_retries, extra_headers, extra_query: Options of this call alone; see `with_options`.

        Raises:
            BadRequestError: The header `Last-Event-ID` is no event's id.
            AuthenticationError: No valid key was given.
            PermissionDeniedError: The key lacks the scope, or the tenant is suspended.
            NotFoundError: There is no such thing, or it is another tenant's.
            RateLimitError: There were too many requests; `Retry-After` says when to try again.
            InternalServerError: A fault of the server. A part of the platform is down or overloaded; `Retry-After`
                says when to try again.
            APIConnectionError: No connection, or it broke; `APITimeoutError` when it took too long.

        Example:
            with client.stream_execution_events(execution_id=execution_id) as stream:
                for text in stream.text_stream:
                    print(text, end="")
        """
        stream: Stream[ExecutionEvent, ExecutionResult] = self._native.stream(
            "stream_execution_events",
            {"execution_id": execution_id},
            {"last_event_id": last_event_id},
            (timeout, max_retries, extra_headers, extra_query, None),
        )
        return stream

    def cancel_execution(
        self,
        *,
        execution_id: ExecutionId,
        timeout: float | Omit | None = OMIT,
        max_retries: int | None = None,
        extra_headers: Mapping[str, str] | None = None,
        extra_query: Mapping[str, str] | None = None,
        idempotency_key: str | None = None,
    ) -> Execution:
        """Cancel an execution.

        Answers with the execution once its end is settled: what it used until then is charged. One that has ended
        already stays as it
        is, and is the answer.

        Needs a key with the scope `execute`.

        Args:
            execution_id: The execution.
            timeout, max_retries, extra_headers, extra_query, idempotency_key: Options of this call alone; see
                `with_options`.

        Raises:
            BadRequestError: The Idempotency-Key is malformed.
            AuthenticationError: No valid key was given.
            PermissionDeniedError: The key lacks the scope, or the tenant is suspended.
            NotFoundError: There is no such thing, or it is another tenant's.
            ConflictError: A request with this Idempotency-Key is being worked on.
            UnprocessableEntityError: The Idempotency-Key was used for another request.
            RateLimitError: There were too many requests; `Retry-After` says when to try again.
            InternalServerError: A fault of the server. A part of the platform is down or overloaded; `Retry-After`
                says when to try again.
            APIConnectionError: No connection, or it broke; `APITimeoutError` when it took too long.

        Example:
            execution = client.cancel_execution(execution_id=execution_id)
        """
        answer: Execution = self._native.call(
            "cancel_execution",
            {"execution_id": execution_id},
            {},
            (timeout, max_retries, extra_headers, extra_query, idempotency_key),
        )
        return answer

    def list_conversations(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        timeout: float | Omit | None = OMIT,
        max_retries: int | None = None,
        extra_headers: Mapping[str, str] | None = None,
        extra_query: Mapping[str, str] | None = None,
    ) -> ConversationSummaryPage:
        """List conversations.

        Newest first, without their messages.

        Needs a key with the scope `read`.

        Args:
            limit: How many rows at most. 1 to 100. Default: `20`.
            cursor: Where the page begins: `next_cursor` of the page before.
            timeout, max_retries, extra_headers, extra_query: Options of this call alone; see `with_options`.

        Raises:
            AuthenticationError: No valid key was given.
            PermissionDeniedError: The key lacks the scope, or the tenant is suspended.
            UnprocessableEntityError: A field or parameter was refused; `errors` names each.
            RateLimitError: There were too many requests; `Retry-After` says when to try again.
            InternalServerError: A fault of the server. A part of the platform is down or overloaded; `Retry-After`
                says when to try again.
            APIConnectionError: No connection, or it broke; `APITimeoutError` when it took too long.

        Example:
            page = client.list_conversations()
        """
        answer: ConversationSummaryPage = self._native.call(
            "list_conversations",
            {},
            {"limit": limit, "cursor": cursor},
            (timeout, max_retries, extra_headers, extra_query, None),
        )
        return answer

    def list_conversations_all(
        self,
        *,
        limit: int | None = None,
        timeout: float | Omit | None = OMIT,
        max_retries: int | None = None,
        extra_headers: Mapping[str, str] | None = None,
        extra_query: Mapping[str, str] | None = None,
    ) -> Iterator[ConversationSummary]:
        """List conversations. Iterates through all pages, fetching `limit` items at a time.

        Newest first, without their messages.

        Needs a key with the scope `read`.

        Args:
            limit: How many rows at most. 1 to 100. Default: `20`.
            timeout, max_retries, extra_headers, extra_query: Options of this call alone; see `with_options`.

        Raises:
            AuthenticationError: No valid key was given.
            PermissionDeniedError: The key lacks the scope, or the tenant is suspended.
            UnprocessableEntityError: A field or parameter was refused; `errors` names each.
            RateLimitError: There were too many requests; `Retry-After` says when to try again.
            InternalServerError: A fault of the server. A part of the platform is down or overloaded; `Retry-After`
                says when to try again.
            APIConnectionError: No connection, or it broke; `APITimeoutError` when it took too long.

        Example:
            for item in client.list_conversations_all():
                print(item)
        """
        return pages(
            self._native,
            "list_conversations",
            {},
            {"limit": limit},
            (timeout, max_retries, extra_headers, extra_query, None),
        )

    def get_conversation(
        self,
        *,
        conversation_id: ConversationId,
        timeout: float | Omit | None = OMIT,
        max_retries: int | None = None,
        extra_headers: Mapping[str, str] | None = None,
        extra_query: Mapping[str, str] | None = None,
    ) -> Conversation:
        """Read a conversation.

        With its messages.

        Needs a key with the scope `read`.

        Args:
            conversation_id: The conversation.
            timeout, max_retries, extra_headers, extra_query: Options of this call alone; see `with_options`.

        Raises:
            AuthenticationError: No valid key was given.
            PermissionDeniedError: The key lacks the scope, or the tenant is suspended.
            NotFoundError: There is no such thing, or it is another tenant's.
            RateLimitError: There were too many requests; `Retry-After` says when to try again.
            InternalServerError: A fault of the server. A part of the platform is down or overloaded; `Retry-After`
                says when to try again.
            APIConnectionError: No connection, or it broke; `APITimeoutError` when it took too long.

        Example:
            conversation = client.get_conversation(conversation_id=conversation_id)
        """
        answer: Conversation = self._native.call(
            "get_conversation",
            {"conversation_id": conversation_id},
            {},
            (timeout, max_retries, extra_headers, extra_query, None),
        )
        return answer

    def delete_conversation(
        self,
        *,
        conversation_id: ConversationId,
        timeout: float | Omit | None = OMIT,
        max_retries: int | None = None,
        extra_headers: Mapping[str, str] | None = None,
        extra_query: Mapping[str, str] | None = None,
        idempotency_key: str | None = None,
    ) -> None:
        """Delete a conversation.

        With its messages. Its executions stay in the log, and what they cost in the ledger.

        Needs a key with the scope `admin`.

        Args:
            conversation_id: The conversation.
            timeout, max_retries, extra_headers, extra_query, idempotency_key: Options of this call alone; see
                `with_options`.

        Raises:
            BadRequestError: The Idempotency-Key is malformed.
            AuthenticationError: No valid key was given.
            PermissionDeniedError: The key lacks the scope, or the tenant is suspended.
            NotFoundError: There is no such thing, or it is another tenant's.
            ConflictError: A request with this Idempotency-Key is being worked on.
            UnprocessableEntityError: The Idempotency-Key was used for another request.
            RateLimitError: There were too many requests; `Retry-After` says when to try again.
            InternalServerError: A fault of the server. A part of the platform is down or overloaded; `Retry-After`
                says when to try again.
            APIConnectionError: No connection, or it broke; `APITimeoutError` when it took too long.

        Example:
            client.delete_conversation(conversation_id=conversation_id)
        """
        self._native.call(
            "delete_conversation",
            {"conversation_id": conversation_id},
            {},
            (timeout, max_retries, extra_headers, extra_query, idempotency_key),
        )

    def list_documents(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        timeout: float | Omit | None = OMIT,
        max_retries: int | None = None,
        extra_headers: Mapping[str, str] | None = None,
        extra_query: Mapping[str, str] | None = None,
    ) -> DocumentPage:
        """List documents.

        Without their text, newest first.

        Needs a key with the scope `read`.

        Args:
            limit: How many rows at most. 1 to 100. Default: `20`.
            cursor: Where the page begins: `next_cursor` of the page before.
            timeout, max_retries, extra_headers, extra_query: Options of this call alone; see `with_options`.

        Raises:
            AuthenticationError: No valid key was given.
            PermissionDeniedError: The key lacks the scope, or the tenant is suspended.
            UnprocessableEntityError: A field or parameter was refused; `errors` names each.
            RateLimitError: A quota does not let this through, and `quota` names it; or there were too many requests.
            InternalServerError: A fault of the server. A part of the platform is down or overloaded; `Retry-After`
                says when to try again.
            APIConnectionError: No connection, or it broke; `APITimeoutError` when it took too long.

        Example:
            page = client.list_documents()
        """
        answer: DocumentPage = self._native.call(
            "list_documents",
            {},
            {"limit": limit, "cursor": cursor},
            (timeout, max_retries, extra_headers, extra_query, None),
        )
        return answer

    def list_documents_all(
        self,
        *,
        limit: int | None = None,
        timeout: float | Omit | None = OMIT,
        max_retries: int | None = None,
        extra_headers: Mapping[str, str] | None = None,
        extra_query: Mapping[str, str] | None = None,
    ) -> Iterator[Document]:
        """List documents. Iterates through all pages, fetching `limit` items at a time.

        Without their text, newest first.

        Needs a key with the scope `read`.

        Args:
            limit: How many rows at most. 1 to 100. Default: `20`.
            timeout, max_retries, extra_headers, extra_query: Options of this call alone; see `with_options`.

        Raises:
            AuthenticationError: No valid key was given.
            PermissionDeniedError: The key lacks the scope, or the tenant is suspended.
            UnprocessableEntityError: A field or parameter was refused; `errors` names each.
            RateLimitError: A quota does not let this through, and `quota` names it; or there were too many requests.
            InternalServerError: A fault of the server. A part of the platform is down or overloaded; `Retry-After`
                says when to try again.
            APIConnectionError: No connection, or it broke; `APITimeoutError` when it took too long.

        Example:
            for item in client.list_documents_all():
                print(item)
        """
        return pages(
            self._native,
            "list_documents",
            {},
            {"limit": limit},
            (timeout, max_retries, extra_headers, extra_query, None),
        )

    def create_document(
        self,
        *,
        title: str,
        content: str,
        metadata: Mapping[str, str] | None = None,
        timeout: float | Omit | None = OMIT,
        max_retries: int | None = None,
        extra_headers: Mapping[str, str] | None = None,
        extra_query: Mapping[str, str] | None = None,
        idempotency_key: str | None = None,
    ) -> Document:
        """Create a document.

        It can be found as soon as the answer is there.

        Needs a key with the scope `admin`.

        Args:
            title: Its title. 1 to 300 characters.
            content: Its text, plain or Markdown. 1 to 500000 characters.
            metadata: Your own labels: at most 16, names of 1 to 64 characters, values of at most 512. At most 16
                entries.
            timeout, max_retries, extra_headers, extra_query, idempotency_key: Options of this call alone; see
                `with_options`.

        Raises:
            BadRequestError: The body is not JSON, or stopped half way; or the Idempotency-Key is malformed.
            AuthenticationError: No valid key was given.
            PermissionDeniedError: The key lacks the scope, or the tenant is suspended.
            ConflictError: A request with this Idempotency-Key is being worked on.
            UnprocessableEntityError: A field was refused, and `errors` names each; or the Idempotency-Key was used
                for another request.
            RateLimitError: A quota does not let this through, and `quota` names it; or there were too many requests.
            InternalServerError: A fault of the server. A part of the platform is down or overloaded; `Retry-After`
                says when to try again.
            APIConnectionError: No connection, or it broke; `APITimeoutError` when it took too long.

        Example:
            document = client.create_document(title="Resetting your password", content=content)
        """
        answer: Document = self._native.call(
            "create_document",
            {"title": title, "content": content},
            {"metadata": metadata},
            (timeout, max_retries, extra_headers, extra_query, idempotency_key),
        )
        return answer

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
        """Search the documents.

        Finds the passages that fit best, as the tool `search_kb` does.

        Needs a key with the scope `read`.

        Args:
            q: Words or a question. 1 to 1000 characters.
            limit: How many passages at most. 1 to 50. Default: `10`.
            timeout, max_retries, extra_headers, extra_query: Options of this call alone; see `with_options`.

        Raises:
            AuthenticationError: No valid key was given.
            PermissionDeniedError: The key lacks the scope, or the tenant is suspended.
            UnprocessableEntityError: A field or parameter was refused; `errors` names each.
            RateLimitError: There were too many requests; `Retry-After` says when to try again.
            InternalServerError: A fault of the server. A part of the platform is down or overloaded; `Retry-After`
                says when to try again.
            APIConnectionError: No connection, or it broke; `APITimeoutError` when it took too long.

        Example:
            search_results = client.search_documents(q=q)
        """
        answer: SearchResults = self._native.call(
            "search_documents",
            {"q": q},
            {"limit": limit},
            (timeout, max_retries, extra_headers, extra_query, None),
        )
        return answer

    def get_document(
        self,
        *,
        document_id: DocumentId,
        timeout: float | Omit | None = OMIT,
        max_retries: int | None = None,
        extra_headers: Mapping[str, str] | None = None,
        extra_query: Mapping[str, str] | None = None,
    ) -> DocumentContent:
        """Read a document.

        With its text.

        Needs a key with the scope `read`.

        Args:
            document_id: The document.
            timeout, max_retries, extra_headers, extra_query: Options of this call alone; see `with_options`.

        Raises:
            AuthenticationError: No valid key was given.
            PermissionDeniedError: The key lacks the scope, or the tenant is suspended.
            NotFoundError: There is no such thing, or it is another tenant's.
            RateLimitError: There were too many requests; `Retry-After` says when to try again.
            InternalServerError: A fault of the server. A part of the platform is down or overloaded; `Retry-After`
                says when to try again.
            APIConnectionError: No connection, or it broke; `APITimeoutError` when it took too long.

        Example:
            document_content = client.get_document(document_id=document_id)
        """
        answer: DocumentContent = self._native.call(
            "get_document",
            {"document_id": document_id},
            {},
            (timeout, max_retries, extra_headers, extra_query, None),
        )
        return answer

    def delete_document(
        self,
        *,
        document_id: DocumentId,
        timeout: float | Omit | None = OMIT,
        max_retries: int | None = None,
        extra_headers: Mapping[str, str] | None = None,
        extra_query: Mapping[str, str] | None = None,
        idempotency_key: str | None = None,
    ) -> None:
        """Delete a document.

        It is found no more as soon as the answer is there.

        Needs a key with the scope `admin`.

        Args:
            document_id: The document.
            timeout, max_retries, extra_headers, extra_query, idempotency_key: Options of this call alone; see
                `with_options`.

        Raises:
            BadRequestError: The Idempotency-Key is malformed.
            AuthenticationError: No valid key was given.
            PermissionDeniedError: The key lacks the scope, or the tenant is suspended.
            NotFoundError: There is no such thing, or it is another tenant's.
            ConflictError: A request with this Idempotency-Key is being worked on.
            UnprocessableEntityError: The Idempotency-Key was used for another request.
            RateLimitError: There were too many requests; `Retry-After` says when to try again.
            InternalServerError: A fault of the server. A part of the platform is down or overloaded; `Retry-After`
                says when to try again.
            APIConnectionError: No connection, or it broke; `APITimeoutError` when it took too long.

        Example:
            client.delete_document(document_id=document_id)
        """
        self._native.call(
            "delete_document",
            {"document_id": document_id},
            {},
            (timeout, max_retries, extra_headers, extra_query, idempotency_key),
        )

    def list_tickets(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        timeout: float | Omit | None = OMIT,
        max_retries: int | None = None,
        extra_headers: Mapping[str, str] | None = None,
        extra_query: Mapping[str, str] | None = None,
    ) -> TicketPage:
        """List tickets.

        What agents made with `create_ticket`, newest first.

        Needs a key with the scope `read`.

        Args:
            limit: How many rows at most. 1 to 100. Default: `20`.
            cursor: Where the page begins: `next_cursor` of the page before.
            timeout, max_retries, extra_headers, extra_query: Options of this call alone; see `with_options`.

        Raises:
            AuthenticationError: No valid key was given.
            PermissionDeniedError: The key lacks the scope, or the tenant is suspended.
            UnprocessableEntityError: A field or parameter was refused; `errors` names each.
            RateLimitError: There were too many requests; `Retry-After` says when to try again.
            InternalServerError: A fault of the server. A part of the platform is down or overloaded; `Retry-After`
                says when to try again.
            APIConnectionError: No connection, or it broke; `APITimeoutError` when it took too long.

        Example:
            page = client.list_tickets()
        """
        answer: TicketPage = self._native.call(
            "list_tickets",
            {},
            {"limit": limit, "cursor": cursor},
            (timeout, max_retries, extra_headers, extra_query, None),
        )
        return answer

    def list_tickets_all(
        self,
        *,
        limit: int | None = None,
        timeout: float | Omit | None = OMIT,
        max_retries: int | None = None,
        extra_headers: Mapping[str, str] | None = None,
        extra_query: Mapping[str, str] | None = None,
    ) -> Iterator[Ticket]:
        """List tickets. Iterates through all pages, fetching `limit` items at a time.

        What agents made with `create_ticket`, newest first.

        Needs a key with the scope `read`.

        Args:
            limit: How many rows at most. 1 to 100. Default: `20`.
            timeout, max_retries, extra_headers, extra_query: Options of this call alone; see `with_options`.

        Raises:
            AuthenticationError: No valid key was given.
            PermissionDeniedError: The key lacks the scope, or the tenant is suspended.
            UnprocessableEntityError: A field or parameter was refused; `errors` names each.
            RateLimitError: There were too many requests; `Retry-After` says when to try again.
            InternalServerError: A fault of the server. A part of the platform is down or overloaded; `Retry-After`
                says when to try again.
            APIConnectionError: No connection, or it broke; `APITimeoutError` when it took too long.

        Example:
            for item in client.list_tickets_all():
                print(item)
        """
        return pages(
            self._native,
            "list_tickets",
            {},
            {"limit": limit},
            (timeout, max_retries, extra_headers, extra_query, None),
        )

    def get_ticket(
        self,
        *,
        ticket_id: TicketId,
        timeout: float | Omit | None = OMIT,
        max_retries: int | None = None,
        extra_headers: Mapping[str, str] | None = None,
        extra_query: Mapping[str, str] | None = None,
    ) -> Ticket:
        """Read a ticket.

        Needs a key with the scope `read`.

        Args:
            ticket_id: The ticket.
            timeout, max_retries, extra_headers, extra_query: Options of this call alone; see `with_options`.

        Raises:
            AuthenticationError: No valid key was given.
            PermissionDeniedError: The key lacks the scope, or the tenant is suspended.
            NotFoundError: There is no such thing, or it is another tenant's.
            RateLimitError: There were too many requests; `Retry-After` says when to try again.
            InternalServerError: A fault of the server. A part of the platform is down or overloaded; `Retry-After`
                says when to try again.
            APIConnectionError: No connection, or it broke; `APITimeoutError` when it took too long.

        Example:
            ticket = client.get_ticket(ticket_id=ticket_id)
        """
        answer: Ticket = self._native.call(
            "get_ticket",
            {"ticket_id": ticket_id},
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
        """Read the usage.

        The figures that the quotas go by. Those of tokens and spend are sums over the ledger.

        Needs a key with the scope `read`.

        Args:
            timeout, max_retries, extra_headers, extra_query: Options of this call alone; see `with_options`.

        Raises:
            AuthenticationError: No valid key was given.
            PermissionDeniedError: The key lacks the scope, or the tenant is suspended.
            RateLimitError: There were too many requests; `Retry-After` says when to try again.
            InternalServerError: A fault of the server. A part of the platform is down or overloaded; `Retry-After`
                says when to try again.
            APIConnectionError: No connection, or it broke; `APITimeoutError` when it took too long.

        Example:
            usage_report = client.get_usage()
        """
        answer: UsageReport = self._native.call(
            "get_usage",
            {},
            {},
            (timeout, max_retries, extra_headers, extra_query, None),
        )
        return answer

    def get_usage_history(
        self,
        *,
        from_: datetime | str | None = None,
        to: datetime | str | None = None,
        granularity: Granularity | None = None,
        timeout: float | Omit | None = OMIT,
        max_retries: int | None = None,
        extra_headers: Mapping[str, str] | None = None,
        extra_query: Mapping[str, str] | None = None,
    ) -> UsageHistory:
        """Read the usage over time.

        Every figure is a sum over the ledger, so an execution counts once it has ended, in the hour or day in which
        it was started. Hours
        and days are whole, in UTC; one answer has at most 1,000 of them. Work of test keys is left out.

        Needs a key with the scope `read`.

        Args:
            from_: The first hour or day is the one with this time (RFC 3339); absent: 24 hours or 30 days before the
                end.
            to: The last hour or day is the one that ends with or after this time (RFC 3339); absent: now.
            granularity: Hour by hour, or day by day (the default).
            timeout, max_retries, extra_headers, extra_query: Options of this call alone; see `with_options`.

        Raises:
            AuthenticationError: No valid key was given.
            PermissionDeniedError: The key lacks the scope, or the tenant is suspended.
            UnprocessableEntityError: A field or parameter was refused; `errors` names each.
            RateLimitError: There were too many requests; `Retry-After` says when to try again.
            InternalServerError: A fault of the server. A part of the platform is down or overloaded; `Retry-After`
                says when to try again.
            APIConnectionError: No connection, or it broke; `APITimeoutError` when it took too long.

        Example:
            usage_history = client.get_usage_history()
        """
        answer: UsageHistory = self._native.call(
            "get_usage_history",
            {},
            {"from": from_, "to": to, "granularity": granularity},
            (timeout, max_retries, extra_headers, extra_query, None),
        )
        return answer

    def list_api_keys(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        timeout: float | Omit | None = OMIT,
        max_retries: int | None = None,
        extra_headers: Mapping[str, str] | None = None,
        extra_query: Mapping[str, str] | None = None,
    ) -> ApiKeySummaryPage:
        """List API keys.

        Those that are not revoked, newest first, without their secrets.

        Needs a key with the scope `admin`.

        Args:
            limit: How many rows at most. 1 to 100. Default: `20`.
            cursor: Where the page begins: `next_cursor` of the page before.
            timeout, max_retries, extra_headers, extra_query: Options of this call alone; see `with_options`.

        Raises:
            AuthenticationError: No valid key was given.
            PermissionDeniedError: The key lacks the scope, or the tenant is suspended.
            UnprocessableEntityError: A field or parameter was refused; `errors` names each.
            RateLimitError: There were too many requests; `Retry-After` says when to try again.
            InternalServerError: A fault of the server. A part of the platform is down or overloaded; `Retry-After`
                says when to try again.
            APIConnectionError: No connection, or it broke; `APITimeoutError` when it took too long.

        Example:
            page = client.list_api_keys()
        """
        answer: ApiKeySummaryPage = self._native.call(
            "list_api_keys",
            {},
            {"limit": limit, "cursor": cursor},
            (timeout, max_retries, extra_headers, extra_query, None),
        )
        return answer

    def list_api_keys_all(
        self,
        *,
        limit: int | None = None,
        timeout: float | Omit | None = OMIT,
        max_retries: int | None = None,
        extra_headers: Mapping[str, str] | None = None,
        extra_query: Mapping[str, str] | None = None,
    ) -> Iterator[ApiKeySummary]:
        """List API keys. Iterates through all pages, fetching `limit` items at a time.

        Those that are not revoked, newest first, without their secrets.

        Needs a key with the scope `admin`.

        Args:
            limit: How many rows at most. 1 to 100. Default: `20`.
            timeout, max_retries, extra_headers, extra_query: Options of this call alone; see `with_options`.

        Raises:
            AuthenticationError: No valid key was given.
            PermissionDeniedError: The key lacks the scope, or the tenant is suspended.
            UnprocessableEntityError: A field or parameter was refused; `errors` names each.
            RateLimitError: There were too many requests; `Retry-After` says when to try again.
            InternalServerError: A fault of the server. A part of the platform is down or overloaded; `Retry-After`
                says when to try again.
            APIConnectionError: No connection, or it broke; `APITimeoutError` when it took too long.

        Example:
            for item in client.list_api_keys_all():
                print(item)
        """
        return pages(
            self._native,
            "list_api_keys",
            {},
            {"limit": limit},
            (timeout, max_retries, extra_headers, extra_query, None),
        )

    def create_api_key(
        self,
        *,
        name: str | None = None,
        scopes: Sequence[Scope] | None = None,
        mode: Mode | None = None,
        expires_at: datetime | str | None = None,
        timeout: float | Omit | None = OMIT,
        max_retries: int | None = None,
        extra_headers: Mapping[str, str] | None = None,
        extra_query: Mapping[str, str] | None = None,
        idempotency_key: str | None = None,
    ) -> CreatedApiKey:
        """Create an API key.

        The key is shown this once.

        Needs a key with the scope `admin`.

        Args:
            name: What you call it. At most 200 characters.
            scopes: What it may do: `read` < `execute` < `admin`, each includes the ones before; absent: `admin`. 1
                to 3 items.
            mode: `live` (the default with a live key), or `test`: the built-in model on the same data, not billed.
            expires_at: From when it is refused; absent: never.
            timeout, max_retries, extra_headers, extra_query, idempotency_key: Options of this call alone; see
                `with_options`.

        Raises:
            BadRequestError: The body is not JSON, or stopped half way; or the Idempotency-Key is malformed.
            AuthenticationError: No valid key was given.
            PermissionDeniedError: The key lacks the scope, or the tenant is suspended.
            ConflictError: A request with this Idempotency-Key is being worked on.
            UnprocessableEntityError: A field was refused, and `errors` names each; or the Idempotency-Key was used
                for another request.
            RateLimitError: There were too many requests; `Retry-After` says when to try again.
            InternalServerError: A fault of the server. A part of the platform is down or overloaded; `Retry-After`
                says when to try again.
            APIConnectionError: No connection, or it broke; `APITimeoutError` when it took too long.

        Example:
            created_api_key = client.create_api_key()
        """
        answer: CreatedApiKey = self._native.call(
            "create_api_key",
            {},
            {"name": name, "scopes": scopes, "mode": mode, "expires_at": expires_at},
            (timeout, max_retries, extra_headers, extra_query, idempotency_key),
        )
        return answer

    def revoke_api_key(
        self,
        *,
        key_id: KeyId,
        timeout: float | Omit | None = OMIT,
        max_retries: int | None = None,
        extra_headers: Mapping[str, str] | None = None,
        extra_query: Mapping[str, str] | None = None,
        idempotency_key: str | None = None,
    ) -> None:
        """Revoke an API key.

        It is refused everywhere within a second. Executions that it started go on. A test key revokes test keys
        alone.

        Needs a key with the scope `admin`.

        Args:
            key_id: The key.
            timeout, max_retries, extra_headers, extra_query, idempotency_key: Options of this call alone; see
                `with_options`.

        Raises:
            BadRequestError: The Idempotency-Key is malformed.
            AuthenticationError: No valid key was given.
            PermissionDeniedError: The key lacks the scope, or the tenant is suspended.
            NotFoundError: There is no such thing, or it is another tenant's.
            ConflictError: A request with this Idempotency-Key is being worked on.
            UnprocessableEntityError: The Idempotency-Key was used for another request.
            RateLimitError: There were too many requests; `Retry-After` says when to try again.
            InternalServerError: A fault of the server. A part of the platform is down or overloaded; `Retry-After`
                says when to try again.
            APIConnectionError: No connection, or it broke; `APITimeoutError` when it took too long.

        Example:
            client.revoke_api_key(key_id=key_id)
        """
        self._native.call(
            "revoke_api_key",
            {"key_id": key_id},
            {},
            (timeout, max_retries, extra_headers, extra_query, idempotency_key),
        )

    def rotate_api_key(
        self,
        *,
        key_id: KeyId,
        grace_seconds: int | None = None,
        timeout: float | Omit | None = OMIT,
        max_retries: int | None = None,
        extra_headers: Mapping[str, str] | None = None,
        extra_query: Mapping[str, str] | None = None,
        idempotency_key: str | None = None,
    ) -> CreatedApiKey:
        """Rotate an API key.

        Gives a new key with the same name, scopes and mode, which is shown this once; it expires when the old one
        would have. The old key
        stays valid until the grace ends, which the list of keys shows as its `expires_at`.

        Needs a key with the scope `admin`.

        Args:
            key_id: The key.
            grace_seconds: For how long the old key stays valid, in seconds; 0: it ends at once. A day if absent, 30
                days at most. A key that rotates itself stays valid for 60 seconds at least, so that a lost answer
                can be asked for again. At most 2592000. Default: `86400`.
            timeout, max_retries, extra_headers, extra_query, idempotency_key: Options of this call alone; see
                `with_options`.

        Raises:
            BadRequestError: The body is not JSON, or stopped half way; or the Idempotency-Key is malformed.
            AuthenticationError: No valid key was given.
            PermissionDeniedError: The key lacks the scope, or does test work alone; or the tenant is suspended.
            NotFoundError: There is no such thing, or it is another tenant's.
            ConflictError: The key has expired or was replaced already, or a request with this Idempotency-Key is
                being worked on.
            UnprocessableEntityError: A field was refused, and `errors` names each; or the Idempotency-Key was used
                for another request.
            RateLimitError: There were too many requests; `Retry-After` says when to try again.
            InternalServerError: A fault of the server. A part of the platform is down or overloaded; `Retry-After`
                says when to try again.
            APIConnectionError: No connection, or it broke; `APITimeoutError` when it took too long.

        Example:
            created_api_key = client.rotate_api_key(key_id=key_id)
        """
        answer: CreatedApiKey = self._native.call(
            "rotate_api_key",
            {"key_id": key_id},
            {"grace_seconds": grace_seconds},
            (timeout, max_retries, extra_headers, extra_query, idempotency_key),
        )
        return answer

    def list_audit_entries(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        timeout: float | Omit | None = OMIT,
        max_retries: int | None = None,
        extra_headers: Mapping[str, str] | None = None,
        extra_query: Mapping[str, str] | None = None,
    ) -> AuditEntryPage:
        """Read the audit log.

        Every change to the tenant's keys, agents, quotas, tier and status, and every refused sign-in with one of its
        keys, newest first.
        Refusals of one kind are written together: the first at once, the rest with their number each minute.

        Needs a key with the scope `admin`.

        Args:
            limit: How many rows at most. 1 to 100. Default: `20`.
            cursor: Where the page begins: `next_cursor` of the page before.
            timeout, max_retries, extra_headers, extra_query: Options of this call alone; see `with_options`.

        Raises:
            AuthenticationError: No valid key was given.
            PermissionDeniedError: The key lacks the scope, or the tenant is suspended.
            UnprocessableEntityError: A field or parameter was refused; `errors` names each.
            RateLimitError: There were too many requests; `Retry-After` says when to try again.
            InternalServerError: A fault of the server. A part of the platform is down or overloaded; `Retry-After`
                says when to try again.
            APIConnectionError: No connection, or it broke; `APITimeoutError` when it took too long.

        Example:
            page = client.list_audit_entries()
        """
        answer: AuditEntryPage = self._native.call(
            "list_audit_entries",
            {},
            {"limit": limit, "cursor": cursor},
            (timeout, max_retries, extra_headers, extra_query, None),
        )
        return answer

    def list_audit_entries_all(
        self,
        *,
        limit: int | None = None,
        timeout: float | Omit | None = OMIT,
        max_retries: int | None = None,
        extra_headers: Mapping[str, str] | None = None,
        extra_query: Mapping[str, str] | None = None,
    ) -> Iterator[AuditEntry]:
        """Read the audit log. Iterates through all pages, fetching `limit` items at a time.

        Every change to the tenant's keys, agents, quotas, tier and status, and every refused sign-in with one of its
        keys, newest first.
        Refusals of one kind are written together: the first at once, the rest with their number each minute.

        Needs a key with the scope `admin`.

        Args:
            limit: How many rows at most. 1 to 100. Default: `20`.
            timeout, max_retries, extra_headers, extra_query: Options of this call alone; see `with_options`.

        Raises:
            AuthenticationError: No valid key was given.
            PermissionDeniedError: The key lacks the scope, or the tenant is suspended.
            UnprocessableEntityError: A field or parameter was refused; `errors` names each.
            RateLimitError: There were too many requests; `Retry-After` says when to try again.
            InternalServerError: A fault of the server. A part of the platform is down or overloaded; `Retry-After`
                says when to try again.
            APIConnectionError: No connection, or it broke; `APITimeoutError` when it took too long.

        Example:
            for item in client.list_audit_entries_all():
                print(item)
        """
        return pages(
            self._native,
            "list_audit_entries",
            {},
            {"limit": limit},
            (timeout, max_retries, extra_headers, extra_query, None),
        )
