"""Ordered logit and probit models: estimates, covariances, tests and effects. A library that imports nothing of ours."""

from __future__ import annotations

from typing import Any

from .regression_error import RegressionError

__all__ = ["OrdinalModel", "RegressionError"]


def __getattr__(name: str) -> Any:
    # statsmodels takes seconds to import, which a build that has all its fits cached need not wait for.
    if name == "OrdinalModel":
        from .ordinal_model import OrdinalModel

        return OrdinalModel
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
