"""What the platform promises of calls and streams that are cut, shown with both clients against the real server."""

from __future__ import annotations

import os
import subprocess
import sys

import conformance
import pytest
from real_server import REPOSITORY, RealServer

DRIVERS = REPOSITORY / "openapi" / "conformance" / "drivers"


def prove(driver: str, kind: str, *arguments: str) -> None:
    command = [str(conformance.binary()), driver.removesuffix(".py").replace("_", "-"), *arguments, "--"]
    command += [sys.executable, str(DRIVERS / driver), kind]
    environment = {**os.environ, "AGENT_PLATFORM_BINARY": str(RealServer.binary())}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("kind", ["asyncio", "blocking"])
@pytest.mark.parametrize("arguments", [(), ("--restarts", "2")], ids=["dropped", "restarted"])
def test_each_execute_runs_and_is_billed_once(kind: str, arguments: tuple[str, ...]) -> None:
    prove("exactly_once.py", kind, *arguments)


@pytest.mark.parametrize("kind", ["asyncio", "blocking"])
@pytest.mark.parametrize("arguments", [(), ("--cuts", "200", "--seed", "5")], ids=["every frame", "random bytes"])
def test_a_stream_that_is_cut_is_whole(kind: str, arguments: tuple[str, ...]) -> None:
    prove("whole_streams.py", kind, *arguments)
