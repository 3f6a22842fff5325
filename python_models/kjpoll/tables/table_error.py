"""The one error that the tables raise."""

from __future__ import annotations


class TableError(ValueError):
    """A table cannot be rendered; the message names the file or the name at fault and what to do."""
