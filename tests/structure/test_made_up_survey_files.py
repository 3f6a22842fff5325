"""What `make polls` builds fits the project as it is: the columns of its seeds, the sorts of seeds, and its files can be read."""

import csv

import pytest
from kjpoll.landing import land

from tests.polls.made_up import read_files
from tests.support.polls import (
    MADE_UP,
    MODELS,
    NAMED_BY_OTHERS,
    NEEDED,
    OF_ENGINE,
    OPTIONAL,
    SHIPPED_EMPTY,
    made_up,
    of_generator,
    seed_names,
)
from tests.support.project import CHECKOUT, Project

SHIPPED = Project(CHECKOUT)
LANGUAGES = ("fr", "de")


@pytest.fixture(scope="module")
def survey(tmp_path_factory) -> Project:
    return made_up(tmp_path_factory.mktemp("made_up") / "project")


def test_every_seed_is_needed_or_optional_or_of_the_engine():
    sorts = [NEEDED, OF_ENGINE, NAMED_BY_OTHERS, SHIPPED_EMPTY, of_generator(CHECKOUT), *OPTIONAL.values()]
    assert set().union(*sorts) == seed_names(CHECKOUT)
    assert MODELS in OPTIONAL.values()
    for seed in SHIPPED_EMPTY:
        assert SHIPPED.seed(seed) == [], (
            f"{seed} has rows: a poll without them is to be built by `make polls`"
        )


def header(project: Project, seed: str) -> list[str]:
    with project.seed_path(seed).open(encoding="utf-8", newline="") as stream:
        return next(csv.reader(stream))


def test_the_made_up_survey_has_every_seed_with_its_columns(survey):
    assert seed_names(survey.root) == seed_names(CHECKOUT)
    of_shipped = [f"label_{row['language']}" for row in SHIPPED.seed("report/languages")]
    of_survey = [f"label_{language}" for language in LANGUAGES]
    for seed in seed_names(CHECKOUT) - OF_ENGINE:
        shipped, own = header(SHIPPED, seed), header(survey, seed)
        assert [name for name in own if name not in of_survey] == [
            name for name in shipped if name not in of_shipped
        ]
        labels = [name for name in own if name in of_survey]
        assert labels == own[len(own) - len(labels) :] and labels == of_survey[: len(labels)], seed
        assert bool(labels) == any(name in of_shipped for name in shipped), seed
    own_seeds = {f"{path.parent.name}/{path.stem}" for path in (MADE_UP / "seeds").rglob("*.csv")}
    assert NEEDED <= own_seeds <= NEEDED | NAMED_BY_OTHERS


def test_its_files_are_read_as_pandas_reads_them(survey, tmp_path):
    rows = [{name: cell or None for name, cell in row.items()} for row in survey.seed("survey/samples")]
    landed = land(rows, survey.root / "data" / "raw", tmp_path)
    assert [str(problem) for problem in landed.problems] == []
    assert {file.sample_id: file.n_rows for file in landed.wave_files} == read_files.SAMPLES
    assert {file.sample_id: file.n_columns for file in landed.wave_files} == {
        sample_id: read_files.raw(sample_id).shape[1] for sample_id in read_files.SAMPLES
    }
    assert {file.format for file in landed.wave_files} == {"csv", "dta", "sav", "xlsx"}
    described = {(row["sample_id"], row["variable"]) for row in survey.seed("crosswalk/variables")}
    assert described == {
        (name, column) for name in read_files.SAMPLES for column in read_files.raw(name).columns
    }
