"""A question whose answers are numbers, from the files of two waves to the marts, the toplines and the models; and what is wrong
with numbers and with the seeds that describe them.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from tests.support.numeric_question import (
    COUNTRY,
    QUESTION,
    REFUSED,
    SAMPLES,
    UNSURE,
    VARIABLE,
    WAVES,
    add_numeric_question,
    answers,
)
from tests.support.project import Project
from tests.support.wave_edit import editing

TARGETS = (
    "fct_response", "topline", "topline_number", "availability", "drift", "provenance", "int_answer_kind", "int_duplicate_key",
)  # fmt: skip
SAMPLE = SAMPLES[0]
OF_QUESTION = f"question_id = '{QUESTION}' and sample_id = '{SAMPLE}'"


@pytest.fixture(scope="module")
def outcome(rehearsal, copy):
    project = copy("numbers")
    add_numeric_question(project)
    rehearsed = rehearsal.run(project.root, TARGETS)
    assert rehearsed.gate is None, rehearsed.gate
    yield rehearsed
    rehearsed.close()


@pytest.fixture(scope="module")
def given(outcome) -> pd.DataFrame:
    """What stands in the file, and the facts, by record."""
    facts = outcome.query(f"""
        select int_weight.row, fact.* from marts.fct_response as fact
        inner join intermediate.int_weight as int_weight on fact.respondent_id = int_weight.respondent_id
        where fact.{OF_QUESTION.replace(' and ', ' and fact.')} order by int_weight.row
    """)  # fmt: skip
    return facts.assign(cell=answers(WAVES[0], len(facts)))


def test_a_number_is_an_answer_without_a_category(given):
    assert given["cell"].tolist() == given["raw_code"].tolist()
    numbers = ~given["cell"].isin([UNSURE, REFUSED])
    assert 800 < numbers.sum() < len(given)
    assert given.loc[numbers, "value"].tolist() == [float(cell) for cell in given.loc[numbers, "cell"]]
    assert given.loc[numbers, ["category_id", "position", "net"]].isna().all(axis=None)
    assert set(given.loc[numbers, "answer_status"]) == {"answered"}
    for code, kind in ((UNSURE, "dont_know"), (REFUSED, "no_answer")):
        missing = given[given["cell"] == code]
        assert len(missing) and missing["value"].isna().all()
        assert set(missing["category_id"]) == set(missing["answer_status"]) == {kind}


def test_ages_have_their_number_beside_their_category(outcome):
    """Of files that give years or years of birth; the others have no number."""
    found = outcome.query("""
        select fact.sample_id, count(fact.value) as n, count(*) filter (
            where (fact.value is not null) and (fact.value <> age.number or fact.category_id <> age.category_id)
        ) as n_wrong
        from marts.fct_response as fact
        inner join intermediate.int_weight as int_weight on fact.respondent_id = int_weight.respondent_id
        inner join intermediate.int_single_answer as age
            on int_weight.sample_id = age.sample_id and int_weight.row = age.row and fact.question_id = age.question_id
        where fact.question_id = 'age_group' group by fact.sample_id
    """)  # fmt: skip
    assert (found["n_wrong"] == 0).all() and (found["n"] == 0).any() and (found["n"] > 900).any()


def test_the_topline_has_the_missing_answers_and_topline_number_the_numbers(outcome, given):
    shares = outcome.query(f"""
        select category_id, n, base_n, pct from analysis.topline
        where question_id = '{QUESTION}' and wave = {WAVES[0]} and country = '{COUNTRY}' order by category_id
    """)  # fmt: skip
    counts = given["cell"].value_counts()
    assert shares["category_id"].tolist() == ["dont_know", "no_answer"]
    assert shares["n"].tolist() == [counts[UNSURE], counts[REFUSED]]
    assert (shares["base_n"] == len(given)).all()
    (row,) = outcome.query(f"select * from analysis.topline_number where {OF_QUESTION}").to_dict("records")
    values = given["value"].dropna()
    assert (row["n"], row["base_n"], row["unit"]) == (len(values), len(given), "degrees")
    assert (row["wave"], row["country"], row["comparability"]) == (WAVES[0], COUNTRY, "identical")
    assert row["mean"] == pytest.approx(values.mean()) and row["sd"] == pytest.approx(values.std())
    names = ["minimum", "p10", "p25", "median", "p75", "p90", "maximum"]
    expected = np.quantile(values, [0, 0.1, 0.25, 0.5, 0.75, 0.9, 1], method="inverted_cdf")
    assert [row[name] for name in names] == expected.tolist()
    # The records are made up, and nobody published a mean.
    assert row["basis"] == "assumed" and pd.isna(row["std_error"]) and pd.isna(row["source_id"])


def test_ages_have_a_mean_too(outcome):
    rows = outcome.query("select * from analysis.topline_number where question_id = 'age_group'")
    assert len(rows) > 5 and set(rows["unit"]) == {"years"}
    assert rows["mean"].between(35, 60).all() and (rows["minimum"] >= 18).all()


def test_nobody_is_lost_and_every_key_is_one(outcome, rehearsal):
    assert rehearsal.failing_tests(outcome) == {}
    (row,) = outcome.query(f"select n_asked, n_answered from marts.availability where {OF_QUESTION}").to_dict(
        "records"
    )
    assert row["n_answered"] < row["n_asked"]


def test_it_is_compared_with_no_earlier_wave_and_that_is_said(outcome):
    asking = outcome.query(f"""
        select sample_id, uncompared_because from intermediate.int_comparable_asking where question_id = '{QUESTION}' order by sample_id
    """)  # fmt: skip
    assert asking["uncompared_because"].tolist() == ["first asking", "numbers"]
    assert len(outcome.query(f"select * from quality.drift where question_id = '{QUESTION}'")) == 0
    findings = outcome.violations
    assert len(findings[(findings["question_id"] == QUESTION) & (findings["severity"] == "error")]) == 0


def test_the_origin_of_a_number_is_the_line_of_its_question(outcome):
    lines = outcome.query(f"""
        select distinct code_line from quality.provenance
        where sample_id = '{SAMPLE}' and variable = '{VARIABLE}' and category_id is null and n > 0
    """)["code_line"]  # fmt: skip
    assert len(lines) == 1 and lines[0].startswith(f"survey/questions.csv: {QUESTION},perception,numeric,")


def test_models_read_the_number(outcome):
    kinds = outcome.query(f"""
        select category_id, value from intermediate.int_answer_kind where question_id = '{QUESTION}' and answer_status = 'answered'
    """)  # fmt: skip
    assert kinds["category_id"].isna().all() and kinds["value"].notna().all() and len(kinds) > 50


@pytest.fixture(scope="module")
def damaged(rehearsal, copy):
    """What is found of numbers that are wrong in one way each."""
    project = copy("damaged_numbers")
    add_numeric_question(project)
    wrong = ["2,5", "1,234", "1.234,5", "50.5", "-51", "warm", "1e1", "888.0", "1234567890123"]
    with editing(project, SAMPLE) as file:
        for row, text in enumerate(wrong, start=1):
            file.set(row, VARIABLE, text)
        for row in range(20, 170):
            file.set(row, VARIABLE, "-9")
    rehearsed = rehearsal.run(project.root)
    yield rehearsed
    rehearsed.close()


NO_NUMBER = "no number, as it has to be written"


@pytest.mark.parametrize(
    ("code", "rule", "finding", "resolve"),
    [
        ("2,5", "unclean_code", "the code is written with a decimal comma; it reads 2.5", "clean the file: write 2.5"),
        ("1,234", "unclean_code", "the code is written with a comma, of decimals or of thousands",
         "clean the file: write the number with a decimal point and no other sign"),
        ("1.234,5", "unclean_code", "the code is written with signs between thousands; it reads 1234.5", "write 1234.5"),
        ("50.5", "number_out_of_range", "the number 50.5 lies outside the range of the question, from -50 to 50",
         "correct the file; or, where such numbers are true, value_min and value_max"),
        ("-51", "number_out_of_range", "the number -51 lies outside the range of the question, from -50 to 50", "correct the file"),
        ("warm", "unknown_code", NO_NUMBER, "correct the file"),
        ("1e1", "unknown_code", NO_NUMBER, "correct the file"),
        ("1234567890123", "unknown_code", NO_NUMBER, "correct the file"),
        ("888.0", "unclean_code", "the code list no_number has the code in another form, 888", "write 888"),
        ("-9", "missing_code_in_range", "a code that usually means missing is counted as a number, and 15", "ask the agency"),
    ],
)  # fmt: skip
def test_a_wrong_number_is_found(damaged, code, rule, finding, resolve):
    found = damaged.violations
    (row,) = found[(found["variable"] == VARIABLE) & (found["code"] == code)].to_dict("records")
    assert (row["rule"], row["sample_id"], row["question_id"]) == (rule, SAMPLE, QUESTION)
    assert row["finding"].startswith(finding) and resolve in row["resolve_with"]


def test_the_audit_says_the_same(damaged):
    rows = damaged.audit[damaged.audit["sample_id"] == SAMPLE].set_index("expectation")
    in_range = rows.loc[f"every number of {QUESTION} is in range"]
    assert (
        not in_range["success"]
        and in_range["unexpected"] == f"{VARIABLE} = -51 (1); {VARIABLE} = 50.5 (1); {VARIABLE} = 888.0 (1)"
    )
    assert f"{VARIABLE} = warm (1)" in rows.loc["every code has a category", "unexpected"]


def test_the_gate_names_the_variable_and_the_number(damaged):
    message = str(damaged.gate)
    for rule, code in (("unclean_code", "2,5"), ("number_out_of_range", "50.5"), ("unknown_code", "warm")):
        (line, *_) = [line for line in message.splitlines() if f"{rule}: " in line and f"code {code}" in line]
        assert SAMPLE in line and f"question {QUESTION}" in line and f"variable {VARIABLE}" in line


def numeric(question_id: str, **cells: str) -> dict[str, str]:
    row = {
        "question_id": question_id,
        "topic": "perception",
        "answer_type": "numeric",
        "category_set": "no_number",
        "unit": "days",
    }
    return row | dict.fromkeys(("label_en", "label_ko", "label_ja"), question_id) | cells


def wrong_seeds(project: Project) -> None:
    add_numeric_question(project)
    project.append(
        "survey/questions",
        numeric("without_unit", unit=""),
        numeric("turned_bounds", value_min="3", value_max="2"),
        numeric("with_categories", category_set="sex"),
    )
    project.change("survey/questions", {"question_id": "sex"}, unit="persons", value_max="2")
    project.change(
        "survey/categories", {"category_set": "no_number", "category_id": "dont_know"}, position="1"
    )
    project.change("crosswalk/variables", {"sample_id": SAMPLES[1], "question_id": QUESTION}, layout="single")
    project.change("analysis/figures", {"figure": "1"}, question_id=QUESTION)
    project.change("analysis/cohort_questions", {"question_id": "current_relations"}, question_id=QUESTION)


@pytest.fixture(scope="module")
def wrongly_described(rehearsal, copy):
    project = copy("wrong_seeds_of_numbers")
    wrong_seeds(project)
    rehearsed = rehearsal.run(project.root)
    yield rehearsed
    rehearsed.close()


NO_CATEGORIES = f"{QUESTION}, a numeric question, whose answers are no categories"


@pytest.mark.parametrize(
    ("rule", "file", "question_id", "finding"),
    [
        ("implausible_cell", "survey/questions.csv", "without_unit", "unit is empty, which is wrong: a numeric question has a unit"),
        ("implausible_cell", "survey/questions.csv", "turned_bounds", "value_min is 3.0, which is above value_max"),
        ("implausible_cell", "survey/questions.csv", "sex", "unit is persons, which is wrong"),
        ("implausible_cell", "survey/questions.csv", "sex", "value_max is 2.0, which is a bound of a question that is not numeric"),
        ("unfit_code", "survey/questions.csv", "with_categories", "the set sex of the numeric question has the category female"),
        ("unfit_code", "survey/categories.csv", QUESTION,
         "the set no_number of the numeric question has a position, net or range in the category dont_know"),
        ("incomplete_row", "crosswalk/variables.csv", QUESTION, "the layout single does not fit the answer type numeric"),
        ("implausible_cell", "analysis/figures.csv", QUESTION, f"question_id is {NO_CATEGORIES}"),
        ("implausible_cell", "analysis/cohort_questions.csv", QUESTION, f"question_id is {NO_CATEGORIES}"),
    ],
)  # fmt: skip
def test_a_wrong_seed_is_found(wrongly_described, rule, file, question_id, finding):
    found = wrongly_described.violations
    of_file = found[(found["rule"] == rule) & (found["file"] == file) & (found["question_id"] == question_id)]
    assert of_file["finding"].str.startswith(finding).sum() == 1, of_file["finding"].tolist()


def test_a_margin_of_numbers_is_unusable(rehearsal, copy):
    project = copy("margin_of_numbers")
    add_numeric_question(project)
    project.append(
        "survey/population_margins",
        {
            "sample_id": SAMPLE,
            "question_id": QUESTION,
            "category_id": "dont_know",
            "share": "100",
            "source_id": "eai2013_ko",
        },
    )
    found = rehearsal.run(project.root).violations
    findings = found[found["question_id"] == QUESTION]["finding"].tolist()
    assert "the question has numbers, and no categories whose shares could be set" in findings
