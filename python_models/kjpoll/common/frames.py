"""Frames of pandas."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, cast

import pandas as pd


def rows(frame: pd.DataFrame) -> Iterator[Any]:
    """The rows with the columns as attributes, each of whatever type its column holds."""
    return iter(frame.itertuples())


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows as dictionaries."""
    return cast("list[dict[str, Any]]", frame.to_dict("records"))
