"""What a verb that takes more than two seconds shows meanwhile."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.status import Status


def working(title: str) -> Status:
    """A line on the terminal while a `with` block runs; nothing where there is no terminal."""
    from rich.console import Console

    return Console(stderr=True).status(title)
