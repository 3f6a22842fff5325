"""Accepted rows are proposed again, so that they can be corrected."""

from __future__ import annotations

from kjpoll.onboarding.review.decision import Decision
from kjpoll.onboarding.review.faults import unknown
from kjpoll.onboarding.review.review_error import ReviewError
from kjpoll.onboarding.review.survey import Survey

UNTIL = "no build releases anything until that is accepted again"


def reopen(survey: Survey, sample_id: str, decision: Decision) -> list[str]:
    """Mark the accepted rows that the decision names as proposed, whether the sample was released or not: the build stops at a
    proposed row. Raises ReviewError where there is no accepted row of that name."""
    positions: list[int] = []
    for column, what, names in (
        ("question_id", "question", decision.reopened_questions),
        ("variable", "column", decision.reopened_variables),
    ):
        for name in names:
            found = survey.variables.find(sample_id=sample_id, review="reviewed", **{column: name})
            if not found:
                known = {row[column]: row for row in survey.rows_of(sample_id) if row["review"] == "reviewed"}
                raise ReviewError(f"{sample_id}: {unknown(f'accepted row of the {what}', name, known)}")
            positions += found
    done = []
    if positions:
        done.append(reopen_rows(survey, sample_id, positions))
    if decision.reopen_sample:
        (position,) = survey.samples.find(sample_id=sample_id)
        row = survey.samples.rows[position]
        if row["review"] != "reviewed":
            raise ReviewError(f"the row of {sample_id} in survey/samples.csv is open already")
        survey.samples.replace(position, {**row, "review": "proposed"})
        done.append(f"opened the row of {sample_id} in survey/samples.csv again; {UNTIL}")
    return done


def reopen_rows(survey: Survey, sample_id: str, positions: list[int]) -> str:
    """Mark these rows of variables as proposed; says so in words."""
    for position in dict.fromkeys(positions):
        survey.variables.replace(position, {**survey.variables.rows[position], "review": "proposed"})
    return f"opened {len(set(positions))} column(s) of {sample_id} again; {UNTIL}"
