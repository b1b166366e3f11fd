"""Lists: the walk through all pages."""

from __future__ import annotations

from ._errors import AgentPlatformError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator
    from typing import Any, NoReturn

    from ._native import NativeClient
    from ._options import Options


class AsyncPages:
    """The items of every page; the next page is fetched when the last one is used up."""

    __slots__ = ("_items", "_operation")

    def __init__(
        self,
        native: NativeClient,
        operation: str,
        required: dict[str, Any],
        optional: dict[str, Any],
        options: Options,
    ) -> None:
        """Prepares the walk; nothing is fetched yet.

        Args:
            native: The connections.
            operation: What fetches a page.
            required: Its arguments that are always sent.
            optional: Its arguments that may be left out.
            options: The options of each call.
        """
        self._operation = operation
        self._items = _walk(native, operation, required, optional, options)

    def __aiter__(self) -> AsyncIterator[Any]:
        return self._items

    async def __anext__(self) -> Any:
        return await self._items.__anext__()

    def __repr__(self) -> str:
        return f"<all items of {self._operation}()>"

    if not TYPE_CHECKING:

        def __iter__(self) -> NoReturn:
            raise TypeError(
                f"{self._operation}_all() is for asyncio: write 'async for', or use SyncAgentPlatformClient"
            )


async def _walk(
    native: NativeClient, operation: str, required: dict[str, Any], optional: dict[str, Any], options: Options
) -> AsyncIterator[Any]:
    more = True
    while more:
        page = await native.call(operation, required, optional, options)
        for item in _field(operation, page, "data", list):
            yield item
        more = _turn(operation, page, optional)


def pages(
    native: NativeClient, operation: str, required: dict[str, Any], optional: dict[str, Any], options: Options
) -> Iterator[Any]:
    """The items of every page, for blocking code."""
    more = True
    while more:
        page = native.call(operation, required, optional, options)
        yield from _field(operation, page, "data", list)
        more = _turn(operation, page, optional)


def _turn(operation: str, page: dict[str, Any], optional: dict[str, Any]) -> bool:
    if not _field(operation, page, "has_more", bool):
        return False
    cursor = page.get("next_cursor")
    # To end here would pass for the end of the list, and to go on would fetch the same page for ever.
    if cursor is None or cursor == optional.get("cursor"):
        raise AgentPlatformError(f"{operation}(): the server's answer says there is more, and not where")
    optional["cursor"] = cursor
    return True


def _field(operation: str, page: dict[str, Any] | list[Any] | None, name: str, kind: type) -> Any:
    # What answers may be something else than the API, such as a proxy.
    value: Any = page.get(name) if isinstance(page, dict) else None
    if not isinstance(value, kind):
        raise AgentPlatformError(f"{operation}(): the server's answer is no page of a list: it has no proper {name}")
    return value
