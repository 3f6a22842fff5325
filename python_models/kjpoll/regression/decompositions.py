"""The change of a published model's outcome since an earlier wave, taken apart into composition and coefficients."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import pandas as pd

from kjpoll.ordinal import RegressionError

from .fit import fit_dropping
from .fit_cache import fingerprint
from .model_answers import Answers
from .result_rows import MODEL, TERM, Fitted
from .specification import Specification
from .specification_rows import SEEDS, text_of
from .variants import earlier_waves

SEED = "regression_decompositions"
# The columns that no other part of the stage has, with their types.
DECOMPOSITION = {
    "decomposition_id": "string",
    "component": "string",
    "reference": "string",
    "grouping": "string",
    "option_id": "string",
    "n_obs_earlier": "Int64",
}
# With those that it shares with other parts.
COLUMNS = DECOMPOSITION | {
    name: (MODEL | TERM)[name]
    for name in (
        "model_id",
        "term_position",
        "term",
        "formula",
        "left_out",
        "estimate",
        "std_error",
        "statistic",
        "p_value",
        "ci_low",
        "ci_high",
        "n_obs",
        "problem",
    )
}


class SpecificationFitter(Protocol):
    """What fits each model of a build, once."""

    @property
    def answers(self) -> Answers: ...

    def fit(self, spec: Specification) -> Fitted: ...


@dataclass(frozen=True)
class Decomposition:
    """A row of the seed: the model of the later wave, and the wave that it is compared with."""

    decomposition_id: str
    model_id: str
    earlier_wave: int


def read_decompositions(rows: pd.DataFrame, specifications: Sequence[Specification]) -> list[Decomposition]:
    """The rows of the seed, in order. Raises RegressionError, which names the decomposition, for a missing column, an
    id that is empty or stands twice, a model that is not published or is of several waves, and a wave that is not
    earlier than its own."""
    columns = [name for name in SEEDS[SEED].columns if name != "note"]
    if absent := [name for name in columns if name not in rows.columns]:
        raise RegressionError(f"seed {SEED} lacks the columns {', '.join(absent)}", model="(all)")
    published = {
        spec.model_id: spec
        for spec in specifications
        if spec.variant == "published" and spec.is_of_one_sample
    }
    read: list[Decomposition] = []
    for row in rows.to_dict("records"):
        name, model_id, wave = (text_of(row[column]) for column in columns)
        problem = None
        if name is None or name in {decomposition.decomposition_id for decomposition in read}:
            problem = "decomposition_id must be filled and unique"
        elif model_id not in published:
            problem = f"model_id is {model_id}; write a published model of one wave: {', '.join(published)}"
        elif wave is None or not wave.isdigit() or int(wave) >= published[model_id].first_wave:
            problem = f"earlier_wave is {wave}; write a wave before {published[model_id].first_wave}"
        if problem is not None or name is None or model_id is None or wave is None:
            raise RegressionError(f"seed {SEED}, decomposition {name}: {problem}", model=model_id or "(all)")
        read.append(Decomposition(name, model_id, int(wave)))
    return read


def decomposition_rows(
    decompositions: Sequence[Decomposition],
    specifications: Sequence[Specification],
    fitter: SpecificationFitter,
) -> list[dict]:
    """One row per decomposition, component, reference, term and option; keys as in COLUMNS. A
    decomposition that cannot be computed has a row with the problem alone."""
    by_id = {spec.model_id: spec for spec in specifications}
    rows = []
    for decomposition in decompositions:
        spec = by_id[decomposition.model_id]
        try:
            parts = _of_waves(spec, _earlier(spec, decomposition.earlier_wave, fitter.answers), fitter)
        except RegressionError as error:
            parts = [{"component": "change", "term_position": 1, "problem": str(error)}]
        named = {"decomposition_id": decomposition.decomposition_id, "model_id": spec.model_id}
        rows += [row | named for row in parts]
    return rows


def _earlier(spec: Specification, wave: int, answers: Answers) -> Specification:
    """What of the model can be fitted on the earlier wave. Raises RegressionError where nothing can."""
    for earlier in earlier_waves([spec], answers, {}):
        if earlier.first_wave == wave:
            return earlier
    raise RegressionError(
        f"no part of it was asked in {spec.series}-{wave}, or there is no such sample", model=spec.model_id
    )


def _of_waves(spec: Specification, earlier: Specification, fitter: SpecificationFitter) -> list[dict]:
    """Both waves on the terms that both asked and that can be estimated in the earlier one."""
    before, _ = fit_dropping(earlier, fitter.fit)
    shared = {term.question_id for term in before.spec.terms}
    later = replace(
        spec,
        terms=before.spec.terms,
        required=before.spec.required,
        left_out=tuple(term.question_id for term in spec.terms if term.question_id not in shared),
    )
    after = fitter.fit(later)
    # Computed from two fits: cached with the one, by all that decides the other.
    part = f"decomposition {fingerprint(before.spec, fitter.answers)}"
    rows = after.fit.part(part, lambda _: _rows(after, before, fitter.answers))
    described = {"formula": later.formula, "left_out": ", ".join(later.left_out) or None}
    return [row | described for row in rows]


def _rows(after: Fitted, before: Fitted, answers: Answers) -> list[dict]:
    from kjpoll.ordinal.decomposition import decompose

    designs = after.fit.design, before.fit.design
    levels = designs[0].levels
    options = [("category", level, [place]) for place, level in enumerate(levels)]
    nets: dict[str, list[int]] = {}
    for place, level in enumerate(levels):
        _, net = answers.categories.get((after.spec.outcome, level), (None, None))
        if net is not None:
            nets.setdefault(net, []).append(place)
    options += [("net", net, places) for net, places in nets.items()]
    if designs[0].columns != designs[1].columns or levels != designs[1].levels:
        names = [{column.name for column in design.columns} | set(design.levels) for design in designs]
        raise RegressionError(
            f"{', '.join(sorted(names[0] ^ names[1]))} is in one of {after.spec.place} and {before.spec.place} only, so "
            "that their models have other columns or answers; merge the category, or take the model without the term",
            model=after.spec.model_id,
        )
    frame = decompose(
        after.fit.results,
        before.fit.results,
        designs[0].columns,
        levels=levels,
        options=[places for _, _, places in options],
    )
    sizes = {"n_obs": int(after.fit.results.nobs), "n_obs_earlier": int(before.fit.results.nobs)}
    return [
        {key: None if value == "" else value for key, value in row.items() if key != "option"}
        | {"grouping": options[row["option"]][0], "option_id": options[row["option"]][1]}
        | {"term_position": position}
        | sizes
        for position, row in enumerate(frame.to_dict("records"), start=1)
    ]
