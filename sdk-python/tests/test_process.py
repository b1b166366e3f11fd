"""What only a process of its own can show: importing, forking, Ctrl-C, leaving in the middle."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from typing import Any

import pytest
from scripted_server import Hold, Reply, ScriptedServer, frame

from agent_platform import APITimeoutError, SyncAgentPlatformClient

IMPORT_MILLISECONDS = 15


def python(code: str, *arguments: str, timeout: float = 60) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", textwrap.dedent(code), *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=timeout, check=False)


def test_importing_imports_and_starts_nothing() -> None:
    done = python(
        """
        import sys, threading
        before = set(sys.modules)
        import agent_platform
        agent_platform.AgentPlatformClient(api_key="k").__repr__()
        print(sorted(set(sys.modules) - before), threading.active_count())
        """
    )
    assert done.returncode == 0, done.stderr
    for module in ("asyncio", "typing", "json", "ssl", "logging", "inspect", "datetime"):
        assert f"'{module}'" not in done.stdout
    assert done.stdout.split()[-1] == "1"


def test_importing_is_quick() -> None:
    """The best of twenty: a busy machine can only make it slower."""
    code = "import time; t = time.perf_counter(); import agent_platform; print((time.perf_counter() - t) * 1000)"
    # As pip leaves a package: compiled.
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    times = [float(subprocess.check_output([sys.executable, "-c", code], env=environment)) for _ in range(20)]
    assert min(times) < IMPORT_MILLISECONDS


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here")
def test_a_forked_child_has_connections_of_its_own(server: ScriptedServer) -> None:
    server.reply(Reply.json({"tenant_id": "acme"}))
    done = python(
        """
        import asyncio, os, sys, warnings
        warnings.simplefilter("ignore")
        from agent_platform import AgentPlatformClient, SyncAgentPlatformClient
        sync = SyncAgentPlatformClient(api_key="k", base_url=sys.argv[1], max_retries=0)
        client = AgentPlatformClient(api_key="k", base_url=sys.argv[1], max_retries=0)
        def both():
            assert sync.get_usage()["tenant_id"] == "acme"
            assert asyncio.run(client.get_usage())["tenant_id"] == "acme"
        both()
        for _ in range(5):
            child = os.fork()
            both()
            if not child:
                os._exit(0)
            assert os.waitpid(child, 0)[1] == 0
        print("fine")
        """,
        server.url,
    )
    assert done.stdout == "fine\n", done.stderr


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here")
def test_an_inherited_stream_raises(server: ScriptedServer) -> None:
    started = frame(1, "execution.started", execution_id="e", conversation_id="c", agent_id="a")
    server.reply(lambda _: Reply.events(Hold.until_gone([started])))
    done = python(
        """
        import os, sys, warnings
        warnings.simplefilter("ignore")
        from agent_platform import SyncAgentPlatformClient
        client = SyncAgentPlatformClient(api_key="k", base_url=sys.argv[1])
        stream = client.stream_agent(agent_id="a", message="b")
        assert next(stream)["type"] == "execution.started"
        child = os.fork()
        if not child:
            try:
                next(stream)
            except RuntimeError as error:
                assert "forked" in str(error), error
                del stream
                os._exit(7)
            os._exit(1)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7
        stream.close()
        print("fine")
        """,
        server.url,
    )
    assert done.stdout == "fine\n", done.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="signals are sent otherwise there")
@pytest.mark.parametrize("call", ["get_usage(timeout=None)", "stream_agent(agent_id='a', message='b').__next__()"])
def test_ctrl_c_interrupts_blocking_code(server: ScriptedServer, call: str) -> None:
    hold = Hold()

    def chunks() -> Iterator[bytes]:
        hold.asked.set()
        yield from Hold.until_gone()

    def reply(_: object) -> Reply:
        kind = "application/json" if "usage" in call else "text/event-stream"
        return Reply(200, {"content-type": kind}, chunks())

    server.reply(reply)
    code = f"""
import sys
from agent_platform import SyncAgentPlatformClient
client = SyncAgentPlatformClient(api_key="k", base_url=sys.argv[1])
try:
    while True:
        client.{call}
except KeyboardInterrupt:
    print("interrupted")
"""
    command = [sys.executable, "-c", code, server.url]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert hold.asked.wait(30)
        process.send_signal(signal.SIGINT)
        said, _ = process.communicate(timeout=30)
    assert said == "interrupted\n"
    assert server.gone.wait(10)


@pytest.mark.parametrize("way", ["asyncio.run(main())", "asyncio.new_event_loop().run_until_complete(main())"])
def test_leaving_with_calls_under_way_is_quiet(server: ScriptedServer, way: str) -> None:
    server.reply(lambda _: Reply(200, {"content-type": "application/json"}, Hold.until_gone()))
    code = f"""
import asyncio, sys
from agent_platform import AgentPlatformClient
client = AgentPlatformClient(api_key="k", base_url=sys.argv[1])
async def main():
    global kept
    kept = [asyncio.ensure_future(client.get_usage()) for _ in range(50)]
    kept.append(client.stream_agent(agent_id="a", message="b"))
    await asyncio.wait(kept[:-1], timeout=0.05)
{way}
print("left")
"""
    for _ in range(5):
        server.gone.clear()
        done = python(code, server.url)
        assert done.returncode == 0, done.stderr
        assert done.stdout == "left\n"
        for word in ("Traceback", "panicked", "Fatal"):
            assert word not in done.stderr


def test_ten_thousand_clients_leave_nothing_behind() -> None:
    done = python(
        """
        import os, resource
        from agent_platform import SyncAgentPlatformClient
        def make(n):
            for _ in range(n):
                SyncAgentPlatformClient(api_key="k")
        make(1000)
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        make(10_000)
        print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before, len(os.listdir("/proc/self/fd")))
        """
    )
    grown, descriptors = map(int, done.stdout.split())
    assert grown < 4096, f"{grown} KiB"
    assert descriptors < 20


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
