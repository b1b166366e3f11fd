"""The program `agent-platform-cli`."""

from __future__ import annotations

import signal
import sys

from ._native import run_cli


def main() -> int:
    """Runs the command line of this process and returns its exit status."""
    # Python's handler only takes note of Ctrl-C, and the write that it interrupts is begun anew: with nobody reading
    # stdout the program could not be ended. Whoever starts it without Ctrl-C, such as nohup, is left in peace.
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    return run_cli(sys.argv[1:])
