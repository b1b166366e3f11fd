"""The specification is valid, and is all that it takes to bring a change of the server into the three SDKs."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from openapi_spec_validator import validate

from local_server import BINARY, REPOSITORY, TARGET, own_environment

MAKE_SPEC_SECONDS = 600
# Larger files of the build are linked into the copy: compilers replace those and never write into them. Smaller ones
# (fingerprints, lists of sources) cargo writes in place.
SMALL_BYTES = 64 * 1024


def test_the_specification_is_valid_and_current() -> None:
    command = [str(BINARY), "openapi"]
    # More than once: what is hashed in one order may come in another order the next time.
    told = {subprocess.run(command, check=True, capture_output=True, text=True).stdout for _ in range(5)}
    assert told == {(REPOSITORY / "openapi" / "openapi.json").read_text(encoding="utf-8")}, "run `make spec`"
    document = json.loads(told.pop())
    validate(document)
    assert document["openapi"].startswith("3.1")


@pytest.fixture
def scratch(tmp_path: Path) -> Path:
    """A copy of the repository with what was built of it, so that only what changes is built again."""
    copy = tmp_path / "repository"
    left_out = shutil.ignore_patterns(
        "target", ".git", ".venv", "node_modules", ".*_cache", "__pycache__", "*.node", "*.db*"
    )
    shutil.copytree(REPOSITORY, copy, ignore=left_out)
    shutil.copytree(TARGET, copy / "target" / "debug", copy_function=link_or_copy, symlinks=True)
    return copy


def link_or_copy(source: str, target: str) -> None:
    if os.path.getsize(source) < SMALL_BYTES:
        shutil.copy2(source, target)
    else:
        os.link(source, target)


def test_a_field_added_to_the_server_is_typed_in_every_sdk(scratch: Path) -> None:
    source = scratch / "reference-server" / "src" / "api" / "usage.rs"
    code = source.read_text(encoding="utf-8")
    code, declared = re.subn(
        r"pub struct UsageReport \{", r"\g<0>\n    /// Days until the month ends.\n    days_left: i64,", code
    )
    code, filled = re.subn(r"(?<!struct )UsageReport \{", r"\g<0>\n        days_left: 9,", code)
    assert (declared, filled) == (1, 1), "this test changes UsageReport in api/usage.rs, which looks different now"
    source.write_text(code, encoding="utf-8")

    environment = {name: value for name, value in own_environment().items() if name != "CARGO_TARGET_DIR"}
    made = subprocess.run(
        ["make", "spec"], cwd=scratch, env=environment, capture_output=True, text=True, timeout=MAKE_SPEC_SECONDS
    )
    assert made.returncode == 0, made.stdout + made.stderr

    generated = {
        "sdk-rust/src/generated/models.rs": r"\bpub days_left: i64,",
        "sdk-python/python/agent_platform/_types.py": r"\bdays_left: int\b",
        "sdk-node/lib/generated/types.ts": r"\bdays_left: number;",
    }
    for file, declaration in generated.items():
        before, after = ((root / file).read_text(encoding="utf-8") for root in (REPOSITORY, scratch))
        assert "days_left" not in before
        assert re.search(declaration, after), f"{file} does not declare days_left as a number"
        assert "Days until the month ends." in after, f"{file} does not document days_left"
