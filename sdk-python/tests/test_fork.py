"""A forked child has connections and threads of its own, whatever its parent was doing."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
import threading
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from processes import fine, script
from scripted_server import Hold, Reply, Request, ScriptedServer, frame

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here")

WORKERS = 4
START = """
import asyncio, os, sys, threading, warnings
warnings.simplefilter("ignore")
from agent_platform import AgentPlatformClient, SyncAgentPlatformClient
sync_client = SyncAgentPlatformClient(api_key="k", base_url=sys.argv[1], max_retries=0)
client = AgentPlatformClient(api_key="k", base_url=sys.argv[1], max_retries=0)
def both(who):
    assert sync_client.get_usage(extra_headers={"who": who})["tier"] == "starter"
    assert asyncio.run(client.get_usage(extra_headers={"who": who}))["tier"] == "starter"
def in_child(do):
    child = os.fork()
    if not child:
        try:
            do()
        except BaseException as error:
            sys.__stderr__.write(repr(error))
            os._exit(1)
        os._exit(0)
    return child
def ended(child):
    assert os.waitpid(child, 0)[1] == 0
"""


def program(code: str) -> str:
    return START + textwrap.dedent(code)


@pytest.fixture(autouse=True)
def _answer(server: ScriptedServer) -> None:
    server.reply(Reply.json({"tier": "starter"}))


def connections(server: ScriptedServer, who: str) -> set[int]:
    return {request.connection for request in server.requests if request.headers["who"] == who}


def test_a_child_has_connections_of_its_own(server: ScriptedServer) -> None:
    code = """
        both("parent")
        for _ in range(5):
            child = in_child(lambda: (both("child"), both("child")))
            both("parent")
            ended(child)
        both("parent")
        print("fine")
    """
    fine(program(code), server.url)
    # One each of the blocking client and of the other: the children took none of them, and broke none.
    assert len(connections(server, "parent")) == 2
    assert len(connections(server, "child")) == 10


def test_a_child_of_a_child(server: ScriptedServer) -> None:
    code = """
        def generation(left):
            both("someone")
            if left:
                ended(in_child(lambda: generation(left - 1)))
            both("someone")
        generation(3)
        print("fine")
    """
    fine(program(code), server.url)
    assert len(connections(server, "someone")) == 8


def test_what_was_made_before_the_fork_can_be_begun_after_it(server: ScriptedServer) -> None:
    server.reply(
        lambda request: (
            Reply.events([frame(1, "execution.completed", response={"message": "Hi"})])
            if request.method == "POST"
            else Reply.json({"tier": "starter"})
        )
    )
    code = """
        both("parent")
        patient, raw = sync_client.with_options(timeout=5), sync_client.with_raw_response
        stream, call = sync_client.stream_agent(agent_id="a", message="b"), client.get_usage()
        def child():
            assert stream.get_final_response()["message"] == "Hi"
            assert asyncio.run(call)["tier"] == "starter"
            assert patient.get_usage()["tier"] == raw.get_usage().parse()["tier"] == "starter"
        ended(in_child(child))
        call.close()
        print("fine")
    """
    server_requests = server.requests
    fine(program(code), server.url)
    parent = {request.connection for request in server_requests[:2]}
    assert not parent & {request.connection for request in server_requests[2:]}


def test_an_inherited_stream_or_call_raises(server: ScriptedServer) -> None:
    started = frame(1, "execution.started", execution_id="e", conversation_id="c", agent_id="a")
    server.reply(lambda _: Reply.events(Hold.until_gone([started])))
    code = """
        stream = sync_client.stream_agent(agent_id="a", message="b")
        assert next(stream)["type"] == "execution.started"
        def child():
            global stream
            try:
                next(stream)
            except RuntimeError as error:
                assert "forked" in str(error), error
            else:
                raise AssertionError("it went on")
            del stream
        ended(in_child(child))
        # The parent's goes on, whatever the child dropped.
        server_still_there = stream.request_id
        stream.close()
        print("fine")
    """
    fine(program(code), server.url)


def test_forking_while_other_threads_call(server: ScriptedServer) -> None:
    code = """
        going = True
        def work():
            while going:
                sync_client.get_usage(extra_headers={"who": "thread"})
        async def tasks():
            while going:
                await asyncio.gather(*(client.get_usage(extra_headers={"who": "task"}) for _ in range(8)))
        threads = [threading.Thread(target=work) for _ in range(3)]
        threads.append(threading.Thread(target=lambda: asyncio.run(tasks())))
        for thread in threads:
            thread.start()
        try:
            for child in [in_child(lambda: both("child")) for _ in range(10)]:
                ended(child)
        finally:
            going = False
        for thread in threads:
            thread.join()
        print("fine")
    """
    fine(program(code), server.url)
    assert len(connections(server, "child")) == 20


def test_gunicorn_with_a_client_that_was_used_before_it_forks(server: ScriptedServer, tmp_path: Path) -> None:
    pytest.importorskip("gunicorn")
    together = threading.Barrier(WORKERS)

    def reply(request: Request) -> Reply:
        if request.headers["who"] != "master":
            # No worker is served before all are at it: a worker serves one request at a time.
            together.wait(30)
        return Reply.json({"tier": request.headers["who"]})

    server.reply(reply)
    application = f"""
        import os
        from agent_platform import SyncAgentPlatformClient
        client = SyncAgentPlatformClient(api_key="k", base_url={server.url!r}, max_retries=0)
        assert client.get_usage(extra_headers={{"who": "master"}})["tier"] == "master"
        def app(environ, start_response):
            who = str(os.getpid())
            said = client.get_usage(extra_headers={{"who": who}})["tier"]
            start_response("200 OK" if said == who else "500 Mixed up", [("content-type", "text/plain")])
            return [who.encode()]
    """
    (tmp_path / "application.py").write_text(textwrap.dedent(application), encoding="utf-8")
    command = [sys.executable, "-m", "gunicorn", "--preload", "--workers", str(WORKERS), "--bind", "127.0.0.1:0"]
    command += ["--no-control-socket"] if has_control_socket() else []
    with subprocess.Popen(
        [*command, "application:app"], cwd=tmp_path, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True
    ) as gunicorn:
        try:
            assert gunicorn.stderr is not None
            address = next(line.split()[-2] for line in gunicorn.stderr if "Listening at" in line)
            threading.Thread(target=gunicorn.stderr.read, daemon=True).start()

            def ask(_: int) -> bytes:
                with urllib.request.urlopen(address, timeout=30) as answer:
                    said: bytes = answer.read()
                return said

            with ThreadPoolExecutor(WORKERS) as threads:
                workers = set(threads.map(ask, range(WORKERS)))
        finally:
            gunicorn.terminate()
    assert len(workers) == WORKERS
    assert len({request.connection for request in server.requests}) == WORKERS + 1


def has_control_socket() -> bool:
    """Later versions of gunicorn open a socket in the home folder unless told otherwise."""
    said = subprocess.run([script("gunicorn"), "--help"], capture_output=True, text=True, timeout=60, check=True)
    return "--no-control-socket" in said.stdout
