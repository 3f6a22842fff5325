"""What a column of a model's matrix is."""

from __future__ import annotations

from dataclasses import dataclass

BETWEEN_PARTS = ":"


@dataclass(frozen=True)
class MatrixColumn:
    """A coefficient: a numeric term (category_id None), one level of a categorical term, or the product of such columns
    (`parts`), whose term, level and reference are theirs with colons between."""

    term: str
    category_id: str | None = None
    reference_category: str | None = None
    parts: tuple[MatrixColumn, ...] = ()

    @classmethod
    def product(cls, *parts: MatrixColumn) -> MatrixColumn:
        """The interaction of columns; a numeric one has no level to name."""
        levels, references = (
            BETWEEN_PARTS.join(str(getattr(part, name)) for part in parts if part.category_id is not None)
            for name in ("category_id", "reference_category")
        )
        return cls(
            BETWEEN_PARTS.join(part.term for part in parts), levels or None, references or None, tuple(parts)
        )

    @property
    def name(self) -> str:
        """`term`, `term=level`, or the names of the parts with a colon between."""
        if self.parts:
            return BETWEEN_PARTS.join(part.name for part in self.parts)
        return self.term if self.category_id is None else f"{self.term}={self.category_id}"
