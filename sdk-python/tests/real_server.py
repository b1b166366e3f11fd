"""The server binary, started on a port and a database of its own."""

from __future__ import annotations

import json
import os
import re
import subprocess
import threading
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, Queue

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
START_SECONDS = 30
OPERATOR_KEY = "the-operator-key-of-these-tests"


@dataclass
class RealServer:
    """A running server."""

    url: str
    process: subprocess.Popen[str]

    @staticmethod
    def binary() -> Path:
        """The binary; a test that needs it fails, with what to do, where it is missing."""
        path = Path(os.environ.get("AGENT_PLATFORM_BINARY") or REPOSITORY / "target" / "debug" / "agent-platform")
        if not path.is_file():
            pytest.fail(
                f"there is no server at {path}: build it with `cargo build -p agent-platform-server`, "
                "or name one in AGENT_PLATFORM_BINARY",
                pytrace=False,
            )
        return path

    @staticmethod
    def start(folder: Path) -> RealServer:
        command = [str(RealServer.binary()), "serve", "--bind", "127.0.0.1:0"]
        command += ["--database-url", f"sqlite://{folder / 'x.db'}"]
        environment = {**os.environ, "AGENT_PLATFORM_OPERATOR_KEY": OPERATOR_KEY}
        process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=folder, env=environment
        )
        said: list[str] = []
        found: Queue[str] = Queue()

        def listen() -> None:
            assert process.stdout is not None
            for line in process.stdout:
                said.append(line)
                if address := re.search(r"http://127\.0\.0\.1:\d+", line):
                    found.put(address.group())

        threading.Thread(target=listen, daemon=True).start()
        try:
            return RealServer(found.get(timeout=START_SECONDS), process)
        except Empty:
            process.kill()
            pytest.fail(f"the server did not say where it listens within {START_SECONDS} s:\n{''.join(said)}")

    def set_quota(self, tenant_id: str, **quota: int) -> None:
        """As the operator, limits a tenant."""
        headers = {"authorization": f"Bearer {OPERATOR_KEY}", "content-type": "application/json"}
        body = json.dumps({"quota": quota}).encode()
        url = f"{self.url}/admin/tenants/{tenant_id}"
        urllib.request.urlopen(urllib.request.Request(url, body, headers, method="PATCH"), timeout=10).close()

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(timeout=START_SECONDS)
        if self.process.stdout is not None:
            self.process.stdout.close()
