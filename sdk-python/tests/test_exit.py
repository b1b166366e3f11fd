"""Leaving in the middle: the process ends with status 0 and without a word, whatever is open or under way."""

from __future__ import annotations

import pytest
from processes import python
from scripted_server import Hold, Reply, Request, ScriptedServer, frame

STARTED = frame(1, "execution.started", execution_id="e", conversation_id="c", agent_id="a")
TIMES = 5

WAYS = {
    "asyncio": """
        async def main():
            global kept
            kept = [asyncio.ensure_future(client.get_usage(timeout=None)) for _ in range(20)]
            stream = client.stream_agent(agent_id="a", message="b")
            await stream.__aenter__()
            kept.append(stream)
            kept.append(await stream.__anext__())
        asyncio.run(main())
    """,
    "a loop that was never closed": """
        async def main():
            global stream
            stream = client.stream_agent(agent_id="a", message="b")
            await stream.__aenter__()
            await stream.__anext__()
        loop = asyncio.new_event_loop()
        loop.run_until_complete(main())
    """,
    "a blocking stream": """
        stream = sync_client.stream_agent(agent_id="a", message="b")
        next(stream)
    """,
    "threads that wait": """
        def read():
            for _ in sync_client.stream_agent(agent_id="a", message="b"):
                begun.set()
        def call():
            sync_client.get_usage(timeout=None)
        def wait():
            asyncio.run(client.get_usage(timeout=None))
        begun = threading.Event()
        for work in (read, call, wait):
            threading.Thread(target=work, daemon=True).start()
        begun.wait()
    """,
    "an exit in the middle": """
        with sync_client.stream_agent(agent_id="a", message="b") as stream:
            for _ in stream:
                sys.exit(0)
    """,
    "a generator that was left": """
        async def events():
            async with client.stream_agent(agent_id="a", message="b") as stream:
                async for event in stream:
                    yield event
        async def main():
            async for _ in events():
                return
        asyncio.run(main())
    """,
}


@pytest.mark.parametrize("way", WAYS)
def test_leaving_in_the_middle_is_quiet(server: ScriptedServer, way: str) -> None:
    def reply(request: Request) -> Reply:
        if request.method == "POST":
            return Reply.events(Hold.until_gone([STARTED]))
        return Reply(200, {"content-type": "application/json"}, Hold.until_gone())

    server.reply(reply)
    start = """
        import asyncio, sys, threading
        from agent_platform import AgentPlatformClient, SyncAgentPlatformClient
        client = AgentPlatformClient(api_key="k", base_url=sys.argv[1])
        sync_client = SyncAgentPlatformClient(api_key="k", base_url=sys.argv[1])
    """
    for _ in range(TIMES):
        done = python(start + WAYS[way], server.url)
        assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
