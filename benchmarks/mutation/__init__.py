"""Random single corruptions of the wave files and the seeds, and what the gate makes of each."""

from benchmarks.mutation import cells, columns, files, records, seed_meaning, seeds
from benchmarks.mutation.case import KINDS

__all__ = ["KINDS", "cells", "columns", "files", "records", "seed_meaning", "seeds"]
