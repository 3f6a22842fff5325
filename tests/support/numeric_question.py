"""A question of numbers in two waves of a project copy: the seeds that describe it, and the numbers in the files."""

from __future__ import annotations

import numpy as np

from tests.support.project import Project
from tests.support.wave_edit import editing

QUESTION, VARIABLE, COUNTRY = "warmth", "WARMTH", "KOR"
WAVES = (2013, 2014)
SAMPLES = tuple(f"{COUNTRY}-{wave}" for wave in WAVES)
# The numbers run from -50 to 50 in halves; the codes are of those who gave none.
UNSURE, REFUSED = "888", "999"
LABELS = ("label_en", "label_ko", "label_ja")


def add_numeric_question(project: Project, **cells: str) -> None:
    """Ask how warm people feel, in both waves. cells: of the row of the questions seed, instead of sound ones."""
    for wave, sample_id in zip(WAVES, SAMPLES, strict=True):
        with editing(project, sample_id) as file:
            file.add_column(VARIABLE, "")
            for row, answer in enumerate(answers(wave, len(file.rows)), start=1):
                file.set(row, VARIABLE, answer)
    describe_numeric_question(project, **cells)


def answers(wave: int, n: int) -> list[str]:
    """What stands in the column of a wave, record by record."""
    chance = np.random.default_rng(wave)
    drawn = np.clip(np.round(chance.normal(8, 17, n) * 2) / 2, -50, 50)
    numbers = [f"{number:g}" for number in drawn]
    codes = chance.choice(["", UNSURE, REFUSED], n, p=[0.93, 0.06, 0.01])
    return [str(code) or number for code, number in zip(codes, numbers, strict=True)]


def describe_numeric_question(project: Project, **cells: str) -> None:
    sound = {
        "question_id": QUESTION, "topic": "perception", "answer_type": "numeric", "category_set": "no_number",
        "unit": "degrees", "value_min": "-50", "value_max": "50",
    }  # fmt: skip
    project.append(
        "survey/questions", sound | dict.fromkeys(LABELS, "How warmly do you feel towards them?") | cells
    )
    project.append(
        "survey/categories",
        *(
            {"category_set": "no_number", "category_id": kind, "missing_type": kind}
            | dict.fromkeys(LABELS, label)
            for kind, label in (("dont_know", "Don't know"), ("no_answer", "No answer"))
        ),
    )
    project.append(
        "crosswalk/code_lists",
        *(
            {"code_list": "no_number", "code": code, "category_id": kind}
            for code, kind in ((UNSURE, "dont_know"), (REFUSED, "no_answer"))
        ),
    )
    project.append(
        "crosswalk/variables",
        *(
            {
                "sample_id": sample_id, "variable": VARIABLE, "role": "answer", "question_id": QUESTION,
                "layout": "number", "code_list": "no_number", "comparability": "identical", "review": "reviewed",
            }
            for sample_id in SAMPLES
        ),
    )  # fmt: skip
    project.append(
        "survey/missing_bands",
        *(
            {
                "country": COUNTRY,
                "question_id": QUESTION,
                "missing_type": kind,
                "min_pct": "0",
                "max_pct": "20",
            }
            for kind in ("dont_know", "no_answer")
        ),
    )
