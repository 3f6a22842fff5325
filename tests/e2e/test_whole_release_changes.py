"""What the comparison of releases says of the real tables."""

import duckdb
import pytest
from kjpoll.common.properties import table_properties
from kjpoll.release import difference, last_row
from kjpoll.release.content import content_hash
from kjpoll.release.history import opened
from kjpoll.release.signed import unsigned_changes

from tests.support.partial_rehearsal import rehearse_copy
from tests.support.project import Project
from tests.support.rehearsal import SIGNED
from tests.support.wave_edit import editing

pytestmark = pytest.mark.long

RAW, CROSSWALK, PUBLISHED = "raw file", "crosswalk line", "published line"


def test_the_content_hash_of_the_released_file_is_that_of_its_row(built):
    with opened(built.release) as con:
        assert content_hash(con, "released") == last_row(built.release)["content_hash"]


def test_the_release_says_from_what_it_was_made(built):
    row = last_row(built.release)
    assert len(row["code_hash"]) == 64 and f"duckdb {duckdb.__version__}" in row["engine"]
    # The release before it had no table that could be compared.
    assert (row["n_changes"], row["causes"]) == (0, None)
    assert built.query("select count(*) from quality.release_change") == [(0,)]


@pytest.fixture(scope="module")
def compared(built, rehearsal, tmp_path_factory):
    """What changes, and what of it is signed. Against the release: one cell of one sample, the coding of one question in another, and one printed number."""
    folder = tmp_path_factory.mktemp("changes")
    project = Project.copied(folder / "project", kept=built)
    with editing(project, "JPN-2015") as edit:
        variable = next(
            row["variable"]
            for row in project.seed("crosswalk/variables")
            if (row["sample_id"], row["question_id"]) == ("JPN-2015", "current_relations")
        )
        edit.set(5, variable, "1" if edit.get(5, variable) != "1" else "2")
    coded = {"code_list": "closeness_vs_china__1to4_dk99"}
    project.change("crosswalk/code_lists", coded | {"code": "3"}, category_id="neither")
    project.change("crosswalk/code_lists", coded | {"code": "4"}, category_id="both_same")
    project.change(
        "published/toplines",
        {
            "sample_id": "KOR-2023",
            "question_id": "impression_of_counterpart",
            "option_id": "positive",
        },
        pct="29.1",
    )
    outcome = rehearse_copy(rehearsal, built, project, [*table_properties(), *SIGNED])
    assert outcome.gate is None
    unsigned = unsigned_changes(outcome.con, project.signed)
    outcome.con.execute(f"attach '{folder / 'changed.duckdb'}' as changed")
    for schema, table in outcome.con.execute(
        "select table_schema, table_name from information_schema.tables where table_catalog = current_database() "
        "and table_schema in ('raw', 'seeds', 'published', 'marts', 'analysis', 'quality')").fetchall():  # fmt: skip
        outcome.con.execute(f"create schema if not exists changed.{schema}")
        outcome.con.execute(f"create table changed.{schema}.{table} as from {schema}.{table}")
    # Else some of it is in the write-ahead log, which a reader of the file does not see.
    outcome.con.execute("detach changed")
    outcome.close()
    return difference(built.release, folder / "changed.duckdb").to_pylist(), unsigned


@pytest.fixture(scope="module")
def changes(compared):
    return compared[0]


def causes(rows):
    return {row["causes"] for row in rows}


def test_three_changes_reach_what_depends_on_them_and_nothing_is_unexplained(changes):
    assert {row["table_name"] for row in changes} >= {
        "marts.fct_response", "marts.dim_sample", "analysis.topline", "analysis.topline_net", "analysis.trend",
        "analysis.figure_01", "analysis.regression_model", "analysis.regression_term", "analysis.regression_effect",
        "quality.drift", "quality.reconciliation_topline"}  # fmt: skip
    assert set("; ".join(causes(changes)).split("; ")) == {RAW, CROSSWALK, PUBLISHED}


def test_three_changes_in_three_samples_are_distinguished(changes):
    # The p values of a wave are corrected together, and a jump of the next may undo one of it.
    rows = [
        row for row in changes if row["table_name"] != "quality.drift" or row["column_name"] in ("n", "pct")
    ]
    of = {
        sample: causes(row for row in rows if row["sample_id"] == sample)
        for sample in ("JPN-2015", "KOR-2014", "KOR-2023")
    }
    assert of == {"JPN-2015": {RAW}, "KOR-2014": {CROSSWALK}, "KOR-2023": {PUBLISHED}}
    facts = [row for row in rows if row["table_name"] == "marts.fct_response"]
    assert {row["first_respondents"] for row in facts if row["sample_id"] == "JPN-2015"} == {"JPN-2015-0005"}


def test_regressions_inherit_the_file_and_not_the_coding_of_a_question_that_they_do_not_use(changes):
    rows = [row for row in changes if row["table_name"].startswith("analysis.regression")]
    assert causes(rows) == {RAW}
    assert {row["item"].split()[0] for row in rows} >= {"pooled_JPN"}
    assert not [row for row in rows if row["item"].startswith("pooled_KOR")]


def test_nobody_has_signed_them(compared):
    """From what is in git alone, without the release: the same causes."""
    found = {(change.key.sample_id, change.causes): set() for change in compared[1]}
    for change in compared[1]:
        found[change.key.sample_id, change.causes].add((change.key.aspect, change.key.question_id))
    assert found == {
        ("JPN-2015", ("raw file",)): {
            (aspect, "current_relations") for aspect in ("answers", "asked", "net", "topline")
        }
        | {("file", "")},
        ("KOR-2014", ("seed line",)): {(aspect, "closeness_vs_china") for aspect in ("answers", "topline")},
        ("KOR-2023", ("seed line",)): {("published_toplines", "impression_of_counterpart")},
    }
