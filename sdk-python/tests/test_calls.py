"""What goes over the wire, and what comes back."""

from __future__ import annotations

import asyncio
import json
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from scripted_server import Reply, ScriptedServer

from agent_platform import OMIT, AgentPlatformClient, AgentPlatformError, SyncAgentPlatformClient


def send_any(client: SyncAgentPlatformClient, value: object) -> None:
    """Sends a value in a field that the specification does not know, so that it is not checked against a type."""
    client._native.call("create_agent", {"any": value}, {}, (OMIT, None, None, None, None))


def test_arguments_become_path_query_and_body(server: ScriptedServer, sync_client: SyncAgentPlatformClient) -> None:
    server.reply(Reply.json({}))
    sync_client.create_agent(name="Support", system_prompt="Help.", tools=("search_kb",), metadata={"a": "b"})
    sync_client.get_agent(agent_id="a/b c?")
    sync_client.list_agents(limit=5)
    created, got, listed = server.requests
    assert (created.method, created.path) == ("POST", "/agents")
    assert created.json == {
        "name": "Support",
        "system_prompt": "Help.",
        "tools": ["search_kb"],
        "metadata": {"a": "b"},
    }
    assert created.headers["content-type"] == "application/json"
    assert created.headers["authorization"].startswith("Bearer pk_live_")
    assert created.headers["idempotency-key"]
    assert got.path == "/agents/a%2Fb%20c%3F"
    assert not got.body
    assert listed.path == "/agents?limit=5"


def test_a_patch_tells_absent_from_null(server: ScriptedServer, sync_client: SyncAgentPlatformClient) -> None:
    server.reply(Reply.json({}))
    sync_client.update_agent(agent_id="a", temperature=None, name=OMIT)
    sync_client.update_agent(agent_id="a")
    assert [request.json for request in server.requests] == [{"temperature": None}, {}]


def test_options_of_a_call(server: ScriptedServer, sync_client: SyncAgentPlatformClient) -> None:
    server.reply(Reply.json({}))
    sync_client.create_agent(
        name="a",
        system_prompt="b",
        timeout=None,
        max_retries=0,
        extra_headers={"X-Team": "blue"},
        extra_query={"trace": "yes"},
        idempotency_key="mine",
    )
    (request,) = server.requests
    assert request.headers["x-team"] == "blue"
    assert request.headers["idempotency-key"] == "mine"
    assert request.path == "/agents?trace=yes"


def test_options_of_a_client(server: ScriptedServer) -> None:
    server.reply(Reply.json({}))
    client = SyncAgentPlatformClient(
        api_key="pk_test_1_2", base_url=server.url + "/", default_headers={"X-Team": "red"}
    )
    client.get_usage()
    (request,) = server.requests
    assert request.headers["x-team"] == "red"
    assert "python/3." in request.headers["user-agent"].lower()


def test_the_environment_sets_a_client_up(server: ScriptedServer, monkeypatch: pytest.MonkeyPatch) -> None:
    server.reply(Reply.json({}))
    monkeypatch.setenv("AGENT_PLATFORM_API_KEY", "pk_live_env_key")
    monkeypatch.setenv("AGENT_PLATFORM_BASE_URL", server.url)
    SyncAgentPlatformClient().get_usage()
    assert server.requests[0].headers["authorization"] == "Bearer pk_live_env_key"


def test_without_a_key_only_sign_up_works(server: ScriptedServer) -> None:
    server.reply(Reply.json({"tenant_id": "acme"}, 201))
    client = SyncAgentPlatformClient(base_url=server.url)
    assert client.sign_up(email="user@acme.com", tier="professional")["tenant_id"] == "acme"
    with pytest.raises(AgentPlatformError, match="AGENT_PLATFORM_API_KEY"):
        client.get_usage()
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    "value",
    [
        {},
        {"text": 'é \u2028 "quoted" \\ \x00 😀', "empty": "", "": 1},
        {"list": [1, -1, 2**63 - 1, -(2**63), 2**64 - 1, 0.1, 1e300, True, False, None, [], {}]},
        {"deep": [[[[[[{"a": [{"b": {}}]}]]]]]]},
        {f"key{n}": n for n in range(2000)},
    ],
)
def test_answers_are_what_json_loads_makes_of_them(
    server: ScriptedServer, sync_client: SyncAgentPlatformClient, value: Any
) -> None:
    server.reply(Reply.json(value))
    answer: Any = sync_client.get_usage()
    assert answer == value
    assert json.dumps(answer) == json.dumps(value)


def test_requests_are_what_json_dumps_makes_of_them(
    server: ScriptedServer, sync_client: SyncAgentPlatformClient
) -> None:
    class Text(str):
        __slots__ = ()

    value: dict[str, Any] = {
        "text": 'é \u2028 "quoted" \\ \x00 😀',
        "numbers": [0, -1, 2**63, -(2**80), 0.1, -0.0, 1e300, 5e-324],
        "other": (True, False, None, [], {}, Text("sub")),
    }
    server.reply(Reply.json({}))
    send_any(sync_client, value)
    assert server.requests[0].json["any"] == json.loads(json.dumps(value))


def test_times_are_rfc_3339(server: ScriptedServer, sync_client: SyncAgentPlatformClient) -> None:
    server.reply(Reply.json({}))
    moment = datetime(2026, 1, 31, 12, 0, tzinfo=timezone(timedelta(hours=2)))
    send_any(sync_client, {"at": moment})
    assert server.requests[0].json["any"] == {"at": "2026-01-31T12:00:00+02:00"}
    with pytest.raises(ValueError, match=r'any\["at"\].*time zone'):
        send_any(sync_client, {"at": moment.replace(tzinfo=None)})


def test_a_value_without_a_json_form_is_named(server: ScriptedServer, sync_client: SyncAgentPlatformClient) -> None:
    itself: dict[str, Any] = {}
    itself["itself"] = itself
    cases: list[tuple[dict[Any, Any], type[Exception], str]] = [
        ({"a": [1, {2}]}, TypeError, r'create_agent\(\): any\["a"\]\[1\]: set has no JSON form'),
        ({1: "a"}, TypeError, "any: keys must be str, not int"),
        ({"a": b"bytes"}, TypeError, r'create_agent\(\): any\["a"\]: bytes has no JSON form'),
        ({"a": float("nan")}, ValueError, r'create_agent\(\): any\["a"\]: NaN'),
        ({"a": "\ud800"}, ValueError, r'create_agent\(\): any\["a"\]'),
        (itself, ValueError, "nested more than 128 levels"),
    ]
    for wrong, error, message in cases:
        with pytest.raises(error, match=message):
            send_any(sync_client, wrong)
    assert not server.requests


def test_a_misspelt_argument_is_a_type_error(client: AgentPlatformClient, sync_client: SyncAgentPlatformClient) -> None:
    wrong: Any = {"agentid": "a"}
    with pytest.raises(TypeError, match="unexpected keyword argument 'agentid'"):
        sync_client.get_agent(**wrong)
    with pytest.raises(TypeError, match="unexpected keyword argument 'agentid'"):
        _ = client.get_agent(**wrong)
    empty: Any = {"agent_id": None}
    with pytest.raises(TypeError, match="agent_id: expected str"):
        sync_client.get_agent(**empty)
    with pytest.raises(AgentPlatformError, match="agent_id"):
        sync_client.get_agent(agent_id="")


def test_an_answer_that_is_not_json_is_an_error_of_this_package(
    server: ScriptedServer, sync_client: SyncAgentPlatformClient
) -> None:
    server.reply(Reply(200, {"content-type": "application/json", "content-length": "4"}, [b'{"a"']))
    with pytest.raises(AgentPlatformError, match="not valid JSON"):
        sync_client.get_usage()


def test_no_content_is_none(server: ScriptedServer, sync_client: SyncAgentPlatformClient) -> None:
    server.reply(Reply(204))
    nothing: object = sync_client.delete_agent(agent_id="a")  # type: ignore[func-returns-value]
    assert nothing is None


def test_lists_go_page_by_page_or_through_all(
    server: ScriptedServer, client: AgentPlatformClient, sync_client: SyncAgentPlatformClient
) -> None:
    def page(first: int, cursor: str | None) -> Reply:
        items = [{"agent_id": f"agent-{first + n}"} for n in range(2)]
        return Reply.json({"data": items, "has_more": cursor is not None, "next_cursor": cursor})

    server.reply(page(1, "two"), page(3, "three"), page(5, None))
    assert [agent["agent_id"] for agent in sync_client.list_agents_all(limit=2)] == [f"agent-{n}" for n in range(1, 7)]
    assert [request.path for request in server.requests] == [
        "/agents?limit=2",
        "/agents?limit=2&cursor=two",
        "/agents?limit=2&cursor=three",
    ]
    server.reply(page(1, "two"), page(3, None))

    async def main() -> list[str]:
        return [agent["agent_id"] async for agent in client.list_agents_all()]

    assert asyncio.run(main()) == [f"agent-{n}" for n in range(1, 5)]
    server.reply(page(1, "two"))
    assert sync_client.list_agents()["has_more"]


NO_PAGE = r"^list_agents\(\): the server's answer is no page of a list: it has no proper "
NOT_WHERE = r"^list_agents\(\): the server's answer says there is more, and not where$"


@pytest.mark.parametrize(
    ("page", "message"),
    [
        ({}, NO_PAGE + "data$"),
        ({"data": None, "has_more": False}, NO_PAGE + "data$"),
        ({"data": {"agent_id": "a"}, "has_more": False}, NO_PAGE + "data$"),
        ({"data": []}, NO_PAGE + "has_more$"),
        ({"data": [], "has_more": "no"}, NO_PAGE + "has_more$"),
        ({"data": [], "has_more": True}, NOT_WHERE),
        ({"data": [], "has_more": True, "next_cursor": None}, NOT_WHERE),
        ({"data": [], "has_more": True, "next_cursor": "two"}, NOT_WHERE),
    ],
)
def test_a_page_that_leads_nowhere_is_an_error(
    server: ScriptedServer,
    client: AgentPlatformClient,
    sync_client: SyncAgentPlatformClient,
    page: dict[str, Any],
    message: str,
) -> None:
    first = Reply.json({"data": [{"agent_id": "agent-1"}], "has_more": True, "next_cursor": "two"})
    server.reply(first, Reply.json(page))
    items = sync_client.list_agents_all()
    assert next(items)["agent_id"] == "agent-1"
    with pytest.raises(AgentPlatformError, match=message):
        next(items)
    server.reply(first, Reply.json(page))

    async def main() -> None:
        items = client.list_agents_all()
        assert (await anext(items))["agent_id"] == "agent-1"
        with pytest.raises(AgentPlatformError, match=message):
            await anext(items)

    asyncio.run(main())
    assert len(server.requests) == 4


def test_a_closed_client_says_so(sync_client: SyncAgentPlatformClient, client: AgentPlatformClient) -> None:
    with sync_client as same:
        assert same is sync_client
    with pytest.raises(AgentPlatformError, match="closed"):
        sync_client.get_usage()

    async def main() -> None:
        async with client:
            pass
        with pytest.raises(AgentPlatformError, match="closed"):
            await client.get_usage()

    asyncio.run(main())
