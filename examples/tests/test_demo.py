"""`make demo`'s program: what it shows, and that it says when it fails."""

from __future__ import annotations

import subprocess
import sys

from local_server import BINARY, own_environment
from programs import EXAMPLES, LANGUAGES

DEMO_SECONDS = 120


def demo(**variables: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(EXAMPLES / "demo.py")]
    environment = own_environment() | {"AGENT_PLATFORM_BINARY": str(BINARY)}
    return subprocess.run(command, capture_output=True, text=True, timeout=DEMO_SECONDS, env=environment | variables)


def test_the_demo_shows_the_main_job() -> None:
    done = demo()
    assert done.returncode == 0, done.stdout + done.stderr
    printed = done.stdout
    for language in LANGUAGES:
        for program in ("basic_usage", "streaming", "error_handling"):
            assert any(line.startswith(language) and line.endswith(program) for line in printed.splitlines())
    assert printed.count("Forgot password") == len(LANGUAGES)
    assert printed.count("Execute an agent: 429") == len(LANGUAGES)
    for line in ("Tenant A: ", "Tenant B: ", "Tenant C: quota exceeded (429)"):
        assert f"\n  {line}" in printed
    assert "The server stopped cleanly" in printed
    assert "\033" not in printed, "no colour codes where nobody sees colours"
    assert done.stderr == ""


def test_a_part_that_fails_is_named_and_the_status_tells() -> None:
    done = demo(AGENT_PLATFORM_BINARY="/bin/false")
    assert done.returncode == 1
    assert "The demo failed: the server did not start" in done.stderr
    assert "Traceback" not in done.stderr
