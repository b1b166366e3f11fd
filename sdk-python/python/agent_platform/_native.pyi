"""The native module. Its streams and `OMIT` are exported by the package; the rest is not for direct use."""

from collections.abc import AsyncIterator, Awaitable, Coroutine, Iterator, Mapping
from os import PathLike
from types import GenericAlias, TracebackType
from typing import Any, Final, Generic, TypeAlias, TypeVar, final

__all__ = ["OMIT", "AsyncStream", "NativeClient", "Omit", "Stream", "__version__"]

_Event = TypeVar("_Event")
_Response = TypeVar("_Response")

__version__: Final[str]

@final
class Omit:
    """The type of `OMIT`."""

    def __bool__(self) -> bool: ...

OMIT: Final[Omit]
"""The default of an argument that can also be `None`: left out of the request."""

_Options: TypeAlias = tuple[
    float | Omit | None, int | None, Mapping[str, str] | None, Mapping[str, str] | None, str | None
]
"""timeout, max_retries, extra_headers, extra_query, idempotency_key"""

@final
class NativeClient:
    def __new__(
        cls,
        api_key: str | None,
        base_url: str | None,
        timeout: float | Omit | None,
        max_retries: int | None,
        default_headers: Mapping[str, str] | None,
        proxy: str | None,
        ca_bundle: str | PathLike[str] | None,
        user_agent: str,
    ) -> NativeClient: ...
    @property
    def base_url(self) -> str: ...
    def call(
        self, operation: str, required: dict[str, Any], optional: dict[str, Any], options: _Options
    ) -> Coroutine[Any, Any, Any]: ...
    def call_blocking(
        self, operation: str, required: dict[str, Any], optional: dict[str, Any], options: _Options
    ) -> Any: ...
    def stream(
        self, operation: str, required: dict[str, Any], optional: dict[str, Any], options: _Options
    ) -> AsyncStream[Any, Any]: ...
    def stream_blocking(
        self, operation: str, required: dict[str, Any], optional: dict[str, Any], options: _Options
    ) -> Stream[Any, Any]: ...
    def close(self) -> None: ...

@final
class AsyncStream(Generic[_Event, _Response]):
    """The events of a streamed execution, for asyncio.

    Use it as a context manager, so that leaving closes the connection, and iterate over it for the events, or over
    `text_stream` for the text alone.
    """

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
