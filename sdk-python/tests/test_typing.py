"""What type checkers say of a program that uses the client."""

from __future__ import annotations

import subprocess
import sys
import textwrap
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1] / "pyproject.toml"


def mypy(folder: Path, code: str) -> str:
    program = folder / "program.py"
    program.write_text(textwrap.dedent(code), encoding="utf-8")
    command = [sys.executable, "-m", "mypy", "--strict", "--no-error-summary", "--cache-dir", str(folder), str(program)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=folder, timeout=120, check=False)
    return done.stdout + done.stderr


def test_the_types_are_what_the_package_has() -> None:
    allowed = Path(__file__).with_name("stubtest-allowlist.txt")
    command = [sys.executable, "-m", "mypy.stubtest", "agent_platform"]
    command += ["--mypy-config-file", str(PROJECT), "--allowlist", str(allowed), "--ignore-unused-allowlist"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_answers_and_events_have_types(tmp_path: Path) -> None:
    said = mypy(
        tmp_path,
        """
        import asyncio

        from agent_platform import AgentPlatformClient, SyncAgentPlatformClient
        from agent_platform.types import Agent, ExecutionEvent

        def show(event: ExecutionEvent) -> str:
            if event["type"] == "message.delta":
                return event["text"]
            if event["type"] == "tool.called":
                return event["name"]
            return ""

        async def main() -> None:
            async with AgentPlatformClient() as client:
                agent: Agent = await client.create_agent(name="a", system_prompt="b", tools=["search_kb"])
                task = asyncio.create_task(client.get_agent(agent_id=agent["agent_id"]))
                names: list[str] = [item["name"] async for item in client.list_agents_all()] + [(await task)["name"]]
                async with client.stream_agent(agent_id=agent["agent_id"], message=names[0]) as stream:
                    async for event in stream:
                        show(event)
                    text: str = "".join([text async for text in stream.text_stream])
                    tokens: int = (await stream.get_final_response())["tokens_used"]
                    print(text, tokens)

        with SyncAgentPlatformClient() as client:
            left: int = client.get_usage()["usage"]["remaining_tokens"]
        """,
    )
    assert said == ""


SLIPS = {
    "client.get_agent(agentid='a')": 'Unexpected keyword argument "agentid"',
    "client.get_agent()": 'Missing named argument "agent_id"',
    "client.list_agents(limit='many')": 'incompatible type "str"',
    "client.get_usage()['usages']": 'has no key "usages"',
    "client.delete_agent(agent_id='a').x": "does not return a value",
    "client.get_usage(timout=1)": 'Unexpected keyword argument "timout"',
}


def test_a_slip_is_found_before_it_runs(tmp_path: Path) -> None:
    start = "from agent_platform import SyncAgentPlatformClient\nclient = SyncAgentPlatformClient()\n"
    said = mypy(tmp_path, start + "\n".join(SLIPS)).splitlines()
    for number, (slip, complaint) in enumerate(SLIPS.items(), 3):
        assert any(f"program.py:{number}:" in line and complaint in line for line in said), (slip, said)
