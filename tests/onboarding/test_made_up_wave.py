"""A third wave of the made-up survey, whose waves are no years: a file like one of the second is taken in and read."""

import datetime
import shutil

import pytest
from kjpoll.onboarding.add_wave import Delivery, add_wave

from tests.support.polls import MADE_UP, made_up

pytestmark = pytest.mark.slow
TODAY = datetime.date(2023, 5, 2)


@pytest.fixture
def project(tmp_path, monkeypatch):
    monkeypatch.delenv("KJPOLL_RAW_DIR", raising=False)
    return made_up(tmp_path / "project")


def take_in(project, tmp_path, file: str, **settings: str):
    delivered = tmp_path / file
    shutil.copy(MADE_UP / "raw" / "vague2" / file, delivered)
    return add_wave(project.root, Delivery(delivered, 3, "DEU", settings), today=TODAY)


def test_the_year_of_a_wave_is_that_of_its_fieldwork(project, tmp_path):
    report = take_in(project, tmp_path, "deutschland.sav", fieldwork_start="2023-04-01")
    row = next(row for row in project.seed("survey/waves") if row["wave"] == "3")
    assert (row["year"], row["label_fr"]) == ("2023", "3")
    (born,) = [
        row
        for row in project.seed("crosswalk/variables")
        if (row["sample_id"], row["variable"]) == (report.sample["sample_id"], "GEBJAHR")
    ]
    assert (born["question_id"], born["layout"]) == ("age_band", "birth_year")
    (line,) = [line for line in report.lines if "GEBJAHR" in str(line)]
    assert line.status != "open" and "means nothing" not in str(line)


def test_a_wave_that_is_no_year_gets_none_without_a_day(project, tmp_path):
    take_in(project, tmp_path, "deutschland.sav")
    assert [row["year"] for row in project.seed("survey/waves")] == ["2021", "2022", ""]
