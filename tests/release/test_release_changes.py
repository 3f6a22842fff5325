"""One change at a time: every value that differs is attributed to exactly it. Two changes: they are told apart."""

from datetime import date, datetime

import duckdb
import pytest
from kjpoll.release import change_table, difference
from kjpoll.release.changes.table import SCHEMA
from small_release import SmallRelease

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def first(tmp_path_factory):
    return SmallRelease().write(tmp_path_factory.mktemp("first") / "first.duckdb")


@pytest.fixture
def changed(first, tmp_path):
    """changed(function): the rows of the comparison after `function` changed a copy of the release."""

    def rows(*changes, **made):
        second = SmallRelease(**made)
        for change in changes:
            change(second)
        return difference(first, second.write(tmp_path / "second.duckdb")).to_pylist()

    return rows


def tables(rows):
    return {row["table_name"] for row in rows}


def causes(rows):
    return {row["causes"] for row in rows}


def test_nothing_differs_from_itself(changed):
    assert changed() == []


# One change each, the tables that it has to reach, the one cause, and what names it.
RAW, CROSSWALK = "raw file", "crosswalk line"
KOREAN = {"analysis.topline", "marts.fct_response", "marts.panel"}
RESULTS = {
    "analysis.topline_net",
    "analysis.figure_99",
    "analysis.trend",
    "analysis.regression_model",
    "analysis.regression_term",
}
ONE_CHANGE = {
    "a cell": (
        lambda r: r.cell("KOR-2021", 1, "q1", "3"),
        KOREAN | RESULTS | {"marts.dim_sample"},
        RAW,
        "2021/KOR.csv: SHA-256 KOR-2021 fir -> KOR-2021 sec",
    ),
    "a cell of several answers": (
        lambda r: r.cell("JPN-2020", 2, "q3", "1"),
        {"marts.fct_multiple_response", "analysis.topline"},
        RAW,
        "2020/JPN.csv: SHA-256 JPN-2020 fir -> JPN-2020 sec",
    ),
    "a weight": (
        lambda r: r.cell("JPN-2020", 2, "w", "1.5"),
        {
            "marts.fct_response",
            "marts.fct_multiple_response",
            "marts.dim_respondent",
            "marts.panel",
            "analysis.topline",
        },
        RAW,
        "2020/JPN.csv: SHA-256 JPN-2020 fir -> JPN-2020 sec",
    ),
    "a serial number": (
        lambda r: r.cell("JPN-2020", 2, "id", "777"),
        {"marts.dim_respondent"},
        RAW,
        "2020/JPN.csv: SHA-256 JPN-2020 fir -> JPN-2020 sec",
    ),
    "a record more": (
        lambda r: (
            r.files["KOR-2021"].append({"id": "x", "w": "1.0", "q1": "1", "q2": "1", "q3": "1"}),
            r.sha256.update({"KOR-2021": "more"}),
        ),
        KOREAN | RESULTS | {"marts.dim_respondent", "marts.fct_multiple_response"},
        RAW,
        "2021/KOR.csv: SHA-256 KOR-2021 fir -> more",
    ),
    "a code": (
        lambda r: r.line("code_lists", code_list="scale_korean", code="2").update(category_id="bad"),
        KOREAN | RESULTS,
        CROSSWALK,
        "crosswalk/code_lists.csv: scale_korean,2,fair, -> scale_korean,2,bad,",
    ),
    "a code of several answers": (
        lambda r: r.line("code_lists", code_list="worries_1", code="2").update(category_id="war"),
        {"marts.fct_multiple_response", "analysis.topline"},
        CROSSWALK,
        "crosswalk/code_lists.csv: worries_1,2,prices, -> worries_1,2,war,",
    ),
    "another list": (
        lambda r: r.line("variables", sample_id="KOR-2021", variable="q1").update(code_list="scale_japanese"),
        KOREAN | RESULTS,
        CROSSWALK,
        (
            "crosswalk/variables.csv: KOR-2021,q1,answer,liking,single,,scale_korean,,identical,,reviewed, -> "
            "KOR-2021,q1,answer,liking,single,,scale_japanese,,identical,,reviewed,"
        ),
    ),
    "comparability": (
        lambda r: r.line("variables", sample_id="KOR-2020", variable="q1").update(comparability="wording"),
        {"marts.fct_response", "analysis.topline", "analysis.topline_net"},
        CROSSWALK,
        (
            "crosswalk/variables.csv: KOR-2020,q1,answer,liking,single,,scale_korean,,identical,,reviewed, -> "
            "KOR-2020,q1,answer,liking,single,,scale_korean,,wording,,reviewed,"
        ),
    ),
    "a net": (
        lambda r: r.line("categories", category_set="scale", category_id="fair").update(net="negative"),
        {
            "marts.fct_response",
            "marts.dim_category",
            "analysis.topline",
            "analysis.topline_net",
            "analysis.figure_99",
            "analysis.trend",
        },
        CROSSWALK,
        "survey/categories.csv: scale,fair,2,positive,,fair -> scale,fair,2,negative,,fair",
    ),
    "a position": (
        lambda r: r.line("categories", category_set="scale", category_id="fair").update(position=4),
        {
            "marts.fct_response",
            "marts.panel",
            "marts.dim_category",
            "analysis.topline",
            "analysis.regression_model",
            "analysis.regression_term",
        },
        CROSSWALK,
        "survey/categories.csv: scale,fair,2,positive,,fair -> scale,fair,4,positive,,fair",
    ),
    "a label": (
        lambda r: r.line("questions", question_id="party").update(label_en="Parties"),
        {"marts.dim_question"},
        CROSSWALK,
        "survey/questions.csv: party,Party,nominal,parties -> party,Parties,nominal,parties",
    ),
    "a note on a sample": (
        lambda r: r.line("samples", sample_id="KOR-2020").update(note="late"),
        {"marts.dim_sample"},
        CROSSWALK,
        (
            "survey/samples.csv: KOR-2020,2020,KOR,KOR,2020/KOR.csv,csv,utf-8, -> "
            "KOR-2020,2020,KOR,KOR,2020/KOR.csv,csv,utf-8,late"
        ),
    ),
    "an encoding": (
        lambda r: (
            r.files["KOR-2020"][0].update(q2="2"),
            r.line("samples", sample_id="KOR-2020").update(encoding="cp949"),
        ),
        {
            "marts.fct_response",
            "marts.panel",
            "analysis.topline",
            "analysis.regression_model",
            "analysis.regression_term",
        },
        CROSSWALK,
        (
            "survey/samples.csv: KOR-2020,2020,KOR,KOR,2020/KOR.csv,csv,utf-8, -> "
            "KOR-2020,2020,KOR,KOR,2020/KOR.csv,csv,cp949,"
        ),
    ),
    "a printed number": (
        lambda r: r.line("toplines", option_id="good").update(pct=41.0),
        {"quality.reconciliation_topline"},
        "published line",
        (
            "published/toplines.csv: KOR-2021,liking,good,40.0,,,paper,reported, -> "
            "KOR-2021,liking,good,41.0,,,paper,reported,"
        ),
    ),
    "what a figure shows": (
        lambda r: r.line("figures", figure=99).update(first_wave=2021),
        {"analysis.figure_99"},
        "analysis line",
        "analysis/figures.csv: 99,Liking,liking,net,2020 -> 99,Liking,liking,net,2021",
    ),
    "a model": (
        lambda r: r.line("regression_models", model=1).update(first_wave=2021),
        {"analysis.regression_model", "analysis.regression_term"},
        "analysis line",
        (
            "analysis/regression_models.csv: liking_by_party,published,1,1,KOR,2020,2021,liking,none,False -> "
            "liking_by_party,published,1,1,KOR,2021,2021,liking,none,False"
        ),
    ),
}


@pytest.mark.parametrize("name", ONE_CHANGE)
def test_one_change_is_the_cause_of_all_that_differs(changed, name):
    change, reached, cause, detail = ONE_CHANGE[name]
    # Other code beside it would be named for whatever the change does not explain.
    rows = changed(change, code_hash="code two")
    assert reached <= tables(rows)
    assert causes(rows) == {cause}
    assert {row["details"].lower() for row in rows} == {detail.lower()}
    assert rows == sorted(rows, key=lambda row: [(row[name] is None, row[name]) for name in SCHEMA.names])


def test_the_values_before_and_after_are_reported_and_the_respondents_counted(changed):
    rows = changed(
        lambda r: r.line("code_lists", code_list="scale_korean", code="2").update(category_id="bad")
    )
    facts = [
        row
        for row in rows
        if row["table_name"] == "marts.fct_response" and row["column_name"] == "category_id"
    ]
    with_code = {
        sample: [n + 1 for n, cells in enumerate(SmallRelease().files[sample]) if cells["q1"] == "2"]
        for sample in ("KOR-2020", "KOR-2021")
    }
    assert [
        (row["sample_id"], row["question_id"], row["old_value"], row["new_value"], row["n"]) for row in facts
    ] == [(sample, "liking", "fair", "bad", len(rows)) for sample, rows in with_code.items()]
    assert facts[0]["first_respondents"] == ", ".join(f"KOR-2020-{n:04d}" for n in with_code["KOR-2020"][:3])
    (share,) = [
        row
        for row in rows
        if row["table_name"] == "analysis.topline"
        and row["column_name"] == "n"
        and row["sample_id"] == "KOR-2020"
        and row["category_id"] == "bad"
    ]
    bad = sum(cells["q1"] == "3" for cells in SmallRelease().files["KOR-2020"])
    assert (share["old_value"], share["new_value"]) == (str(bad), str(bad + len(with_code["KOR-2020"])))
    assert (share["wave"], share["country"], share["n"], share["first_respondents"]) == (2020, "KOR", 1, None)


FINDING = (
    (
        "create table quality.violation as select 'unused_row' as rule, 'crosswalk/code_lists.csv' as file, "
        "null::varchar as sample_id, null::varchar as question_id, null::varchar as variable, '1' as code, {} as n"
    ),
)


@pytest.mark.parametrize(("lines", "made", "cause"), [
    (1, {}, CROSSWALK), (2, {}, "unexplained"), (1, {"code_hash": "code two"}, "unexplained"),
    (0, {"code_hash": "code two"}, "model or code"),
])  # fmt: skip
def test_a_finding_on_a_seed_is_explained_only_where_one_thing_alone_changed(tmp_path, lines, made, cause):
    old = SmallRelease(after=(FINDING[0].format(1),)).write(tmp_path / "old.duckdb")
    new = SmallRelease(after=(FINDING[0].format(2),), **made)
    for line in new.seeds["code_lists"][:lines]:
        line["note"] = "seen"
    (row,) = difference(old, new.write(tmp_path / "new.duckdb")).to_pylist()
    assert (row["table_name"], row["causes"]) == ("quality.violation", cause)


def test_two_changes_in_different_samples_are_distinguished(changed):
    rows = changed(
        lambda r: r.cell("KOR-2021", 1, "q1", "3"),
        lambda r: r.line("code_lists", code_list="scale_japanese", code="2").update(category_id="bad"),
    )
    of = {
        sample: causes(row for row in rows if row["sample_id"] == sample)
        for sample in ("KOR-2021", "JPN-2020", "KOR-2020")
    }
    assert of == {"KOR-2021": {RAW}, "JPN-2020": {CROSSWALK}, "KOR-2020": set()}
    assert causes(row for row in rows if row["table_name"].startswith("analysis.regression")) == {RAW}


def test_two_changes_of_one_question_are_distinguished_by_the_respondents_and_joined_in_the_shares(changed):
    rows = changed(
        lambda r: r.cell("KOR-2021", 1, "q1", "3"),
        lambda r: r.line("code_lists", code_list="scale_korean", code="2").update(category_id="bad"),
    )
    facts = [
        row for row in rows if row["table_name"] == "marts.fct_response" and row["sample_id"] == "KOR-2021"
    ]
    assert causes(facts) == {RAW, CROSSWALK}
    assert {row["first_respondents"] for row in facts if row["causes"] == RAW} == {"KOR-2021-0001"}
    share = {
        row["category_id"]: row["causes"]
        for row in rows
        if row["table_name"] == "analysis.topline"
        and row["sample_id"] == "KOR-2021"
        and row["column_name"] == "n"
    }
    assert share == {"dont_know": RAW, "bad": "crosswalk line; raw file"}


def test_a_line_of_a_code_that_no_cell_holds_any_more_is_no_cause(changed):
    """The cell went from 1 to 3, and what 1 means has changed: the answer is what 3 meant all along."""
    rows = changed(
        lambda r: [
            r.cell("JPN-2020", n, "q1", "3")
            for n, cells in enumerate(r.files["JPN-2020"], 1)
            if cells["q1"] == "1"
        ],
        lambda r: r.line("code_lists", code_list="scale_japanese", code="1").update(category_id="fair"),
    )
    facts = [
        row for row in rows if row["table_name"] == "marts.fct_response" and row["sample_id"] == "JPN-2020"
    ]
    assert causes(facts) == {RAW}


def test_a_file_that_differs_without_other_cells_is_the_cause_of_its_own_row_alone(changed):
    rows = changed(lambda r: r.sha256.update({"KOR-2020": "the same answers in other bytes"}))
    assert tables(rows) == {"marts.dim_sample"} and causes(rows) == {RAW}


def test_a_line_that_bears_on_no_value_is_no_cause(changed):
    rows = changed(
        lambda r: r.line("variables", sample_id="KOR-2020", variable="q1").update(
            note="seen", review="proposed"
        ),
        lambda r: r.cell("KOR-2020", 1, "q1", "3"),
    )
    assert causes(rows) == {RAW}


OTHER_TOPLINE = ("update analysis.topline set pct = pct + 1 where question_id = 'party'",)


@pytest.mark.parametrize(("made", "cause", "detail"), [
    ({"code_hash": "code two"}, "model or code", "code code one -> code two"),
    ({"engine": "duckdb 2, statsmodels 2"}, "engine", "engine statsmodels 1 -> statsmodels 2"),
    ({"code_hash": "code two", "engine": "duckdb 3, statsmodels 1"}, "model, code or engine",
     "code code one -> code two; engine duckdb 2 -> duckdb 3"),
    ({}, "unexplained", "no wave file, no line of a seed, no code and no library differs"),
    ({"code_hash": None}, "unexplained", "one of the releases does not say from which code it was made"),
])  # fmt: skip
def test_what_no_input_explains_is_of_the_code_or_the_engine_where_they_differ(changed, made, cause, detail):
    rows = changed(after=OTHER_TOPLINE, **made)
    assert tables(rows) == {"analysis.topline"}
    assert {(row["causes"], row["details"]) for row in rows} == {(cause, detail)}


def test_other_code_beside_another_file_is_the_cause_only_where_the_file_is_not(changed):
    rows = changed(lambda r: r.cell("KOR-2021", 1, "q1", "3"), after=OTHER_TOPLINE, code_hash="code two")
    of = {
        question: causes(row for row in rows if row["question_id"] == question)
        for question in ("liking", "party")
    }
    assert of == {"liking": {RAW}, "party": {"model or code"}}


def test_a_new_sample_and_a_new_column_are_reported(first, tmp_path):
    old = SmallRelease()
    for rows in (old.seeds["samples"], old.seeds["variables"]):
        rows[:] = [row for row in rows if row["sample_id"] != "KOR-2021"]
    del old.files["KOR-2021"]
    rows = difference(old.write(tmp_path / "old.duckdb"), first).to_pylist()
    added = [row for row in rows if row["table_name"] == "marts.fct_response"]
    assert {(row["change"], row["sample_id"]) for row in added} == {("added", "KOR-2021")}
    assert sum(row["n"] for row in added) == 20
    assert all({"raw file", CROSSWALK} >= set(row["causes"].split("; ")) for row in rows)
    wider = SmallRelease(
        after=("alter table analysis.topline add column rank integer",), code_hash="code two"
    )
    (row,) = difference(first, wider.write(tmp_path / "wider.duckdb")).to_pylist()
    assert (row["change"], row["column_name"], row["causes"], row["n"]) == (
        "column added",
        "rank",
        "model or code",
        1,
    )


def test_a_release_without_a_part_of_a_key_is_compared_by_the_rest(first, tmp_path):
    older = SmallRelease(after=("alter table analysis.topline drop column category_id",)).write(
        tmp_path / "older.duckdb"
    )
    rows = [row for row in difference(older, first).to_pylist() if row["table_name"] == "analysis.topline"]
    assert [(row["change"], row["column_name"]) for row in rows] == [("column added", "category_id")]


def test_a_waiver_that_ended_is_reported_as_the_date(first, tmp_path):
    waiver = {
        "rule": "drift",
        "sample_id": "KOR-2020",
        "question_id": None,
        "variable": None,
        "code": None,
        "n_max": 1,
        "reason": "known",
        "expires": date(2026, 1, 15),
    }
    finding = (
        "create table quality.violation as select 'drift' as rule, 'f' as file, 'KOR-2020' as sample_id, "
        "'liking' as question_id, null::varchar as variable, null::varchar as code, {} as is_waived"
    )
    files = []
    for name, day, is_waived in (("old", datetime(2026, 1, 2), True), ("new", datetime(2026, 2, 1), False)):
        release = SmallRelease(built_at=day, after=(finding.format(is_waived),))
        release.seeds["waivers"].append(waiver)
        files.append(release.write(tmp_path / f"{name}.duckdb"))
    (row,) = difference(*files).to_pylist()
    assert (row["column_name"], row["old_value"], row["new_value"], row["causes"]) == (
        "is_waived",
        "true",
        "false",
        "date",
    )


def test_a_build_is_compared_with_the_release_that_it_replaces(first, tmp_path):
    second = SmallRelease()
    second.cell("KOR-2021", 1, "q1", "3")
    build = second.write(tmp_path / "warehouse.duckdb")
    with duckdb.connect(build) as con:
        made = (datetime(2026, 2, 1), "code one", "duckdb 2, statsmodels 1")
        found = change_table(con, first, "second", *made)
        assert found.schema == SCHEMA
        assert set(found["release_id"].to_pylist()) == {"second"}
        assert found.drop_columns(["release_id"]).to_pylist() == (
            difference(first, build).drop_columns(["release_id"]).to_pylist()
        )
        assert change_table(con, tmp_path / "none.duckdb", "second", *made).num_rows == 0
        # Nothing of the comparison stays in the build.
        assert con.execute("select count(*) from duckdb_tables() where temporary").fetchone() == (0,)
        assert con.execute(
            "select count(*) from duckdb_databases() where database_name = 'old_release'"
        ).fetchone() == (0,)


def test_a_build_of_the_same_content_has_the_rows_that_the_release_has(first, tmp_path):
    release = SmallRelease(
        after=(
            "create table quality.release_change as select 'kept' as release_id, 'older' as previous_release_id, "
            + ", ".join(
                f"{'1' if name in ('wave', 'n') else repr(name)} as {name}" for name in SCHEMA.names[2:]
            ),
        )
    )
    present = release.write(tmp_path / "kept.duckdb")
    with duckdb.connect(first, read_only=True) as con:
        kept = change_table(con, present, "kept", datetime(2026, 2, 1), "code two", "duckdb 9").to_pylist()
    assert [(row["release_id"], row["previous_release_id"], row["wave"], row["causes"]) for row in kept] == [
        ("kept", "older", 1, "causes")
    ]


def test_a_sample_of_another_wave_counts_each_respondent_once(changed):
    rows = changed(
        lambda r: r.line("samples", sample_id="KOR-2021").update(wave=2022),
        lambda r: r.cell("KOR-2021", 1, "q1", "3"),
    )
    (fact,) = [
        row
        for row in rows
        if row["table_name"] == "marts.fct_response" and row["column_name"] == "category_id"
    ]
    assert (fact["n"], fact["first_respondents"], fact["wave"]) == (1, "KOR-2021-0001", 2022)


def test_no_number_of_a_person_is_told(tmp_path):
    """An age, or another number, with the respondents who gave it may tell who they are."""
    ages = (
        "alter table marts.fct_response add column value double",
        "alter table marts.panel add column income double",
        "alter table marts.dim_respondent add column age smallint",
        "insert into seeds.questions values ('income', 'Income', 'numeric', 'scale')",
    )
    given = (
        *ages,
        "update marts.fct_response set value = 47 where question_id = 'liking' and sample_id = 'KOR-2020'",
        "update marts.panel set income = 4711 where sample_id = 'KOR-2020'",
        "update marts.dim_respondent set age = 47 where sample_id = 'KOR-2020'",
    )
    sides = [
        SmallRelease(after=after, code_hash=code).write(tmp_path / f"{code}.duckdb")
        for code, after in (("one", ages), ("two", given))
    ]
    rows = [row for row in difference(*sides).to_pylist() if row["table_name"].startswith("marts.")]
    assert {row["column_name"]: row["n"] for row in rows} == {"value": 10, "income": 10, "age": 10}
    assert not any("47" in f"{row['old_value']}{row['new_value']}" for row in rows)
    assert all(row["old_value"] is row["new_value"] is None for row in rows)
