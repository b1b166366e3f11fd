"""The program `agent-platform-cli`."""

from __future__ import annotations

import sys

from ._native import run_cli

INTERRUPTED = 130
"""What a shell sees of a program that Ctrl-C ended."""


def main() -> int:
    """Runs the command line of this process and returns its exit status."""
    try:
        return run_cli(sys.argv[1:])
    except KeyboardInterrupt:
        return INTERRUPTED
