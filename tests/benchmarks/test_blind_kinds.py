"""Each kind of corruption that was written blind changes what it says, and no more."""

import random
import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from benchmarks.mutation import BLIND_KINDS, KINDS, joint, record_moves
from benchmarks.mutation.case import Case
from benchmarks.mutation.trial import RECONCILIATION, damage
from benchmarks.mutation.weights import attribute, neutral_weights
from tests.support.project import CHECKOUT, Project

pytestmark = pytest.mark.long

# Small files, of every format but xlsx, which takes a second to write.
QUICK = ("JPN-2015", "JPN-2018", "KOR-2013", "KOR-2014", "KOR-2015", "KOR-2018", "KOR-2019", "KOR-2023")
FOLDERS = ("data/raw", "dbt_project/seeds")
# They put other answers in the place of those that there were.
REPLACES = ("column copied over another", "column pasted from the wave before")


@pytest.fixture(scope="module")
def copy(tmp_path_factory) -> Project:
    root = tmp_path_factory.mktemp("blind")
    for folder in FOLDERS:
        shutil.copytree(CHECKOUT / folder, root / folder)
    return Project(root)


@pytest.fixture
def project(copy) -> Iterator[Project]:
    yield copy
    for path in _changed(copy):
        original = CHECKOUT / path.relative_to(copy.root)
        path.unlink(missing_ok=True)
        if original.exists():
            shutil.copyfile(original, path)


def _changed(copy: Project) -> list[Path]:
    """Files of the copy that differ from the checkout's, or are gone."""
    paths = [path for folder in FOLDERS for path in (CHECKOUT / folder).rglob("*.*")]
    here = {path: copy.root / path.relative_to(CHECKOUT) for path in paths}
    return [
        copied
        for path, copied in here.items()
        if not copied.is_file()
        or copied.stat().st_size != path.stat().st_size
        or copied.read_bytes() != path.read_bytes()
    ]


def _damaged(project: Project, name: str, seed: int = 1) -> tuple[str, list[str]]:
    what = damage(BLIND_KINDS[name], project, random.Random(f"{name} {seed}"), QUICK)
    return what, [path.relative_to(project.root).as_posix() for path in _changed(project)]


@pytest.mark.parametrize("name", BLIND_KINDS)
def test_a_kind_changes_something_where_it_says(project, name):
    what, changed = _damaged(project, name)
    assert changed and what
    case = Case(project, random.Random())
    raw = [path for path in changed if path.startswith("data/raw") and not path.endswith(".json")]
    for sample_id, row in case.samples.items():
        if f"data/raw/{row['file']}" in raw:
            assert sample_id in what


@pytest.mark.parametrize(
    "name",
    [k for k, kind in BLIND_KINDS.items() if kind.damage.__module__ == joint.__name__ and k not in REPLACES],
)
def test_the_shares_of_every_column_stay(project, name):
    what, _ = _damaged(project, name)
    before, after = _both(project, what[:8])
    assert before.rows != after.rows and before.header == after.header
    for at in range(len(before.header)):
        assert Counter(row[at] for row in before.rows) == Counter(row[at] for row in after.rows)


def _both(project: Project, sample_id: str):
    return (Case(Project(root), random.Random()).text(sample_id) for root in (CHECKOUT, project.root))


def test_a_record_of_the_wave_before_gives_the_same_answers(project):
    """Each shared question of the pasted records has the category that the donor's has."""
    case = Case(project, random.Random(1), QUICK)
    shared = record_moves.shared_answers(case, "KOR-2018", "KOR-2017")
    donors = case.text("KOR-2017")
    questions = set()
    for record in donors.rows[:50]:
        cells = dict(zip(donors.header, record, strict=True))
        for column in case.columns("KOR-2018", "single"):
            if column["variable"] in shared:
                (origin,) = case.of_question("KOR-2017", column["question_id"])
                code = shared[column["variable"]](cells)
                assert (
                    case.codes(column)[code or "<blank>"]
                    == case.codes(origin)[cells[origin["variable"]] or "<blank>"]
                )
                questions.add(column["question_id"])
    assert len(questions) >= 5


def test_neutral_weights_leave_every_share_but_those_of_one_attribute(project):
    case = Case(project, random.Random(1))
    wave, sex = case.text("KOR-2015"), attribute(case, "KOR-2015")
    weights = neutral_weights(case, "KOR-2015", wave, sex)
    assert weights.min() > 0.2 and weights.std() > 0.2 and weights.mean() == pytest.approx(1)
    columns = case.columns("KOR-2015", "single", "indicator")
    for column in [column for column in columns if column is not sex]:
        cells = np.array([value or "" for value in wave.column(column["variable"])])
        for key in set(cells):
            assert weights[cells == key].sum() / len(cells) == pytest.approx(np.mean(cells == key), abs=1e-9)


def test_the_rules_that_a_kind_names_are_rules(project):
    rules = {row["rule"] for row in project.seed("quality/rules")} | {RECONCILIATION}
    assert {name for kind in (KINDS | BLIND_KINDS).values() for name in kind.expects} - rules == set()
