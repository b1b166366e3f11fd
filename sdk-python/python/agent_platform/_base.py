"""What both clients share: how they are set up and closed."""

from __future__ import annotations

import sys

from ._native import OMIT, NativeClient

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from os import PathLike
    from types import TracebackType
    from typing import ClassVar, NoReturn, TypeVar

    from ._native import Omit

    AnySelf = TypeVar("AnySelf", bound="BaseClient")
    AsyncSelf = TypeVar("AsyncSelf", bound="AsyncBaseClient")
    SyncSelf = TypeVar("SyncSelf", bound="SyncBaseClient")

_USER_AGENT = f"{sys.implementation.name}/{sys.version_info.major}.{sys.version_info.minor}"


class BaseClient:
    """A connection pool to one server with one key. Make one and keep it, for many tasks and threads."""

    __slots__ = ("__weakref__", "_native")

    _native: NativeClient
    _blocking: ClassVar[bool]

    def __init__(
        self,
        *,
        api_key: str | None = None,
        base_url: str | None = None,
        timeout: float | Omit | None = OMIT,
        max_retries: int | None = None,
        retry_budget: bool = True,
        default_headers: Mapping[str, str] | None = None,
        proxy: str | None = None,
        ca_bundle: str | PathLike[str] | None = None,
    ) -> None:
        """Sets up the client; nothing is sent yet.

        Args:
            api_key: `pk_live_...` or `pk_test_...`. Otherwise `AGENT_PLATFORM_API_KEY` is read; signing up needs none.
            base_url: Where the server is. Otherwise `AGENT_PLATFORM_BASE_URL`, otherwise `http://localhost:8000`.
            timeout: Seconds that one attempt may take, and that a stream may be silent; `None` means no limit.
                Otherwise 60 for calls, 600 for executions, 120 of silence for streams.
            max_retries: How many times a failed attempt is repeated; 2 by default, 0 means never.
            retry_budget: Whether retries end when, over all calls of this client, too many were needed of late.
            default_headers: Sent with every request.
            proxy: `http://user:password@proxy:3128`. Otherwise the system's settings hold, such as `HTTPS_PROXY`.
            ca_bundle: A PEM file of certificate authorities to trust beside those of the system.

        Raises:
            AgentPlatformError: A setting is not usable; the message names it.
            TypeError: A setting is of the wrong type.
        """
        self._native = NativeClient(
            {
                "api_key": api_key,
                "base_url": base_url,
                "timeout": timeout,
                "max_retries": max_retries,
                "retry_budget": retry_budget,
                "default_headers": default_headers,
                "proxy": proxy,
                "ca_bundle": ca_bundle,
                "user_agent": _USER_AGENT,
            },
            blocking=self._blocking,
        )

    def with_options(
        self: AnySelf,
        *,
        timeout: float | Omit | None = OMIT,
        max_retries: int | None = None,
        extra_headers: Mapping[str, str] | None = None,
        extra_query: Mapping[str, str] | None = None,
    ) -> AnySelf:
        """The same client with other options for the calls made through it; what a call says itself holds over them.

        Both share their connections: closing one closes the other.

        Args:
            timeout: Seconds that one attempt may take, and that a stream may be silent; `None` means no limit.
            max_retries: How many times a failed attempt is repeated; 0 means never.
            extra_headers: Sent with every request, in place of those of the same name.
            extra_query: Added to the query of every request.

        Raises:
            TypeError: An option is of the wrong type.
            ValueError: An option is out of its range.

        Example:
            patient = client.with_options(timeout=None, max_retries=5)
        """
        other = type(self).__new__(type(self))
        # Of a subclass that has some; these classes themselves have none.
        getattr(other, "__dict__", {}).update(getattr(self, "__dict__", {}))
        other._native = self._native.with_options((timeout, max_retries, extra_headers, extra_query, None))
        return other

    def __repr__(self) -> str:
        return f"{type(self).__name__}(base_url={self._native.base_url!r})"


class AsyncBaseClient(BaseClient):
    """Closing, for asyncio."""

    __slots__ = ()

    _blocking = False

    if not TYPE_CHECKING:

        def __enter__(self) -> NoReturn:
            raise TypeError(f"{type(self).__name__} is for asyncio: write 'async with', or use SyncAgentPlatformClient")

        def __exit__(self, *_: object) -> None:
            """Never reached: Python asks whether it is there before it enters."""

    async def aclose(self) -> None:
        """Closes the connections. Calls under way end as they would have; new ones are refused."""
        self._native.close()

    async def __aenter__(self: AsyncSelf) -> AsyncSelf:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._native.close()


class SyncBaseClient(BaseClient):
    """Closing, for blocking code."""

    __slots__ = ()

    _blocking = True

    if not TYPE_CHECKING:

        async def __aenter__(self) -> NoReturn:
            raise TypeError(f"{type(self).__name__} is for blocking code: write 'with', or use AgentPlatformClient")

        async def __aexit__(self, *_: object) -> None:
            """Never reached: Python asks whether it is there before it enters."""

    def close(self) -> None:
        """Closes the connections. Calls under way end as they would have; new ones are refused."""
        self._native.close()

    def __enter__(self: SyncSelf) -> SyncSelf:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._native.close()


class RawBase:
    """The methods that answer with status and headers, over the connections of the client they are asked of."""

    __slots__ = ("_native",)

    def __init__(self, native: NativeClient) -> None:
        """For `with_raw_response` alone.

        Args:
            native: The connections.
        """
        self._native = native

    def __repr__(self) -> str:
        return f"{type(self).__name__}(base_url={self._native.base_url!r})"
