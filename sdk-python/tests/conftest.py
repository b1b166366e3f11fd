"""Fixtures: a scripted server, the clients on it, and the real server."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from real_server import RealServer
from scripted_server import ScriptedServer

from agent_platform import AgentPlatformClient, SyncAgentPlatformClient

KEY = "pk_live_0123456789_thesecretpart"


@pytest.fixture(autouse=True)
def _no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AGENT_PLATFORM_API_KEY", "AGENT_PLATFORM_BASE_URL", "AGENT_PLATFORM_LOG", "HTTP_PROXY", "http_proxy"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def server() -> Iterator[ScriptedServer]:
    scripted = ScriptedServer()
    yield scripted
    scripted.close()


@pytest.fixture
def client(server: ScriptedServer) -> AgentPlatformClient:
    return AgentPlatformClient(api_key=KEY, base_url=server.url, max_retries=0)


@pytest.fixture
def sync_client(server: ScriptedServer) -> SyncAgentPlatformClient:
    return SyncAgentPlatformClient(api_key=KEY, base_url=server.url, max_retries=0)


@pytest.fixture(scope="session")
def real_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealServer]:
    running = RealServer.start(tmp_path_factory.mktemp("server"))
    yield running
    running.stop()
