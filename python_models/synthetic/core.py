"""The core records of 2023: answers on which the published regressions refit to the print.

They are taken over row by row. Codes are the questionnaire's positions; 99 is no answer, and 9, or the
code after the last position, is the questionnaire's "not sure".
"""

from __future__ import annotations

import numpy as np

from python_models.synthetic.catalog import Catalog, SyntheticError

_KEYS = ("country", "wave", "row")


def core_answers(catalog: Catalog, sample_id: str, n: int) -> dict[str, list[str]]:
    """Category ids per core question, in respondent order; empty for a sample without core records."""
    records = catalog.core.get(sample_id, [])
    if not records:
        return {}
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
    return {q: [_category(catalog, sample_id, q, r[q], r["row"]) for r in records] for q in questions}


def _category(catalog: Catalog, sample_id: str, question_id: str, code: str, row: str) -> str:
    found = catalog.categories[catalog.questions[question_id].category_set]
    positions = {
        str(c.position): c.category_id
        for c in found.values()
        if c.position is not None and not c.missing_type
    }
    if code in positions:
        return positions[code]
    missing = {c.missing_type: c.category_id for c in found.values() if c.missing_type}
    if code == "99" and "no_answer" in missing:
        return missing["no_answer"]
    not_sure = {"9", str(max(map(int, positions), default=0) + 1)}
    if code in not_sure and "dont_know" in missing:
        return missing["dont_know"]
    raise SyntheticError(
        f"sample {sample_id}, core row {row}, question {question_id}: code {code} has no category in set "
        f"{catalog.questions[question_id].category_set}; correct survey/categories"
    )


def core_positions(catalog: Catalog, known: dict[str, list[str]]) -> dict[str, np.ndarray]:
    """Positions of the known answers, -1 where the answer is missing or has none."""
    found = {}
    for question_id, answers in known.items():
        categories = [catalog.category(question_id, a) for a in answers]
        found[question_id] = np.array(
            [-1 if c.missing_type or c.position is None else c.position for c in categories], dtype=np.int64
        )
    return found
