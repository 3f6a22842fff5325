"""All that a person wants to know of a new sample before accepting it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import jinja2

from kjpoll.onboarding.detect import Finding
from kjpoll.onboarding.profile import FileProfile
from kjpoll.onboarding.review.comparison import (
    CodeLine,
    ComparisonLine,
    code_lines,
    gone,
    lines_of,
    still_named,
)
from kjpoll.onboarding.review.faults import sample_faults
from kjpoll.onboarding.review.proposal_notes import Rationale
from kjpoll.onboarding.review.survey import Row, Survey
from kjpoll.onboarding.review.toplines import Topline, toplines

TEMPLATES = Path(__file__).with_name("templates")


@dataclass(frozen=True)
class WaveReport:
    """One sample as its rows stand, beside the earlier samples of its country.

    `written`: the files that were written, relative to the project; empty where there was nothing to write or
    where nothing should be written. `replaced`: what differs from the file that it replaces, and what that did to the rows.
    `sample_lacks`: what the row of samples still needs from the agency.
    """

    sample: Row
    delivered_as: str
    n_records: int
    findings: tuple[Finding, ...]
    lines: tuple[ComparisonLine, ...]
    gone: tuple[str, ...]
    still_named: tuple[tuple[str, str], ...]
    codes: tuple[CodeLine, ...]
    toplines: tuple[Topline, ...]
    rationales: Mapping[str, Rationale]
    survey: Survey
    sample_lacks: tuple[str, ...]
    replaced: tuple[str, ...] = ()
    is_dry_run: bool = False
    written: tuple[str, ...] = ()

    @property
    def sample_id(self) -> str:
        return self.sample["sample_id"]

    @property
    def counts(self) -> dict[str, int]:
        """status -> lines, in the order of the lines; gone last."""
        counts: dict[str, int] = {}
        for line in self.lines:
            counts[line.status] = counts.get(line.status, 0) + 1
        return {**counts, "gone": len(self.gone)}

    @property
    def outside(self) -> tuple[Topline, ...]:
        """The shares that are out of their band."""
        return tuple(topline for topline in self.toplines if topline.is_outside)

    def score(self, line: ComparisonLine) -> float | None:
        """The lowest score of the line's columns, None where it is not known or nothing is proposed."""
        scores = [self.rationales[name].score for name in line.variables if name in self.rationales]
        return min(scores, default=0.0) or None

    def why(self, line: ComparisonLine) -> str:
        """The reason for the column of that score, with the best other question."""
        known = [self.rationales[name] for name in line.variables if name in self.rationales]
        if not known:
            return ""
        rationale = min(known, key=lambda known_rationale: known_rationale.score)
        alternative = (
            f"; else {rationale.alternative} ({rationale.alternative_score:.2f})"
            if rationale.alternative
            else ""
        )
        return f"{rationale.why}{alternative}"

    def question(self, question_id: str) -> str:
        """What is asked, in the first language."""
        return self.survey.questions.get(question_id, {}).get(self.survey.label, question_id)

    def category(self, topline: Topline) -> str:
        """The label of the topline's category, in the first language."""
        return self.survey.categories_of(topline.question_id)[topline.category_id][self.survey.label]


def report_of(
    survey: Survey,
    sample_id: str,
    profiles: Mapping[str, FileProfile],
    *,
    rationales: Mapping[str, Rationale],
    findings: tuple[Finding, ...],
    delivered_as: str,
    of_labels: Mapping[str, Sequence[str]] | None = None,
    replaced: tuple[str, ...] = (),
) -> WaveReport:
    """The report on a sample whose rows stand in `survey`. `profiles`: of it and of all earlier samples; `of_labels`: variable ->
    what the labels of the file say against its row."""
    counts = {
        name: {variable.name: variable.counts for variable in profile.variables}
        for name, profile in profiles.items()
    }
    row = survey.sample(sample_id)
    return WaveReport(
        row,
        delivered_as,
        profiles[sample_id].n_rows,
        findings,
        tuple(lines_of(survey, sample_id, profiles, of_labels)),
        tuple(gone(survey, sample_id)),
        tuple(still_named(survey, sample_id)),
        tuple(code_lines(survey, sample_id, profiles)),
        tuple(toplines(survey, sample_id, counts)),
        rationales,
        survey,
        tuple(sample_faults(survey, row)),
        replaced,
    )


def page(report: WaveReport) -> str:
    """HTML that needs no network. What stands in a wave file or a seed is text in it, never markup."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("report.html.j2").render(report=report)
