"""What one run caches for the next in a file of JSON; without it the next one only takes longer."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from .atomic_file import replacing


def read_cache(path: Path | None) -> dict[str, Any]:
    """What is cached there; nothing without a path, where there is no such file, or where it cannot be read."""
    if path is None:
        return {}
    try:
        return dict(json.loads(path.read_bytes()))
    except (OSError, TypeError, ValueError):
        return {}


def write_cache(
    path: Path | None, content: dict[str, Any], default: Callable[[Any], Any] | None = None
) -> None:
    """Replace what is cached in one step; without a path, do nothing. default: as of json.dumps. Raises OSError."""
    if path is None:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    with replacing(path) as temporary:
        temporary.write_text(json.dumps(content, default=default), encoding="utf-8")
