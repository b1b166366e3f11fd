"""Every conformance case through both clients. They are played at once, when the first test asks for its verdict."""

from __future__ import annotations

from functools import cache

import conformance
import pytest


@cache
def verdicts(kind: str) -> dict[str, list[str]]:
    return conformance.verdicts(kind)


@pytest.mark.parametrize("kind", ["asyncio", "blocking"])
@pytest.mark.parametrize("name", conformance.names())
def test_case(name: str, kind: str) -> None:
    problems = verdicts(kind).get(name)
    if problems is None:
        pytest.skip("not for Python")
    assert not problems
