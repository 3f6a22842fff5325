"""A third wave of the made-up survey, whose waves are no years: a file like one of the second is taken in and read."""

import datetime
import shutil

import pytest
from kjpoll.onboarding.add_wave import Delivery, add_wave
from kjpoll.onboarding.review.decisions import Decision, decide, open_samples

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


@pytest.mark.parametrize("order", [("DEU", "FRA"), ("FRA", "DEU")], ids="-".join)
def test_a_country_is_taken_in_while_another_is_open(project, tmp_path, order):
    """What nobody has accepted is not known: the rows of the first say nothing of the second, open or not."""
    delivered = {"DEU": ("deutschland.sav", {}), "FRA": ("france.csv", {"series": "FRA"})}
    first, second = order
    file, settings = delivered[first]
    take_in(project, tmp_path, file, first, **settings)
    for row in project.seed("crosswalk/variables"):
        if row["sample_id"] == f"{first}-3" and row["question_id"]:
            project.change("crosswalk/variables", {"sample_id": f"{first}-3", "variable": row["variable"]},
                           question_id="", code_list="")  # fmt: skip
    file, settings = delivered[second]
    report = take_in(project, tmp_path, file, second, **settings)
    assert len(report.lines) > 5 and sum(line.status == "matched" for line in report.lines) > 3
    both = open_samples(project.root)
    assert {one.sample_id for one in both} == {"DEU-3", "FRA-3"}
    faults = {
        fault
        for one in both
        if one.sample_id == f"{first}-3"
        for group in one.groups
        for fault in group.faults
    }
    assert faults and all(fault.endswith("it has no question") for fault in faults)
    # What one of them gets from the person leaves the other as it is.
    name = next(
        row["variable"] for row in project.seed("crosswalk/variables") if row["sample_id"] == f"{second}-3"
    )
    decide(project.root, Decision(variables=[name]), f"{second}-3")


def test_a_wave_between_two_others(project, tmp_path):
    for row in project.seed("survey/samples"):
        if row["wave"] == "2":
            project.change("survey/samples", {"sample_id": row["sample_id"]}, wave="9")
    for row in project.seed("survey/waves"):
        if row["wave"] == "2":
            project.change("survey/waves", {"wave": "2"}, wave="9")
    report = take_in(project, tmp_path, "france.csv", "FRA", series="FRA")
    assert [row["wave"] for row in project.seed("survey/waves")] == ["1", "3", "9"]
    assert "matched" in report.counts


def test_the_first_sample_of_a_country(project, tmp_path):
    countries = project.seed("survey/countries")
    project.append(
        "survey/countries", {name: "" for name in countries[0]} | {"country": "AUT", "country_order": "3"}
    )
    report = take_in(project, tmp_path, "france.csv", "AUT")
    assert (report.sample["series"], report.sample["agency"]) == ("AUT", "")
    assert "agency is empty" in report.sample_lacks and report.counts.get("new", 0) > 3
    (one,) = open_samples(project.root)
    assert one.sample_id == "AUT-3"
