"""Ctrl-C, and calls from signals' handlers."""

from __future__ import annotations

import signal
import socket
import sys
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from processes import interrupted
from scripted_server import Hold, Reply, ScriptedServer

from agent_platform import APITimeoutError, SyncAgentPlatformClient

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals are sent otherwise there")


@pytest.fixture
def asked(server: ScriptedServer) -> threading.Event:
    """The server answers without end, and says when it has begun to."""
    arrived = threading.Event()

    def chunks() -> Iterator[bytes]:
        arrived.set()
        yield from Hold.until_gone()

    def reply(request: Any) -> Reply:
        kind = "application/json" if request.method == "GET" else "text/event-stream"
        return Reply(200, {"content-type": kind}, chunks())

    server.reply(reply)
    return arrived


BLOCKING = {
    "call": "client.get_usage(timeout=None)",
    "stream": "next(client.stream_agent(agent_id='a', message='b'))",
    "text": "list(client.stream_agent(agent_id='a', message='b').text_stream)",
    "final": "client.stream_agent(agent_id='a', message='b').get_final_response()",
    "pages": "list(client.list_agents_all(timeout=None))",
}


@pytest.mark.parametrize("what", BLOCKING)
def test_ctrl_c_interrupts_blocking_code(server: ScriptedServer, asked: threading.Event, what: str) -> None:
    code = f"""
import sys
from agent_platform import SyncAgentPlatformClient
client = SyncAgentPlatformClient(api_key="k", base_url=sys.argv[1])
try:
    while True:
        {BLOCKING[what]}
except KeyboardInterrupt:
    print("interrupted", flush=True)
"""
    assert interrupted_and_gone(code, server, asked) == (0, "interrupted\n", "")


def interrupted_and_gone(code: str, server: ScriptedServer, asked: threading.Event) -> tuple[int, str, str]:
    said = interrupted(code, server.url, asked)
    assert server.gone.wait(30)
    return said


ASYNCIO = {
    "call": "await client.get_usage(timeout=None)",
    "stream": "async for _ in client.stream_agent(agent_id='a', message='b'): pass",
    "many": "await asyncio.gather(*(client.get_usage(timeout=None) for _ in range(20)))",
}


@pytest.mark.parametrize("loop", ["asyncio", "uvloop"])
@pytest.mark.parametrize("what", ASYNCIO)
def test_ctrl_c_interrupts_asyncio(server: ScriptedServer, asked: threading.Event, what: str, loop: str) -> None:
    pytest.importorskip(loop)
    code = f"""
import asyncio, sys, {loop}
from agent_platform import AgentPlatformClient
async def main():
    async with AgentPlatformClient(api_key="k", base_url=sys.argv[1]) as client:
        try:
            {ASYNCIO[what]}
        finally:
            print("left", flush=True)
try:
    {loop}.run(main())
except KeyboardInterrupt:
    print("interrupted")
"""
    status, out, err = interrupted_and_gone(code, server, asked)
    assert (status, out) == (0, "left\ninterrupted\n"), err


def test_a_signal_handler_may_call_while_a_call_waits(server: ScriptedServer) -> None:
    server.reply(Reply.json({"tier": "starter"}))
    answers: list[Any] = []
    handler = signal.signal(
        signal.SIGALRM, lambda *_: answers.append(SyncAgentPlatformClient(api_key="k", base_url=server.url).get_usage())
    )
    with socket.socket() as silent:
        # It takes the connection and never answers.
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        waiting = SyncAgentPlatformClient(api_key="k", base_url=url, timeout=1.0, max_retries=0)
        signal.setitimer(signal.ITIMER_REAL, 0.2)
        try:
            with pytest.raises(APITimeoutError):
                waiting.get_usage()
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, handler)
    assert answers == [{"tier": "starter"}]
