"""The wheel, installed by itself into an empty environment."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from processes import LONGEST
from scripted_server import Reply, ScriptedServer

REPOSITORY = Path(__file__).resolve().parents[2]
HEAVIEST = 8 * 1024 * 1024


@pytest.fixture(scope="module")
def wheel() -> Path:
    folder = Path(os.environ.get("AGENT_PLATFORM_WHEELS") or REPOSITORY / "target" / "wheels")
    wheels = sorted(folder.glob("agent_platform_sdk-*.whl"), key=lambda path: path.stat().st_mtime)
    if not wheels:
        pytest.fail(f"there is no wheel in {folder}: `make python-sdk` builds it", pytrace=False)
    return wheels[-1]


@pytest.fixture(scope="module")
def environment(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment that holds the wheel and nothing else; pip would refuse if it asked for anything."""
    folder = tmp_path_factory.mktemp("environment")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True, timeout=LONGEST)
    install = [sys.executable, "-m", "pip", "--python", str(folder), "install", "--quiet", "--no-index", str(wheel)]
    subprocess.run(install, check=True, timeout=LONGEST)
    return folder


def test_it_works_alone(environment: Path, server: ScriptedServer) -> None:
    server.reply(Reply.json({"tier": "starter"}))
    code = """
import asyncio, sys
import agent_platform, agent_platform.types
from agent_platform import AgentPlatformClient, SyncAgentPlatformClient
sync_client = SyncAgentPlatformClient(api_key="k", base_url=sys.argv[1])
print(sync_client.get_usage()["tier"], sync_client.with_raw_response.get_usage().status_code)
print(asyncio.run(AgentPlatformClient(api_key="k", base_url=sys.argv[1]).get_usage())["tier"])
print(agent_platform.__file__)
"""
    python = environment / "bin" / "python"
    said = subprocess.check_output([python, "-I", "-c", code, server.url], text=True, timeout=LONGEST)
    first, second, where = said.splitlines()
    assert (first, second) == ("starter 200", "starter")
    assert Path(where).is_relative_to(environment)


def test_its_program_works(environment: Path) -> None:
    program = environment / "bin" / "agent-platform-cli"
    said = subprocess.check_output([program, "--version"], text=True, timeout=LONGEST)
    assert said.startswith("agent-platform-cli ")


def test_it_is_small_complete_and_for_every_python(wheel: Path) -> None:
    assert wheel.stat().st_size < HEAVIEST
    assert "-cp310-abi3-" in wheel.name
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
        metadata = archive.read(next(name for name in names if name.endswith("METADATA"))).decode()
    for name in ("py.typed", "_native.pyi", "_client.py", "_raw.py", "_types.py", "_cli.py", "__main__.py"):
        assert f"agent_platform/{name}" in names
    assert not [name for name in names if name.endswith(".pyc") or name.startswith(("tests", "bench"))]
    assert "Requires-Dist" not in metadata
