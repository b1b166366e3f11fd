"""Reads the streams of `agent-platform-conformance whole-streams`: `python whole_streams.py asyncio`, or `blocking`."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from functools import partial
from typing import Any
from unittest.mock import patch

from agent_platform import AgentPlatformClient, SyncAgentPlatformClient
from agent_platform._native import NativeClient

STREAMS = int(os.environ["STREAMS"])
AGENT_ID = os.environ["AGENT_ID"]
MESSAGE = os.environ["MESSAGE"]


def tell(events: list[Any], response: Any) -> None:
    """A line for a stream that was read to its end."""
    print(json.dumps({"events": events, "final": response}), flush=True)


async def asynchronous() -> None:
    """One stream after the other, in an event loop."""
    async with AgentPlatformClient() as client:
        for _ in range(STREAMS):
            async with client.stream_agent(agent_id=AGENT_ID, message=MESSAGE) as stream:
                events = [event async for event in stream]
                tell(events, await stream.get_final_response())


def blocking() -> None:
    """The same in blocking code."""
    with SyncAgentPlatformClient() as client:
        for _ in range(STREAMS):
            with client.stream_agent(agent_id=AGENT_ID, message=MESSAGE) as stream:
                events = list(stream)
                tell(events, stream.get_final_response())


# Delays are kept instead of waited for: a setting that the public constructor does not have.
with patch("agent_platform._base.NativeClient", partial(NativeClient, record_delays=True)):
    if sys.argv[1:] == ["blocking"]:
        blocking()
    else:
        asyncio.run(asynchronous())
