"""`agent-platform-cli` as the wheel installs it."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator

import pytest
from processes import LONGEST, interrupted_program, script
from scripted_server import Hold, Reply, Request, ScriptedServer, frame

PROGRAMS = {"the script": [str(script("agent-platform-cli"))], "the module": [sys.executable, "-m", "agent_platform"]}


@pytest.fixture(params=PROGRAMS)
def program(request: pytest.FixtureRequest) -> list[str]:
    chosen: list[str] = PROGRAMS[request.param]
    if not os.path.exists(chosen[0]):
        pytest.fail("agent-platform-cli is not installed: `make python-sdk` installs the wheel", pytrace=False)
    return chosen


def run(program: list[str], url: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "AGENT_PLATFORM_API_KEY": "pk_test_a_thesecret", "AGENT_PLATFORM_BASE_URL": url}
    command = [*program, *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=LONGEST, check=False)


def test_it_streams_an_answer(server: ScriptedServer, program: list[str]) -> None:
    events = [frame(1, "execution.started", execution_id="e", conversation_id="c", agent_id="a")]
    events += [frame(2, "message.delta", text="Hel"), frame(3, "message.delta", text="lo")]
    events.append(frame(4, "execution.completed", response={"message": "Hello"}))
    server.reply(Reply.events(events))
    done = run(program, server.url, "run", "agent-1", "Hi")
    assert (done.returncode, done.stdout) == (0, "Hello\n"), done.stderr
    assert server.requests[0].json["message"] == "Hi"
    as_json = run(program, server.url, "run", "agent-1", "Hi", "--json")
    assert len(as_json.stdout.splitlines()) == 4


def test_its_exit_status_says_what_went_wrong(server: ScriptedServer, program: list[str]) -> None:
    server.reply(Reply.problem(401, "unauthorized", "no such key"))
    refused = run(program, server.url, "usage")
    assert refused.returncode == 3
    assert "no such key" in refused.stderr
    assert "thesecret" not in refused.stderr
    assert run(program, server.url, "nonsense").returncode == 2
    assert run(program, server.url, "--help").returncode == 0


@pytest.mark.skipif(sys.platform == "win32", reason="signals are sent otherwise there")
def test_ctrl_c_ends_it(server: ScriptedServer, program: list[str]) -> None:
    asked = threading.Event()

    def endless() -> Iterator[bytes]:
        asked.set()
        yield from Hold.until_gone([frame(1, "message.delta", text="Hel")])

    def reply(_: Request) -> Reply:
        return Reply.events(endless())

    server.reply(reply)
    environment = {**os.environ, "AGENT_PLATFORM_API_KEY": "k", "AGENT_PLATFORM_BASE_URL": server.url}
    status, out, err = interrupted_program([*program, "run", "agent-1", "Hi"], asked, environment)
    assert (status, err) == (-signal.SIGINT, ""), out
    assert server.gone.wait(10)


@pytest.mark.skipif(sys.platform == "win32", reason="signals are sent otherwise there")
def test_ctrl_c_ends_it_while_nobody_reads_what_it_says(server: ScriptedServer, program: list[str]) -> None:
    server.reply(Reply.events(Hold.until_gone([frame(1, "message.delta", text="x" * 1_000_000)])))
    environment = {**os.environ, "AGENT_PLATFORM_API_KEY": "k", "AGENT_PLATFORM_BASE_URL": server.url}
    reads, writes = os.pipe()
    with subprocess.Popen([*program, "run", "agent-1", "Hi"], env=environment, stdout=writes) as process:
        try:
            # It is full once this process, which has it open too, could not write either.
            until = time.monotonic() + LONGEST
            while select.select([], [writes], [], 0)[1]:
                assert time.monotonic() < until
                assert process.poll() is None
            process.send_signal(signal.SIGINT)
            assert process.wait(LONGEST) == -signal.SIGINT
        finally:
            process.kill()
            os.close(reads)
            os.close(writes)
