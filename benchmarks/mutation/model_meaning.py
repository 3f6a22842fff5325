"""Corruptions of figures, models and the report's events."""

from __future__ import annotations

import datetime

from benchmarks.mutation.case import Case, Row, blind
from benchmarks.mutation.published_meaning import RECONCILED
from benchmarks.mutation.seed_rows import alter, exchange

FIGURES, MODELS, TERMS = "analysis/figures", "analysis/regression_models", "analysis/regression_terms"


@blind()
def first_or_last_wave_of_a_figure_changed(case: Case) -> str:
    name, by = case.one((("first_wave", 1), ("first_wave", -1), ("last_wave", -1), ("first_wave", 2)))
    return alter(
        case,
        FIGURES,
        lambda row: (
            2013 <= int(row[name]) + by <= 2023
            and (name == "last_wave" or int(row[name]) + by <= int(row["last_wave"]))
        ),
        lambda row: {name: str(int(row[name]) + by)},
    )


@blind()
def questions_of_two_figures_exchanged(case: Case) -> str:
    rows = exchange(case, FIGURES, lambda row, other: row["grouping"] == other["grouping"], "question_id")
    return f"{rows[0]['figure']} and {rows[1]['figure']}"


@blind()
def figure_by_category_instead_of_net(case: Case) -> str:
    groupings = {"net": "category", "category": "net"}
    return alter(case, FIGURES, lambda row: True, lambda row: {"grouping": groupings[row["grouping"]]})


@blind()
def titles_of_two_figures_exchanged(case: Case) -> str:
    rows = exchange(case, FIGURES, lambda row, other: True, "title")
    return f"{rows[0]['figure']} and {rows[1]['figure']}"


@blind()
def figure_of_another_question(case: Case) -> str:
    return alter(
        case,
        FIGURES,
        lambda row: True,
        lambda row: {
            "question_id": case.one(
                name
                for name, question in case.questions.items()
                if name != row["question_id"]
                and question["category_set"] == case.questions[row["question_id"]]["category_set"]
            )
        },
    )


def _models(row: Row, pooled: bool) -> bool:
    return row["model_id"].startswith("pooled") == pooled


def _term(case: Case, pooled: bool) -> str:
    taken = {(row["model_id"], row["term"]) for row in case.project.seed(TERMS)}

    def change(row: Row) -> Row:
        ordinal = [name for name, q in case.questions.items() if q["answer_type"] == "ordinal"]
        country = case.project.seed(MODELS)
        (model,) = [m for m in country if m["model_id"] == row["model_id"]]
        waves = range(int(model["first_wave"]), int(model["last_wave"]) + 1)
        asked = [set(case.asked(f"{model['series']}-{wave}")) for wave in waves]
        names = set.intersection(*asked) & set(ordinal) - {term for m, term in taken if m == row["model_id"]}
        return {"term": case.one(names - {"impression_of_counterpart", "sex"})}

    return alter(case, TERMS, lambda row: _models(row, pooled) and row["coding"] == "numeric", change)


@blind(RECONCILED)
def term_of_a_published_model_replaced(case: Case) -> str:
    return _term(case, pooled=False)


@blind()
def term_of_a_pooled_model_replaced(case: Case) -> str:
    return _term(case, pooled=True)


@blind(RECONCILED)
def reference_category_of_a_term_changed(case: Case) -> str:
    def change(row: Row) -> Row:
        if row["term"] == "wave":
            return {"reference_category": case.one(("2014", "2018", "2022"))}
        category_set = case.questions[row["term"]]["category_set"]
        placed = [
            name for (owner, name), c in case.categories.items() if owner == category_set and c["position"]
        ]
        return {"reference_category": case.one(name for name in placed if name != row["reference_category"])}

    return alter(case, TERMS, lambda row: bool(row["reference_category"]), change)


@blind(RECONCILED)
def coding_of_a_term_changed(case: Case) -> str:
    def change(row: Row) -> Row:
        if row["coding"] == "categorical":
            return {"coding": "numeric", "reference_category": "", "dont_know": "missing"}
        category_set = case.questions[row["term"]]["category_set"]
        placed = [
            name
            for (owner, name), c in case.categories.items()
            if owner == category_set and c["position"] == "1"
        ]
        return {"coding": "categorical", "reference_category": case.one(placed)}

    return alter(case, TERMS, lambda row: row["term"] != "wave", change)


@blind(RECONCILED)
def dont_know_of_a_term_counted_otherwise(case: Case) -> str:
    other = {"missing": "category", "category": "missing"}
    return alter(
        case,
        TERMS,
        lambda row: row["coding"] == "categorical" and row["term"] != "wave",
        lambda row: {"dont_know": other[row["dont_know"]]},
    )


@blind(RECONCILED)
def outcome_of_a_model_changed(case: Case) -> str:
    outcomes = ("current_relations", "future_relations", "importance_of_relations")
    taken = {(row["model_id"], row["term"]) for row in case.project.seed(TERMS)}
    return alter(
        case,
        MODELS,
        lambda row: True,
        lambda row: {"outcome": case.one(name for name in outcomes if (row["model_id"], name) not in taken)},
    )


@blind(RECONCILED)
def link_or_errors_of_a_model_changed(case: Case) -> str:
    cells = case.one(({"link": "probit"}, {"vce": "robust"}, {"common_sample": "true"}))
    return alter(case, MODELS, lambda row: True, lambda _: cells)


@blind()
def first_wave_of_a_pooled_model_changed(case: Case) -> str:
    by = case.one((1, 2, 4))
    return alter(
        case,
        MODELS,
        lambda row: row["variant"] == "pooled",
        lambda row: {"first_wave": str(int(row["first_wave"]) + by)},
    )


@blind()
def alternative_of_a_model_changed(case: Case) -> str:
    return alter(
        case,
        "analysis/regression_alternatives",
        lambda row: row["alternative_id"] in ("water_by_net", "dont_know_in_the_middle"),
        lambda row: (
            {"reference_category": "negative"}
            if row["reference_category"]
            else {"term": row["term"].split(";", 1)[1]}
        ),
    )


@blind()
def event_of_the_report_changed(case: Case) -> str:
    def change(row: Row) -> Row:
        date = datetime.date.fromisoformat(row["date"]) + datetime.timedelta(
            days=case.one((-365, -1, 10, 365))
        )
        return case.one(
            ({"date": str(date)}, {"country": {"KOR": "JPN", "JPN": "KOR"}.get(row["country"], "KOR")})
        )

    return alter(case, "report/events", lambda row: True, change)
