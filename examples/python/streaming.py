"""Shows an agent's answer as it is written, and the tools that it uses on the way.

AGENT_PLATFORM_API_KEY=pk_live_... python streaming.py ["a question"]
"""

import asyncio
import sys

from agent_platform import AgentPlatformClient


async def main(message: str) -> None:
    async with AgentPlatformClient() as client:
        agent = await client.create_agent(
            name="Streaming Agent",
            system_prompt="You answer questions about our product, from the knowledge base only.",
            tools=["search_kb"],
        )
        async with client.stream_agent(agent_id=agent["agent_id"], message=message) as stream:
            async for event in stream:
                if event["type"] == "tool.called":
                    print(f"[{event['name']} {event['arguments']}]")
                elif event["type"] == "tool.completed":
                    print(f"[done in {event['duration_ms']} ms]")
                elif event["type"] == "message.delta":
                    print(event["text"], end="", flush=True)
            response = await stream.get_final_response()
        print(f"\n[{response['tokens_used']} tokens in {response['duration_ms']} ms]")


asyncio.run(main(*sys.argv[1:] or ["How do I reset my password?"]))
