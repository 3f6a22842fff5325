"""What a codebook says: entry by entry as it stands there, and by the columns of the wave file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class LabelEntry:
    """The label of a column, or of one of its codes. `variable`: what the column is called there; `where`: in which line, row
    or sheet, in words."""

    variable: str
    code: str | None
    label: str
    where: str


@dataclass(frozen=True)
class ColumnLabels:
    """The label of a column of the wave file, '' without one, and code -> label."""

    label: str = ""
    codes: Mapping[str, str] = field(default_factory=dict)
