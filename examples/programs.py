"""The example programs, as a user runs them in each language."""

from __future__ import annotations

import subprocess
import sys

from local_server import REPOSITORY, TARGET

EXAMPLES = REPOSITORY / "examples"
LANGUAGES = ("Python", "Node", "Rust")
PROGRAMS = ("basic_usage", "streaming", "error_handling")


def command(language: str, name: str) -> list[str]:
    """The command line of an example; Rust's are built already, as `cargo run` would first do."""
    return {
        "Python": [sys.executable, str(EXAMPLES / "python" / f"{name}.py")],
        "Node": ["node", str(EXAMPLES / "node" / f"{name}.mjs")],
        "Rust": [str(TARGET / name)],
    }[language]


def link_node_package() -> None:
    """What `npm install` in examples/node does once: the package of this repository, linked."""
    folder = EXAMPLES / "node"
    if not (folder / "node_modules" / "agent-platform-sdk").exists():
        install = ["npm", "install", "--offline", "--no-package-lock", "--no-audit", "--no-fund", "--silent"]
        subprocess.run(install, cwd=folder, check=True)
