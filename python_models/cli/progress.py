"""What a verb that takes more than two seconds shows meanwhile."""

from __future__ import annotations

from rich.console import Console
from rich.status import Status


def working(title: str) -> Status:
    """A line on the terminal while something is done, to be used with `with`; silent where there is no terminal."""
    return Console(stderr=True).status(title)
