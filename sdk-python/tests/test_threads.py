"""Blocking calls of many threads: of those that wait, one moves the bytes of all."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import pytest
from processes import interrupted
from scripted_server import Hold, Reply, Request, ScriptedServer, frame

from agent_platform import SyncAgentPlatformClient

STARTED = frame(1, "execution.started", execution_id="e", conversation_id="c", agent_id="a")
COMPLETED = frame(3, "execution.completed", response={"execution_id": "e"})
EVENTS = {"content-type": "text/event-stream"}


class Held:
    """An agent's answer is held for each id until it is released by it."""

    def __init__(self, *ids: str) -> None:
        self.holds = {id_: Hold() for id_ in ids}

    def __call__(self, request: Request) -> Reply:
        id_ = request.path.rpartition("/")[2]
        answer = Reply.json({"agent_id": id_})
        if hold := self.holds.get(id_):
            answer.chunks = hold.until_released(*answer.chunks)
        return answer

    def asked(self, id_: str) -> bool:
        return self.holds[id_].asked.wait(30)

    def release(self, id_: str) -> None:
        self.holds[id_].released.set()


@pytest.fixture
def threads() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(64) as pool:
        yield pool


def get(client: SyncAgentPlatformClient, id_: str) -> Callable[[], Any]:
    return lambda: client.get_agent(agent_id=id_)["agent_id"]


def test_a_long_call_holds_no_short_one_up(
    server: ScriptedServer, sync_client: SyncAgentPlatformClient, threads: ThreadPoolExecutor
) -> None:
    held = Held("long")
    server.reply(held)
    long: Future[str] = threads.submit(get(sync_client, "long"))
    assert held.asked("long")
    assert [get(sync_client, "short")() for _ in range(20)] == ["short"] * 20
    assert not long.done()
    held.release("long")
    assert long.result(30) == "long"


@pytest.mark.parametrize("order", [["a", "b", "c"], ["c", "b", "a"], ["b", "a", "c"]])
def test_whoever_waits_on_takes_over(
    server: ScriptedServer, sync_client: SyncAgentPlatformClient, threads: ThreadPoolExecutor, order: list[str]
) -> None:
    held = Held("a", "b", "c")
    server.reply(held)
    calls: dict[str, Future[str]] = {}
    for id_ in "abc":
        calls[id_] = threads.submit(get(sync_client, id_))
        assert held.asked(id_)
    for id_ in order:
        held.release(id_)
        assert calls.pop(id_).result(30) == id_
        assert not any(call.done() for call in calls.values())


def test_many_threads_share_connections(
    server: ScriptedServer, sync_client: SyncAgentPlatformClient, threads: ThreadPoolExecutor
) -> None:
    server.reply(Held())
    ids = [f"agent-{number}" for number in range(640)]
    assert list(threads.map(lambda id_: get(sync_client, id_)(), ids)) == ids
    # About as many as were at work at once, and not one for each call: a connection is free a moment after its answer
    # was read, and whoever asks within that moment opens another.
    assert server.connections <= 128


def test_one_after_another_is_one_connection(server: ScriptedServer, sync_client: SyncAgentPlatformClient) -> None:
    server.reply(Held())
    for _ in range(20):
        get(sync_client, "a")()
    assert server.connections == 1


def test_a_stream_that_is_not_read_holds_no_call_up(
    server: ScriptedServer, sync_client: SyncAgentPlatformClient
) -> None:
    # More than fits between server and client: so the server stands still until it is read.
    deltas = [frame(number, "message.delta", text="x" * 1000) for number in range(2, 20_002)]
    events = [STARTED, *deltas, frame(20_002, "execution.completed", response={})]

    def reply(request: Request) -> Reply:
        return Reply(200, EVENTS, iter(events)) if request.method == "POST" else Reply.json({"agent_id": "a"})

    server.reply(reply)
    with sync_client.stream_agent(agent_id="a", message="b") as stream:
        assert next(stream)["type"] == "execution.started"
        for _ in range(20):
            assert get(sync_client, "a")() == "a"
        assert sum(1 for _ in stream) == 20_001


def test_a_stream_that_nobody_read_for_long_was_not_silent(
    server: ScriptedServer, sync_client: SyncAgentPlatformClient
) -> None:
    silence = 0.2
    waited = threading.Event()

    def events() -> Iterator[bytes]:
        yield STARTED
        yield frame(2, "message.delta", text="x")
        waited.wait(2 * silence)
        waited.set()
        yield COMPLETED

    server.reply(lambda _: Reply.events(events()))
    with sync_client.stream_agent(agent_id="a", message="b", timeout=silence, max_retries=0) as stream:
        assert next(stream)["type"] == "execution.started"
        # Nothing of the client runs meanwhile, and the limit passes; but the events were there in time.
        assert waited.wait(30)
        assert [event["type"] for event in stream] == ["message.delta", "execution.completed"]


@pytest.mark.skipif(sys.platform == "win32", reason="signals are sent otherwise there")
def test_ctrl_c_of_the_one_that_moves_the_bytes_leaves_the_others(server: ScriptedServer) -> None:
    held = Held("main", "other")
    other_asked = held.holds["other"].asked

    def reply(request: Request) -> Reply:
        if request.path.endswith("interrupted"):
            held.release("other")
            return Reply.json({})
        return held(request)

    server.reply(reply)
    code = """
import sys, threading
from agent_platform import SyncAgentPlatformClient
client = SyncAgentPlatformClient(api_key="k", base_url=sys.argv[1], max_retries=0)
answers = []
thread = threading.Thread(target=lambda: answers.append(client.get_agent(agent_id="other", timeout=None)))
try:
    thread.start()
    client.get_agent(agent_id="main", timeout=None)
except KeyboardInterrupt:
    client.get_agent(agent_id="interrupted")
    thread.join()
    print(answers[0]["agent_id"])
"""
    assert interrupted(code, server.url, other_asked) == (0, "other\n", "")
