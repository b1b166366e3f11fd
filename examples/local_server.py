"""A server of one's own: on a free port, its database in a temporary folder, stopped as a supervisor would do it."""

from __future__ import annotations

import json
import os
import re
import secrets
import subprocess
import tempfile
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

REPOSITORY = Path(__file__).resolve().parent.parent
TARGET = Path(os.environ.get("CARGO_TARGET_DIR") or REPOSITORY / "target") / "debug"
BINARY = Path(os.environ.get("AGENT_PLATFORM_BINARY") or TARGET / "agent-platform")

# The server is ready in a fraction of a second, and needs at most 30 s to leave (README, "Stopping").
START_SECONDS = 30
STOP_SECONDS = 30
CALL_SECONDS = 30

# A proxy for the world outside is none for this machine.
DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class ServerError(Exception):
    """The server did not start, answer or stop as it should."""


@dataclass
class LocalServer:
    """A running server, and the calls that an operator makes to it."""

    url: str
    operator_key: str
    process: subprocess.Popen[str]
    log: Path

    @classmethod
    def start(cls, folder: Path) -> LocalServer:
        """Starts a server whose database and log lie in `folder`."""
        if not BINARY.is_file():
            raise ServerError(f"there is no server at {BINARY}: run `make build`, or name one in AGENT_PLATFORM_BINARY")
        log = folder / "server.log"
        operator_key = f"op-{secrets.token_urlsafe(24)}"
        with log.open("w", encoding="utf-8") as errors:
            process = subprocess.Popen(
                [
                    BINARY,
                    "serve",
                    "--bind",
                    "127.0.0.1:0",
                    "--database-url",
                    f"sqlite://{folder / 'agent-platform.db'}",
                ],
                env={**own_environment(), "AGENT_PLATFORM_OPERATOR_KEY": operator_key},
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
            )
        # One that hangs is ended, and then says no line.
        watchdog = threading.Timer(START_SECONDS, process.kill)
        watchdog.start()
        assert process.stdout is not None
        ready = process.stdout.readline()
        watchdog.cancel()
        address = re.search(r"http://\S+", ready)
        if address is None:
            process.kill()
            process.wait()
            process.stdout.close()
            raise ServerError(
                f"the server did not start: {log.read_text(encoding='utf-8').strip() or 'it said nothing'}"
            )
        return cls(address.group(), operator_key, process, log)

    def request(self, method: str, path: str, key: str | None = None, body: object = None) -> tuple[int, Any]:
        """The status and the JSON of an answer, whatever its status is."""
        headers = {"Content-Type": "application/json"}
        if key is not None:
            headers["Authorization"] = f"Bearer {key}"
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.url + path, data, headers, method=method)
        try:
            with DIRECT.open(request, timeout=CALL_SECONDS) as response:
                return response.status, json.loads(response.read() or b"null")
        except urllib.error.HTTPError as refused:
            with refused:
                return refused.code, json.loads(refused.read() or b"null")

    def call(self, method: str, path: str, key: str | None = None, body: object = None) -> Any:
        """The JSON of an answer that must be a success."""
        status, answer = self.request(method, path, key, body)
        if status >= 400:
            raise ServerError(f"{method} {path} was refused with {status}: {answer.get('detail', answer)}")
        return answer

    def sign_up(self, name: str, email: str, tier: str) -> Any:
        """A new tenant: its id, its first key, its quota."""
        return self.call("POST", "/signup", body={"name": name, "email": email, "tier": tier})

    def set_quota(self, tenant_id: str, **quota: float) -> Any:
        """Limits a tenant, as the operator."""
        return self.call("PATCH", f"/admin/tenants/{tenant_id}", self.operator_key, {"quota": quota})

    def stop(self) -> None:
        """Asks the server to leave, and sees that it left cleanly."""
        self.process.terminate()
        try:
            status = self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise ServerError(f"the server had not stopped {STOP_SECONDS} s after SIGTERM") from None
        finally:
            if self.process.stdout is not None:
                self.process.stdout.close()
        if status != 0:
            raise ServerError(f"the server left with status {status}: {self.log.read_text(encoding='utf-8').strip()}")


def own_environment() -> dict[str, str]:
    """This process's environment without what was meant for another server."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("AGENT_PLATFORM_")}
    return kept | {"NO_PROXY": "127.0.0.1", "no_proxy": "127.0.0.1"}


@contextmanager
def running() -> Iterator[LocalServer]:
    """A server for the length of a `with` block; its data are deleted afterwards."""
    with tempfile.TemporaryDirectory(prefix="agent-platform-") as folder:
        server = LocalServer.start(Path(folder))
        try:
            yield server
        finally:
            if server.process.poll() is None:
                server.stop()
