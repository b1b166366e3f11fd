"""Lists: the walk through all pages."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator
    from typing import Any

    from ._native import NativeClient, _Options


async def through_pages(
    native: NativeClient, operation: str, required: dict[str, Any], optional: dict[str, Any], options: _Options
) -> AsyncIterator[Any]:
    """Yields the items of every page, fetching the next page when the last one is used up."""
    more = True
    while more:
        page = await native.call(operation, required, optional, options)
        for item in page["data"]:
            yield item
        more = _turn(page, optional)


def through_pages_blocking(
    native: NativeClient, operation: str, required: dict[str, Any], optional: dict[str, Any], options: _Options
) -> Iterator[Any]:
    """The same for blocking code."""
    more = True
    while more:
        page = native.call_blocking(operation, required, optional, options)
        yield from page["data"]
        more = _turn(page, optional)


def _turn(page: dict[str, Any], optional: dict[str, Any]) -> bool:
    optional["cursor"] = cursor = page.get("next_cursor")
    # A page that says "more" without saying where would be fetched for ever.
    return page["has_more"] is True and cursor is not None
