"""Values cross between JSON and Python as the standard library takes them across, whatever they are."""

from __future__ import annotations

import json
import math
import random
import struct
from typing import Any

import pytest
from scripted_server import Reply, ScriptedServer

from agent_platform import OMIT, AgentPlatformError, SyncAgentPlatformClient

VALUES = 400
# What strings are made of: plain, escaped, of two to four bytes, not allowed alone.
CHARACTERS = [
    'a"\\/\b\f\n\r\t',
    "\x00\x1f\x7f\u2028\u2029",
    "éß\u07ff",
    "\u0800中\ud7ff\ue000\uffff",
    "\U00010000😀\U0010ffff",
]


def text(source: random.Random) -> str:
    return "".join(source.choice(source.choice(CHARACTERS)) for _ in range(source.choice([0, 1, 3, 30])))


def number(source: random.Random) -> int | float:
    match source.randrange(5):
        case 0:
            return source.randrange(-(2**63), 2**64)
        case 1:
            return source.randrange(-100, 100)
        case 2:
            return round(source.uniform(-1000, 1000), source.randrange(8))
        case 3:
            return source.random()
        case _:
            # Any bits that are a number: subnormal ones, and such as have seventeen digits.
            value: float = struct.unpack("<d", source.randbytes(8))[0]
            return value if math.isfinite(value) else -0.0


def value(source: random.Random, depth: int = 0) -> Any:
    kind = source.randrange(4 if depth > 4 else 6)
    if kind == 4:
        return [value(source, depth + 1) for _ in range(source.randrange(5))]
    if kind == 5:
        return {text(source): value(source, depth + 1) for _ in range(source.randrange(5))}
    return [text(source), number(source), number(source), source.choice([None, True, False])][kind]


def spelled(source: random.Random, item: Any) -> str:
    """JSON of the value, with or without escapes and space."""
    separators = source.choice([(",", ":"), (", ", ": "), (" ,\r\n\t", " :\n")])
    return json.dumps(item, ensure_ascii=source.random() < 0.5, separators=separators)


@pytest.mark.parametrize("seed", range(3))
def test_any_answer_is_what_json_loads_makes_of_it(
    server: ScriptedServer, sync_client: SyncAgentPlatformClient, seed: int
) -> None:
    source = random.Random(seed)
    texts = [spelled(source, value(source)) for _ in range(VALUES)]
    body = f"{{{', '.join(f'{json.dumps(str(n))}: {text}' for n, text in enumerate(texts))}}}".encode()
    server.reply(Reply(200, {"content-type": "application/json", "content-length": str(len(body))}, [body]))
    answer: Any = sync_client.get_usage()
    for n, item in enumerate(texts):
        # As text: 1 and 1.0 and True are equal, and 0.0 and -0.0.
        assert repr(answer[str(n)]) == repr(json.loads(item)), item


@pytest.mark.parametrize("seed", range(3))
def test_any_request_is_read_as_what_was_given(
    server: ScriptedServer, sync_client: SyncAgentPlatformClient, seed: int
) -> None:
    source = random.Random(seed)
    values = {str(n): value(source) for n in range(VALUES)}
    server.reply(Reply.json({}))
    # A field that the specification does not know is not checked against a type.
    sync_client._native.call("create_agent", {"any": values}, {}, (OMIT, None, None, None, None))
    sent = server.requests[0].json["any"]
    for n, item in values.items():
        assert repr(sent[n]) == repr(item)


@pytest.mark.parametrize("seed", range(3))
def test_what_is_no_json_is_refused_wherever_it_is_cut(
    server: ScriptedServer, sync_client: SyncAgentPlatformClient, seed: int
) -> None:
    source = random.Random(seed)
    for _ in range(30):
        whole = json.dumps({"first": value(source), "last": "x"}).encode()
        body = whole[: source.randrange(1, len(whole))]
        server.reply(Reply(200, {"content-type": "application/json", "content-length": str(len(body))}, [body]))
        with pytest.raises(AgentPlatformError):
            sync_client.get_usage()
