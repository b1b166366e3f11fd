"""What can go wrong, as a tree of classes."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any


class AgentPlatformError(Exception):
    """Anything that this package raises of its own; also a client that is set up wrongly."""

    message: str
    """What went wrong, in a sentence."""
    code: str | None
    """The server's stable word for it, such as `rate_limited`."""
    detail: str | None
    """The server's explanation."""
    request_id: str | None
    """The request's id, to be named when asking the operator."""
    retry_after: float | None
    """How many seconds the server asks to wait before the call is tried again."""
    body: Any
    """The error's body: the problem document as a dict, or the text of an answer that is not JSON."""

    def __init__(
        self,
        message: str,
        *,
        code: str | None = None,
        detail: str | None = None,
        request_id: str | None = None,
        retry_after: float | None = None,
        body: Any = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.code = code
        self.detail = detail
        self.request_id = request_id
        self.retry_after = retry_after
        self.body = body

    def __reduce__(self) -> tuple[Callable[..., AgentPlatformError], tuple[Any, ...]]:
        # An exception is unpickled by calling its class with `args` alone, which leaves out the keywords.
        return _restore, (type(self), self.args, self.__dict__)


def _restore(cls: type[AgentPlatformError], args: tuple[object, ...], fields: dict[str, object]) -> AgentPlatformError:
    error = cls.__new__(cls, *args)
    error.__dict__.update(fields)
    return error


class APIConnectionError(AgentPlatformError):
    """No connection, or it broke before the answer was complete."""


class APITimeoutError(APIConnectionError):
    """No complete answer within the time-out."""


class StreamInterruptedError(APIConnectionError):
    """A stream was cut before its final event."""

    partial_text: str
    """What the agent had said by then."""
    last_event_id: str | None
    """The id of the last event that arrived."""

    def __init__(
        self, message: str, *, partial_text: str = "", last_event_id: str | None = None, **fields: Any
    ) -> None:
        super().__init__(message, **fields)
        self.partial_text = partial_text
        self.last_event_id = last_event_id


class APIStatusError(AgentPlatformError):
    """The server answered with an error status."""

    status_code: int
    """The HTTP status."""

    def __init__(self, message: str, *, status_code: int, **fields: Any) -> None:
        super().__init__(message, **fields)
        self.status_code = status_code


class BadRequestError(APIStatusError):
    """400: the request could not be read."""


class AuthenticationError(APIStatusError):
    """401: the API key is missing, wrong, expired or revoked."""


class PermissionDeniedError(APIStatusError):
    """403: the API key's scopes do not allow this."""


class NotFoundError(APIStatusError):
    """404: it does not exist, or not for this tenant."""


class ConflictError(APIStatusError):
    """409: it contradicts what is there."""


class UnprocessableEntityError(APIStatusError):
    """422: a field breaks a rule; `body["errors"]` names each, with a pointer."""


class RateLimitError(APIStatusError):
    """429: too much at once; `retry_after` says how long to wait."""


class QuotaExceededError(RateLimitError):
    """429: one of the tenant's quotas is used up; `body` has `quota`, `limit`, `used` and `resets_at`."""


class InternalServerError(APIStatusError):
    """500 and above: the server, or what it depends on, failed."""


def from_native(name: str, message: str, fields: dict[str, Any]) -> AgentPlatformError:
    """Builds the error that the client beneath this package names. A name that is not known here is a plain error."""
    cls: type[AgentPlatformError] = globals().get(name, AgentPlatformError)
    if not issubclass(cls, APIStatusError):
        fields.pop("status_code", None)
    if not issubclass(cls, StreamInterruptedError):
        fields.pop("partial_text", None)
        fields.pop("last_event_id", None)
    return cls(message, **fields)
