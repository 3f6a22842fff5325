"""What holds of the project and of the released file as a whole."""

import json

import pytest
from kjpoll.common.properties import table_properties

PUBLIC = ("marts", "analysis", "quality")


@pytest.fixture(scope="module")
def manifest(built):
    return json.loads((built.root / "dbt_project/target/manifest.json").read_text(encoding="utf-8"))


def public_models(manifest) -> dict[str, dict]:
    return {
        node["name"]: node
        for node in manifest["nodes"].values()
        if node["resource_type"] == "model" and node["schema"] in PUBLIC
    }


def test_the_content_hash_covers_every_public_table(manifest):
    assert set(table_properties()) == set(public_models(manifest)) - {"release", "release_change"}


def test_the_hash_really_depends_on_each_of_them(built):
    query = "select table_name, n_rows, digest from intermediate.int_public_table"
    rows = built.query(query, of=built.build_file)
    assert sorted(row[0] for row in rows) == sorted(table_properties())
    for name, n_rows, _ in rows:
        schema = built.query("select schema_name from duckdb_tables() where table_name = ?", name)[0][0]
        assert built.query(f"select count(*) from {schema}.{name}") == [(n_rows,)], name
    assert len({digest for _, n_rows, digest in rows if n_rows}) == sum(1 for row in rows if row[1])


def test_the_row_of_the_release_comes_after_every_public_table(manifest):
    parents = manifest["parent_map"]
    seen, waiting = set(), ["model.kjpoll.release"]
    while waiting:
        node = waiting.pop()
        if node not in seen:
            seen.add(node)
            waiting += parents.get(node, [])
    missing = {name for name in public_models(manifest) if f"model.kjpoll.{name}" not in seen}
    assert missing == set()
    # Nothing but its tests and exposures comes after it.
    assert [c for c in manifest["child_map"]["model.kjpoll.release"] if c.startswith("model.")] == []


# Public table -> the seed whose labels it has.
LABELLED = {
    "dim_country": "countries",
    "dim_wave": "waves",
    "dim_question": "questions",
    "dim_category": "categories",
}


def test_contracts_are_enforced_on_every_public_table_whose_columns_follow_no_seed(manifest):
    free = {name for name, node in public_models(manifest).items() if not node["contract"]["enforced"]}
    assert free == {"panel", "dim_respondent", *LABELLED}


@pytest.mark.parametrize(("table", "seed"), LABELLED.items())
def test_labels_come_last_in_the_order_of_the_languages(built, table, seed):
    languages = sorted(built.seed("report/languages"), key=lambda row: int(row["language_order"]))
    columns = built.query(
        "select column_name, data_type, comment from duckdb_columns() "
        "where schema_name = 'marts' and table_name = ? order by column_index",
        table,
    )
    declared = table_properties()[table].columns
    assert [name for name, *_ in columns] == [*declared, *(f"label_{row['language']}" for row in languages)]
    for language, (name, data_type, comment) in zip(languages, columns[len(declared) :], strict=True):
        assert data_type == "VARCHAR" and comment.startswith(f"Its label in {language['name']}"), name
        (key,) = {*table_properties()[table].key} - {"question_id"} or {"question_id"}
        labels = {row[name] for row in built.seed(f"survey/{seed}")}
        assert {
            label for (label,) in built.query(f"select {name} from marts.{table} where {key} is not null")
        } <= labels


def test_the_release_has_the_public_tables_and_nothing_private(built, manifest):
    found = built.query("select schema_name, table_name from duckdb_tables()")
    public = {table for schema, table in found if schema in PUBLIC}
    assert public == set(public_models(manifest))
    assert {schema for schema, _ in found} == {*PUBLIC, "raw", "seeds", "published"}
    assert built.query("select count(*) from duckdb_views() where not internal") == [(0,)]


def test_every_public_table_and_column_is_described_in_the_file(built, manifest):
    tables = built.query(
        "select table_name, comment from duckdb_tables() where schema_name in (?, ?, ?)", *PUBLIC
    )
    assert (
        len(tables) == len(public_models(manifest))
        and [name for name, comment in tables if not comment] == []
    )
    columns = built.query(
        "select table_name || '.' || column_name, comment from duckdb_columns() "
        "where schema_name in (?, ?, ?)",
        *PUBLIC,
    )
    assert len(columns) > 350
    assert [name for name, comment in columns if not comment or len(comment.strip()) < 5] == []


def test_the_panel_has_a_column_for_each_single_answer_question(built):
    questions = {
        row["question_id"]: row for row in built.seed("survey/questions") if row["answer_type"] != "multiple"
    }
    columns = built.query(
        "select column_name, data_type, comment from duckdb_columns() "
        "where schema_name = 'marts' and table_name = 'panel' order by column_index"
    )
    keys, rest = columns[:6], columns[6:]
    assert [name for name, *_ in keys] == ["respondent_id", "sample_id", "wave", "country", "age", "weight"]
    assert [name for name, *_ in rest] == sorted(questions)
    whole_numbers = {"TINYINT", "SMALLINT", "INTEGER", "BIGINT"}
    for name, data_type, comment in rest:
        ordinal = questions[name]["answer_type"] == "ordinal"
        assert (data_type in whole_numbers) if ordinal else data_type == "VARCHAR", (name, data_type)
        assert comment.startswith(questions[name]["label_en"]), name


def test_the_panel_holds_what_the_facts_hold(built):
    rows = built.query(
        "with long as (unpivot (select respondent_id, "
        "columns(* exclude (respondent_id, sample_id, wave, country, age, weight))::varchar from marts.panel) on columns(* exclude respondent_id) into name question_id value answer), "
        "fact as (select respondent_id, question_id, "
        "case when q.answer_type = 'ordinal' then f.position::varchar else f.category_id end as answer "
        "from marts.fct_response f join marts.dim_question q using (question_id) where answer_status = 'answered') "
        "select count(*), count(*) filter (long.answer is distinct from fact.answer) "
        "from long full join fact using (respondent_id, question_id) "
        "where coalesce(long.answer, fact.answer) is not null"
    )
    (n, different), *_ = rows
    assert n > 300_000 and different == 0
