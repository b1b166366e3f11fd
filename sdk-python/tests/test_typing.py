"""What type checkers say of the package and of programs that use it."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[1]
EXAMPLES = PACKAGE.parent / "examples" / "python"
TYPICAL = PACKAGE / "tests" / "programs" / "typical.py"
MISUSE = PACKAGE / "tests" / "programs" / "misuse.py"
EXPECTED = [number for number, line in enumerate(MISUSE.read_text("utf-8").splitlines(), 1) if "# error: " in line]


def run(*arguments: str | Path) -> str:
    command = [sys.executable, "-m", *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False, cwd=PACKAGE)
    return done.stdout + done.stderr


def mypy(cache: Path, *files: Path) -> str:
    return run("mypy", "--strict", "--no-error-summary", "--config-file", "", "--cache-dir", cache, *files)


def pyright(folder: Path, *files: Path) -> dict[Path, list[int]]:
    """The lines of each file in which pyright, at its strictest, finds an error."""
    settings = {"typeCheckingMode": "strict", "include": [os.path.relpath(file, folder) for file in files]}
    settings |= {"extraPaths": [str(PACKAGE / "python")], "reportUnusedExpression": "none"}
    # The native module is beside its stub only where the package is installed, not in these sources.
    settings |= {"reportMissingModuleSource": "none"}
    project = folder / "pyrightconfig.json"
    project.write_text(json.dumps(settings), encoding="utf-8")
    said = run("pyright", "--outputjson", "--pythonpath", sys.executable, "--project", project)
    found: dict[Path, list[int]] = {}
    for finding in json.loads(said[said.index("{") :])["generalDiagnostics"]:
        found.setdefault(Path(finding["file"]), []).append(finding["range"]["start"]["line"] + 1)
    return found


def test_the_types_are_what_the_package_has() -> None:
    allowed = PACKAGE / "tests" / "stubtest-allowlist.txt"
    arguments: list[str | Path] = [
        "--mypy-config-file",
        PACKAGE / "pyproject.toml",
        "--allowlist",
        allowed,
        "--ignore-unused-allowlist",
    ]
    assert "Success" in run("mypy.stubtest", "agent_platform", *arguments)


def test_mypy_accepts_typical_use_and_the_examples(tmp_path: Path) -> None:
    assert mypy(tmp_path, TYPICAL, *EXAMPLES.glob("*.py")) == ""


def test_mypy_finds_each_slip_and_nothing_else(tmp_path: Path) -> None:
    said = mypy(tmp_path, MISUSE)
    found = {int(number) for number in re.findall(r"misuse\.py:(\d+): error:", said)}
    assert sorted(found) == EXPECTED, said
    for words in ('Maybe you forgot to use "await"?', '"__iter__"', '"__enter__"'):
        assert words in said


def test_pyright_accepts_the_package_and_its_use_and_finds_each_slip(tmp_path: Path) -> None:
    # In one run, for a run takes longer to start than to check.
    found = pyright(tmp_path, PACKAGE / "python", EXAMPLES, TYPICAL, MISUSE)
    assert sorted(set(found.pop(MISUSE, []))) == EXPECTED
    assert not found
