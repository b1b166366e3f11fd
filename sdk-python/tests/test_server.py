"""Against the real server: from sign-up to usage, the examples, and the code of the README as it is printed."""

from __future__ import annotations

import asyncio
import os
import re
import subprocess
import sys
import textwrap
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from real_server import REPOSITORY, RealServer

from agent_platform import (
    AgentPlatformClient,
    AuthenticationError,
    ConflictError,
    NotFoundError,
    PermissionDeniedError,
    QuotaExceededError,
    SyncAgentPlatformClient,
    UnprocessableEntityError,
)

QUESTION = "How do I reset my password?"
ARTICLE = "To reset your password, open Settings, then Security, and choose Reset password."
tenants = count(1)


@pytest.fixture
def key(real_server: RealServer) -> str:
    """The key of a new tenant."""
    email = f"owner@python-tenant-{next(tenants)}.example"
    return SyncAgentPlatformClient(base_url=real_server.url).sign_up(email=email, tier="professional")["api_key"]


@pytest.fixture
def sync_client(real_server: RealServer, key: str) -> SyncAgentPlatformClient:
    return SyncAgentPlatformClient(api_key=key, base_url=real_server.url)


@pytest.fixture
def client(real_server: RealServer, key: str) -> AgentPlatformClient:
    return AgentPlatformClient(api_key=key, base_url=real_server.url)


def test_an_agent_answers_from_the_documents(client: AgentPlatformClient) -> None:
    async def main() -> None:
        document = await client.create_document(title="Passwords", content=ARTICLE)
        found = await client.search_documents(q="reset password")
        assert found["data"][0]["document_id"] == document["document_id"]
        # `search` is another name of `search_kb`.
        agent = await client.create_agent(name="Support Agent", system_prompt="You are helpful.", tools=["search"])
        assert (await client.get_agent(agent_id=agent["agent_id"]))["name"] == "Support Agent"
        response = await client.execute_agent(agent_id=agent["agent_id"], message=QUESTION)
        assert "Reset password" in response["message"]
        assert response["tokens_used"] > 0

        async with client.stream_agent(
            agent_id=agent["agent_id"], message=QUESTION, conversation_id=response["conversation_id"]
        ) as stream:
            events = [event async for event in stream]
            final = await stream.get_final_response()
        assert events[0]["type"] == "execution.started"
        assert events[-1]["type"] == "execution.completed"
        assert "tool.called" in [event["type"] for event in events]
        said = "".join(event["text"] for event in events if event["type"] == "message.delta")
        assert final["message"] == said
        assert final["conversation_id"] == response["conversation_id"]

        usage = await client.get_usage()
        assert usage["usage"]["tokens_this_month"] == response["tokens_used"] + final["tokens_used"]
        limit = usage["quota"]["max_tokens_per_month"]
        assert usage["usage"]["remaining_tokens"] == limit - usage["usage"]["tokens_this_month"]
        conversation = await client.get_conversation(conversation_id=response["conversation_id"])
        assert len(conversation["messages"]) == 4
        ids = [execution["execution_id"] async for execution in client.list_executions_all(limit=1)]
        assert sorted(ids) == sorted([response["execution_id"], final["execution_id"]])

    asyncio.run(main())


def test_agents_are_changed_listed_and_deleted(sync_client: SyncAgentPlatformClient) -> None:
    made = [sync_client.create_agent(name=f"Agent {n}", system_prompt="Hello.")["agent_id"] for n in range(5)]
    page = sync_client.list_agents(limit=2)
    assert len(page["data"]) == 2
    assert page["has_more"]
    assert sorted(agent["agent_id"] for agent in sync_client.list_agents_all(limit=2)) == sorted(made)
    changed = sync_client.update_agent(agent_id=made[0], name="New name", metadata={"team": "blue"})
    assert (changed["name"], changed["system_prompt"]) == ("New name", "Hello.")
    assert changed["metadata"] == {"team": "blue"}
    sync_client.delete_agent(agent_id=made[0])
    with pytest.raises(NotFoundError) as raised:
        sync_client.get_agent(agent_id=made[0])
    assert raised.value.request_id


def test_keys_and_their_scopes(sync_client: SyncAgentPlatformClient, real_server: RealServer) -> None:
    made = sync_client.create_api_key(name="reader", scopes=["read"])
    reader = SyncAgentPlatformClient(api_key=made["api_key"], base_url=real_server.url)
    assert reader.get_usage()["tier"] == "professional"
    with pytest.raises(PermissionDeniedError):
        reader.create_agent(name="a", system_prompt="b")
    sync_client.revoke_api_key(key_id=made["key_id"])
    with pytest.raises(AuthenticationError):
        reader.get_usage()


def test_what_the_server_refuses(sync_client: SyncAgentPlatformClient, real_server: RealServer) -> None:
    with pytest.raises(UnprocessableEntityError, match="search_kb"):
        sync_client.create_agent(name="a", system_prompt="b", tools=["teleport"])
    agent = sync_client.create_agent(name="a", system_prompt="b")
    with pytest.raises(UnprocessableEntityError):
        sync_client.execute_agent(agent_id=agent["agent_id"], message="")
    with pytest.raises(UnprocessableEntityError, match="cursor"):
        sync_client.list_agents(cursor="nonsense")
    nobody = SyncAgentPlatformClient(base_url=real_server.url)
    nobody.sign_up(email="twice@python-twice.example", tier="starter")
    with pytest.raises(ConflictError):
        nobody.sign_up(email="twice@python-twice.example", tier="starter")


def test_a_quota_that_is_used_up(sync_client: SyncAgentPlatformClient, real_server: RealServer) -> None:
    agent = sync_client.create_agent(name="a", system_prompt="b")
    assert sync_client.execute_agent(agent_id=agent["agent_id"], message="Hello!")["message"]
    # None at all, so that the turn of the hour changes nothing.
    real_server.set_quota(sync_client.get_usage()["tenant_id"], max_requests_per_hour=0)
    with pytest.raises(QuotaExceededError, match="rate limit") as raised:
        sync_client.execute_agent(agent_id=agent["agent_id"], message="Hello!", max_retries=0)
    error = raised.value
    assert error.code == "rate_limited"
    assert error.retry_after is not None
    assert 0 < error.retry_after <= 3600
    assert (error.body["quota"], error.body["limit"]) == ("max_requests_per_hour", 0)
    with pytest.raises(QuotaExceededError):
        sync_client.stream_agent(agent_id=agent["agent_id"], message="Hello!", max_retries=0).__enter__()


def test_many_calls_at_once(client: AgentPlatformClient) -> None:
    async def main() -> None:
        agent = await client.create_agent(name="Busy", system_prompt="Hello.")
        calls = [client.get_agent(agent_id=agent["agent_id"]) for _ in range(200)]
        assert {answer["agent_id"] for answer in await asyncio.gather(*calls)} == {agent["agent_id"]}

    asyncio.run(main())


def run_with(real_server: RealServer, key: str, *command: str) -> str:
    environment = {**os.environ, "AGENT_PLATFORM_API_KEY": key, "AGENT_PLATFORM_BASE_URL": real_server.url}
    done = subprocess.run(
        [sys.executable, *command], env=environment, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_examples_run(real_server: RealServer, key: str) -> None:
    folder = REPOSITORY / "examples" / "python"
    for _ in ("the first time", "again"):
        said = run_with(real_server, key, str(folder / "basic_usage.py"))
        assert "password" in said
        assert re.search(r"Left: +\d+ of \d+ tokens", said)
    streamed = run_with(real_server, key, str(folder / "streaming.py"))
    assert "[search_kb " in streamed
    assert "password" in streamed
    errors = run_with(real_server, key, str(folder / "error_handling.py"))
    assert "404" in errors
    assert "422" in errors
    assert "/name: " in errors
    tenant_id = SyncAgentPlatformClient(api_key=key, base_url=real_server.url).get_usage()["tenant_id"]
    real_server.set_quota(tenant_id, max_requests_per_hour=0)
    assert "429, max_requests_per_hour is used up" in run_with(real_server, key, str(folder / "error_handling.py"))


@pytest.mark.parametrize("readme", ["sdk-python/README.md"])
def test_the_readme_runs_as_printed(real_server: RealServer, key: str, readme: str) -> None:
    text = Path(REPOSITORY, readme).read_text(encoding="utf-8")
    blocks: list[str] = re.findall(r"^```python\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    assert blocks
    for block in blocks:
        code = "import asyncio\nasync def main():\n" + textwrap.indent(block, "    ") + "\nasyncio.run(main())\n"
        assert "tokens" in run_with(real_server, key, "-c", code)


def test_types_are_those_of_the_specification() -> None:
    """A dict that the server answers has the keys that its type says."""
    from agent_platform import types

    agent: Any = types.Agent
    assert {"agent_id", "name", "tools", "created_at"} <= agent.__required_keys__
    assert set(types.__all__) <= set(vars(types))
