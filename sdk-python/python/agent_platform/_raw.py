# Generated from openapi/openapi.json by `make spec`; changes made here are lost.
"""The client's methods, with what came beside their answers."""

from __future__ import annotations

from ._base import RawBase
from ._native import OMIT

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Coroutine, Mapping, Sequence
    from datetime import datetime
    from typing import Any

    from ._native import Omit, RawResponse
    from ._types import (
        Agent,
        AgentId,
        AgentPage,
        ApiKeySummaryPage,
        AuditEntryPage,
        Conversation,
        ConversationId,
        ConversationSummaryPage,
        CreatedApiKey,
        Document,
        DocumentContent,
        DocumentId,
        DocumentPage,
        Execution,
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


class AgentPlatformClientWithRawResponse(RawBase):
    """The methods of `AgentPlatformClient`, answering with status, headers and request id."""

    __slots__ = ()

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
    ) -> Coroutine[Any, Any, RawResponse[SignedUp]]:
        """Sign up. See `AgentPlatformClient.sign_up`."""
        answer: Coroutine[Any, Any, RawResponse[SignedUp]] = self._native.call(
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
    ) -> Coroutine[Any, Any, RawResponse[AgentPage]]:
        """List agents. See `AgentPlatformClient.list_agents`."""
        answer: Coroutine[Any, Any, RawResponse[AgentPage]] = self._native.call(
            "list_agents",
            {},
            {"limit": limit, "cursor": cursor},
            (timeout, max_retries, extra_headers, extra_query, None),
        )
        return answer

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
    ) -> Coroutine[Any, Any, RawResponse[Agent]]:
        """Create an agent. See `AgentPlatformClient.create_agent`."""
        answer: Coroutine[Any, Any, RawResponse[Agent]] = self._native.call(
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
    ) -> Coroutine[Any, Any, RawResponse[Agent]]:
        """Read an agent. See `AgentPlatformClient.get_agent`."""
        answer: Coroutine[Any, Any, RawResponse[Agent]] = self._native.call(
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
    ) -> Coroutine[Any, Any, RawResponse[None]]:
        """Delete an agent. See `AgentPlatformClient.delete_agent`."""
        answer: Coroutine[Any, Any, RawResponse[None]] = self._native.call(
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
    ) -> Coroutine[Any, Any, RawResponse[Agent]]:
        """Change an agent. See `AgentPlatformClient.update_agent`."""
        answer: Coroutine[Any, Any, RawResponse[Agent]] = self._native.call(
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
    ) -> Coroutine[Any, Any, RawResponse[ExecutionResult]]:
        """Execute an agent. See `AgentPlatformClient.execute_agent`."""
        answer: Coroutine[Any, Any, RawResponse[ExecutionResult]] = self._native.call(
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
    ) -> Coroutine[Any, Any, RawResponse[ExecutionPage]]:
        """List executions. See `AgentPlatformClient.list_executions`."""
        answer: Coroutine[Any, Any, RawResponse[ExecutionPage]] = self._native.call(
            "list_executions",
            {},
            {"agent_id": agent_id, "status": status, "from": from_, "to": to, "limit": limit, "cursor": cursor},
            (timeout, max_retries, extra_headers, extra_query, None),
        )
        return answer

    def get_execution(
        self,
        *,
        execution_id: ExecutionId,
        timeout: float | Omit | None = OMIT,
        max_retries: int | None = None,
        extra_headers: Mapping[str, str] | None = None,
        extra_query: Mapping[str, str] | None = None,
    ) -> Coroutine[Any, Any, RawResponse[Execution]]:
        """Read an execution. See `AgentPlatformClient.get_execution`."""
        answer: Coroutine[Any, Any, RawResponse[Execution]] = self._native.call(
            "get_execution",
            {"execution_id": execution_id},
            {},
            (timeout, max_retries, extra_headers, extra_query, None),
        )
        return answer

    def cancel_execution(
        self,
        *,
        execution_id: ExecutionId,
        timeout: float | Omit | None = OMIT,
        max_retries: int | None = None,
        extra_headers: Mapping[str, str] | None = None,
        extra_query: Mapping[str, str] | None = None,
        idempotency_key: str | None = None,
    ) -> Coroutine[Any, Any, RawResponse[Execution]]:
        """Cancel an execution. See `AgentPlatformClient.cancel_execution`."""
        answer: Coroutine[Any, Any, RawResponse[Execution]] = self._native.call(
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
    ) -> Coroutine[Any, Any, RawResponse[ConversationSummaryPage]]:
        """List conversations. See `AgentPlatformClient.list_conversations`."""
        answer: Coroutine[Any, Any, RawResponse[ConversationSummaryPage]] = self._native.call(
            "list_conversations",
            {},
            {"limit": limit, "cursor": cursor},
            (timeout, max_retries, extra_headers, extra_query, None),
        )
        return answer

    def get_conversation(
        self,
        *,
        conversation_id: ConversationId,
        timeout: float | Omit | None = OMIT,
        max_retries: int | None = None,
        extra_headers: Mapping[str, str] | None = None,
        extra_query: Mapping[str, str] | None = None,
    ) -> Coroutine[Any, Any, RawResponse[Conversation]]:
        """Read a conversation. See `AgentPlatformClient.get_conversation`."""
        answer: Coroutine[Any, Any, RawResponse[Conversation]] = self._native.call(
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
    ) -> Coroutine[Any, Any, RawResponse[None]]:
        """Delete a conversation. See `AgentPlatformClient.delete_conversation`."""
        answer: Coroutine[Any, Any, RawResponse[None]] = self._native.call(
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
    ) -> Coroutine[Any, Any, RawResponse[DocumentPage]]:
        """List documents. See `AgentPlatformClient.list_documents`."""
        answer: Coroutine[Any, Any, RawResponse[DocumentPage]] = self._native.call(
            "list_documents",
            {},
            {"limit": limit, "cursor": cursor},
            (timeout, max_retries, extra_headers, extra_query, None),
        )
        return answer

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
    ) -> Coroutine[Any, Any, RawResponse[Document]]:
        """Create a document. See `AgentPlatformClient.create_document`."""
        answer: Coroutine[Any, Any, RawResponse[Document]] = self._native.call(
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
    ) -> Coroutine[Any, Any, RawResponse[SearchResults]]:
        """Search the documents. See `AgentPlatformClient.search_documents`."""
        answer: Coroutine[Any, Any, RawResponse[SearchResults]] = self._native.call(
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
    ) -> Coroutine[Any, Any, RawResponse[DocumentContent]]:
        """Read a document. See `AgentPlatformClient.get_document`."""
        answer: Coroutine[Any, Any, RawResponse[DocumentContent]] = self._native.call(
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
    ) -> Coroutine[Any, Any, RawResponse[None]]:
        """Delete a document. See `AgentPlatformClient.delete_document`."""
        answer: Coroutine[Any, Any, RawResponse[None]] = self._native.call(
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
    ) -> Coroutine[Any, Any, RawResponse[TicketPage]]:
        """List tickets. See `AgentPlatformClient.list_tickets`."""
        answer: Coroutine[Any, Any, RawResponse[TicketPage]] = self._native.call(
            "list_tickets",
            {},
            {"limit": limit, "cursor": cursor},
            (timeout, max_retries, extra_headers, extra_query, None),
        )
        return answer

    def get_ticket(
        self,
        *,
        ticket_id: TicketId,
        timeout: float | Omit | None = OMIT,
        max_retries: int | None = None,
        extra_headers: Mapping[str, str] | None = None,
        extra_query: Mapping[str, str] | None = None,
    ) -> Coroutine[Any, Any, RawResponse[Ticket]]:
        """Read a ticket. See `AgentPlatformClient.get_ticket`."""
        answer: Coroutine[Any, Any, RawResponse[Ticket]] = self._native.call(
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
    ) -> Coroutine[Any, Any, RawResponse[UsageReport]]:
        """Read the usage. See `AgentPlatformClient.get_usage`."""
        answer: Coroutine[Any, Any, RawResponse[UsageReport]] = self._native.call(
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
    ) -> Coroutine[Any, Any, RawResponse[UsageHistory]]:
        """Read the usage over time. See `AgentPlatformClient.get_usage_history`."""
        answer: Coroutine[Any, Any, RawResponse[UsageHistory]] = self._native.call(
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
    ) -> Coroutine[Any, Any, RawResponse[ApiKeySummaryPage]]:
        """List API keys. See `AgentPlatformClient.list_api_keys`."""
        answer: Coroutine[Any, Any, RawResponse[ApiKeySummaryPage]] = self._native.call(
            "list_api_keys",
            {},
            {"limit": limit, "cursor": cursor},
            (timeout, max_retries, extra_headers, extra_query, None),
        )
        return answer

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
    ) -> Coroutine[Any, Any, RawResponse[CreatedApiKey]]:
        """Create an API key. See `AgentPlatformClient.create_api_key`."""
        answer: Coroutine[Any, Any, RawResponse[CreatedApiKey]] = self._native.call(
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
    ) -> Coroutine[Any, Any, RawResponse[None]]:
        """Revoke an API key. See `AgentPlatformClient.revoke_api_key`."""
        answer: Coroutine[Any, Any, RawResponse[None]] = self._native.call(
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
    ) -> Coroutine[Any, Any, RawResponse[CreatedApiKey]]:
        """Rotate an API key. See `AgentPlatformClient.rotate_api_key`."""
        answer: Coroutine[Any, Any, RawResponse[CreatedApiKey]] = self._native.call(
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
    ) -> Coroutine[Any, Any, RawResponse[AuditEntryPage]]:
        """Read the audit log. See `AgentPlatformClient.list_audit_entries`."""
        answer: Coroutine[Any, Any, RawResponse[AuditEntryPage]] = self._native.call(
            "list_audit_entries",
            {},
            {"limit": limit, "cursor": cursor},
            (timeout, max_retries, extra_headers, extra_query, None),
        )
        return answer


class SyncAgentPlatformClientWithRawResponse(RawBase):
    """The methods of `SyncAgentPlatformClient`, answering with status, headers and request id."""

    __slots__ = ()

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
    ) -> RawResponse[SignedUp]:
        """Sign up. See `SyncAgentPlatformClient.sign_up`."""
        answer: RawResponse[SignedUp] = self._native.call(
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
    ) -> RawResponse[AgentPage]:
        """List agents. See `SyncAgentPlatformClient.list_agents`."""
        answer: RawResponse[AgentPage] = self._native.call(
            "list_agents",
            {},
            {"limit": limit, "cursor": cursor},
            (timeout, max_retries, extra_headers, extra_query, None),
        )
        return answer

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
    ) -> RawResponse[Agent]:
        """Create an agent. See `SyncAgentPlatformClient.create_agent`."""
        answer: RawResponse[Agent] = self._native.call(
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
    ) -> RawResponse[Agent]:
        """Read an agent. See `SyncAgentPlatformClient.get_agent`."""
        answer: RawResponse[Agent] = self._native.call(
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
    ) -> RawResponse[None]:
        """Delete an agent. See `SyncAgentPlatformClient.delete_agent`."""
        answer: RawResponse[None] = self._native.call(
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
    ) -> RawResponse[Agent]:
        """Change an agent. See `SyncAgentPlatformClient.update_agent`."""
        answer: RawResponse[Agent] = self._native.call(
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
    ) -> RawResponse[ExecutionResult]:
        """Execute an agent. See `SyncAgentPlatformClient.execute_agent`."""
        answer: RawResponse[ExecutionResult] = self._native.call(
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
    ) -> RawResponse[ExecutionPage]:
        """List executions. See `SyncAgentPlatformClient.list_executions`."""
        answer: RawResponse[ExecutionPage] = self._native.call(
            "list_executions",
            {},
            {"agent_id": agent_id, "status": status, "from": from_, "to": to, "limit": limit, "cursor": cursor},
            (timeout, max_retries, extra_headers, extra_query, None),
        )
        return answer

    def get_execution(
        self,
        *,
        execution_id: ExecutionId,
        timeout: float | Omit | None = OMIT,
        max_retries: int | None = None,
        extra_headers: Mapping[str, str] | None = None,
        extra_query: Mapping[str, str] | None = None,
    ) -> RawResponse[Execution]:
        """Read an execution. See `SyncAgentPlatformClient.get_execution`."""
        answer: RawResponse[Execution] = self._native.call(
            "get_execution",
            {"execution_id": execution_id},
            {},
            (timeout, max_retries, extra_headers, extra_query, None),
        )
        return answer

    def cancel_execution(
        self,
        *,
        execution_id: ExecutionId,
        timeout: float | Omit | None = OMIT,
        max_retries: int | None = None,
        extra_headers: Mapping[str, str] | None = None,
        extra_query: Mapping[str, str] | None = None,
        idempotency_key: str | None = None,
    ) -> RawResponse[Execution]:
        """Cancel an execution. See `SyncAgentPlatformClient.cancel_execution`."""
        answer: RawResponse[Execution] = self._native.call(
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
    ) -> RawResponse[ConversationSummaryPage]:
        """List conversations. See `SyncAgentPlatformClient.list_conversations`."""
        answer: RawResponse[ConversationSummaryPage] = self._native.call(
            "list_conversations",
            {},
            {"limit": limit, "cursor": cursor},
            (timeout, max_retries, extra_headers, extra_query, None),
        )
        return answer

    def get_conversation(
        self,
        *,
        conversation_id: ConversationId,
        timeout: float | Omit | None = OMIT,
        max_retries: int | None = None,
        extra_headers: Mapping[str, str] | None = None,
        extra_query: Mapping[str, str] | None = None,
    ) -> RawResponse[Conversation]:
        """Read a conversation. See `SyncAgentPlatformClient.get_conversation`."""
        answer: RawResponse[Conversation] = self._native.call(
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
    ) -> RawResponse[None]:
        """Delete a conversation. See `SyncAgentPlatformClient.delete_conversation`."""
        answer: RawResponse[None] = self._native.call(
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
    ) -> RawResponse[DocumentPage]:
        """List documents. See `SyncAgentPlatformClient.list_documents`."""
        answer: RawResponse[DocumentPage] = self._native.call(
            "list_documents",
            {},
            {"limit": limit, "cursor": cursor},
            (timeout, max_retries, extra_headers, extra_query, None),
        )
        return answer

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
    ) -> RawResponse[Document]:
        """Create a document. See `SyncAgentPlatformClient.create_document`."""
        answer: RawResponse[Document] = self._native.call(
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
    ) -> RawResponse[SearchResults]:
        """Search the documents. See `SyncAgentPlatformClient.search_documents`."""
        answer: RawResponse[SearchResults] = self._native.call(
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
    ) -> RawResponse[DocumentContent]:
        """Read a document. See `SyncAgentPlatformClient.get_document`."""
        answer: RawResponse[DocumentContent] = self._native.call(
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
    ) -> RawResponse[None]:
        """Delete a document. See `SyncAgentPlatformClient.delete_document`."""
        answer: RawResponse[None] = self._native.call(
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
    ) -> RawResponse[TicketPage]:
        """List tickets. See `SyncAgentPlatformClient.list_tickets`."""
        answer: RawResponse[TicketPage] = self._native.call(
            "list_tickets",
            {},
            {"limit": limit, "cursor": cursor},
            (timeout, max_retries, extra_headers, extra_query, None),
        )
        return answer

    def get_ticket(
        self,
        *,
        ticket_id: TicketId,
        timeout: float | Omit | None = OMIT,
        max_retries: int | None = None,
        extra_headers: Mapping[str, str] | None = None,
        extra_query: Mapping[str, str] | None = None,
    ) -> RawResponse[Ticket]:
        """Read a ticket. See `SyncAgentPlatformClient.get_ticket`."""
        answer: RawResponse[Ticket] = self._native.call(
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
    ) -> RawResponse[UsageReport]:
        """Read the usage. See `SyncAgentPlatformClient.get_usage`."""
        answer: RawResponse[UsageReport] = self._native.call(
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
    ) -> RawResponse[UsageHistory]:
        """Read the usage over time. See `SyncAgentPlatformClient.get_usage_history`."""
        answer: RawResponse[UsageHistory] = self._native.call(
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
    ) -> RawResponse[ApiKeySummaryPage]:
        """List API keys. See `SyncAgentPlatformClient.list_api_keys`."""
        answer: RawResponse[ApiKeySummaryPage] = self._native.call(
            "list_api_keys",
            {},
            {"limit": limit, "cursor": cursor},
            (timeout, max_retries, extra_headers, extra_query, None),
        )
        return answer

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
    ) -> RawResponse[CreatedApiKey]:
        """Create an API key. See `SyncAgentPlatformClient.create_api_key`."""
        answer: RawResponse[CreatedApiKey] = self._native.call(
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
    ) -> RawResponse[None]:
        """Revoke an API key. See `SyncAgentPlatformClient.revoke_api_key`."""
        answer: RawResponse[None] = self._native.call(
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
    ) -> RawResponse[CreatedApiKey]:
        """Rotate an API key. See `SyncAgentPlatformClient.rotate_api_key`."""
        answer: RawResponse[CreatedApiKey] = self._native.call(
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
    ) -> RawResponse[AuditEntryPage]:
        """Read the audit log. See `SyncAgentPlatformClient.list_audit_entries`."""
        answer: RawResponse[AuditEntryPage] = self._native.call(
            "list_audit_entries",
            {},
            {"limit": limit, "cursor": cursor},
            (timeout, max_retries, extra_headers, extra_query, None),
        )
        return answer
