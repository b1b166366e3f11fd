"""The type of what every method passes on as its options. For type checkers alone."""

from __future__ import annotations

from collections.abc import Mapping

from ._native import Omit

Options = tuple[
    float | Omit | None,
    int | None,
    Mapping[str, str] | None,
    Mapping[str, str] | None,
    str | None,
]
"""timeout, max_retries, extra_headers, extra_query, idempotency_key"""
