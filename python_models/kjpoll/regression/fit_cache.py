"""Cache what was computed from a fit, so that a build fits only the models whose input or specification changed."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from kjpoll.common.file_hash import Engine
from kjpoll.common.json_cache import read_cache, write_cache
from kjpoll.ordinal import RegressionError
from kjpoll.ordinal.newton import NotConverged

from .design import Design, build_design
from .fit import fit_design
from .model_answers import Answers, MissingRows
from .specification import Specification

if TYPE_CHECKING:
    from statsmodels.miscmodels.ordinal_model import OrderedResultsWrapper

    from kjpoll.ordinal.nominal import NominalResults

Rows = list[dict[str, Any]]
FILE = "fits.json"
# What decides a fit but its specification and its answers.
ENGINE = Engine(
    ("kjpoll.regression", "kjpoll.ordinal", "kjpoll.common"), ("numpy", "pandas", "scipy", "statsmodels")
)
ERROR = "error"
ERRORS = {error.__name__: error for error in (RegressionError, MissingRows, NotConverged)}


class CachedFit:
    """One fit by its parts (rows without the model's name). Reads answers and fits only when a part is asked for
    that was not cached."""

    def __init__(self, spec: Specification, answers: Answers, parts: dict[str, Rows]) -> None:
        self._spec, self._answers, self.parts = spec, answers, parts

    @cached_property
    def design(self) -> Design:
        """See build_design."""
        return build_design(self._spec, self._answers)

    @cached_property
    def results(self) -> OrderedResultsWrapper | NominalResults:
        """See fit_design."""
        return fit_design(self._spec, self.design)

    def part(self, name: str, rows_of: Callable[[Any], Rows]) -> Rows:
        """The rows of one part: cached ones, or those that `rows_of` makes of the results."""
        if name not in self.parts:
            self.parts[name] = rows_of(self.results)
        return self.parts[name]


class FitCache:
    """The fits of the last build and of this one, by all that decides them: specification, data, code, libraries.

    folder: where they are cached; None caches nothing. What cannot be read there is as good as absent.
    Of a model that could not be fitted the error is cached.
    """

    def __init__(self, folder: str | Path | None) -> None:
        self._path = None if folder is None else Path(folder) / FILE
        self._before: dict[str, dict[str, Rows]] = read_cache(self._path)
        self._now: dict[str, CachedFit] = {}

    def fit(self, spec: Specification, answers: Answers) -> CachedFit:
        """The cached fit, or a new one. Raises RegressionError as build_design and fit_design do."""
        key = fingerprint(spec, answers)
        if key not in self._now:
            self._now[key] = fit = CachedFit(spec, answers, self._before.get(key, {}))
            if key not in self._before:
                # An error of the fit has to come here, where its model is known.
                try:
                    fit.results  # noqa: B018
                except RegressionError as error:
                    fit.parts[ERROR] = [
                        {
                            "kind": type(error).__name__,
                            "problem": error.problem,
                            "term": error.term,
                            "level": error.level,
                        }
                    ]
                    raise
        for failed in self._now[key].parts.get(ERROR, ()):
            raise ERRORS[failed["kind"]](
                failed["problem"], model=spec.model_id, term=failed["term"], level=failed["level"]
            )
        return self._now[key]

    def save(self) -> None:
        """Cache the fits of this build in place of those before. Raises OSError where they cannot be written."""
        write_cache(self._path, {key: fit.parts for key, fit in self._now.items()}, _plain)


def fingerprint(spec: Specification, answers: Answers) -> str:
    """SHA-256 of all that decides a fit: specification, answers, code and libraries."""
    return ENGINE.key(spec.spec_hash, answers.decisive(spec))


def _plain(value: Any) -> Any:
    """numpy's and pandas' scalars as Python's, whose text gives the same number back."""
    return None if value is pd.NA else value.item()
