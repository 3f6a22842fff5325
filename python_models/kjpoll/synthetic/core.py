"""The core records: answers on which the published regressions refit to the published tables.

They are taken over row by row. Codes are the questionnaire's positions; 99 is no answer, and 9, or the
code after the last position, is the questionnaire's "not sure".
"""

from __future__ import annotations

from collections import Counter

import numpy as np

from kjpoll.common.properties import seed_properties
from kjpoll.synthetic.catalog import Catalog, SyntheticError

_KEYS = seed_properties()["core_records"].key
_NO_ANSWER = "99"
_NOT_SURE = "9"


def core_answers(catalog: Catalog, sample_id: str) -> dict[str, list[str]]:
    """Category ids per core question, in respondent order; empty for a sample without core records.

    Raises SyntheticError for rows that are not the sample's, a question that it does not ask, or a code
    without a category.
    """
    records = catalog.core.get(sample_id, [])
    if not records:
        return {}
    n = catalog.samples[sample_id].n_expected
    if [r["row"] for r in records] != [str(i + 1) for i in range(n)]:
        raise SyntheticError(
            f"sample {sample_id}: the core seed's rows must be numbered 1 to {n} in order; "
            f"it has {len(records)}"
        )
    questions = [c for c in records[0] if c not in _KEYS]
    absent = [q for q in questions if q not in catalog.asked(sample_id)]
    if absent:
        raise SyntheticError(
            f"sample {sample_id}: core questions without a variable: {', '.join(absent)}; add them to "
            "crosswalk/variables"
        )
    answers = {}
    for question_id in questions:
        codes = _codes(catalog, question_id)
        for record in records:
            if record[question_id] not in codes:
                raise SyntheticError(
                    f"sample {sample_id}, core row {record['row']}, question {question_id}: code "
                    f"{record[question_id]} has no category in set {catalog.questions[question_id].category_set}; "
                    "correct survey/categories"
                )
        answers[question_id] = [codes[r[question_id]] for r in records]
    return answers


def _codes(catalog: Catalog, question_id: str) -> dict[str, str]:
    """Category by code; a position wins over the code of a missing kind."""
    members = catalog.members(question_id).values()
    missing = {c.missing_type: c.category_id for c in members if c.missing_type}
    positions = {c.position: c.category_id for c in members if c.position is not None and not c.missing_type}
    codes = {}
    if "no_answer" in missing:
        codes[_NO_ANSWER] = missing["no_answer"]
    if "dont_know" in missing:
        codes[_NOT_SURE] = codes[str(max(positions, default=0) + 1)] = missing["dont_know"]
    return codes | {str(position): category_id for position, category_id in positions.items()}


def core_counts(catalog: Catalog) -> dict[tuple[str, str], Counter[str]]:
    """Respondents per category of every core question, by (sample, question)."""
    return {
        (sample_id, question_id): Counter(answers)
        for sample_id in catalog.core
        for question_id, answers in core_answers(catalog, sample_id).items()
    }


def core_positions(catalog: Catalog, known: dict[str, list[str]]) -> dict[str, np.ndarray]:
    """Positions of the known answers, -1 where the answer is missing or has none."""
    positions = {}
    for question_id, answers in known.items():
        categories = [catalog.category(question_id, a) for a in answers]
        positions[question_id] = np.array(
            [-1 if c.missing_type or c.position is None else c.position for c in categories], dtype=np.int64
        )
    return positions
