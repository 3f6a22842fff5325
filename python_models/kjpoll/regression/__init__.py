"""The stage that fits the seeds' ordinal regression models: designs, fits and rows for the warehouse."""

from kjpoll.ordinal import RegressionError

from .stage import run_stage

__all__ = ["RegressionError", "run_stage"]
