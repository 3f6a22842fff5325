"""What a model can do with a numeric question: its number is a term, and nothing else."""

from __future__ import annotations

from collections.abc import Collection

from kjpoll.ordinal import RegressionError

from .interaction_terms import INTERACTION
from .specification import Specification


def refuse_numbers(spec: Specification, numeric: Collection[str]) -> None:
    """Raise RegressionError where the model asks for categories of a question whose answers are numbers (`numeric`)."""

    def fault(text: str, question_id: str) -> RegressionError:
        return RegressionError(f"its answers are numbers: {text}", model=spec.model_id, term=question_id)

    if spec.outcome in numeric:
        raise fault("an ordinal model explains ordered categories, so take another outcome", spec.outcome)
    for term in spec.terms:
        if term.coding == INTERACTION or term.question_id not in numeric:
            continue
        if term.coding != "numeric":
            raise fault(f"write numeric as its coding, not {term.coding}", term.question_id)
        if term.dont_know == "middle":
            raise fault("they have no middle for a don't know; write missing", term.question_id)
    for name in spec.completeness:
        if name in numeric:
            raise fault("they give no groups of respondents who enter the model alike; leave it out", name)
