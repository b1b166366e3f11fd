"""One server for all tests, and a tenant of its own for each."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import pytest

from local_server import LocalServer, own_environment, running

EXAMPLE_SECONDS = 60
numbers = count(1)


@dataclass
class Tenant:
    """A tenant's key, and its environment for a program."""

    tenant_id: str
    api_key: str
    base_url: str

    def run(self, *command: str | Path, cwd: Path | None = None, **variables: str) -> str:
        """What a program prints that acts as this tenant; the test fails where the program does."""
        environment = own_environment() | {
            "AGENT_PLATFORM_API_KEY": self.api_key,
            "AGENT_PLATFORM_BASE_URL": self.base_url,
        }
        done = subprocess.run(
            command,
            cwd=cwd,
            env=environment | variables,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=EXAMPLE_SECONDS,
        )
        assert done.returncode == 0, f"{command} ended with {done.returncode}:\n{done.stdout}"
        return done.stdout


@pytest.fixture(scope="session")
def server() -> Iterator[LocalServer]:
    with running() as started:
        yield started


@pytest.fixture
def tenant(server: LocalServer) -> Tenant:
    number = next(numbers)
    signed_up = server.sign_up(f"Tenant {number}", f"owner@tenant-{number}.example", "professional")
    return Tenant(signed_up["tenant_id"], signed_up["api_key"], server.url)
