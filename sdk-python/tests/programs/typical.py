"""Typical use, as type checkers have to accept it. It is checked, never run."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from datetime import datetime, timezone
from typing import Any

from agent_platform import (
    OMIT,
    AgentPlatformClient,
    AgentPlatformError,
    APIStatusError,
    AsyncStream,
    QuotaExceededError,
    RawResponse,
    Stream,
    StreamInterruptedError,
    SyncAgentPlatformClient,
)
from agent_platform.types import Agent, AgentPage, ExecutionEvent, ExecutionResult


def show(event: ExecutionEvent) -> str:
    if event["type"] == "message.delta":
        return event["text"]
    if event["type"] == "tool.called":
        return event["name"]
    return ""


async def main() -> None:
    async with AgentPlatformClient(timeout=None, max_retries=5, retry_budget=False) as client:
        agent: Agent = await client.create_agent(name="a", system_prompt="b", tools=["search_kb"], temperature=None)
        task = asyncio.create_task(client.get_agent(agent_id=agent["agent_id"]))
        names: list[str] = [item["name"] async for item in client.list_agents_all()] + [(await task)["name"]]
        both: tuple[Agent, AgentPage] = await asyncio.gather(client.get_agent(agent_id="a"), client.list_agents())
        pending: Coroutine[Any, Any, Agent] = client.update_agent(agent_id="a", temperature=None, name=OMIT)
        updated = await asyncio.wait_for(pending, 10)
        stream: AsyncStream[ExecutionEvent, ExecutionResult]
        async with client.stream_agent(agent_id=agent["agent_id"], message=names[0]) as stream:
            async for event in stream:
                show(event)
            text: str = "".join([text async for text in stream.text_stream])
            tokens: int = (await stream.get_final_response())["tokens_used"]
            print(text, tokens, stream.request_id, stream.retries_taken, both, updated)
        raw: RawResponse[Agent] = await client.with_raw_response.get_agent(agent_id="a")
        found: Agent = raw.parse()
        left: str | None = raw.headers.get("X-RateLimit-Remaining")
        print(found["name"], left, raw.status_code, raw.request_id)
        await client.delete_agent(agent_id="a", idempotency_key="once", timeout=5)


def blocking() -> None:
    with SyncAgentPlatformClient(api_key="k", default_headers={"X-Team": "blue"}) as client:
        remaining: int = client.get_usage()["usage"]["remaining_tokens"]
        patient: SyncAgentPlatformClient = client.with_options(timeout=300, extra_headers={"X-Trace": "1"})
        since = datetime(2026, 1, 1, tzinfo=timezone.utc)
        for execution in patient.list_executions_all(from_=since, status="completed"):
            print(execution["execution_id"], remaining)
        stream: Stream[ExecutionEvent, ExecutionResult]
        with client.stream_agent(agent_id="a", message="b", metadata={"a": "b"}) as stream:
            for event in stream:
                print(show(event))
            print(stream.get_final_response()["message"])
        removed: RawResponse[None] = client.with_raw_response.delete_agent(agent_id="a")
        print(removed.status_code)


def careful() -> None:
    try:
        blocking()
    except QuotaExceededError as error:
        wait: float | None = error.retry_after
        print(wait, error.status_code, error.body["quota"])
    except StreamInterruptedError as error:
        print(error.partial_text, error.last_event_id)
    except APIStatusError as error:
        print(error.status_code, error.code, error.request_id)
    except AgentPlatformError as error:
        print(error.message)
