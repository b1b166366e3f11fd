"""Slips that type checkers have to find: each line with a remark is an error to both. It is checked, never run."""

from __future__ import annotations

from agent_platform import AgentPlatformClient, SyncAgentPlatformClient
from agent_platform.types import Agent, ExecutionEvent

client = AgentPlatformClient()
sync_client = SyncAgentPlatformClient()


async def asynchronous(event: ExecutionEvent) -> None:
    client.get_agent(agent_id="a")["name"]  # error: a forgotten await
    client.get_agent(agent_id="a")  # error: never awaited
    agent: Agent = client.get_agent(agent_id="a")  # error: a call is no answer
    print(agent)
    await client.get_agent(agentid="a")  # error: misspelt
    await client.get_agent()  # error: missing
    await client.get_agent("a")  # error: by position
    await client.create_agent(name=5, system_prompt="b")  # error: wrong type
    await client.create_agent(name="a", system_prompt="b", tools=[1])  # error: wrong items
    (await client.get_usage())["usages"]  # error: no such field
    await client.get_usage(timout=1)  # error: misspelt option
    await client.get_usage(idempotency_key="a")  # error: nothing to repeat
    await client.update_agent(agent_id="a", name=None)  # error: a name cannot be null
    for _ in client.list_agents_all():  # error: async for
        pass
    with client.stream_agent(agent_id="a", message="b"):  # error: async with
        pass
    await client.stream_agent(agent_id="a", message="b")  # error: a stream is entered
    print(event["text"])  # error: not every event has a text
    raw = await client.with_raw_response.get_agent(agent_id="a")
    raw["name"]  # error: parse comes first
    client.with_options(retries=3)  # error: misspelt


def blocking() -> None:
    with client:  # error: async with
        pass
    sync_client.list_agents(limit="many")  # error: wrong type
    sync_client.get_usage()["usage"]["remaining"]  # error: no such field
    number: int = sync_client.get_agent(agent_id="a")["name"]  # error: a name is a text
    print(number)
    sync_client.with_raw_response.stream_agent(agent_id="a", message="b")  # error: streams tell by themselves
    SyncAgentPlatformClient(key="k")  # error: misspelt setting
