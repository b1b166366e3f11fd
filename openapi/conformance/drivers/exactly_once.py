"""Makes the executes of `agent-platform-conformance exactly-once`: `python exactly_once.py asyncio`, or `blocking`."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any
from unittest.mock import patch

from agent_platform import AgentPlatformClient, AgentPlatformError, SyncAgentPlatformClient
from agent_platform._native import NativeClient

EXECUTES = int(os.environ["EXECUTES"])
AT_ONCE = int(os.environ["AT_ONCE"])
AGENT_ID = os.environ["AGENT_ID"]
SETTINGS: dict[str, Any] = {"max_retries": 20, "retry_budget": False}


def tell(n: int, ended: Any) -> None:
    """A line for a call that has ended; what it ended with is an answer or an error."""
    if isinstance(ended, AgentPlatformError):
        line = {"n": n, "error": type(ended).__name__, "code": ended.code, "message": str(ended)}
    else:
        line = {"n": n, "execution_id": ended["execution_id"], "tokens_used": ended["tokens_used"]}
    # In one piece: the threads tell at the same time.
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()


async def asynchronous() -> None:
    """All calls from one event loop."""
    turn = asyncio.Semaphore(AT_ONCE)
    async with AgentPlatformClient(**SETTINGS) as client:

        async def one(n: int) -> None:
            async with turn:
                try:
                    tell(n, await client.execute_agent(agent_id=AGENT_ID, message=f"Question {n}"))
                except AgentPlatformError as error:
                    tell(n, error)

        await asyncio.gather(*map(one, range(EXECUTES)))


def blocking() -> None:
    """All calls from as many threads as are to be made at once."""
    with SyncAgentPlatformClient(**SETTINGS) as client, ThreadPoolExecutor(AT_ONCE) as threads:

        def one(n: int) -> None:
            try:
                tell(n, client.execute_agent(agent_id=AGENT_ID, message=f"Question {n}"))
            except AgentPlatformError as error:
                tell(n, error)

        list(threads.map(one, range(EXECUTES)))


# Delays are kept instead of waited for: a setting that the public constructor does not have.
with patch("agent_platform._base.NativeClient", partial(NativeClient, record_delays=True)):
    if sys.argv[1:] == ["blocking"]:
        blocking()
    else:
        asyncio.run(asynchronous())
