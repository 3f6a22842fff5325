"""Weights that give the shares of a population."""

from .raked_samples import raked_weights
from .raking import Raked, RakingMargin, rake, rake_within, trim

__all__ = ["Raked", "RakingMargin", "rake", "rake_within", "raked_weights", "trim"]
