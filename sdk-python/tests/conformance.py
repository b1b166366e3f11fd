"""The runners of the conformance cases (openapi/conformance/README.md), for asyncio and for blocking code.

A runner makes each case's call and tells the fault server what came of it; the server judges.
"""

from __future__ import annotations

import asyncio
import json
import keyword
import os
import subprocess
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest

from agent_platform import AgentPlatformClient, AgentPlatformError, SyncAgentPlatformClient
from agent_platform._native import NativeClient

REPOSITORY = Path(__file__).resolve().parents[2]
KEY = "pk_test_conformance_SECRETSECRET"
AT_ONCE = 32

Case = dict[str, Any]
Observation = dict[str, Any]


def binary() -> Path:
    """The fault server; a run without it fails, with what to do."""
    target = Path(os.environ.get("CARGO_TARGET_DIR") or REPOSITORY / "target")
    path = Path(os.environ.get("AGENT_PLATFORM_CONFORMANCE") or target / "debug" / "agent-platform-conformance")
    if not path.is_file():
        pytest.fail(
            f"there is no fault server at {path}: build it with `cargo build -p agent-platform-conformance`, "
            "or name one in AGENT_PLATFORM_CONFORMANCE",
            pytrace=False,
        )
    return path


def names() -> list[str]:
    """The names of the cases: the second word of each line, `family name: what it shows`."""
    listed = subprocess.run([binary(), "list"], capture_output=True, text=True, timeout=60, check=True)
    return [line.split()[1].rstrip(":") for line in listed.stdout.splitlines()]


@dataclass
class Play:
    """One run of one case."""

    case: Case
    server: str
    run: str

    @property
    def url(self) -> str:
        return f"{self.server}/{self.case['name']}/{self.run}"

    def settings(self) -> dict[str, Any]:
        """What the client is built with."""
        given: dict[str, Any] = {"api_key": KEY, "base_url": self.url, **self.case.get("client", {})}
        if "timeout_ms" in given:
            given["timeout"] = seconds(given.pop("timeout_ms"))
        for name in ("base_url", "proxy"):
            if given.get(name):
                words = {"{{base_url}}": self.url, "{{server}}": self.server, "{{run}}": self.run}
                for word, text in words.items():
                    given[name] = given[name].replace(word, text)
        return given

    def call(self) -> tuple[str, dict[str, Any]]:
        """The operation, and its arguments with the options among them."""
        call = self.case["call"]
        arguments = {f"{n}_" if keyword.iskeyword(n) else n: v for n, v in call.get("arguments", {}).items()}
        options = dict(call.get("options", {}))
        if "timeout_ms" in options:
            options["timeout"] = seconds(options.pop("timeout_ms"))
        for name in ("headers", "query"):
            if name in options:
                options[f"extra_{name}"] = options.pop(name)
        return call["operation"], {**arguments, **options}

    def verdict(self, observation: Observation) -> list[str]:
        """What the fault server says of it."""
        address = f"{self.server}/_verdict/{self.case['name']}/{self.run}"
        body = json.dumps({"language": "python", **observation}).encode()
        request = urllib.request.Request(address, body, {"content-type": "application/json"})
        with urllib.request.urlopen(request, timeout=30) as answer:
            problems: list[str] = json.load(answer)["problems"]
        return problems


def seconds(milliseconds: float | None) -> float | None:
    return None if milliseconds is None else milliseconds / 1000


def told(error: BaseException) -> dict[str, Any]:
    """An error as an observation has it."""
    names = ("status_code", "code", "detail", "request_id", "retry_after", "body", "partial_text", "last_event_id")
    bases = [base.__name__ for base in type(error).__mro__[1:] if issubclass(base, AgentPlatformError)]
    fields = {name: getattr(error, name) for name in names if getattr(error, name, None) is not None}
    return {"class": type(error).__name__, "bases": bases, "message": str(error), **fields}


def raw(response: Any) -> Observation:
    return {
        "value": response.parse(),
        "raw": {
            "status_code": response.status_code,
            "request_id": response.request_id,
            "retries_taken": response.retries_taken,
            "headers": dict(response.headers),
        },
    }


async def observe(client: AgentPlatformClient, play: Play, seen: Observation) -> None:
    """Makes the call; what comes of it is put into `seen` as it comes."""
    operation, arguments = play.call()
    read = play.case["call"].get("read", "answer")
    if read == "answer":
        seen["value"] = await getattr(client, operation)(**arguments)
    elif read == "raw":
        seen.update(raw(await getattr(client.with_raw_response, operation)(**arguments)))
    elif read == "items":
        items = seen["value"] = []
        async for item in getattr(client, f"{operation}_all")(**arguments):
            items.append(item)
    else:
        leave_after = play.case["call"].get("leave_after")
        async with getattr(client, operation)(**arguments) as stream:
            if read == "events":
                events = seen["events"] = []
                async for event in stream:
                    events.append(event)
                    if len(events) == leave_after:
                        return
            elif read == "text":
                seen["text"] = ""
                async for text in stream.text_stream:
                    seen["text"] += text
            seen["final"] = await stream.get_final_response()


def observe_sync(client: SyncAgentPlatformClient, play: Play, seen: Observation) -> None:
    """The same for blocking code."""
    operation, arguments = play.call()
    read = play.case["call"].get("read", "answer")
    if read == "answer":
        seen["value"] = getattr(client, operation)(**arguments)
    elif read == "raw":
        seen.update(raw(getattr(client.with_raw_response, operation)(**arguments)))
    elif read == "items":
        items = seen["value"] = []
        for item in getattr(client, f"{operation}_all")(**arguments):
            items.append(item)
    else:
        leave_after = play.case["call"].get("leave_after")
        with getattr(client, operation)(**arguments) as stream:
            if read == "events":
                events = seen["events"] = []
                for event in stream:
                    events.append(event)
                    if len(events) == leave_after:
                        return
            elif read == "text":
                seen["text"] = ""
                for text in stream.text_stream:
                    seen["text"] += text
            seen["final"] = stream.get_final_response()


async def play_one(play: Play) -> Observation:
    seen: Observation = {}
    failed = 0
    client = None
    try:
        client = AgentPlatformClient(**play.settings())
    except Exception as error:
        return {"error": told(error)}
    for _ in range(play.case["call"].get("times", 1)):
        seen = {}
        try:
            await observe(client, play, seen)
        except Exception as error:
            failed += 1
            seen["error"] = told(error)
    return {**seen, "failed": failed, "waits_ms": client._native.delays()}


def play_one_sync(play: Play) -> Observation:
    seen: Observation = {}
    failed = 0
    try:
        client = SyncAgentPlatformClient(**play.settings())
    except Exception as error:
        return {"error": told(error)}
    for _ in range(play.case["call"].get("times", 1)):
        seen = {}
        try:
            observe_sync(client, play, seen)
        except Exception as error:
            failed += 1
            seen["error"] = told(error)
    return {**seen, "failed": failed, "waits_ms": client._native.delays()}


async def play_all(plays: list[Play]) -> list[list[str]]:
    """The problems of each case, played through the client for asyncio."""
    turn = asyncio.Semaphore(AT_ONCE)

    async def one(play: Play) -> list[str]:
        async with turn:
            observation = await play_one(play)
            return await asyncio.to_thread(play.verdict, observation)

    return await asyncio.gather(*map(one, plays))


def play_all_sync(plays: list[Play]) -> list[list[str]]:
    """The same through the blocking client."""
    with ThreadPoolExecutor(AT_ONCE) as threads:
        return list(threads.map(lambda play: play.verdict(play_one_sync(play)), plays))


def verdicts(kind: str) -> dict[str, list[str]]:
    """Plays every case: its name and its problems."""
    with subprocess.Popen([binary(), "serve"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        server = process.stdout.readline().split()[-1]
        with urllib.request.urlopen(f"{server}/_cases", timeout=30) as answer:
            cases: list[Case] = json.load(answer)["cases"]
        plays = [
            Play(case, server, f"{kind}{n}") for n, case in enumerate(cases) if "python" not in case.get("skip", {})
        ]
        # The delays are told and not waited for: a setting that the public constructor does not have.
        with patch("agent_platform._base.NativeClient", partial(NativeClient, record_delays=True)):
            problems = asyncio.run(play_all(plays)) if kind == "asyncio" else play_all_sync(plays)
        assert process.stdin is not None
        process.stdin.close()
        process.wait(timeout=30)
    return {play.case["name"]: found for play, found in zip(plays, problems, strict=True)}
