"""Errors that are meant for who runs a build, and not for who wrote the code."""

from __future__ import annotations

from types import TracebackType


class PlainError(Exception):
    """An error that is its message alone: dbt prints one of a Python model with its traceback, where it has any."""

    @property
    def __traceback__(self) -> TracebackType | None:
        return None

    @__traceback__.setter
    def __traceback__(self, traceback: TracebackType | None) -> None:
        """Python's own, which debuggers and tests get with the error, stays as it is."""
