"""Ordinal regression models: engine, inference, and the stage that fits the seeds' models."""

from __future__ import annotations

from typing import Any

from .errors import RegressionError
from .stage import fit_models, run_stage

__all__ = ["OrdinalModel", "RegressionError", "fit_models", "run_stage"]


def __getattr__(name: str) -> Any:
    # statsmodels takes seconds to import, which a build that keeps all its fits need not wait for.
    if name == "OrdinalModel":
        from .ordinal import OrdinalModel

        return OrdinalModel
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
