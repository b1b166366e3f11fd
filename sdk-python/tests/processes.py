"""Programs in processes of their own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import threading
from pathlib import Path

LONGEST = 60
"""Seconds after which a program hangs."""


def python(code: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Runs a program to its end."""
    command = [sys.executable, "-c", textwrap.dedent(code), *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=LONGEST, check=False)


def fine(code: str, *arguments: str) -> None:
    """Runs a program that has nothing to say but `fine`, and no complaint."""
    done = python(code, *arguments)
    assert (done.returncode, done.stdout, done.stderr) == (0, "fine\n", "")


def interrupted(code: str, url: str, asked: threading.Event) -> tuple[int, str, str]:
    """Sends Ctrl-C to a program once its request has arrived: its status, and what it said."""
    return interrupted_program([sys.executable, "-c", textwrap.dedent(code), url], asked, dict(os.environ))


def interrupted_program(
    command: list[str], asked: threading.Event, environment: dict[str, str]
) -> tuple[int, str, str]:
    """The same for any program."""
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert asked.wait(LONGEST)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=LONGEST)
    return process.returncode, out, err


def descriptors() -> int:
    """How many files and sockets this process has open."""
    return len(os.listdir("/proc/self/fd"))


def script(name: str) -> Path:
    """A program that was installed beside this interpreter."""
    return Path(sys.executable).with_name(name)
