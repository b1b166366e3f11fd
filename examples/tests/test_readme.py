"""The code of README.md runs as it is printed."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import Tenant

from local_server import BINARY, REPOSITORY, TARGET, LocalServer
from programs import EXAMPLES

README = (REPOSITORY / "README.md").read_text(encoding="utf-8")
ANSWER = "choose Forgot password"
# Of each language there are so many snippets; the tests below account for each.
SNIPPETS = {"bash": 1, "python": 1, "javascript": 1, "rust": 1, "sh": 3, "sql": 2, "toml": 1, "console": 2}


def snippets(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)


@pytest.fixture
def curl_home(server: LocalServer, tmp_path: Path) -> Path:
    """Where curl finds a configuration that leads localhost:8000, as the README prints it, to the test's server."""
    address = server.url.removeprefix("http://")
    (tmp_path / ".curlrc").write_text(f'connect-to = "localhost:8000:{address}"\nnoproxy = "*"\n')
    return tmp_path


@pytest.fixture
def informed(server: LocalServer, tenant: Tenant) -> Tenant:
    """A tenant with the document that the README's curl lines add."""
    document = {"title": "Passwords", "content": "To reset your password, choose Forgot password and follow the link."}
    server.call("POST", "/documents", tenant.api_key, document)
    return tenant


def test_every_snippet_is_accounted_for() -> None:
    fences = re.findall(r"^```(\w+)$", README, re.MULTILINE)
    assert {language: fences.count(language) for language in fences} == SNIPPETS


def test_curl(tenant: Tenant, curl_home: Path) -> None:
    printed = tenant.run("bash", "-euc", snippets("bash")[0], CURL_HOME=str(curl_home))
    assert "event: execution.completed" in printed
    assert ANSWER in printed.split("event: execution.completed")[1]


def test_python(informed: Tenant, tmp_path: Path) -> None:
    file = tmp_path / "readme.py"
    file.write_text(snippets("python")[0])
    assert re.search(rf"{ANSWER}.*\n\d+ tokens\n", informed.run(sys.executable, file), re.DOTALL)


def test_javascript(informed: Tenant, tmp_path: Path) -> None:
    """With the package packed and installed, as from the registry."""
    subprocess.run(["npm", "pack", REPOSITORY / "sdk-node", "--silent"], cwd=tmp_path, check=True, capture_output=True)
    (tmp_path / "package.json").write_text('{"private": true}')
    install = ["npm", "install", "--offline", "--no-audit", "--no-fund", "--silent", *map(str, tmp_path.glob("*.tgz"))]
    subprocess.run(install, cwd=tmp_path, check=True)
    file = tmp_path / "readme.mjs"
    file.write_text(snippets("javascript")[0])
    assert re.search(rf"{ANSWER}.*\n\d+ tokens\n", informed.run("node", file), re.DOTALL)


def test_rust(informed: Tenant) -> None:
    """The build compiles it from examples/rust, where it stands word for word."""
    assert snippets("rust")[0] == (EXAMPLES / "rust" / "quickstart.rs").read_text(encoding="utf-8")
    assert re.search(rf"{ANSWER}.*\n\d+ tokens\n", informed.run(TARGET / "quickstart"), re.DOTALL)


def test_command_line(informed: Tenant, tmp_path: Path) -> None:
    """With the program that the wheel installed."""
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    create = ["agents", "create", "--name", "Support", "--system-prompt", "You are helpful.", "--tool", "search_kb"]
    agent_id = informed.run(Path(sys.executable).parent / "agent-platform-cli", *create).strip()
    printed = informed.run("bash", "-euc", snippets("sh")[1], cwd=tmp_path, PATH=path, AGENT_ID=agent_id)
    assert ANSWER in printed
    assert "tokens" in printed
    assert json.loads((tmp_path / "final-event.json").read_text())["type"] == "execution.completed"


def test_operator(server: LocalServer, tenant: Tenant, curl_home: Path) -> None:
    server.sign_up("Acme Corp", "user@acme.com", "starter")
    printed = tenant.run(
        "bash",
        "-euc",
        snippets("sh")[2],
        CURL_HOME=str(curl_home),
        AGENT_PLATFORM_OPERATOR_KEY=server.operator_key,
    )
    assert '"tier":"enterprise"' in printed
    assert '"max_requests_per_hour":50' in printed


def test_targets_and_files_are_there() -> None:
    makefile = (REPOSITORY / "Makefile").read_text(encoding="utf-8")
    for target in re.findall(r"(?:`|^)make ([a-z]+)", README, re.MULTILINE):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target
    for link in re.findall(r"\]\((?!http)([^)#]+)\)", README):
        assert (REPOSITORY / link).exists(), link


def test_configuration_is_complete() -> None:
    """Each flag and variable of `serve` stands in the table, and nothing else does."""
    table = README.split("| flag of `agent-platform serve`")[1].split("\n\n")[0]
    told = subprocess.run([BINARY, "serve", "--help"], check=True, capture_output=True, text=True).stdout
    flags = set(re.findall(r"^ +(?:-., )?(--[a-z-]+)", told, re.MULTILINE)) - {"--help", "--version"}
    variables = set(re.findall(r"\b(?:AGENT_PLATFORM_[A-Z_]+|RUST_LOG)\b", told))
    assert set(re.findall(r"`(--[a-z-]+)`", table)) == flags
    assert set(re.findall(r"\b(?:AGENT_PLATFORM_[A-Z_]+|RUST_LOG)\b", table)) == variables


def test_each_dependency_has_its_reason() -> None:
    """The table names what the manifests of all three languages ask for."""
    named = set()
    workspace = (REPOSITORY / "Cargo.toml").read_text(encoding="utf-8")
    for member in json.loads(re.findall(r"^members = (.*)$", workspace, re.MULTILINE)[0]):
        manifest = (REPOSITORY / member / "Cargo.toml").read_text(encoding="utf-8")
        for section in re.findall(r"^\[.*dependencies\]\n((?:[^\[\n].*\n|\n)*)", manifest, re.MULTILINE):
            named |= set(re.findall(r"^([\w-]+)", section, re.MULTILINE))
    package = json.loads((REPOSITORY / "sdk-node" / "package.json").read_text(encoding="utf-8"))
    named |= set(package["devDependencies"])
    requirements = (REPOSITORY / "sdk-python" / "requirements-dev.txt").read_text(encoding="utf-8")
    named |= set(re.findall(r"^([\w-]+)", requirements, re.MULTILINE))
    rows = re.findall(r"^\| (.*?) \|", README.split("## Dependencies")[1], re.MULTILINE)
    ours = {"agent-platform-sdk", "agent-platform-conformance"}
    assert named - {name for row in rows for name in row.split(", ")} == ours


def test_configuration(tmp_path: Path) -> None:
    file = tmp_path / "agent-platform.toml"
    file.write_text(snippets("toml")[0])
    database = f"sqlite://{tmp_path / 'agent-platform.db'}"
    serve = [str(BINARY), "serve", "--bind", "127.0.0.1:0", "--config", str(file), "--database-url", database]
    with subprocess.Popen(serve, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        assert "is ready" in server.stdout.readline()
        server.terminate()
        assert server.wait(timeout=60) == 0


def test_checks(tmp_path: Path) -> None:
    environment = {**os.environ, "AGENT_PLATFORM_DATABASE_URL": f"sqlite://{tmp_path / 'agent-platform.db'}"}
    subprocess.run([BINARY, "seed"], env=environment, check=True, stdout=subprocess.DEVNULL, timeout=60)
    for session in snippets("console"):
        command = session.splitlines()[0].removeprefix("$ agent-platform ").split("#")[0]
        check = [str(BINARY), *shlex.split(command)]
        printed = subprocess.run(check, env=environment, check=True, capture_output=True, text=True, timeout=60).stdout
        assert re.search(r"✓.*acme-corp", printed)
        assert "✗" not in printed
