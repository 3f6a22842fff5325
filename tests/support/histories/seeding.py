"""A project whose seeds and wave files are those of a made-up history."""

from __future__ import annotations

import random
from pathlib import Path

from tests.support.histories.history import BANDS, SAID_WORDS, History, Question, SampleFile
from tests.support.histories.rendering import add_columns, write_file
from tests.support.project import Project

KEPT = {"rules", "missing_codes", "countries", "languages"}
# Opinions, options, codes and who leaves out what are drawn at random: what the rules on habits find is chance, and only a warning.
HABITS = ("swapped_variables", "reversed_scale", "shifted_codes", "drift", "uncompared_question",
          "choice_count", "heaped_number", "identical_respondents",
          "near_identical_respondents", "missing_share", "unordered_codes")  # fmt: skip


def write_project(histories: list[History], checkout: Path, root: Path) -> Project:
    """The seeds of the project in `checkout` with the rows of the histories alone, and their wave files."""
    project = Project(root)
    reserved = [
        row for row in Project(checkout).seed("survey/categories") if row["category_set"] == "reserved"
    ]
    for source in (checkout / "dbt_project/seeds").rglob("*.csv"):
        target = root / source.relative_to(checkout)
        target.parent.mkdir(parents=True, exist_ok=True)
        text = source.read_text(encoding="utf-8")
        target.write_text(text if source.stem in KEPT else text.split("\n")[0] + "\n", encoding="utf-8")
    project.append("survey/categories", *reserved)
    for rule in HABITS:
        project.change("quality/rules", {"rule": rule}, severity="warn")
    for country in SAID_WORDS:
        project.append("survey/missing_bands", *bands(country, ""))
    for history in histories:
        add_history(project, history)
    return project


def add_history(project: Project, history: History) -> None:
    questions = {q.question_id: q for q in history.questions}
    rng = random.Random(" ".join(questions))
    project.append("survey/questions", *map(question_row, history.questions))
    project.append("survey/universes", *(row for q in history.questions for row in universe_rows(q)))
    project.append("survey/categories", *(row for q in history.questions for row in category_rows(q)))
    asked = {(sample.country, question) for sample in history.samples for question in sample.answers}
    project.append(
        "survey/missing_bands",
        *(band for country, question in sorted(asked) for band in bands(country, question)),
    )
    for sample in history.samples:
        add_columns(sample, questions, rng)
        write_file(sample, project.root / "data" / "raw" / file_of(sample))
        project.append("survey/samples", sample_row(sample))
        if str(sample.wave) not in {row["wave"] for row in project.seed("survey/waves")}:
            project.append("survey/waves", wave_row(sample.wave))
        for column in sample.columns:
            code_list = f"{sample.sample_id}_{column.variable}" if column.meanings else ""
            project.append("crosswalk/variables", variable_row(sample, column, code_list))
            project.append("crosswalk/code_lists", *(
                {"code_list": code_list, "code": code, "category_id": meaning}
                for code, meaning in column.meanings.items()
            ))  # fmt: skip


def bands(country: str, question_id: str) -> list[dict]:
    return [{"country": country, "question_id": question_id, "missing_type": kind, "min_pct": 0, "max_pct": 25}
            for kind in ("dont_know", "no_answer")]  # fmt: skip


def file_of(sample: SampleFile) -> str:
    return f"{sample.wave}/{sample.country}.{sample.format}"


def sample_row(sample: SampleFile) -> dict:
    roles = {column.role: column.variable for column in sample.columns}
    return {
        "sample_id": sample.sample_id, "wave": sample.wave, "country": sample.country, "series": sample.country, "file": file_of(sample),
        "format": sample.format, "encoding": sample.encoding, "sheet": "data" if sample.format == "xlsx" else "",
        "label_sheet": "codes" if sample.format == "xlsx" else "", "header_row": sample.header_row, "id_variable": "ID", "weight_variable": roles.get("weight", ""),
        "n_expected": sample.n, "fieldwork_start": f"{sample.wave}-05-01", "fieldwork_end": f"{sample.wave}-05-20",
        "mode": "telephone", "agency": "none", "population": "18+", "synthetic": "true",
        "review": "reviewed",
    }  # fmt: skip


def wave_row(wave: int) -> dict:
    return {"wave": wave, "year": wave, **{f"label_{language}": wave for language in ("en", "ko", "ja")}}


def question_row(question: Question) -> dict:
    return {
        "question_id": question.question_id, "topic": "made up", "answer_type": question.answer_type,
        "category_set": f"{question.question_id}_set", "universe": question.question_id if question.universe else "",
        **{f"label_{language}": question.question_id for language in ("en", "ko", "ja")},
    }  # fmt: skip


def universe_rows(question: Question) -> list[dict]:
    """The universe of a filtered question has its name."""
    if not question.universe:
        return []
    parent, by, which = question.universe
    by = {"net": "net", "category": "category_id"}[by]
    return [{"universe": question.question_id, "question_id": parent, by: which}]


def category_rows(question: Question) -> list[dict]:
    rows = []
    for position, category in enumerate(question.categories, 1):
        low, high = BANDS[position - 1] if question.kind == "years" else ("", "")
        rows.append({
            "category_id": category, "position": position, "net": question.nets.get(category, ""),
            "value_min": low, "value_max": high, "label_en": category,
            "label_ko": question.labels["KOR"][category], "label_ja": question.labels["JPN"][category],
        })  # fmt: skip
    for kind in question.missing:
        rows.append({"category_id": kind, "missing_type": kind, "label_en": kind,
                     "label_ko": SAID_WORDS["KOR"][kind], "label_ja": SAID_WORDS["JPN"][kind]})  # fmt: skip
    return [{"category_set": f"{question.question_id}_set", **row} for row in rows]


def variable_row(sample: SampleFile, column, code_list: str) -> dict:
    row = {
        "sample_id": sample.sample_id,
        "variable": column.variable,
        "role": column.role,
        "review": "reviewed",
    }
    if column.role == "answer":
        number = column.variable.partition("_")[0]
        row |= {"question_id": column.question.question_id, "layout": column.layout, "category_id": column.category_id,
                "code_list": code_list, "delimiter": column.delimiter, "question_number": number,
                "comparability": "identical"}  # fmt: skip
    elif column.role == "ignored":
        row["note"] = "open text"
    return row
