"""New SQL runs on DuckDB and on Spark: constructs that only DuckDB has become fewer, never more."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.support.engine_constructs import CHECKOUT, code_of, complaints, read_constructs

# Each as it would be written, with what it is called; and the same where it is no code of the shared SQL.
PLANTED = {
    "varchar": "select cast(a as varchar) from t",
    "decimal literal": "select 100.0 * a from t",
    "string_agg": "select string_agg(a, ';') from t",
    "array_to_string": "select array_to_string(min(a, 3), ', ') from t",
    "regexp_matches": "select regexp_matches(a, 'x') from t",
    "regexp_full_match": "select regexp_full_match(a, 'x') from t",
    "regexp_replace": "select regexp_replace(a, 'x', '') from t",
    "nfc_normalize": "select nfc_normalize(a) from t",
    "hash": "select hash(a) from t",
    "bit_xor": "select bit_xor(a) from t",
    "hugeint": "select sum(cast(a as hugeint)) from t",
    "unnest": "select unnest(a) from t",
    "string_split": "select string_split(a, ',') from t",
    "hamming": "select hamming(a, b) from t",
    "isfinite": "select isfinite(a) from t",
    "starts_with": "select starts_with(a, 'x') from t",
    "read_parquet": "select * from read_parquet('x')",
    "parse_filename": "select parse_filename(a) from t",
    "name in quotation marks": 'select "a" from t',
    "alias named like its column": "select a.a from t as a",
    "sorted table": "select a from t\norder by a",
    "qualify": "select a from t qualify row_number() over (order by a) = 1",
    "columns(*)": "select columns(*) from t",
    "exclude": "select * exclude (a) from t",
    "rowid": "select rowid from t",
    "::": "select a::int from t",
    "enum": "select cast(a as enum('x', 'y')) from t",
    "positional join": "select * from t positional join u",
    "group by all": "select a, count(*) from t group by all",
    "create macro": "create or replace macro f(a) as a",
}


def planted(tmp_path: Path, sql: str, path: str = "models/marts/a.sql") -> list[str]:
    place = tmp_path / "dbt_project" / path
    place.parent.mkdir(parents=True)
    place.write_text(sql + "\n", encoding="utf-8")
    none = [replace(construct, count=0) for construct in read_constructs()]
    return list(complaints(tmp_path / "dbt_project", none))


def test_there_are_as_many_as_there_were():
    assert list(complaints(CHECKOUT / "dbt_project", read_constructs())) == []


def test_each_construct_has_its_case():
    assert [construct.name for construct in read_constructs()] == list(PLANTED)


@pytest.mark.parametrize(("name", "sql"), PLANTED.items(), ids=PLANTED)
def test_one_more_is_named_with_its_place_and_its_remedy(tmp_path, name, sql):
    (remedy,) = (construct.remedy for construct in read_constructs() if construct.name == name)
    heads = planted(tmp_path, f"-- On the second line\n{sql}")
    at = heads.index(f"{name}: 1, and there were 0. Instead of one more, {remedy}.")
    assert heads[at + 1] == f"  dbt_project/models/marts/a.sql:{3 if name == 'sorted table' else 2}"


@pytest.mark.parametrize("sql", PLANTED.values(), ids=PLANTED)
def test_comments_and_texts_are_no_code(tmp_path, sql):
    text = sql.replace("'", "''")
    assert planted(tmp_path, f"-- {sql.replace(chr(10), ' ')}\n{{# {sql} #}}\nselect '{text}' as a") == []


@pytest.mark.parametrize("folder", ["macros/engines", "macros/functions"])
def test_what_is_an_engines_own_may_have_them(tmp_path, folder):
    assert planted(tmp_path, PLANTED["varchar"], f"{folder}/a.sql") == []


def test_sql_in_a_text_of_jinja_counts(tmp_path):
    assert planted(tmp_path, "{% set half = '(0.5 * a)' %}select {{ half }}")[1:] == [
        "  dbt_project/models/marts/a.sql:1"
    ]


def test_a_number_that_fell_has_to_be_lowered(tmp_path):
    (tmp_path / "dbt_project").mkdir()
    lowered = list(complaints(tmp_path / "dbt_project", read_constructs()))
    assert lowered and all(
        "Lower the number in tests/support/engine_constructs.csv" in line for line in lowered
    )


def test_lines_keep_their_places():
    assert code_of("a -- b\n'c\nd' {# e\n#} f").count("\n") == 3
