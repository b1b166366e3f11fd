"""The trace that a call belongs to is passed on."""

from __future__ import annotations

import asyncio
import subprocess
import sys

import pytest
from opentelemetry import trace
from opentelemetry.trace import NonRecordingSpan, SpanContext, TraceFlags, TraceState
from scripted_server import Reply, ScriptedServer, frame

from agent_platform import AgentPlatformClient, SyncAgentPlatformClient

TRACE_ID = 0x0AF7651916CD43DD8448EB211C80319C
PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
OTHER = "00-11111111111111111111111111111111-2222222222222222-00"


def span() -> NonRecordingSpan:
    context = SpanContext(TRACE_ID, 0xB7AD6B7169203331, False, TraceFlags(1), TraceState([("vendor", "value")]))
    return NonRecordingSpan(context)


@pytest.fixture(autouse=True)
def _answer(server: ScriptedServer) -> None:
    server.reply(Reply.json({}))


def test_the_active_span_is_passed_on(server: ScriptedServer, sync_client: SyncAgentPlatformClient) -> None:
    with trace.use_span(span()):
        sync_client.get_usage()
    sync_client.get_usage()
    within, without = server.requests
    assert (within.headers["traceparent"], within.headers["tracestate"]) == (PARENT, "vendor=value")
    assert "traceparent" not in without.headers


def test_each_task_passes_its_own_on(server: ScriptedServer, client: AgentPlatformClient) -> None:
    async def traced() -> None:
        with trace.use_span(span()):
            await client.get_usage()

    async def main() -> None:
        await asyncio.gather(traced(), client.get_usage())

    asyncio.run(main())
    assert sorted(request.headers.get("traceparent", "") for request in server.requests) == ["", PARENT]


def test_a_stream_passes_it_on(server: ScriptedServer, client: AgentPlatformClient) -> None:
    server.reply(Reply.events([frame(1, "execution.completed", response={})]))

    async def main() -> None:
        with trace.use_span(span()):
            stream = client.stream_agent(agent_id="a", message="b")
        async with stream:
            await stream.get_final_response()

    asyncio.run(main())
    assert server.requests[0].headers["traceparent"] == PARENT


def test_the_span_holds_over_the_client_and_the_call_over_the_span(server: ScriptedServer) -> None:
    client = SyncAgentPlatformClient(api_key="k", base_url=server.url, default_headers={"traceparent": OTHER})
    with trace.use_span(span()):
        client.get_usage()
        client.get_usage(extra_headers={"Traceparent": OTHER})
    client.get_usage()
    assert [request.headers["traceparent"] for request in server.requests] == [PARENT, OTHER, OTHER]


def test_without_opentelemetry_the_environment_holds(server: ScriptedServer, monkeypatch: pytest.MonkeyPatch) -> None:
    code = """
import sys
from agent_platform import SyncAgentPlatformClient
SyncAgentPlatformClient(api_key="k", base_url=sys.argv[1]).get_usage()
print("opentelemetry" in sys.modules)
"""
    monkeypatch.setenv("TRACEPARENT", PARENT)
    done = subprocess.run(
        [sys.executable, "-c", code, server.url], capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout == "False\n"
    assert server.requests[0].headers["traceparent"] == PARENT
