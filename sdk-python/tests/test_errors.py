"""The tree of errors."""

from __future__ import annotations

import copy
import pickle
import traceback

import pytest
from scripted_server import Reply, ScriptedServer, unused_port

import agent_platform
from agent_platform import (
    AgentPlatformClient,
    AgentPlatformError,
    APIConnectionError,
    APIStatusError,
    APITimeoutError,
    QuotaExceededError,
    RateLimitError,
    StreamInterruptedError,
    SyncAgentPlatformClient,
    UnprocessableEntityError,
)

KEY = "pk_live_0123456789_thesecretpart"


@pytest.mark.parametrize(
    ("status", "code", "name"),
    [
        (400, "malformed", "BadRequestError"),
        (401, "unauthorized", "AuthenticationError"),
        (403, "forbidden", "PermissionDeniedError"),
        (404, "not_found", "NotFoundError"),
        (405, "method", "APIStatusError"),
        (409, "conflict", "ConflictError"),
        (422, "invalid", "UnprocessableEntityError"),
        (429, "slow_down", "RateLimitError"),
        (429, "rate_limited", "QuotaExceededError"),
        (429, "quota_exceeded", "QuotaExceededError"),
        (500, "internal", "InternalServerError"),
        (503, "overloaded", "InternalServerError"),
    ],
)
def test_each_status_has_its_class(
    server: ScriptedServer, sync_client: SyncAgentPlatformClient, status: int, code: str, name: str
) -> None:
    server.reply(
        Reply.problem(status, code, "it is so", headers={"x-request-id": "req-1", "retry-after": "7"}, quota="q")
    )
    with pytest.raises(AgentPlatformError) as raised:
        sync_client.get_usage()
    error = raised.value
    assert type(error) is getattr(agent_platform, name)
    assert isinstance(error, APIStatusError)
    assert (error.status_code, error.code, error.detail, error.request_id) == (status, code, "it is so", "req-1")
    assert error.retry_after == 7.0
    assert error.body["quota"] == "q"
    assert "it is so" in str(error)
    assert "req-1" in str(error)


def test_a_429_is_a_rate_limit_whatever_its_quota() -> None:
    assert issubclass(QuotaExceededError, RateLimitError)
    assert issubclass(APITimeoutError, APIConnectionError)


def test_a_422_names_the_fields(server: ScriptedServer, sync_client: SyncAgentPlatformClient) -> None:
    errors = [{"pointer": "/tools/0", "detail": "unknown tool"}]
    server.reply(Reply.problem(422, "invalid", "no such tool", errors=errors))
    with pytest.raises(UnprocessableEntityError) as raised:
        sync_client.get_usage()
    assert raised.value.body["errors"] == errors


def test_an_error_that_is_no_problem_document(server: ScriptedServer, sync_client: SyncAgentPlatformClient) -> None:
    server.reply(Reply(502, {"content-type": "text/html", "content-length": "9"}, [b"<h1>502</"]))
    with pytest.raises(APIStatusError) as raised:
        sync_client.get_usage()
    assert raised.value.status_code == 502
    assert raised.value.code is None
    assert raised.value.body == "<h1>502</"


def test_no_connection() -> None:
    url = f"http://127.0.0.1:{unused_port()}"
    client = SyncAgentPlatformClient(api_key=KEY, base_url=url, max_retries=0)
    with pytest.raises(APIConnectionError, match="no connection to"):
        client.get_usage()


def test_a_time_out(server: ScriptedServer, sync_client: SyncAgentPlatformClient) -> None:
    head = {"content-type": "application/json", "content-length": "100"}

    def slow() -> object:
        server.gone.wait(10)
        yield b"{"

    server.reply(lambda _: Reply(200, head, slow()))  # type: ignore[arg-type]
    with pytest.raises(APITimeoutError):
        sync_client.get_usage(timeout=0.05)
    for wrong in (0, -1, float("nan")):
        with pytest.raises(ValueError, match="timeout"):
            sync_client.get_usage(timeout=wrong)


def test_a_failure_is_tried_again(server: ScriptedServer) -> None:
    server.reply(
        Reply.problem(503, "overloaded", "later", headers={"retry-after-ms": "1"}), Reply.json({"tenant_id": "acme"})
    )
    client = SyncAgentPlatformClient(api_key=KEY, base_url=server.url)
    assert client.get_usage()["tenant_id"] == "acme"
    assert len(server.requests) == 2


def test_errors_survive_pickling_and_copying(server: ScriptedServer, sync_client: SyncAgentPlatformClient) -> None:
    server.reply(Reply.problem(429, "quota_exceeded", "used up", headers={"retry-after": "3"}, quota="max_tokens"))
    with pytest.raises(QuotaExceededError) as raised:
        sync_client.get_usage()
    cut = StreamInterruptedError("cut", partial_text="Hel", last_event_id="7", request_id="req-1")
    for error in (raised.value, cut, AgentPlatformError("plain")):
        for again in (pickle.loads(pickle.dumps(error)), copy.copy(error), copy.deepcopy(error)):
            assert type(again) is type(error)
            assert str(again) == str(error)
            assert again.args == error.args
            assert vars(again) == vars(error)


def test_the_key_is_never_shown(server: ScriptedServer, sync_client: SyncAgentPlatformClient) -> None:
    server.reply(Reply.problem(401, "unauthorized", "no such key"))
    with pytest.raises(AgentPlatformError) as raised:
        sync_client.get_usage()
    shown = [
        repr(sync_client),
        str(sync_client),
        repr(AgentPlatformClient(api_key=KEY)),
        repr(raised.value),
        repr(vars(raised.value)),
        "".join(traceback.format_exception(raised.value)),
    ]
    for text in shown:
        assert "thesecretpart" not in text
    assert "base_url=" in repr(sync_client)
    with pytest.raises(TypeError, match="pickle"):
        pickle.dumps(sync_client)


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ({"base_url": "no url"}, "base URL"),
        ({"api_key": "a\nb"}, "key"),
        ({"proxy": "::"}, "proxy"),
        ({"ca_bundle": "/no/such/file.pem"}, "file.pem"),
    ],
)
def test_a_setting_that_is_not_usable_is_named(setting: dict[str, str], message: str) -> None:
    with pytest.raises(AgentPlatformError, match=message):
        SyncAgentPlatformClient(**{"api_key": KEY, **setting})  # type: ignore[arg-type]
