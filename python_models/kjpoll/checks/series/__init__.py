"""Which columns contradict the series of their own question: swapped, reversed, shifted."""

from .findings import series_findings

__all__ = ["series_findings"]
