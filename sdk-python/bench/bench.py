"""What the client costs: CPU time of this process a call and a stream event, beside httpx and openai where installed.

    python bench/bench.py [BASE_URL]

Signs a tenant up on a server that runs there (`make serve`; default `AGENT_PLATFORM_BASE_URL`) and calls `get_agent`, a
read that costs the server little. httpx makes the same calls. For events a loopback server replays one long stream, so
that only reading is measured; openai-python reads the same number of its own.
"""

from __future__ import annotations

import asyncio
import atexit
import importlib.util
import json
import os
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Awaitable, Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from agent_platform import AgentPlatformClient, SyncAgentPlatformClient

CALLS = 4000
AT_ONCE = 64
EVENTS = 50_000
ROUNDS = 3


def show(what: str, seconds: float, count: int) -> None:
    print(f"{what:<44} {seconds / count * 1e6:9.1f} µs")


def best(measure: Callable[[], float]) -> float:
    """Another process can only make a round longer."""
    return min(measure() for _ in range(ROUNDS))


async def at_once(call: Callable[[], Awaitable[object]]) -> None:
    left = iter(range(CALLS))

    async def worker() -> None:
        for _ in left:
            await call()

    await asyncio.gather(*(worker() for _ in range(AT_ONCE)))


async def measure_async(call: Callable[[], Awaitable[object]]) -> float:
    await call()
    began = time.process_time()
    await at_once(call)
    return time.process_time() - began


def measure_sync(call: Callable[[], object]) -> float:
    call()
    began = time.process_time()
    for _ in range(CALLS):
        call()
    return time.process_time() - began


def calls(base_url: str) -> None:
    email = f"bench@{uuid.uuid4().hex[:12]}.example"
    key = SyncAgentPlatformClient(base_url=base_url).sign_up(email=email, tier="professional")["api_key"]
    sync_client = SyncAgentPlatformClient(api_key=key, base_url=base_url)
    agent_id = sync_client.create_agent(name="Bench", system_prompt="You are measured.")["agent_id"]

    async def ours() -> float:
        async with AgentPlatformClient(api_key=key, base_url=base_url) as client:
            return await measure_async(lambda: client.get_agent(agent_id=agent_id))

    show(f"agent_platform, async, {AT_ONCE} at once, a call", best(lambda: asyncio.run(ours())), CALLS)
    show(
        "agent_platform, sync, one at a time, a call",
        best(lambda: measure_sync(lambda: sync_client.get_agent(agent_id=agent_id))),
        CALLS,
    )
    if importlib.util.find_spec("httpx") is None:
        print("httpx is not installed")
        return
    import httpx

    url, headers = f"{base_url}/agents/{agent_id}", {"authorization": f"Bearer {key}"}

    async def theirs() -> float:
        async with httpx.AsyncClient(headers=headers) as client:

            async def call() -> object:
                return (await client.get(url)).json()

            return await measure_async(call)

    show(f"httpx, async, {AT_ONCE} at once, a call", best(lambda: asyncio.run(theirs())), CALLS)
    with httpx.Client(headers=headers) as client:
        show("httpx, sync, one at a time, a call", best(lambda: measure_sync(lambda: client.get(url).json())), CALLS)


def replay(body: bytes) -> str:
    """A server in a process of its own, so that its time is not ours."""
    code = "import sys; sys.path.insert(0, sys.argv[1]); import bench; bench.serve_replay(sys.stdin.buffer.read())"
    process = subprocess.Popen(
        [sys.executable, "-c", code, os.path.dirname(__file__)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(body)
    process.stdin.close()
    # The end of this process closes nothing that the other waits for: so it is told.
    atexit.register(process.kill)
    return f"http://127.0.0.1:{int(process.stdout.readline())}"


def serve_replay(body: bytes) -> None:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["content-length"]))
            self.send_response(200)
            self.send_header("content-type", "text/event-stream")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    print(server.server_address[1], flush=True)
    threading.Thread(target=server.serve_forever).start()


def frames(*events: dict[str, Any]) -> bytes:
    return b"".join(
        f"id: {number}\nevent: {event['type']}\ndata: {json.dumps(event)}\n\n".encode()
        for number, event in enumerate(events, 1)
    )


def events() -> None:
    deltas = [{"type": "message.delta", "text": f"token {number} "} for number in range(EVENTS)]
    base_url = replay(frames(*deltas, {"type": "execution.completed", "response": {}}))

    async def ours() -> float:
        async with AgentPlatformClient(api_key="pk_test_a_b", base_url=base_url) as client:
            began = time.process_time()
            async with client.stream_agent(agent_id="a", message="b") as stream:
                count = sum([1 async for _ in stream])
            assert count == EVENTS + 1
            return time.process_time() - began

    show("agent_platform, async stream, an event", best(lambda: asyncio.run(ours())), EVENTS)

    def ours_sync() -> float:
        with SyncAgentPlatformClient(api_key="pk_test_a_b", base_url=base_url) as client:
            began = time.process_time()
            with client.stream_agent(agent_id="a", message="b") as stream:
                count = sum(1 for _ in stream)
            assert count == EVENTS + 1
            return time.process_time() - began

    show("agent_platform, sync stream, an event", best(ours_sync), EVENTS)
    if importlib.util.find_spec("openai") is None:
        print("openai is not installed")
        return
    import openai

    chunk = {"id": "c", "object": "chat.completion.chunk", "created": 0, "model": "m"}
    body = b"".join(
        b"data: "
        + json.dumps({**chunk, "choices": [{"index": 0, "delta": {"content": delta["text"]}}]}).encode()
        + b"\n\n"
        for delta in deltas
    )
    base_url = replay(body + b"data: [DONE]\n\n")

    async def theirs() -> float:
        async with openai.AsyncOpenAI(api_key="k", base_url=base_url) as client:
            began = time.process_time()
            stream = await client.chat.completions.create(model="m", messages=[], stream=True)
            count = sum([1 async for _ in stream])
            assert count == EVENTS
            return time.process_time() - began

    show("openai, async stream, an event", best(lambda: asyncio.run(theirs())), EVENTS)


if __name__ == "__main__":
    where = sys.argv[1] if len(sys.argv) > 1 else os.environ.get("AGENT_PLATFORM_BASE_URL", "http://localhost:8000")
    print(f"CPU time of this process, best of {ROUNDS}")
    calls(where.rstrip("/"))
    events()
