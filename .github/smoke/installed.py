"""Uses the installed package once, through all of its layers: called from both kinds of client, and as a program."""

from __future__ import annotations

import asyncio
import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

from agent_platform import AgentPlatformClient, APIConnectionError, SyncAgentPlatformClient

with socket.socket() as listener:
    listener.bind(("127.0.0.1", 0))
    # Nobody listens there once it is closed: to reach that error, everything but a server has to work.
    url = f"http://127.0.0.1:{listener.getsockname()[1]}"


async def call() -> None:
    async with AgentPlatformClient(api_key="pk_test_x_y", base_url=url, max_retries=0) as client:
        await client.get_usage()


def call_blocking() -> None:
    with SyncAgentPlatformClient(api_key="pk_test_x_y", base_url=url, max_retries=0) as client:
        client.get_usage()


for attempt in (lambda: asyncio.run(call()), call_blocking):
    try:
        attempt()
    except APIConnectionError as error:
        assert url in str(error), error
    else:
        raise AssertionError("there was a server")

program = shutil.which("agent-platform-cli", path=str(Path(sys.executable).parent))
assert program is not None, "no agent-platform-cli beside the interpreter"
environment = {**os.environ, "AGENT_PLATFORM_API_KEY": "pk_test_x_y", "AGENT_PLATFORM_BASE_URL": url}
ran = subprocess.run([program, "usage", "--max-retries", "0"], env=environment, capture_output=True, text=True)
assert ran.returncode == 6, ran

# A build for an interpreter without the lock must not bring it back.
if hasattr(sys, "_is_gil_enabled") and "free-threading" in sys.version:
    assert not sys._is_gil_enabled(), "the import has switched the lock on"
print(f"works on Python {sys.version}")
