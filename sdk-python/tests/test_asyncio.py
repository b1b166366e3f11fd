"""Calls as asyncio knows awaitables."""

from __future__ import annotations

import asyncio
import contextvars
import gc
import sys
import threading
import weakref
from collections.abc import Callable, Coroutine, Iterator
from typing import Any

import pytest
from scripted_server import Hold, Reply, ScriptedServer

from agent_platform import AgentPlatformClient, AgentPlatformError

Main = Callable[[], Coroutine[Any, Any, Any]]


class NoReaderLoop(asyncio.SelectorEventLoop):
    """A loop that cannot watch a socket, like that of Windows."""

    def add_reader(self, *_: Any) -> None:  # type: ignore[override]
        raise NotImplementedError


def run_default(main: Main) -> Any:
    return asyncio.run(main())


def run_without_reader(main: Main) -> Any:
    loop = NoReaderLoop()
    try:
        return loop.run_until_complete(main())
    finally:
        loop.close()


def run_debug(main: Main) -> Any:
    return asyncio.run(main(), debug=True)


def run_uvloop(main: Main) -> Any:
    uvloop = pytest.importorskip("uvloop")
    return uvloop.run(main())


@pytest.fixture(params=[run_default, run_without_reader, run_debug, run_uvloop])
def run(request: pytest.FixtureRequest) -> Callable[[Main], Any]:
    chosen: Callable[[Main], Any] = request.param
    return chosen


def test_every_way_to_wait(server: ScriptedServer, client: AgentPlatformClient, run: Callable[[Main], Any]) -> None:
    server.reply(Reply.json({"tenant_id": "acme"}))

    async def main() -> None:
        start = client.get_usage
        assert (await start())["tenant_id"] == "acme"
        assert (await asyncio.create_task(start()))["tenant_id"] == "acme"
        assert (await asyncio.wait_for(start(), 10))["tenant_id"] == "acme"
        assert len(await asyncio.gather(*(start() for _ in range(50)))) == 50
        assert (await asyncio.shield(start()))["tenant_id"] == "acme"
        done, pending = await asyncio.wait([asyncio.ensure_future(start()) for _ in range(5)])
        assert (len(done), len(pending)) == (5, 0)

    run(main)


@pytest.mark.skipif(sys.version_info < (3, 11), reason="TaskGroup came with Python 3.11")
def test_a_task_group(server: ScriptedServer, client: AgentPlatformClient) -> None:
    server.reply(Reply.json({"tenant_id": "acme"}))

    async def main() -> None:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(client.get_usage()) for _ in range(5)]
        assert [task.result()["tenant_id"] for task in tasks] == ["acme"] * 5

    asyncio.run(main())


def test_asyncio_run_takes_a_call(server: ScriptedServer, client: AgentPlatformClient) -> None:
    server.reply(Reply.json({"tenant_id": "acme"}))
    assert asyncio.run(client.get_usage())["tenant_id"] == "acme"


def test_cancelling_ends_the_request(
    server: ScriptedServer, client: AgentPlatformClient, run: Callable[[Main], Any]
) -> None:
    asked = threading.Event()

    def slow() -> Iterator[bytes]:
        asked.set()
        yield from Hold.until_gone()

    server.reply(lambda _: Reply(200, {"content-type": "application/json"}, slow()))

    async def main() -> None:
        task = asyncio.create_task(client.get_usage())
        await asyncio.to_thread(asked.wait, 10)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert await asyncio.to_thread(server.gone.wait, 10)
        server.gone.clear()
        with pytest.raises(asyncio.TimeoutError):
            await asyncio.wait_for(client.get_usage(), 0.02)
        assert await asyncio.to_thread(server.gone.wait, 10)

    run(main)


def test_a_task_can_be_shown(server: ScriptedServer, client: AgentPlatformClient, run: Callable[[Main], Any]) -> None:
    server.reply(Reply.json({}))

    async def main() -> None:
        call = client.get_usage()
        # asyncio asks it, since Python 3.12, when it shows a task.
        assert call
        task = asyncio.create_task(call)
        assert "get_usage" in repr(task)
        await asyncio.sleep(0)
        assert "get_usage" in repr(task)
        await task
        assert "get_usage" in repr(task)

    run(main)


def test_the_coroutine_protocol(server: ScriptedServer, client: AgentPlatformClient) -> None:
    server.reply(lambda _: Reply(200, {"content-type": "application/json"}, Hold.until_gone()))

    async def main() -> None:
        call = client.get_usage()
        same: object = call.__await__()
        assert same is call
        future: Any = call.send(None)
        assert asyncio.isfuture(future)
        with pytest.raises(RuntimeError, match="another task"):
            call.send(None)
        with pytest.raises(KeyError, match="told so"):
            call.throw(KeyError("told so"))
        with pytest.raises(RuntimeError, match="already awaited"):
            call.send(None)
        ways: list[Any] = [(ValueError,), (ValueError, "x"), (ValueError, ValueError("x"), None)]
        for way in ways:
            with pytest.raises(ValueError):  # noqa: PT011
                client.get_usage().throw(*way)
        closed = client.get_usage()
        closed.close()
        with pytest.raises(RuntimeError, match="already awaited"):
            await closed

    asyncio.run(main())


def test_an_error_points_at_the_call(server: ScriptedServer, client: AgentPlatformClient) -> None:
    server.reply(Reply.problem(404, "not_found", "no such agent"))

    async def main() -> None:
        await client.get_agent(agent_id="a")

    with pytest.raises(AgentPlatformError) as raised:
        asyncio.run(main())
    names = [entry.name for entry in raised.traceback]
    assert names[-1] == "main"


def test_one_client_in_many_loops_and_threads(server: ScriptedServer, client: AgentPlatformClient) -> None:
    server.reply(Reply.json({"tenant_id": "acme"}))
    failures: list[BaseException] = []

    async def some() -> None:
        answers = await asyncio.gather(*(client.get_usage() for _ in range(20)))
        assert all(answer["tenant_id"] == "acme" for answer in answers)

    def work() -> None:
        try:
            for _ in range(3):
                asyncio.run(some())
        except BaseException as failure:
            failures.append(failure)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures


def test_a_loop_is_not_kept_alive(server: ScriptedServer, client: AgentPlatformClient) -> None:
    server.reply(Reply.json({}))
    loop = asyncio.new_event_loop()
    loop.run_until_complete(client.get_usage())
    loop.close()
    seen = weakref.ref(loop)
    del loop
    gc.collect()
    assert seen() is None


def test_without_a_loop_it_is_an_error(client: AgentPlatformClient) -> None:
    call = client.get_usage()
    with pytest.raises(RuntimeError, match="no running event loop"):
        call.send(None)


def test_a_loop_closed_in_the_middle(server: ScriptedServer, client: AgentPlatformClient) -> None:
    hold = Hold()
    server.reply(
        lambda _: Reply(200, {"content-type": "application/json", "content-length": "2"}, hold.until_released(b"{}"))
    )
    loop = asyncio.new_event_loop()
    call = client.get_usage()

    async def begin() -> None:
        call.send(None)
        await asyncio.to_thread(hold.asked.wait, 10)

    loop.run_until_complete(begin())
    loop.close()
    hold.released.set()
    # The answer comes to a loop that is closed; the next loop is served as ever.
    server.reply(Reply.json({}))
    assert not asyncio.run(client.get_usage())
    call.close()


def test_context_variables_are_those_of_the_task(server: ScriptedServer, client: AgentPlatformClient) -> None:
    server.reply(Reply.json({}))
    name: contextvars.ContextVar[str] = contextvars.ContextVar("name")

    async def one(value: str) -> str:
        name.set(value)
        await client.get_usage()
        return name.get()

    async def main() -> list[str]:
        return list(await asyncio.gather(*(one(str(n)) for n in range(10))))

    assert asyncio.run(main()) == [str(n) for n in range(10)]
