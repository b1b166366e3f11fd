"""Options of a client and of a call, and answers with what came beside them."""

from __future__ import annotations

import asyncio
import pickle
from collections.abc import Iterator
from typing import Any

import pytest
from conftest import KEY
from scripted_server import Reply, ScriptedServer, frame

import agent_platform
from agent_platform import (
    AgentPlatformClient,
    AgentPlatformError,
    InternalServerError,
    NotFoundError,
    RawResponse,
    SyncAgentPlatformClient,
)

AGENT = {"agent_id": "agent-1", "name": "Support"}


@pytest.fixture
def failing(server: ScriptedServer) -> ScriptedServer:
    """Asks to come back at once, again and again."""
    server.reply(Reply.problem(503, "overloaded", "later", headers={"retry-after-ms": "1"}))
    return server


def test_options_of_a_client_hold_for_its_calls(failing: ScriptedServer, sync_client: SyncAgentPlatformClient) -> None:
    patient = sync_client.with_options(max_retries=3, extra_headers={"X-Team": "blue"}, extra_query={"trace": "yes"})
    with pytest.raises(InternalServerError):
        patient.get_usage()
    assert len(failing.requests) == 4
    assert {request.headers["x-team"] for request in failing.requests} == {"blue"}
    assert {request.path for request in failing.requests} == {"/usage?trace=yes"}


def test_options_of_a_call_hold_over_those_of_the_client(
    failing: ScriptedServer, sync_client: SyncAgentPlatformClient
) -> None:
    patient = sync_client.with_options(max_retries=3, extra_headers={"X-Team": "blue", "X-Kept": "1"})
    with pytest.raises(InternalServerError):
        patient.get_usage(max_retries=0, extra_headers={"x-team": "red"})
    (request,) = failing.requests
    assert (request.headers["x-team"], request.headers["x-kept"]) == ("red", "1")


def test_options_add_up(failing: ScriptedServer, sync_client: SyncAgentPlatformClient) -> None:
    first = sync_client.with_options(max_retries=5, extra_headers={"X-One": "1"})
    second = first.with_options(max_retries=1, extra_headers={"X-Two": "2"})
    with pytest.raises(InternalServerError):
        second.get_usage()
    assert len(failing.requests) == 2
    assert (failing.requests[0].headers["x-one"], failing.requests[0].headers["x-two"]) == ("1", "2")
    with pytest.raises(InternalServerError):
        sync_client.get_usage()
    assert "x-one" not in failing.requests[-1].headers


def test_options_of_an_asyncio_client(failing: ScriptedServer, client: AgentPlatformClient) -> None:
    async def main() -> None:
        patient = client.with_options(max_retries=1)
        with pytest.raises(InternalServerError):
            await patient.get_usage()
        with pytest.raises(InternalServerError):
            async with patient.stream_agent(agent_id="a", message="b", extra_headers={"X-Team": "blue"}):
                pass

    asyncio.run(main())
    assert len(failing.requests) == 4
    assert "x-team" in failing.requests[-1].headers


def test_clients_made_of_one_share_its_connections_and_its_end(
    server: ScriptedServer, sync_client: SyncAgentPlatformClient
) -> None:
    server.reply(Reply.json(AGENT))
    other = sync_client.with_options(timeout=None)
    for asked in (sync_client, other, sync_client.with_raw_response):
        asked.get_agent(agent_id="a")
    assert server.connections == 1
    other.close()
    with pytest.raises(AgentPlatformError, match="closed"):
        sync_client.get_usage()


def test_a_subclass_keeps_what_it_added(server: ScriptedServer) -> None:
    class Mine(SyncAgentPlatformClient):
        team: str

    mine = Mine(api_key=KEY, base_url=server.url)
    mine.team = "blue"
    assert mine.with_options(max_retries=0).team == "blue"
    assert type(mine.with_options()) is Mine


def raw_reply() -> Reply:
    return Reply.json(AGENT, 201, X_Request_Id="req-7", X_RateLimit_Remaining="41")


def check(raw: RawResponse[Any]) -> None:
    assert raw.status_code == 201
    assert raw.request_id == "req-7"
    assert raw.retries_taken == 1
    assert raw.parse() == AGENT
    assert raw.parse() is not raw.parse()
    assert b'"agent-1"' in raw.content
    assert raw.headers["X-RateLimit-Remaining"] == raw.headers["x-ratelimit-remaining"] == "41"
    assert "X-REQUEST-ID" in raw.headers
    assert raw.headers.get("x-none") is None
    assert "req-7" in repr(raw)
    assert "agent-1" not in repr(raw)


def test_an_answer_with_status_and_headers(failing: ScriptedServer, sync_client: SyncAgentPlatformClient) -> None:
    overloaded = Reply.problem(503, "overloaded", "later", headers={"retry-after-ms": "1"})
    failing.reply(overloaded, raw_reply())
    check(sync_client.with_raw_response.create_agent(name="a", system_prompt="b", max_retries=1))
    failing.reply(overloaded, raw_reply())
    client = AgentPlatformClient(api_key=KEY, base_url=failing.url).with_options(max_retries=1)
    check(asyncio.run(client.with_raw_response.create_agent(name="a", system_prompt="b")))


def test_a_raw_answer_without_content_and_one_that_is_wrong(
    server: ScriptedServer, sync_client: SyncAgentPlatformClient
) -> None:
    json_type = {"content-type": "application/json"}
    server.reply(Reply(204, {"x-request-id": "req-8"}))
    gone = sync_client.with_raw_response.delete_agent(agent_id="a")
    assert (gone.status_code, gone.request_id, gone.parse(), gone.content) == (204, "req-8", None, b"")
    server.reply(Reply(200, {**json_type, "content-length": "4", "x-request-id": "req-9"}, [b'{"a"']))
    raw = sync_client.with_raw_response.get_usage()
    with pytest.raises(AgentPlatformError, match="get_usage: the server's answer is not valid JSON") as raised:
        raw.parse()
    assert str(raised.value).count("not valid JSON") == 1
    assert raised.value.request_id == "req-9"
    server.reply(Reply.problem(404, "not_found", "no such agent"))
    with pytest.raises(NotFoundError):
        sync_client.with_raw_response.get_agent(agent_id="a")


def test_every_operation_has_a_raw_form() -> None:
    for name in ("AgentPlatformClient", "SyncAgentPlatformClient"):
        plain = getattr(agent_platform, name)
        raw = type(plain(api_key=KEY).with_raw_response)
        beside = {"close", "aclose", "with_options", "with_raw_response"}
        expected = {
            method
            for method in vars(plain)
            if not method.startswith("_") and not method.endswith("_all") and not method.startswith("stream_")
        }
        assert {method for method in vars(raw) if not method.startswith("_")} == expected - beside


def test_a_stream_tells_what_came_beside_it(server: ScriptedServer) -> None:
    events = [frame(1, "execution.started", execution_id="e", conversation_id="c", agent_id="a")]
    events.append(frame(2, "execution.completed", response={"message": ""}))

    def replies() -> Iterator[Reply]:
        for _ in range(2):
            yield Reply.problem(503, "overloaded", "later", headers={"retry-after-ms": "1"})
            yield Reply(200, {"content-type": "text/event-stream", "x-request-id": "req-5"}, list(events))

    script = replies()
    server.reply(lambda _: next(script))
    sync_client = SyncAgentPlatformClient(api_key=KEY, base_url=server.url, max_retries=1)
    stream = sync_client.stream_agent(agent_id="a", message="b")
    with pytest.raises(AgentPlatformError, match="not been opened"):
        _ = stream.request_id
    with stream:
        assert (stream.status_code, stream.request_id, stream.retries_taken) == (200, "req-5", 1)
        assert stream.headers["Content-Type"] == "text/event-stream"
        assert len(list(stream)) == 2
    assert (stream.request_id, stream.retries_taken) == ("req-5", 1)

    async def main() -> None:
        client = AgentPlatformClient(api_key=KEY, base_url=server.url, max_retries=1)
        async with client.stream_agent(agent_id="a", message="b") as stream:
            assert (stream.status_code, stream.request_id, stream.retries_taken) == (200, "req-5", 1)
            assert stream.headers["X-Request-Id"] == "req-5"

    asyncio.run(main())


def test_headers_are_a_mapping(server: ScriptedServer, sync_client: SyncAgentPlatformClient) -> None:
    server.reply(Reply.json({}, X_Team="blue"))
    headers = sync_client.with_raw_response.get_usage().headers
    assert dict(headers)["x-team"] == "blue"
    assert {**headers} == dict(headers.items())
    assert len(headers) == len(list(headers))
    assert pickle.loads(pickle.dumps(headers)) == headers


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"max_retries": "3"}, r"max_retries: expected int, not str \('3'\)"),
        ({"max_retries": True}, "max_retries: expected int, not bool"),
        ({"timeout": "soon"}, r"timeout: expected seconds as a number, or None for no limit, not str \('soon'\)"),
        ({"extra_headers": "a: b"}, "extra_headers: expected a mapping of str to str"),
        ({"extra_headers": {"X-Key": b"secret"}}, r'extra_headers\["X-Key"\]: expected str, not bytes$'),
        ({"extra_query": {1: "a"}}, "extra_query: keys must be str, not int"),
    ],
)
def test_an_option_of_the_wrong_type_is_named(
    server: ScriptedServer, sync_client: SyncAgentPlatformClient, options: dict[str, Any], message: str
) -> None:
    with pytest.raises(TypeError, match=message):
        sync_client.get_usage(**options)
    with pytest.raises(TypeError, match=message):
        sync_client.with_options(**options)
    assert not server.requests


def test_an_option_out_of_its_range_is_named(sync_client: SyncAgentPlatformClient) -> None:
    with pytest.raises(ValueError, match="max_retries: expected 0 to 4294967295, not -1"):
        sync_client.with_options(max_retries=-1)
    with pytest.raises(AgentPlatformError, match="header"):
        sync_client.get_usage(extra_headers={"X-Team": "a\nb"})
