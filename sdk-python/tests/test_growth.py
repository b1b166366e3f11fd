"""What is dropped is gone: connections, threads, memory, tasks of loops that were closed too early."""

from __future__ import annotations

import asyncio
import gc
import sys
import threading
import weakref
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from processes import descriptors, fine
from scripted_server import Hold, Reply, Request, ScriptedServer, frame

from agent_platform import AgentPlatformClient, SyncAgentPlatformClient

EVENTS = "text/event-stream"

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="it is counted in /proc")


def test_ten_thousand_clients_leave_nothing_behind() -> None:
    fine(
        """
        import os, resource, threading
        from agent_platform import AgentPlatformClient, SyncAgentPlatformClient
        def make(n):
            for _ in range(n):
                SyncAgentPlatformClient(api_key="k").with_options(timeout=1)
                AgentPlatformClient(api_key="k").with_raw_response
        make(1000)
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        make(10_000)
        grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
        descriptors = len(os.listdir("/proc/self/fd"))
        print("fine" if grown < 4096 and descriptors < 20 and threading.active_count() == 1 else (grown, descriptors))
        """
    )


USES: dict[str, Callable[[str], object]] = {
    "blocking": lambda url: SyncAgentPlatformClient(api_key="k", base_url=url).get_usage(),
    "asyncio": lambda url: asyncio.run(AgentPlatformClient(api_key="k", base_url=url).get_usage()),
    "stream": lambda url: next(
        SyncAgentPlatformClient(api_key="k", base_url=url).stream_agent(agent_id="a", message="b")
    ),
}


@pytest.mark.parametrize("use", USES)
def test_clients_that_were_used_leave_nothing_behind(server: ScriptedServer, use: str) -> None:
    started = frame(1, "execution.started", execution_id="e", conversation_id="c", agent_id="a")
    server.reply(
        lambda request: Reply.json({}) if request.method == "GET" else Reply.events(Hold.until_gone([started]))
    )
    USES[use](server.url)
    settle(server, 0)
    before = descriptors()
    for _ in range(50):
        USES[use](server.url)
    settle(server, 0)
    assert descriptors() <= before


def settle(server: ScriptedServer, left: int) -> None:
    """Waits until the server has seen the connections go."""
    gc.collect()
    assert server.wait_for_connections(left)


def test_closing_a_client_closes_its_connections(server: ScriptedServer) -> None:
    server.reply(Reply.json({}))
    sync_client = SyncAgentPlatformClient(api_key="k", base_url=server.url)
    sync_client.get_usage()
    assert server.wait_for_connections(1)
    sync_client.close()
    settle(server, 0)

    async def main() -> None:
        async with AgentPlatformClient(api_key="k", base_url=server.url) as client:
            await client.get_usage()
        assert await asyncio.to_thread(server.wait_for_connections, 0)

    asyncio.run(main())


def test_a_failed_call_closes_its_connection(server: ScriptedServer, sync_client: SyncAgentPlatformClient) -> None:
    server.reply(lambda _: Reply(200, {"content-type": "application/json"}, Hold.until_gone()))
    with pytest.raises(Exception, match="no complete answer"):
        sync_client.get_usage(timeout=0.05)
    # Nothing of ours runs any more, and yet it is closed.
    assert server.gone.wait(10)


@pytest.mark.parametrize("begin", ["task", "stream"])
def test_a_loop_closed_with_a_call_under_way_leaks_nothing(server: ScriptedServer, begin: str) -> None:
    asked = threading.Event()

    def endless() -> Iterator[bytes]:
        asked.set()
        yield from Hold.until_gone()

    def reply(request: Request) -> Reply:
        return Reply(200, {"content-type": "application/json" if request.method == "GET" else EVENTS}, endless())

    server.reply(reply)
    client = AgentPlatformClient(api_key="k", base_url=server.url)

    def leave() -> list[weakref.ref[Any]]:
        loop = asyncio.new_event_loop()
        seen: list[weakref.ref[Any]] = [weakref.ref(loop)]

        async def wait() -> None:
            await client.get_usage()

        async def read() -> None:
            async for _ in client.stream_agent(agent_id="a", message="b"):
                pass

        async def main() -> None:
            seen.append(weakref.ref(loop.create_task(wait() if begin == "task" else read())))
            await asyncio.to_thread(asked.wait, 10)

        loop.run_until_complete(main())
        loop.run_until_complete(loop.shutdown_default_executor())
        # The message that it was pending is asyncio's, for whoever closes a loop so.
        for task in asyncio.all_tasks(loop):
            task._log_destroy_pending = False  # type: ignore[attr-defined]
        loop.close()
        return seen

    def flush() -> None:
        """What the thread in the background had to end before this, it has ended after it."""
        gc.collect()
        server.reply(Reply.json({}))

        async def call() -> None:
            async with AgentPlatformClient(api_key="k", base_url=server.url) as other:
                await other.get_usage()

        asyncio.run(call())
        gc.collect()
        assert server.wait_for_connections(0)
        server.reply(reply)

    leave()
    flush()
    before, threads = descriptors(), threading.active_count()
    for _ in range(5):
        asked.clear()
        seen = leave()
        gc.collect()
        assert [reference() for reference in seen] == [None] * len(seen)
    flush()
    assert descriptors() <= before
    assert threading.active_count() <= threads + 5


def test_a_kept_alive_connection_that_the_server_closed_is_not_used(server: ScriptedServer) -> None:
    server.reply(Reply.json({}))
    client = SyncAgentPlatformClient(api_key="k", base_url=server.url, max_retries=0)
    for _ in range(3):
        client.get_usage()
        server.drop_connections()
        assert server.wait_for_connections(0)
    assert server.connections == 3
