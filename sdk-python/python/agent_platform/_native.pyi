"""The native module. Its streams and `OMIT` are exported by the package; the rest is not for direct use."""

from collections.abc import AsyncIterator, Awaitable, Coroutine, Iterator, Mapping, Sequence
from os import PathLike
from types import GenericAlias, TracebackType
from typing import Any, Final, Generic, TypedDict, TypeVar, final

from ._headers import Headers
from ._options import Options

__all__ = ["OMIT", "AsyncStream", "NativeClient", "Omit", "RawResponse", "Stream", "__version__", "run_cli"]

_Event = TypeVar("_Event")
_Response = TypeVar("_Response")
_Answer_co = TypeVar("_Answer_co", covariant=True)

__version__: Final[str]

@final
class Omit:
    """The type of `OMIT`."""

    def __bool__(self) -> bool: ...

def run_cli(arguments: Sequence[str]) -> int:
    """Runs the command line and returns its exit status. It writes to the process's streams, not to `sys.stdout`."""

OMIT: Final[Omit]
"""The default of an argument that can also be `None`: left out of the request."""

class _Settings(TypedDict):
    api_key: str | None
    base_url: str | None
    timeout: float | Omit | None
    max_retries: int | None
    retry_budget: bool
    default_headers: Mapping[str, str] | None
    proxy: str | None
    ca_bundle: str | PathLike[str] | None
    user_agent: str

@final
class NativeClient:
    """A connection pool to one server with one key, behind both Python clients."""

    def __new__(cls, settings: _Settings, *, blocking: bool, record_delays: bool = False) -> NativeClient: ...
    @property
    def base_url(self) -> str: ...
    def call(self, operation: str, required: dict[str, Any], optional: dict[str, Any], options: Options) -> Any:
        """Makes a call: its awaitable or, for blocking code, its answer."""
    def stream(self, operation: str, required: dict[str, Any], optional: dict[str, Any], options: Options) -> Any:
        """A stream, opened when it is entered or first read."""
    def with_options(self, options: Options) -> NativeClient:
        """The same connections with other options for the calls made through it."""
    def with_raw_response(self) -> NativeClient:
        """The same connections, whose answers come with status and headers."""
    def close(self) -> None: ...
    def delays(self) -> list[float]:
        """The milliseconds that were to be waited between attempts, where `record_delays` has them kept instead."""

@final
class RawResponse(Generic[_Answer_co]):
    """An answer with what came beside its body. `with_raw_response` gives these."""

    @property
    def status_code(self) -> int:
        """The HTTP status."""
    @property
    def headers(self) -> Headers:
        """The headers; their names may be asked for in any case."""
    @property
    def request_id(self) -> str | None:
        """The request's id, to be named when asking the operator."""
    @property
    def retries_taken(self) -> int:
        """How many attempts failed before this answer."""
    @property
    def content(self) -> bytes:
        """The body as it came."""
    def parse(self) -> _Answer_co:
        """What the call itself would have answered."""
    def __class_getitem__(cls, item: Any) -> GenericAlias: ...

@final
class AsyncStream(Generic[_Event, _Response]):
    """The events of a streamed execution, for asyncio.

    Use it as a context manager, so that leaving closes the connection, and iterate over it for the events, or over
    `text_stream` for the text alone.
    """

    @property
    def status_code(self) -> int:
        """The HTTP status."""
    @property
    def headers(self) -> Headers:
        """The headers; their names may be asked for in any case."""
    @property
    def request_id(self) -> str | None:
        """The request's id, to be named when asking the operator."""
    @property
    def retries_taken(self) -> int:
        """How many attempts failed before this answer."""
    @property
    def text_stream(self) -> AsyncIterator[str]:
        """Only what the agent says, piece by piece. Raises what the execution failed with."""
    def get_final_response(self) -> Coroutine[Any, Any, _Response]:
        """Reads what is left, and returns the final response. Raises what the execution failed with."""
    def aclose(self) -> Coroutine[Any, Any, None]:
        """Closes the connection. Whether the execution goes on is said by `on_disconnect`."""
    def __aiter__(self) -> AsyncIterator[_Event]: ...
    def __anext__(self) -> Awaitable[_Event]: ...
    def __aenter__(self) -> Coroutine[Any, Any, AsyncStream[_Event, _Response]]: ...
    def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> Coroutine[Any, Any, None]: ...
    def __class_getitem__(cls, item: Any) -> GenericAlias: ...

@final
class Stream(Generic[_Event, _Response]):
    """The events of a streamed execution, for blocking code.

    Use it as a context manager, so that leaving closes the connection, and iterate over it for the events, or over
    `text_stream` for the text alone.
    """

    @property
    def status_code(self) -> int:
        """The HTTP status."""
    @property
    def headers(self) -> Headers:
        """The headers; their names may be asked for in any case."""
    @property
    def request_id(self) -> str | None:
        """The request's id, to be named when asking the operator."""
    @property
    def retries_taken(self) -> int:
        """How many attempts failed before this answer."""
    @property
    def text_stream(self) -> Iterator[str]:
        """Only what the agent says, piece by piece. Raises what the execution failed with."""
    def get_final_response(self) -> _Response:
        """Reads what is left, and returns the final response. Raises what the execution failed with."""
    def close(self) -> None:
        """Closes the connection. Whether the execution goes on is said by `on_disconnect`."""
    def __iter__(self) -> Iterator[_Event]: ...
    def __next__(self) -> _Event: ...
    def __enter__(self) -> Stream[_Event, _Response]: ...
    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None: ...
    def __class_getitem__(cls, item: Any) -> GenericAlias: ...
