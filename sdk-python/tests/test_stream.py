"""Streams, for asyncio and for blocking code."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import AsyncIterable, Iterator
from queue import Queue
from typing import Any

import pytest
from scripted_server import Hold, Reply, ScriptedServer, frame

from agent_platform import (
    AgentPlatformClient,
    AgentPlatformError,
    AsyncStream,
    InternalServerError,
    NotFoundError,
    Stream,
    StreamInterruptedError,
    SyncAgentPlatformClient,
)

RESPONSE = {"message": "Hello there", "tokens_used": 12}
STARTED = frame(1, "execution.started", execution_id="exec-1", conversation_id="conv-1", agent_id="agent-1")
WHOLE = [
    STARTED,
    b": heartbeat\n\n",
    frame(2, "message.delta", text="Hello "),
    frame(3, "tool.called", tool_call_id="t", name="search_kb", arguments={"q": "x"}),
    frame(4, "something.new", text="later versions may send it"),
    frame(5, "message.delta", text="there"),
    frame(6, "execution.completed", response=RESPONSE),
]
FAILED = [
    *WHOLE[:5],
    frame(6, "execution.failed", error={"status": 502, "code": "model_failed", "detail": "no answer"}),
]
TYPES = [
    "execution.started",
    "message.delta",
    "tool.called",
    "something.new",
    "message.delta",
    "execution.completed",
]


def open_stream(client: AgentPlatformClient) -> AsyncStream[Any, Any]:
    return client.stream_agent(agent_id="agent-1", message="Hi")


def open_blocking(client: SyncAgentPlatformClient) -> Stream[Any, Any]:
    return client.stream_agent(agent_id="agent-1", message="Hi")


async def collect(source: AsyncIterable[Any], into: list[Any]) -> None:
    async for item in source:
        into.append(item)


@pytest.mark.parametrize("split", [1, 7, 10_000])
def test_events(
    server: ScriptedServer, client: AgentPlatformClient, sync_client: SyncAgentPlatformClient, split: int
) -> None:
    wire = b"".join(WHOLE)
    server.reply(lambda _: Reply.events(wire[at : at + split] for at in range(0, len(wire), split)))

    async def main() -> list[Any]:
        async with open_stream(client) as stream:
            return [event async for event in stream]

    events = asyncio.run(main())
    assert [event["type"] for event in events] == TYPES
    assert events[2] == json.loads(WHOLE[3].split(b"data: ")[1])
    with open_blocking(sync_client) as stream:
        assert list(stream) == events
    for request in server.requests:
        assert request.path == "/agents/agent-1/execute"
        assert request.json == {"message": "Hi"}
        assert request.headers["accept"] == "text/event-stream"


def test_text_and_final_response(
    server: ScriptedServer, client: AgentPlatformClient, sync_client: SyncAgentPlatformClient
) -> None:
    server.reply(Reply.events(WHOLE))

    async def main() -> None:
        async with open_stream(client) as stream:
            assert [text async for text in stream.text_stream] == ["Hello ", "there"]
            assert await stream.get_final_response() == RESPONSE
        # It is kept when the stream is closed.
        assert await stream.get_final_response() == RESPONSE
        assert await open_stream(client).get_final_response() == RESPONSE
        half = open_stream(client)
        assert (await half.__anext__())["type"] == "execution.started"
        assert await half.get_final_response() == RESPONSE
        assert [event async for event in half] == []

    asyncio.run(main())
    with open_blocking(sync_client) as stream:
        assert list(stream.text_stream) == ["Hello ", "there"]
    assert stream.get_final_response() == RESPONSE
    assert open_blocking(sync_client).get_final_response() == RESPONSE


def test_what_fails_before_the_first_event(
    server: ScriptedServer, client: AgentPlatformClient, sync_client: SyncAgentPlatformClient
) -> None:
    server.reply(Reply.problem(404, "not_found", "no such agent"))

    async def main() -> None:
        with pytest.raises(NotFoundError):
            async with open_stream(client):
                pytest.fail("entered")
        with pytest.raises(NotFoundError):
            await open_stream(client).__anext__()

    asyncio.run(main())
    with pytest.raises(NotFoundError), open_blocking(sync_client):
        pytest.fail("entered")


def test_an_execution_that_fails(
    server: ScriptedServer, client: AgentPlatformClient, sync_client: SyncAgentPlatformClient
) -> None:
    server.reply(Reply.events(FAILED))

    async def main() -> None:
        async with open_stream(client) as stream:
            events = [event["type"] async for event in stream]
            assert events[-1] == "execution.failed"
            with pytest.raises(InternalServerError) as raised:
                await stream.get_final_response()
            assert (raised.value.status_code, raised.value.code) == (502, "model_failed")
        async with open_stream(client) as stream:
            got: list[str] = []
            with pytest.raises(InternalServerError):
                await collect(stream.text_stream, got)
            assert got == ["Hello "]

    asyncio.run(main())
    with open_blocking(sync_client) as stream, pytest.raises(InternalServerError):
        list(stream.text_stream)


def test_a_cut_stream(
    server: ScriptedServer, client: AgentPlatformClient, sync_client: SyncAgentPlatformClient
) -> None:
    server.reply(Reply.events(WHOLE[:5]))

    async def main() -> None:
        async with open_stream(client) as stream:
            events: list[Any] = []
            with pytest.raises(StreamInterruptedError) as raised:
                await collect(stream, events)
            assert [event["type"] for event in events] == TYPES[:4]
            assert raised.value.partial_text == "Hello "
            assert raised.value.last_event_id == "4"
            with pytest.raises(StopAsyncIteration):
                await stream.__anext__()
            with pytest.raises(StreamInterruptedError):
                await stream.get_final_response()

    asyncio.run(main())
    with open_blocking(sync_client) as stream, pytest.raises(StreamInterruptedError) as raised:
        list(stream)
    assert raised.value.partial_text == "Hello "


def test_a_cancelled_wait_loses_nothing(server: ScriptedServer, client: AgentPlatformClient) -> None:
    """Events are sent only after a wait for them was given up."""
    to_send: Queue[bytes] = Queue()

    def chunks() -> Iterator[bytes]:
        while (chunk := to_send.get()) != b"":
            yield chunk

    server.reply(lambda _: Reply.events(chunks()))

    async def main() -> list[str]:
        types = []
        async with open_stream(client) as stream:
            for chunk in [*WHOLE, b""]:
                if b"data" not in chunk:
                    to_send.put(chunk)
                    continue
                for attempt in range(3):
                    wait = asyncio.ensure_future(stream.__anext__())
                    await asyncio.sleep(0)
                    assert not wait.done()
                    wait.cancel()
                    # Sent while the cancellation is under way, so that it may come first or last.
                    if attempt == 2:
                        to_send.put(chunk)
                    try:
                        types.append((await wait)["type"])
                        break
                    except asyncio.CancelledError:
                        pass
                else:
                    types.append((await asyncio.wait_for(stream.__anext__(), 10))["type"])
        return types

    assert asyncio.run(main()) == TYPES


def test_leaving_closes_the_connection(
    server: ScriptedServer, client: AgentPlatformClient, sync_client: SyncAgentPlatformClient
) -> None:
    server.reply(lambda _: Reply.events(Hold.until_gone([STARTED])))

    def is_gone() -> bool:
        gone = server.gone.wait(10)
        server.gone.clear()
        return gone

    async def by_context() -> None:
        async with open_stream(client) as stream:
            async for _ in stream:
                break
        assert is_gone()
        with pytest.raises(AgentPlatformError, match="closed"):
            await stream.get_final_response()
        assert [event async for event in stream] == []

    async def by_error() -> None:
        async def fail() -> None:
            async with open_stream(client) as stream:
                await stream.__anext__()
                raise KeyError

        with pytest.raises(KeyError):
            await fail()
        assert is_gone()

    async def by_dropping() -> None:
        async for _ in open_stream(client):
            break
        assert is_gone()

    async def by_aclose() -> None:
        stream = open_stream(client)
        await stream.__anext__()
        await stream.aclose()
        await stream.aclose()
        assert is_gone()

    async def by_cancelling() -> None:
        async def read() -> None:
            async with open_stream(client) as stream:
                async for _ in stream:
                    reading.set()

        reading = asyncio.Event()
        task = asyncio.create_task(read())
        await reading.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert is_gone()

    for leave in (by_context, by_error, by_dropping, by_aclose, by_cancelling):
        asyncio.run(leave())
    with open_blocking(sync_client) as stream:
        next(iter(stream))
    assert is_gone()
    for _ in open_blocking(sync_client):
        break
    assert is_gone()


def test_two_tasks_cannot_wait_for_one_stream(server: ScriptedServer, client: AgentPlatformClient) -> None:
    server.reply(lambda _: Reply.events(Hold.until_gone([STARTED])))

    async def main() -> None:
        async with open_stream(client) as stream:
            await stream.__anext__()
            first = asyncio.ensure_future(stream.__anext__())
            await asyncio.sleep(0)
            with pytest.raises(RuntimeError, match="another task"):
                await stream.__anext__()
            first.cancel()

    asyncio.run(main())


def test_other_tasks_run_beside_many_streams(server: ScriptedServer, client: AgentPlatformClient) -> None:
    deltas = [frame(n, "message.delta", text=str(n)) for n in range(2, 2000)]
    server.reply(lambda _: Reply.events([STARTED, *deltas, frame(2000, "execution.completed", response=RESPONSE)]))

    async def one() -> int:
        async with open_stream(client) as stream:
            return sum([1 async for _ in stream])

    async def main() -> None:
        assert await asyncio.gather(*(one() for _ in range(10))) == [2000] * 10

    asyncio.run(main())


def test_a_fast_stream_leaves_the_loop_to_others(server: ScriptedServer, client: AgentPlatformClient) -> None:
    deltas = b"".join(frame(n, "message.delta", text=str(n)) for n in range(50_000))
    server.reply(lambda _: Reply.events([deltas, WHOLE[-1]]))

    async def main() -> None:
        async with open_stream(client) as stream:
            await stream.__anext__()
            turns = 0

            async def other() -> None:
                nonlocal turns
                while True:
                    turns += 1
                    await asyncio.sleep(0)

            task = asyncio.create_task(other())
            count = sum([1 async for _ in stream])
            task.cancel()
        assert count == 50_000
        assert turns > 100

    asyncio.run(main())


def test_a_silent_stream_times_out(server: ScriptedServer, client: AgentPlatformClient) -> None:
    hold = Hold()

    def chunks() -> Iterator[bytes]:
        yield STARTED
        yield from hold.until_released()

    server.reply(lambda _: Reply.events(chunks()))

    async def main() -> None:
        async with client.stream_agent(agent_id="a", message="b", timeout=0.1) as stream:
            assert (await stream.__anext__())["type"] == "execution.started"
            with pytest.raises(StreamInterruptedError, match=r"0\.1 s"):
                await stream.__anext__()

    asyncio.run(main())
    hold.released.set()


def test_a_stream_is_generic_at_run_time() -> None:
    assert AsyncStream[int, str].__origin__ is AsyncStream  # type: ignore[attr-defined]
    assert Stream[int, str].__origin__ is Stream  # type: ignore[attr-defined]


def test_a_blocking_stream_in_threads(server: ScriptedServer, sync_client: SyncAgentPlatformClient) -> None:
    server.reply(Reply.events(WHOLE))
    answers: list[Any] = []

    def work() -> None:
        with open_blocking(sync_client) as stream:
            answers.append(stream.get_final_response())

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [RESPONSE] * 8
