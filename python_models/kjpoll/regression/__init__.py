"""The stage that fits the seeds' ordinal regression models: designs, fits and rows for the warehouse."""

from kjpoll.ordinal import RegressionError

from .stage import fit_models, run_stage

__all__ = ["RegressionError", "fit_models", "run_stage"]
