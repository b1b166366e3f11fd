"""What the API answers and takes: plain dicts, typed. For type checkers; nothing of it is needed to make a call."""

from ._types import *  # noqa: F403
from ._types import __all__ as __all__
