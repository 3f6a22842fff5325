"""Ordinal regression models: engine, inference, and the stage that fits the seeds' models."""

from __future__ import annotations

from .errors import RegressionError
from .ordinal import OrdinalModel
from .stage import fit_models, run_stage

__all__ = ["OrdinalModel", "RegressionError", "fit_models", "run_stage"]
