"""What a column of a model's matrix is."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class MatrixColumn:
    """A coefficient: a numeric term (category_id None) or one level of a categorical term."""

    term: str
    category_id: str | None = None
    reference_category: str | None = None

    @property
    def name(self) -> str:
        return self.term if self.category_id is None else f"{self.term}={self.category_id}"
