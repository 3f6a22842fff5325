"""What one build keeps for the next in a file of JSON; without it the next one only takes longer."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any


def read_kept(path: Path) -> dict[str, Any]:
    """What is kept there; nothing where there is no such file, or it cannot be read."""
    try:
        return dict(json.loads(path.read_text(encoding="utf-8")))
    except (FileNotFoundError, TypeError, ValueError):
        return {}


def write_kept(path: Path, content: dict[str, Any], default: Callable[[Any], Any] | None = None) -> None:
    """Replace what is kept in one step. default: as of json.dumps. Raises OSError where it cannot be written."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    try:
        temporary.write_text(json.dumps(content, default=default), encoding="utf-8")
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)
