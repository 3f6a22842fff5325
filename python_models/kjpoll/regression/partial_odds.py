"""The published models with the terms freed for which proportional odds are rejected."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from kjpoll.ordinal import RegressionError

from .result_rows import Fitted, Rows, part_rows
from .specification import Specification

VARIANT = "partial_odds"
# The one test that every term has, and that is right where cells are sparse.
TEST = "score"
# Chance that a term is freed of a model in which proportional odds hold for all.
SIGNIFICANCE = 0.05


def with_rejected_terms_freed(
    base: Fitted, fit: Callable[[Specification], Fitted]
) -> Fitted | tuple[Specification, str] | None:
    """The variant of a published model; or its specification and why it has no fit; None where no term is rejected.

    If the rejected terms cannot all be free at once, they are freed one after the other, the most clearly rejected first,
    and those that cannot be are named in `not_freed`. fit: fits a specification or raises RegressionError.
    """
    terms = rejected(part_rows(base, "assumption"))
    if not terms:
        return None
    try:
        return fit(freed(base.spec, terms))
    except RegressionError as error:
        together = error
    found, taken = None, list[str]()
    left: dict[str, str] = {}
    for term in terms:
        try:
            found = fit(freed(base.spec, [*taken, term]))
            taken.append(term)
        except RegressionError as error:
            left[term] = error.problem
    if found is None:
        return freed(base.spec, terms), str(together)
    return replace(
        found, spec=replace(found.spec, not_freed=tuple(f"{term}: {why}" for term, why in left.items()))
    )


def rejected(tests: Rows, significance: float = SIGNIFICANCE) -> list[str]:
    """The terms whose test rejects, after Holm's correction over the terms of the model; smallest p value first.

    tests: rows of the part `assumption`. A term without a statistic is not counted.
    """
    p_values = sorted(
        (float(row["p_value"]), place, row["term"])
        for place, row in enumerate(tests)
        if row["test"] == TEST and row["kind"] == "term" and row["p_value"] == row["p_value"]
    )
    terms = []
    for rank, (p_value, _, term) in enumerate(p_values):
        # Holm 1979: the first that is not rejected ends it.
        if p_value * (len(p_values) - rank) >= significance:
            break
        terms.append(term)
    return terms


def freed(spec: Specification, terms: Sequence[str]) -> Specification:
    """The model with these terms nominal, under a name of its own."""
    return replace(
        spec,
        model_id=f"{spec.model_id}~{VARIANT}",
        variant=VARIANT,
        base_model_id=spec.model_id,
        printed_table=None,
        model=None,
        terms=tuple(replace(term, nominal=term.nominal or term.question_id in terms) for term in spec.terms),
    )


def freed_models(
    published: Iterable[Fitted], fit: Callable[[Specification], Fitted]
) -> tuple[list[Fitted], list[tuple[Specification, str]]]:
    """The variants of all, and those without a fit with the reason."""
    variants, problems = [], []
    for base in published:
        variant = with_rejected_terms_freed(base, fit)
        if isinstance(variant, Fitted):
            variants.append(variant)
        elif variant is not None:
            problems.append(variant)
    return variants, problems
