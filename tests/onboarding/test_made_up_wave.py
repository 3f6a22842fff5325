"""A third wave of the made-up survey, whose waves are no years: a file like one of the second is taken in and read."""

import datetime
import shutil

import pytest
from kjpoll.onboarding.add_wave import Delivery, add_wave
from kjpoll.onboarding.review.decisions import Decision, decide

from tests.support.polls import MADE_UP, made_up

pytestmark = pytest.mark.slow
TODAY = datetime.date(2023, 5, 2)


@pytest.fixture
def project(tmp_path, monkeypatch):
    monkeypatch.delenv("KJPOLL_RAW_DIR", raising=False)
    return made_up(tmp_path / "project")


def take_in(project, tmp_path, file: str, country: str = "DEU", **settings: str):
    delivered = tmp_path / file
    shutil.copy(MADE_UP / "raw" / "vague2" / file, delivered)
    return add_wave(project.root, Delivery(delivered, 3, country, settings), today=TODAY)


def proposed(project, sample_id: str, variable: str) -> dict[str, str]:
    return next(
        row
        for row in project.seed("crosswalk/variables")
        if (row["sample_id"], row["variable"]) == (sample_id, variable)
    )


def test_the_year_of_a_wave_is_that_of_its_fieldwork(project, tmp_path):
    report = take_in(project, tmp_path, "deutschland.sav", fieldwork_start="2023-04-01")
    row = next(row for row in project.seed("survey/waves") if row["wave"] == "3")
    assert (row["year"], row["label_fr"]) == ("2023", "3")
    born = proposed(project, report.sample["sample_id"], "GEBJAHR")
    assert (born["question_id"], born["layout"]) == ("age_band", "birth_year")
    (line,) = [line for line in report.lines if "GEBJAHR" in str(line)]
    assert line.status != "open" and "means nothing" not in str(line)


def test_a_wave_that_is_no_year_gets_none_without_a_day(project, tmp_path):
    report = take_in(project, tmp_path, "deutschland.sav")
    assert [row["year"] for row in project.seed("survey/waves")] == ["2021", "2022", ""]
    (line,) = [line for line in report.lines if "GEBJAHR" in str(line)]
    assert line.status == "open"
    assert str(line).count("years of birth give no age before DEU-3 has a year") == 1
    assert "means nothing" not in str(line)
    decide(project.root, Decision(settings={"fieldwork_start": "2023-04-01"}), "DEU-3")
    assert [row["year"] for row in project.seed("survey/waves")] == ["2021", "2022", "2023"]


def test_numbers_of_a_numeric_question_are_no_missing_answers(project, tmp_path):
    take_in(project, tmp_path, "deutschland.sav", fieldwork_start="2023-04-01")
    row, before = (proposed(project, sample_id, "F8") for sample_id in ("DEU-3", "D2"))
    assert (row["question_id"], row["layout"], row["code_list"]) == (
        "price_expectation",
        "number",
        before["code_list"],
    )


def test_a_country_is_taken_in_while_another_is_open(project, tmp_path):
    """What nobody has accepted is not known: the rows of the first say nothing of the second."""
    take_in(project, tmp_path, "deutschland.sav")
    for row in project.seed("crosswalk/variables"):
        if row["sample_id"] == "DEU-3" and row["question_id"]:
            project.change("crosswalk/variables", {"sample_id": "DEU-3", "variable": row["variable"]},
                           question_id="", code_list="")  # fmt: skip
    report = take_in(project, tmp_path, "france.csv", "FRA", series="FRA")
    assert len(report.lines) > 5
