"""Terms that are products of two others: `a:b` in the seed regression_terms, with the coding `interaction`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from kjpoll.ordinal import RegressionError
from kjpoll.ordinal.matrix_column import BETWEEN_PARTS

INTERACTION = "interaction"


class NamedTerm(Protocol):
    """What is read of a term here."""

    @property
    def question_id(self) -> str: ...

    @property
    def coding(self) -> str: ...


def parts_of(term: NamedTerm) -> tuple[str, ...]:
    """The questions of an interaction; of another term the question itself."""
    return tuple(term.question_id.split(BETWEEN_PARTS)) if term.coding == INTERACTION else (term.question_id,)


def check_interactions(model_id: str, terms: Sequence[NamedTerm]) -> None:
    """Raise RegressionError for an interaction that is not of two different terms of the model, or stands twice.

    Both main effects have to be there: they say how the parts are coded, and without one the effect of the other would be
    forced to zero where this one is zero. Separate slopes in groups (a + a:b of some software) are the same fit as a, b
    and a:b.
    """
    plain = {term.question_id for term in terms if term.coding != INTERACTION}
    seen: set[frozenset[str]] = set()
    for term in terms:
        named = BETWEEN_PARTS in term.question_id
        if named != (term.coding == INTERACTION):
            problem = (
                f"a colon stands between the two terms of an interaction; write the coding {INTERACTION}"
                if named
                else "an interaction names two terms with a colon between, such as a:b"
            )
            raise RegressionError(problem, model=model_id, term=term.question_id)
        if not named:
            continue
        parts = parts_of(term)
        if len(parts) != 2 or len(set(parts)) != 2:
            raise RegressionError(
                "an interaction is of two different terms, a:b; write one row for each pair",
                model=model_id,
                term=term.question_id,
            )
        absent = [part for part in parts if part not in plain]
        if absent:
            raise RegressionError(
                f"the interaction needs its main effects: add a row of seed regression_terms for {' and '.join(absent)}",
                model=model_id,
                term=term.question_id,
            )
        if frozenset(parts) in seen:
            raise RegressionError(
                "stands twice in the model, once in the other order; remove one row of seed regression_terms",
                model=model_id,
                term=term.question_id,
            )
        seen.add(frozenset(parts))
