"""What `help` says: of everything public, in full."""

from __future__ import annotations

import inspect
import pydoc
import re
import typing
from collections.abc import Iterator
from typing import Any

import pytest

import agent_platform
from agent_platform import AgentPlatformClient, SyncAgentPlatformClient, types
from agent_platform._headers import Headers
from agent_platform._raw import AgentPlatformClientWithRawResponse, SyncAgentPlatformClientWithRawResponse

CLASSES = [
    *(value for value in vars(agent_platform).values() if inspect.isclass(value)),
    AgentPlatformClientWithRawResponse,
    SyncAgentPlatformClientWithRawResponse,
    Headers,
]
CLIENTS = [AgentPlatformClient, SyncAgentPlatformClient]


def members(cls: type) -> Iterator[tuple[str, Any]]:
    """The public methods and properties of a class, also those of its base classes here."""
    for base in cls.__mro__:
        if base.__module__.startswith("agent_platform"):
            yield from ((name, value) for name, value in vars(base).items() if not name.startswith("_"))


@pytest.mark.parametrize("cls", CLASSES, ids=lambda cls: cls.__name__)
def test_everything_public_is_documented(cls: type) -> None:
    assert cls.__doc__
    for name, value in members(cls):
        if not inspect.ismemberdescriptor(value):
            assert inspect.getdoc(value), f"{cls.__name__}.{name}"


def test_the_package_and_its_types_are_documented() -> None:
    assert agent_platform.__doc__
    assert types.__doc__
    for name in types.__all__:
        value = getattr(types, name)
        if typing.is_typeddict(value):
            assert value.__doc__, name


def methods(cls: type) -> Iterator[tuple[str, Any]]:
    return (
        (name, value) for name, value in vars(cls).items() if not name.startswith("_") and inspect.isfunction(value)
    )


@pytest.mark.parametrize("cls", CLIENTS)
def test_each_method_tells_its_arguments_errors_and_an_example(cls: type) -> None:
    for name, method in methods(cls):
        docs = inspect.getdoc(method) or ""
        told, example = docs.split("Example:")
        arguments = told.split("Args:")[1].split("Raises:")[0]
        for parameter in inspect.signature(method).parameters:
            if parameter != "self":
                assert re.search(rf"\b{parameter}\b", arguments), f"{name}({parameter})"
        assert "APIConnectionError" in told.split("Raises:")[1]
        assert f"client.{name}(" in example
        wait = cls is AgentPlatformClient
        assert ("await " in example or "async " in example) is wait, name
        compile(f"async def main():\n{example}\n", name, "exec")


def test_help_is_useful() -> None:
    said = pydoc.plain(pydoc.render_doc(AgentPlatformClient(api_key="k").create_agent))
    for part in (
        "create_agent(*, name: 'str', system_prompt: 'str'",
        "-> 'Coroutine[Any, Any, Agent]'",
        "Create an agent.",
        "name: ",
        "Default:",
        "UnprocessableEntityError: ",
        "agent = await client.create_agent(",
    ):
        assert part in said


def test_help_does_not_shout_the_key() -> None:
    said = pydoc.plain(pydoc.render_doc(SyncAgentPlatformClient(api_key="pk_live_a_thesecret")))
    assert "thesecret" not in said
