"""What a verb that takes more than two seconds shows meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.status import Status


def working(title: str) -> Status:
    """A line on the terminal while a `with` block runs; nothing where there is no terminal."""
    from rich.console import Console

    return Console(stderr=True).status(title)


def paused(status: Status, ask: Callable[..., str]) -> Callable[..., str]:
    """A question to the person at the terminal, with the line away until it is answered."""

    @wraps(ask)
    def asking(*question: object) -> str:
        status.stop()
        try:
            return ask(*question)
        finally:
            status.start()

    return asking
