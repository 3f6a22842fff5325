"""What counts as new: all that decides what a build gives, and nothing else."""

from datetime import date

import pytest
from kjpoll.scheduling import Inputs, ProjectPaths

TODAY = date(2026, 4, 1)
NEW = "is new"
CHANGES = {
    "data/raw/2024/KOR.csv": NEW,
    "data/raw/2013/KOR.csv": "is changed",
    "data/raw/2013/KOR.csv.json": NEW,
    "dbt_project/seeds/crosswalk/waivers.csv": "is changed",
    "dbt_project/models/marts/new.sql": NEW,
    "python_models/kjpoll/checks/rule.py": NEW,
    "python_models/page.j2": NEW,
    "profiles.yml": "is changed",
}
NO_INPUT = [
    "data/raw/2013/.KOR.csv.part",
    "dbt_project/target/manifest.json",
    "dbt_project/logs/dbt.log",
    "python_models/__pycache__/a.pyc",
    "build/landing/a.parquet",
    "README.md",
    "dbt_project/.user.yml",
    "dbt_project/seeds/released/toplines.csv",
]


def write(root, name: str, text: str = "changed") -> None:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


@pytest.fixture
def paths(scripted) -> ProjectPaths:
    return ProjectPaths.of(scripted.root)


@pytest.mark.parametrize("name", CHANGES)
def test_an_input_that_changes_is_named(paths, name):
    before = Inputs.of(paths, TODAY)
    write(paths.root, name)
    after = Inputs.of(paths, TODAY)
    assert after.changes(before) == [f"{name} {CHANGES[name]}"]
    if name != "profiles.yml":
        (paths.root / name).unlink()
        assert f"{name} is gone" in Inputs.of(paths, TODAY).changes(after)


@pytest.mark.parametrize("name", NO_INPUT)
def test_what_a_build_makes_is_no_input(paths, name):
    before = Inputs.of(paths, TODAY)
    write(paths.root, name)
    assert Inputs.of(paths, TODAY).changes(before) == []


def test_another_version_is_new(paths):
    inputs = Inputs.of(paths, TODAY)
    assert {"python", "package duckdb", "package dbt-core", "package statsmodels"} <= inputs.states.keys()
    older = Inputs(inputs.states | {"package duckdb": "0.1"})
    assert inputs.changes(older) == ["package duckdb is changed"]


def test_a_waiver_that_ended_is_new_although_no_file_changed(paths):
    write(paths.root, "dbt_project/seeds/crosswalk/waivers.csv", "rule,expires\nmissing_share,2026-04-01\n")
    on_its_day = Inputs.of(paths, TODAY)
    assert on_its_day.changes(Inputs.of(paths, date(2026, 3, 1))) == []
    assert Inputs.of(paths, date(2026, 4, 2)).changes(on_its_day) == ["waivers until 2026-04-01 is changed"]


def test_cached_and_read_again(paths):
    inputs = Inputs.of(paths, TODAY)
    inputs.cache(paths.built_inputs)
    assert Inputs.cached(paths.built_inputs) == inputs
    assert [path.name for path in paths.built_inputs.parent.iterdir()] == ["ingest.json"]


@pytest.mark.parametrize("content", ["", "{", "[1]", "3"])
def test_a_damaged_cache_is_as_good_as_none(paths, content):
    paths.built_inputs.write_text(content, encoding="utf-8")
    assert Inputs.cached(paths.built_inputs) is None
    assert Inputs.of(paths, TODAY).changes(None) == ["nothing is known of an earlier build"]


def test_places_move_by_the_settings_of_the_models(scripted, monkeypatch, tmp_path):
    assert ProjectPaths.of(scripted.root).raw_dir == scripted.root / "data/raw"
    monkeypatch.setenv("KJPOLL_RAW_DIR", str(tmp_path / "raw"))
    monkeypatch.setenv("KJPOLL_RELEASE_PATH", str(tmp_path / "public.duckdb"))
    moved = ProjectPaths.of(scripted.root)
    assert (moved.raw_dir, moved.release) == (tmp_path / "raw", tmp_path / "public.duckdb")
    write(tmp_path, "raw/2024/JPN.csv")
    assert "data/raw/2024/JPN.csv" in Inputs.of(moved, TODAY).states
