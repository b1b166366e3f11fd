"""What both clients share: how they are set up and closed."""

from __future__ import annotations

import sys

from ._native import OMIT, NativeClient

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from os import PathLike
    from types import TracebackType
    from typing import TypeVar

    from ._native import Omit

    AsyncSelf = TypeVar("AsyncSelf", bound="AsyncBaseClient")
    SyncSelf = TypeVar("SyncSelf", bound="SyncBaseClient")

_USER_AGENT = f"{sys.implementation.name}/{sys.version_info.major}.{sys.version_info.minor}"


class BaseClient:
    """A connection pool to one server with one key. Make one and keep it, for many tasks and threads."""

    __slots__ = ("__weakref__", "_native")

    def __init__(
        self,
        *,
        api_key: str | None = None,
        base_url: str | None = None,
        timeout: float | Omit | None = OMIT,
        max_retries: int | None = None,
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
            default_headers: Sent with every request.
            proxy: `http://user:password@proxy:3128`. Otherwise the system's settings hold, such as `HTTPS_PROXY`.
            ca_bundle: A PEM file of certificate authorities to trust beside those of the system.

        Raises:
            AgentPlatformError: A setting is not usable; the message names it.
        """
        self._native = NativeClient(
            api_key, base_url, timeout, max_retries, default_headers, proxy, ca_bundle, _USER_AGENT
        )

    def __repr__(self) -> str:
        return f"{type(self).__name__}(base_url={self._native.base_url!r})"


class AsyncBaseClient(BaseClient):
    """Closing, for asyncio."""

    __slots__ = ()

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

    def close(self) -> None:
        """Closes the connections. Calls under way end as they would have; new ones are refused."""
        self._native.close()

    def __enter__(self: SyncSelf) -> SyncSelf:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._native.close()
