"""What the client costs, beside openai-python, httpx and aiohttp: CPU time of this process a call and a stream event.

    python bench/bench.py URL

URL is the server of `cargo bench --package agent-platform-sdk --bench client -- --serve`, which answers the same bytes
to everyone: one agent to `GET /agents/{id}`, as many events as the message says to `POST /agents/{id}/execute`.
"""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Coroutine
from functools import partial

import aiohttp
import httpx
import openai
import pydantic

from agent_platform import AgentPlatformClient, SyncAgentPlatformClient

AT_ONCE = 64
EVENTS = 50_000
ROUNDS = 3
KEY = "pk_test_bench_key"
ASK_FOR_EVENTS = {"accept": "text/event-stream"}

Agent = pydantic.create_model("Agent", __base__=openai.BaseModel, agent_id=str, name=str, tools=list[str], model=str)
Event = pydantic.create_model("Event", __base__=openai.BaseModel, type=str, text=(str | None, None))

Measured = Callable[[], float]
"""Makes one round and tells the CPU seconds of one call or event."""


def compare(title: str, contenders: dict[str, Measured]) -> None:
    """Prints the best round of each, since others can only make one longer; all are compared with the first."""
    best = dict.fromkeys(contenders, float("inf"))
    for _ in range(ROUNDS):
        for name, measure in contenders.items():
            best[name] = min(best[name], measure())
    print(title)
    ours = next(iter(best.values()))
    for name, seconds in best.items():
        print(f"  {name:<24}{seconds * 1e6:10.1f} µs{seconds / ours:8.1f} x")


def asynchronous(run: Callable[[], Coroutine[object, object, float]]) -> Measured:
    return lambda: asyncio.run(run())


async def at_once(count: int, call: Callable[[], Awaitable[object]]) -> float:
    """CPU time a call, with many waiting at any moment."""

    async def worker(times: int) -> None:
        for _ in range(times):
            await call()

    await asyncio.gather(*(worker(1) for _ in range(AT_ONCE)))
    began = time.process_time()
    await asyncio.gather(*(worker(count // AT_ONCE) for _ in range(AT_ONCE)))
    return (time.process_time() - began) / (count // AT_ONCE * AT_ONCE)


def one_by_one(count: int, call: Callable[[], object]) -> float:
    """CPU time a call, each after the last one's answer."""
    for _ in range(20):
        call()
    began = time.process_time()
    for _ in range(count):
        call()
    return (time.process_time() - began) / count


def asynchronous_calls(url: str) -> dict[str, Measured]:
    async def ours() -> float:
        async with AgentPlatformClient(api_key=KEY, base_url=url) as client:
            return await at_once(6400, lambda: client.get_agent(agent_id="agent-01"))

    async def aiohttps() -> float:
        async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=AT_ONCE)) as session:

            async def call() -> object:
                async with session.get(f"{url}/agents/agent-01", headers={"authorization": f"Bearer {KEY}"}) as answer:
                    return await answer.json()

            return await at_once(6400, call)

    async def httpxs() -> float:
        async with httpx.AsyncClient(headers={"authorization": f"Bearer {KEY}"}) as client:

            async def call() -> object:
                return (await client.get(f"{url}/agents/agent-01")).json()

            return await at_once(1280, call)

    async def openais() -> float:
        async with openai.AsyncOpenAI(api_key=KEY, base_url=url) as client:
            return await at_once(1280, lambda: client.get("/agents/agent-01", cast_to=Agent))

    contenders = {"agent_platform": ours, "aiohttp": aiohttps, "httpx": httpxs, "openai": openais}
    return {name: asynchronous(run) for name, run in contenders.items()}


def blocking_calls(url: str) -> dict[str, Measured]:
    def ours() -> float:
        with SyncAgentPlatformClient(api_key=KEY, base_url=url) as client:
            return one_by_one(4000, lambda: client.get_agent(agent_id="agent-01"))

    def httpxs() -> float:
        with httpx.Client(headers={"authorization": f"Bearer {KEY}"}) as client:
            return one_by_one(1000, lambda: client.get(f"{url}/agents/agent-01").json())

    def openais() -> float:
        with openai.OpenAI(api_key=KEY, base_url=url) as client:
            return one_by_one(1000, lambda: client.get("/agents/agent-01", cast_to=Agent))

    return {"agent_platform": ours, "httpx": httpxs, "openai": openais}


def streams(url: str) -> dict[str, Measured]:
    execute = f"{url}/agents/agent-01/execute"
    body = {"message": str(EVENTS)}

    def counted(count: int, began: float) -> float:
        """The first and the last event stand around those that were asked for."""
        assert count == EVENTS + 2, count
        return (time.process_time() - began) / count

    async def ours() -> float:
        async with AgentPlatformClient(api_key=KEY, base_url=url) as client:
            began = time.process_time()
            async with client.stream_agent(agent_id="agent-01", message=str(EVENTS)) as stream:
                return counted(sum([1 async for _ in stream]), began)

    def ours_blocking() -> float:
        with SyncAgentPlatformClient(api_key=KEY, base_url=url) as client:
            began = time.process_time()
            with client.stream_agent(agent_id="agent-01", message=str(EVENTS)) as stream:
                return counted(sum(1 for _ in stream), began)

    async def aiohttps() -> float:
        async with aiohttp.ClientSession() as session:
            began = time.process_time()
            async with session.post(execute, json=body, headers=ASK_FOR_EVENTS) as answer:
                lines = [json.loads(line[6:]) async for line in answer.content if line.startswith(b"data: ")]
            return counted(len(lines), began)

    async def httpxs() -> float:
        async with httpx.AsyncClient() as client:
            began = time.process_time()
            async with client.stream("POST", execute, json=body, headers=ASK_FOR_EVENTS) as answer:
                lines = [json.loads(line[6:]) async for line in answer.aiter_lines() if line.startswith("data: ")]
            return counted(len(lines), began)

    async def openais() -> float:
        async with openai.AsyncOpenAI(api_key=KEY, base_url=url) as client:
            began = time.process_time()
            stream = await client.post(
                "/agents/agent-01/execute",
                body=body,
                cast_to=Event,
                stream=True,
                stream_cls=openai.AsyncStream[Event],
                options={"headers": ASK_FOR_EVENTS},
            )
            return counted(sum([1 async for _ in stream]), began)

    return {
        "agent_platform": asynchronous(ours),
        "agent_platform, blocking": ours_blocking,
        "aiohttp, json.loads": asynchronous(aiohttps),
        "httpx, json.loads": asynchronous(httpxs),
        "openai": asynchronous(openais),
    }


def imports() -> dict[str, Measured]:
    """Wall time in a process of its own, as a program feels it."""
    # As pip leaves a package: compiled.
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}

    def importing(module: str) -> float:
        code = f"import time; began = time.perf_counter(); import {module}; print(time.perf_counter() - began)"
        return min(float(subprocess.check_output([sys.executable, "-c", code], env=environment)) for _ in range(5))

    names = ("agent_platform", "aiohttp", "httpx", "openai")
    return {name: partial(importing, name) for name in names}


if __name__ == "__main__":
    where = sys.argv[1].rstrip("/")
    print(f"CPU time of this process, best of {ROUNDS} rounds, and how many times ours")
    compare(f"a call, asyncio, {AT_ONCE} at once", asynchronous_calls(where))
    compare("a call, blocking, one at a time", blocking_calls(where))
    compare("a stream's event", streams(where))
    compare("importing, wall time", imports())
