"""Models derived from the published ones: on earlier waves, and under other harmonisation choices."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from kjpoll.ordinal import RegressionError

from .interaction_terms import INTERACTION
from .model_answers import Answers
from .specification import Specification, Term
from .specification_rows import ALLOWED, SEEDS, TERMS, checked, text_of

SETTINGS = {
    "sample": ("common",),
    "dont_know": ("middle", "missing"),
    "coding": tuple(coding for coding in TERMS.allowed["coding"] if coding != INTERACTION),
    "weight": ALLOWED["weight"],
    "vce": ALLOWED["vce"],
    "complete_cases": ("inverse_probability",),
}
# Settings whose terms are no terms of a model but what everybody answered.
OF_EVERYBODY = ("complete_cases",)
OF_MODELS = ("sample", "weight", "vce")
# The form that the alternatives are compared with.
PUBLISHED = "published"
BETWEEN_TERMS = ";"


def earlier_waves(
    specifications: Sequence[Specification], answers: Answers, tested: Mapping[str, set[str]]
) -> list[Specification]:
    """Every published model on every earlier sample of its series that asked the outcome and any term, and every model
    made for a hypothesis on those that asked a term which it rests on (`tested`: model_id -> terms).

    Terms that a sample was not asked, or on another scale, are left out and named: the largest part of
    the model that is nested in it. A model of which nothing remains is not fitted.
    """
    variants = []
    for spec in specifications:
        if spec.variant not in ("published", "hypothesis"):
            continue
        for series, wave in answers.samples():
            if spec.each_series != (series,) or wave >= spec.first_wave:
                continue
            asked = {
                name
                for name in answers.asked(series, wave)
                if answers.comparability(series, wave, name) != "scale"
            }
            terms = tuple(term for term in spec.terms if asked.issuperset(term.parts))
            if spec.outcome not in asked or not terms:
                continue
            if spec.variant == "hypothesis" and not asked & tested.get(spec.model_id, set()):
                continue
            variants.append(
                replace(
                    spec,
                    model_id=f"{spec.model_id}@{answers.sample_id(series, wave)}",
                    variant="earlier_wave",
                    base_model_id=spec.model_id,
                    printed_table=None,
                    model=None,
                    first_wave=wave,
                    last_wave=wave,
                    terms=terms,
                    required=tuple(term for term in spec.required if term.question_id in asked),
                    left_out=tuple(t.question_id for t in spec.terms if t not in terms),
                )
            )
    return variants


@dataclass(frozen=True)
class Alternative:
    """One other choice of harmonisation, applied to some terms or (without any) to every term or model."""

    alternative_id: str
    terms: tuple[str, ...]
    setting: str
    value: str
    reference: str | None

    def apply(self, spec: Specification, table: Sequence[Specification]) -> Specification | None:
        """The model under this choice; None where it changes nothing in the model.

        table: all models of the printed table, for the sample that they have in common.
        """
        if self.setting == "weight":
            # Without weights the errors stay robust, so that the weights are all that differs.
            weighted = replace(spec, weight=self.value, vce="robust")
            return None if self.value == spec.weight else weighted
        if self.setting == "complete_cases":
            # Of a model with survey weights both together would be needed, which nothing here has.
            weighted = replace(spec, completeness=self.terms, vce="robust")
            return weighted if spec.weight == "none" else None
        if self.setting == "vce":
            # With weights only robust errors are right.
            applies = self.value != spec.vce and (self.value == "robust" or spec.weight == "none")
            return replace(spec, vce=self.value) if applies else None
        if self.setting == "sample":
            common = spec.on_common_sample(table)
            return common if common.required else None
        changed = tuple(self._changed(spec, term) for term in spec.terms)
        return None if changed == spec.terms else spec.with_terms(changed)

    def _changed(self, spec: Specification, term: Term) -> Term:
        # An interaction follows the coding of its parts.
        if term.coding == INTERACTION or (self.terms and term.question_id not in self.terms):
            return term
        if self.setting == "dont_know":
            applies = self.value == "missing" or (term.coding == "numeric" and term.dont_know == "missing")
            return replace(term, dont_know=self.value) if applies else term
        try:
            return checked(spec.model_id, replace(term, coding=self.value, reference=self.reference))
        except RegressionError as error:
            raise RegressionError(
                f"alternative {self.alternative_id}: {error.problem}",
                model=error.model,
                term=error.term,
                level=error.level,
            ) from error


def read_alternatives(rows: pd.DataFrame) -> list[Alternative]:
    """The rows of the seed regression_alternatives, in order. Raises RegressionError, which names the
    alternative, for an id that is empty, `published` or stands twice, a setting or value that does not
    exist, and a term beside a setting that is of whole models. Several terms stand between semicolons."""
    columns = [name for name in SEEDS["regression_alternatives"].columns if name != "note"]
    absent = [name for name in columns if name not in rows.columns]
    if absent:
        raise RegressionError(
            f"seed regression_alternatives lacks the columns {', '.join(absent)}", model="(all)"
        )
    alternatives: list[Alternative] = []
    for row in rows.to_dict("records"):
        values: dict[str, Any] = {name: text_of(row[name]) for name in columns}
        if values["alternative_id"] in (None, *(alternative.alternative_id for alternative in alternatives)):
            raise RegressionError(
                f"alternative_id is {values['alternative_id']}; it must be filled and unique in "
                "seed regression_alternatives",
                model="(all)",
            )
        if values["alternative_id"] == PUBLISHED:
            raise RegressionError(
                f"alternative_id is {PUBLISHED}, which is what the alternatives are compared with; "
                "write another",
                model="(all)",
            )
        allowed = SETTINGS.get(values["setting"] or "")
        if allowed is None or values["value"] not in allowed:
            raise RegressionError(
                f"alternative {values['alternative_id']}: {values['setting']} = {values['value']} is no choice; known are "
                + "; ".join(f"{name} = {' or '.join(known)}" for name, known in SETTINGS.items()),
                model="(all)",
            )
        if values["term"] is not None and values["setting"] in OF_MODELS:
            raise RegressionError(
                f"alternative {values['alternative_id']}: {values['setting']} is of whole models; empty term",
                model="(all)",
                term=values["term"],
            )
        terms = tuple(name.strip() for name in (values["term"] or "").split(BETWEEN_TERMS) if values["term"])
        if "" in terms or len(set(terms)) < len(terms):
            raise RegressionError(
                f"alternative {values['alternative_id']}: term is {values['term']!r}; write each "
                "term once, with a semicolon between two",
                model="(all)",
            )
        if values["setting"] in OF_EVERYBODY and not terms:
            raise RegressionError(
                f"alternative {values['alternative_id']}: term is empty; write the questions that the probability of "
                "being complete depends on, with semicolons between",
                model="(all)",
            )
        name, setting, value = (values[column] for column in ("alternative_id", "setting", "value"))
        alternatives.append(Alternative(name, terms, setting, value, values["reference_category"]))
    return alternatives
