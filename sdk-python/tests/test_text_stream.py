"""The text of a stream ends with the error of its execution, as reading the final response does."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from scripted_server import Reply, ScriptedServer, frame

from agent_platform import (
    AgentPlatformClient,
    AgentPlatformError,
    InternalServerError,
    StreamInterruptedError,
    SyncAgentPlatformClient,
)

BEGINNING = [
    frame(1, "execution.started", execution_id="e", conversation_id="c", agent_id="a"),
    frame(2, "message.delta", text="Hello "),
]
PROBLEM = {"type": "about:blank", "title": "Model", "status": 502, "code": "model_failed", "detail": "it failed"}
NOTHING_USED = {"input_tokens": 0, "output_tokens": 0, "estimated": False}
ENDS: dict[str, tuple[list[bytes], type[AgentPlatformError], str]] = {
    "failed": (
        [frame(3, "execution.failed", error=PROBLEM, partial_message="Hello ", usage=NOTHING_USED)],
        InternalServerError,
        "it failed",
    ),
    "cancelled": (
        [frame(3, "execution.cancelled", partial_message="Hello ", usage=NOTHING_USED)],
        AgentPlatformError,
        "cancelled",
    ),
    "cut": ([], StreamInterruptedError, "event"),
}


@pytest.fixture(params=ENDS)
def end(request: pytest.FixtureRequest, server: ScriptedServer) -> tuple[type[AgentPlatformError], str]:
    events, error, words = ENDS[request.param]
    server.reply(Reply.events(BEGINNING + events))
    return error, words


async def collect(texts: AsyncIterator[str], got: list[str]) -> None:
    async for text in texts:
        got.append(text)


def test_for_asyncio(client: AgentPlatformClient, end: tuple[type[AgentPlatformError], str]) -> None:
    error, words = end
    got: list[str] = []

    async def main() -> None:
        async with client.stream_agent(agent_id="a", message="b") as stream:
            with pytest.raises(error, match=words) as raised:
                await collect(stream.text_stream, got)
            assert type(raised.value) is error
            with pytest.raises(error, match=words):
                await stream.get_final_response()

    asyncio.run(main())
    assert got == ["Hello "]


def test_for_blocking_code(sync_client: SyncAgentPlatformClient, end: tuple[type[AgentPlatformError], str]) -> None:
    error, words = end
    got: list[str] = []
    with sync_client.stream_agent(agent_id="a", message="b") as stream:
        with pytest.raises(error, match=words) as raised:
            got.extend(stream.text_stream)
        assert type(raised.value) is error
        with pytest.raises(error, match=words):
            stream.get_final_response()
    assert got == ["Hello "]
