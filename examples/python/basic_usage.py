"""Makes an agent that answers from a small knowledge base, and asks it something.

AGENT_PLATFORM_API_KEY=pk_live_... python basic_usage.py
"""

import asyncio
from pathlib import Path

from agent_platform import AgentPlatformClient

KNOWLEDGE = Path(__file__).parent.parent / "knowledge"


async def main() -> None:
    async with AgentPlatformClient() as client:
        # The knowledge base: a few support articles, each added once however often this runs.
        known = {document["title"] async for document in client.list_documents_all(limit=100)}
        for article in sorted(KNOWLEDGE.glob("*.md")):
            content = article.read_text(encoding="utf-8")
            title = content.partition("\n")[0].removeprefix("# ")
            if title not in known:
                await client.create_document(title=title, content=content)

        agent = await client.create_agent(
            name="Support Agent",
            system_prompt="You answer questions about our product, from the knowledge base only.",
            tools=["search_kb"],
        )
        response = await client.execute_agent(agent_id=agent["agent_id"], message="How do I reset my password?")
        print(f"Agent:  {response['message']}")
        print(f"Tokens: {response['tokens_used']}, for ${response['cost']}")

        usage = await client.get_usage()
        left, limit = usage["usage"]["remaining_tokens"], usage["quota"]["max_tokens_per_month"]
        print(f"Left:   {left} of {limit} tokens this month")


asyncio.run(main())
