"""The reader of the seeds: what is offered to whom, and seeds that contradict each other."""

import csv
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from kjpoll.cli import main
from kjpoll.synthetic.catalog import SyntheticError
from kjpoll.synthetic.seeds import load_survey

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = "KOR-2016"


@pytest.fixture
def project(tmp_path):
    """A copy of the shipped seeds in a project of its own."""
    shutil.copytree(ROOT / "dbt_project" / "seeds", tmp_path / "dbt_project" / "seeds")
    shutil.copy(ROOT / "dbt_project" / "dbt_project.yml", tmp_path / "dbt_project")
    return tmp_path


def _change(path, old, new):
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_offered_are_answers_only_in_the_order_of_the_set(poll):
    assert poll.offered(SAMPLE, "impression_of_counterpart") == [
        "good", "relatively_good", "neither", "relatively_bad", "bad", "dont_know", "no_answer",
    ]  # fmt: skip
    assert poll.offered(SAMPLE, "reasons_good_impression") == ["food", "music", "people", "dont_know"]
    assert poll.offered(SAMPLE, "military_threat") == ["north_korea", "china", "counterpart", "no_answer"]
    assert poll.offered(SAMPLE, "age_group")[0] == "age_18_19"
    assert poll.offered(SAMPLE, "age_group")[-1] == "no_answer"


def test_a_filter_admits_by_net_or_by_category(poll):
    for universe, inside, outside in (
        ("impressed", "relatively_good", "neither"),
        ("consuming", "yes", "no"),
        ("affected", "good", "skipped"),
    ):
        (condition,) = poll.universes[universe]
        assert poll.admits(condition, inside)
        assert not poll.admits(condition, outside)


def test_a_sample_may_have_a_universe_of_its_own(poll):
    assert list(poll.conditions(SAMPLE, "popular_culture_effect")) == ["consumes_popular_culture"]
    assert poll.conditions(SAMPLE, "sex") == {}
    poll.variables[SAMPLE] = [
        replace(v, universe="impressed") if v.question_id in ("popular_culture_effect", "sex") else v
        for v in poll.variables[SAMPLE]
    ]
    assert list(poll.conditions(SAMPLE, "popular_culture_effect")) == ["impression_of_counterpart"]
    assert list(poll.conditions(SAMPLE, "sex")) == ["impression_of_counterpart"]


def test_nobody_can_tell_who_was_asked_what_only_a_file_says(poll):
    poll.questions["sex"] = replace(poll.questions["sex"], universe="as_delivered")
    with pytest.raises(SyntheticError, match="KOR-2016, question sex: .* universe 'as_delivered'"):
        poll.conditions(SAMPLE, "sex")


def test_a_column_of_an_unknown_question_is_named(project):
    seeds = project / "dbt_project" / "seeds"
    _change(seeds / "survey/questions.csv", "\nsex,", "\ngender,")
    with pytest.raises(SyntheticError, match="names the unknown question 'sex'"):
        load_survey(seeds)


def test_a_row_with_an_empty_number_is_named(project):
    seeds = project / "dbt_project" / "seeds"
    _change(seeds / "survey/samples.csv", "csv,cp932,,,,1,", "csv,cp932,,,,,")
    with pytest.raises(SyntheticError, match="JPN-2013,2013,.*: invalid literal for int"):
        load_survey(seeds)


def test_core_records_of_no_sample_are_named(project):
    seeds = project / "dbt_project" / "seeds"
    _change(seeds / "synthetic/core_records.csv", "KOR,2023,1,", "KOR,1999,1,")
    with pytest.raises(SyntheticError, match="synthetic/core_records.csv: KOR 1999 is no sample"):
        load_survey(seeds)


def test_calibrate_says_which_seed_to_correct(project):
    (project / "dbt_project/seeds/synthetic/assumed_shares.csv").unlink()
    result = CliRunner().invoke(main, ["calibrate", "--project", str(project)])
    assert result.exit_code == 1
    assert "assumed_shares.csv does not exist" in result.output
    assert "Traceback" not in result.output


@pytest.mark.slow
def test_calibrate_names_a_number_that_it_cannot_meet(project):
    claims = project / "dbt_project/seeds/published/claims.csv"
    with claims.open(encoding="utf-8", newline="") as handle:
        header, *rows = csv.reader(handle)
    change = next(row for row in rows if row[header.index("measure")] == "change")
    change[header.index("value")] = "99.9"
    with claims.open("w", encoding="utf-8", newline="") as handle:
        csv.writer(handle, lineterminator="\n").writerows([header, *rows])
    result = CliRunner().invoke(main, ["calibrate", "--project", str(project)])
    assert result.exit_code == 0, result.output
    assert f"not met: {change[0]}: no counts of" in result.output
    assert "differ by 99.9" in result.output
