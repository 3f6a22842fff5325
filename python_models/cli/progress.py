"""What a verb that takes more than two seconds shows meanwhile."""

from __future__ import annotations

from rich.console import Console
from rich.status import Status


def working(title: str) -> Status:
    """A line on the terminal while a `with` block runs; nothing where there is no terminal."""
    return Console(stderr=True).status(title)
