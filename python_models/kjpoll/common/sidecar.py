"""The files that stand beside a wave file: JSON that says what it is, and labels from a codebook."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any


class SidecarError(ValueError):
    """A sidecar that cannot be read; the message says why, as 'its sidecar wave.csv.json is ...'."""


def sidecar_path(path: Path) -> Path:
    """Where the sidecar of a wave file stands."""
    return path.with_name(f"{path.name}.json")


def labels_path(path: Path) -> Path:
    """Where the labels stand that a codebook gives the columns and codes of a wave file."""
    return path.with_suffix(".labels.csv")


def read_sidecar(path: Path) -> dict[str, Any] | None:
    """What the sidecar of a wave file says; None where it has none. Raises SidecarError."""
    sidecar = sidecar_path(path)
    if not sidecar.exists():
        return None
    if not sidecar.is_file():
        # Whoever opens a pipe waits for a writer.
        raise SidecarError(f"its sidecar {sidecar.name} is not a regular file")
    try:
        content = json.loads(sidecar.read_text(encoding="utf-8"))
    except RecursionError as error:
        raise SidecarError(f"its sidecar {sidecar.name} is nested too deeply") from error
    except (OSError, ValueError) as error:
        raise SidecarError(f"its sidecar {sidecar.name} is not JSON ({error})") from error
    if not isinstance(content, dict):
        raise SidecarError(f"its sidecar {sidecar.name} is not a JSON object")
    return content
