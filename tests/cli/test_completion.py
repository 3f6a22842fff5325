"""A shell completes samples, questions, columns, code lists and releases, and nothing where there is no project."""

import pytest
from click.shell_completion import ShellComplete
from kjpoll.cli import main

from tests.onboarding import review_project
from tests.onboarding.review_project import NEW, crosswalk, sample, write


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """The small project with a proposed wave, and two kept releases, as the present folder."""
    root = tmp_path / "project"
    review_project.make(root)
    old = ("JPN-2022", "KOR-2021", "KOR-2022")
    write(root, "survey/samples", [*(sample(one) for one in old), sample(NEW, review="proposed")])
    rows = [*(row for one in old for row in crosswalk(one)), *crosswalk(NEW, review="proposed")]
    rows[-1] |= {"variable": "Q9", "question_id": "age_group"}
    write(root, "crosswalk/variables", rows)
    write(root, "survey/countries", [{"country": "JPN"}, {"country": "KOR"}])
    for name in ("5ce6ea488214", "662d63219f3a"):
        (root / "releases").mkdir(exist_ok=True)
        (root / "releases" / f"{name}.duckdb").touch()
    monkeypatch.chdir(root)
    return root


def completed(*words: str) -> list[str]:
    """What is offered for the last of the words."""
    shell = ShellComplete(main, {}, "kjpoll", "_KJPOLL_COMPLETE")
    return [item.value for item in shell.get_completions(list(words[:-1]), words[-1])]


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        (("review", "--sample", "KOR-202"), ["KOR-2021", "KOR-2022", NEW]),
        (("status", "--sample", "J"), ["JPN-2022"]),
        (("status", "--wave", ""), ["2021", "2022", "2023"]),
        (("review", "--accept", ""), ["age_group", "mood", "reasons", "sex"]),
        (("review", "--accept-column", "Q"), ["Q1", "Q2", "Q3_1", "Q3_2", "Q9"]),
        (("review", "--column", "Q9"), ["Q9"]),
        (("review", "--sample", "KOR-2022", "--column", ""), []),
        (("review", "--code", "m"), ["mood__1to3_dk9"]),
        (("add-wave", "x.csv", "--country", ""), ["JPN", "KOR"]),
        (("bands", "--country", "K"), ["KOR"]),
        (("rollback", ""), ["5ce6ea488214", "662d63219f3a", "present", "previous"]),
        (("diff", "5", "66"), ["662d63219f3a"]),
        (("review", "--sample", "x"), []),
    ],
)
def test_what_is_offered(folder, words, offered):
    assert completed(*words) == offered


def test_another_project_may_be_named(folder, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert completed("review", "--sample", "J") == []
    assert completed("review", "--project", str(folder), "--sample", "J") == ["JPN-2022"]


@pytest.mark.parametrize("content", [None, b"a;b\n", b"\xff", b"a\n1\n"])
def test_a_seed_that_cannot_be_read_offers_nothing(folder, content):
    path = folder / "dbt_project" / "seeds" / "survey" / "samples.csv"
    path.unlink() if content is None else path.write_bytes(content)
    assert completed("review", "--sample", "") == []
