"""Slips: each is an error that says what is wrong and what to write, and nothing is sent."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import textwrap
from collections.abc import Callable
from typing import Any

import pytest
from scripted_server import Reply, ScriptedServer

from agent_platform import AgentPlatformClient, AgentPlatformError, SyncAgentPlatformClient

FORGOTTEN = r"get_agent\(\) was called without being awaited, .* did you forget 'await'\?"


async def enter(thing: Any) -> None:
    async with thing:
        pass


def enter_sync(thing: Any) -> None:
    with thing:
        pass


async def loop(thing: Any) -> None:
    async for _ in thing:
        pass


USES: dict[str, Callable[[Any], object]] = {
    "an item": lambda call: call["agent_id"],
    "a loop": lambda call: [item for item in call],  # noqa: C416
    "a list": list,
    "an asynchronous loop": lambda call: asyncio.run(loop(call)),
    "a length": len,
    "a test for a key": lambda call: "agent_id" in call,
    "with": enter_sync,
    "async with": lambda call: asyncio.run(enter(call)),
}


@pytest.mark.parametrize("use", USES)
def test_a_forgotten_await_says_so(server: ScriptedServer, client: AgentPlatformClient, use: str) -> None:
    call: Any = client.get_agent(agent_id="a")
    with pytest.raises(TypeError, match=FORGOTTEN):
        USES[use](call)
    call.close()
    assert not server.requests


def test_an_attribute_of_a_call_says_so_and_can_be_asked_for(client: AgentPlatformClient) -> None:
    call: Any = client.get_agent(agent_id="a")
    with pytest.raises(AttributeError, match=FORGOTTEN):
        call.keys()
    assert not hasattr(call, "keys")
    assert repr(call) == "<call of get_agent(), to be awaited>"
    call.close()


def test_a_call_that_is_never_awaited_warns(server: ScriptedServer, client: AgentPlatformClient) -> None:
    with pytest.warns(RuntimeWarning, match=r"get_agent\(\) was never awaited, so nothing was sent"):
        client.get_agent(agent_id="a")  # type: ignore[unused-coroutine]
    assert not server.requests
    # What was closed, awaited or thrown away on purpose is no mistake.
    client.get_agent(agent_id="a").close()


def test_a_warning_that_is_an_error_does_not_hide_another() -> None:
    code = """
        import warnings
        from agent_platform import AgentPlatformClient
        warnings.simplefilter("error")
        client = AgentPlatformClient(api_key="k")
        def forget():
            call = client.get_usage()
            raise KeyError("the one that counts")
        try:
            forget()
        except KeyError as error:
            print(error)
    """
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code)], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.stdout == "'the one that counts'\n"
    assert "was never awaited" in done.stderr
    assert done.returncode == 0


def test_the_wrong_kind_of_client_or_stream_says_which_is_meant(
    client: AgentPlatformClient, sync_client: SyncAgentPlatformClient
) -> None:
    thing: Any
    stream = client.stream_agent(agent_id="a", message="b")
    sync_stream = sync_client.stream_agent(agent_id="a", message="b")
    for thing in (client, stream):
        with pytest.raises(TypeError, match=r"write 'async with', or use SyncAgentPlatformClient"):
            enter_sync(thing)
    for thing in (stream, stream.text_stream, client.list_agents_all()):
        with pytest.raises(TypeError, match=r"write 'async for', or use SyncAgentPlatformClient"):
            list(thing)
    for thing in (sync_client, sync_stream):
        with pytest.raises(TypeError, match=r"write 'with', or use AgentPlatformClient"):
            asyncio.run(enter(thing))
    for thing in (sync_stream, sync_stream.text_stream):
        with pytest.raises(TypeError, match=r"write 'for', or use AgentPlatformClient"):
            asyncio.run(loop(thing))


def both(
    server: ScriptedServer,
    call: Callable[[Any], Any],
    client: AgentPlatformClient,
    sync_client: SyncAgentPlatformClient,
) -> list[str]:
    """What both clients raise for a call; nothing may be sent."""

    async def wait() -> object:
        return await call(client)

    said: list[str] = []
    for attempt in (lambda: call(sync_client), lambda: asyncio.run(wait())):
        with pytest.raises((TypeError, ValueError, AgentPlatformError)) as raised:
            attempt()
        said.append(f"{type(raised.value).__name__}: {raised.value}")
    assert not server.requests
    return said


WRONG: list[tuple[Callable[[Any], Any], str]] = [
    (lambda c: c.get_agent(agent_id=5), "TypeError: get_agent(): agent_id: expected str, not int (5)"),
    (lambda c: c.get_agent(agent_id=None), "TypeError: get_agent(): agent_id: expected str, not None"),
    (
        lambda c: c.create_agent(name=b"a", system_prompt="b"),
        "TypeError: create_agent(): name: expected str, not bytes",
    ),
    (
        lambda c: c.create_agent(name="a", system_prompt="b", tools="search_kb"),
        "TypeError: create_agent(): tools: expected a list of str, not str ('search_kb')",
    ),
    (
        lambda c: c.create_agent(name="a", system_prompt="b", tools=["a", 7]),
        "TypeError: create_agent(): tools[1]: expected str, not int (7)",
    ),
    (
        lambda c: c.create_agent(name="a", system_prompt="b", metadata=["a"]),
        "TypeError: create_agent(): metadata: expected a dict, not list (['a'])",
    ),
    (
        lambda c: c.create_agent(name="a", system_prompt="b", metadata={"a": 1}),
        'TypeError: create_agent(): metadata["a"]: expected str, not int (1)',
    ),
    (lambda c: c.list_agents(limit="ten"), "TypeError: list_agents(): limit: expected int, not str ('ten')"),
    (lambda c: c.list_agents(limit=True), "TypeError: list_agents(): limit: expected int, not bool (True)"),
    (
        lambda c: c.list_executions(from_=5),
        "TypeError: list_executions(): from: expected datetime or str, not int (5)",
    ),
    (
        lambda c: c.update_agent(agent_id="a", temperature="hot"),
        "TypeError: update_agent(): temperature: expected float, not str ('hot')",
    ),
    (lambda c: c.get_agent(agent_id=""), 'AgentPlatformError: get_agent: agent_id is ""'),
    (lambda c: c.get_agent(agent_id=".."), 'AgentPlatformError: get_agent: agent_id is ".."'),
]


@pytest.mark.parametrize(("call", "message"), WRONG)
def test_a_wrong_value_is_named_with_its_operation_and_argument(
    server: ScriptedServer,
    client: AgentPlatformClient,
    sync_client: SyncAgentPlatformClient,
    call: Callable[[Any], Any],
    message: str,
) -> None:
    for said in both(server, call, client, sync_client):
        assert said.startswith(message)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda c: c.get_agent(agentid="a"), ["get_agent()", "agentid"]),
        (lambda c: c.get_agent(), ["get_agent()", "agent_id"]),
        (lambda c: c.create_agent("a", "b"), ["create_agent()", "positional"]),
    ],
)
def test_a_misspelt_or_missing_argument_is_a_type_error(
    server: ScriptedServer,
    client: AgentPlatformClient,
    sync_client: SyncAgentPlatformClient,
    call: Callable[[Any], Any],
    words: list[str],
) -> None:
    for said in both(server, call, client, sync_client):
        assert said.startswith("TypeError")
        assert all(word in said for word in words)


def test_a_long_value_is_shown_in_part(sync_client: SyncAgentPlatformClient) -> None:
    wrong: Any = {"a": "x" * 1000}
    with pytest.raises(TypeError) as raised:
        sync_client.get_agent(agent_id=wrong)
    assert len(str(raised.value)) < 200


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ({"api_key": b"pk_live_secret"}, "api_key: expected str, not bytes$"),
        ({"base_url": 8000}, r"base_url: expected str, not int \(8000\)"),
        ({"max_retries": 1.5}, r"max_retries: expected int, not float \(1\.5\)"),
        ({"timeout": "1"}, "timeout: expected seconds as a number"),
        ({"proxy": 1}, "proxy: expected str, not int$"),
        ({"default_headers": ["a"]}, "default_headers: expected a mapping of str to str"),
        ({"retry_budget": "no"}, r"retry_budget: expected bool, not str \('no'\)"),
        ({"ca_bundle": 7}, "ca_bundle: expected a path, not int"),
    ],
)
def test_a_setting_of_the_wrong_type_is_named(setting: dict[str, Any], message: str) -> None:
    for cls in (AgentPlatformClient, SyncAgentPlatformClient):
        with pytest.raises(TypeError, match=message):
            cls(**{"api_key": "k", **setting})


def test_an_answer_to_something_else_is_no_answer(server: ScriptedServer, sync_client: SyncAgentPlatformClient) -> None:
    server.reply(Reply.json(["not", "an", "object"]))
    with pytest.raises(AgentPlatformError, match="get_usage: the server's answer is not a JSON object but list"):
        sync_client.get_usage()
