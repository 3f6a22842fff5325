"""Which columns contradict the series of their own question: swapped, reversed, shifted."""

from .diagnosis import Diagnosis, diagnose

__all__ = ["Diagnosis", "diagnose"]
