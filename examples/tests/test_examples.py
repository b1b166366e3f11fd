"""Every example runs as it stands, in every language, and shows what it is there to show."""

from __future__ import annotations

import json
import re

import pytest
from conftest import Tenant

from local_server import LocalServer
from programs import EXAMPLES, LANGUAGES, PROGRAMS, command, link_node_package

SUFFIXES = {"Python": ".py", "Node": ".mjs", "Rust": ".rs"}


@pytest.fixture(autouse=True, scope="module")
def _node_package() -> None:
    link_node_package()


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_language_has_the_same_examples(language: str) -> None:
    found = {file.stem for file in (EXAMPLES / language.lower()).glob(f"*{SUFFIXES[language]}")}
    assert found - {"quickstart"} == set(PROGRAMS)


@pytest.mark.parametrize("language", LANGUAGES)
def test_basic_usage(tenant: Tenant, language: str) -> None:
    # Twice: the knowledge base is loaded once, however often the example runs.
    for _ in range(2):
        printed = tenant.run(*command(language, "basic_usage"))
        assert "Forgot password" in printed
        assert re.search(r"Tokens: \d+, for \$0\.\d+", printed)
        assert re.search(r"Left: +9\d\d,?\d{3} of 1,?000,?000 tokens", printed)
    documents = len(list((EXAMPLES / "knowledge").glob("*.md")))
    assert tenant.run(*command(language, "streaming"), "How do I get my data out?").count("search_kb") == 1
    assert count_documents(tenant) == documents


def count_documents(tenant: Tenant) -> int:
    script = "import agent_platform as a; print(len(a.SyncAgentPlatformClient().list_documents(limit=100)['data']))"
    return int(tenant.run(command("Python", "streaming")[0], "-c", script))


@pytest.mark.parametrize("language", LANGUAGES)
def test_streaming(tenant: Tenant, language: str) -> None:
    printed = tenant.run(*command(language, "streaming"), "How tall is Mount Everest?")
    # Nothing is in the knowledge base: the answer says so.
    assert "Mount Everest" in printed
    assert "found nothing" in printed
    assert re.search(r"\[\d+ tokens in \d+ ms\]", printed)


@pytest.mark.parametrize("language", LANGUAGES)
def test_error_handling(server: LocalServer, tenant: Tenant, language: str) -> None:
    printed = tenant.run(*command(language, "error_handling"))
    assert re.search(r"404.*agent-nobody", printed)
    assert re.search(r"422[^$]*/(tools/0|name)", printed)
    assert "Execute an agent: done" in printed

    server.set_quota(tenant.tenant_id, max_requests_per_hour=0)
    assert "Execute an agent: 429" in tenant.run(*command(language, "error_handling"))


def test_an_example_without_a_server_says_so() -> None:
    nowhere = Tenant("nobody", "pk_live_nobody", "http://127.0.0.1:9")
    for language in LANGUAGES:
        printed = nowhere.run(*command(language, "error_handling"))
        assert "Execute an agent" in printed, language


def test_curl_quickstart(tenant: Tenant) -> None:
    printed = tenant.run("bash", str(EXAMPLES / "curl" / "quickstart.sh"), "owner@curl.example")
    answer = next(json.loads(line) for line in printed.splitlines() if line.startswith('{"execution_id"'))
    assert "Forgot password" in answer["message"]
    events = re.findall(r"^event: (.*)$", printed, re.MULTILINE)
    assert events[0] == "execution.started"
    assert events[-1] == "execution.completed"
    assert json.loads(printed.splitlines()[-1])["usage"]["tokens_this_month"] > answer["tokens_used"]
