"""Tables, views and seeds are replaced in one transaction: one that fails leaves the old one, rows and comments."""

import shutil
import subprocess

import duckdb
import pytest

from tests.support.small_project import DBT, build_small_project

pytestmark = pytest.mark.slow

PYTHON = "def model(dbt, session):\n    return session.sql({query!r})\n"
FILES = {
    "models/t.sql": "select id, name from {{ ref('s') }}",
    "models/v.sql": "select id from {{ ref('t') }}",
    "models/p.py": PYTHON.format(query="select 1 as one"),
    "models/changed.sql": "select 1 as one",
    "seeds/s.csv": "id,name\n1,a\n2,b\n",
    "models/models.yml": """
models:
  - name: t
    description: It's a table of what there is.
    config: {contract: {enforced: true}, persist_docs: &all {relation: true, columns: true}}
    columns:
      - {name: id, data_type: integer, description: "Which; \\"quoted\\", it's so."}
      - {name: name, data_type: varchar, constraints: [{type: check, expression: "name <> 'bad'"}]}
  - {name: v, description: A view., config: {materialized: view, persist_docs: *all}}
  - {name: p, description: Of Python., config: {persist_docs: *all}, columns: [{name: one, description: The one.}]}
seeds:
  - name: s
    description: A seed.
    config: {full_refresh: true, persist_docs: *all, column_types: {id: integer}}
    columns: [{name: id, description: Which.}, {name: label_xx, description: No column of this file.}]
""",
}
COMMENTS = {
    ("s", None): "A seed.",
    ("s", "id"): "Which.",
    ("t", None): "It's a table of what there is.",
    ("t", "id"): 'Which; "quoted", it\'s so.',
    ("p", None): "Of Python.",
    ("p", "one"): "The one.",
    ("v", None): "A view.",
}


@pytest.fixture(scope="module")
def first(tmp_path_factory):
    root = tmp_path_factory.mktemp("replaced")
    config = "models: {+materialized: table}\n"
    build_small_project(root, FILES, config)
    return root


@pytest.fixture
def project(first, tmp_path):
    return shutil.copytree(first, tmp_path / "project")


def build(project, **files) -> tuple[int, str]:
    """Exit code and output of a build after these files have changed: s_csv is seeds/s.csv."""
    for name, text in files.items():
        stem, _, suffix = name.rpartition("_")
        (project / ("seeds" if suffix == "csv" else "models") / f"{stem}.{suffix}").write_text(text)
    run = subprocess.run([DBT, "build"], cwd=project, capture_output=True, text=True, check=False)
    return run.returncode, run.stdout


def content(project) -> dict:
    """Table or view -> its rows."""
    with duckdb.connect(project / "small.duckdb", read_only=True) as con:
        names = con.execute("select table_name from information_schema.tables order by 1").fetchall()
        return {name: con.execute(f"select * from {name} order by all").fetchall() for (name,) in names}


def comments(project) -> dict:
    with duckdb.connect(project / "small.duckdb", read_only=True) as con:
        return {
            (table, column): comment
            for table, column, comment in con.execute(
                "select table_name, null, comment from duckdb_tables() union all "
                "select view_name, null, comment from duckdb_views() where not internal union all "
                "select table_name, column_name, comment from duckdb_columns() where not internal"
            ).fetchall()
            if comment
        }


SOUND = {
    "changed": [(1,)],
    "p": [(1,)],
    "s": [(1, "a"), (2, "b")],
    "t": [(1, "a"), (2, "b")],
    "v": [(1,), (2,)],
}


def test_a_build_replaces_each_and_leaves_nothing_beside_them(project):
    assert content(project) == SOUND and comments(project) == COMMENTS
    code, output = build(project, s_csv="id,name\n3,c\n", p_py=PYTHON.format(query="select 2 as one"))
    assert code == 0, output
    assert content(project) == SOUND | {"s": [(3, "c")], "t": [(3, "c")], "v": [(3,)], "p": [(2,)]}
    assert comments(project) == COMMENTS


def test_what_fails_leaves_the_old_rows_and_comments(project):
    code, output = build(
        project,
        t_sql="select id, 'bad' as name from {{ ref('s') }}",
        p_py=PYTHON.format(query="select error('no') as one"),
        changed_sql="select error('no') as one",
    )
    assert code == 1 and "CHECK constraint failed" in output
    assert content(project) == SOUND and comments(project) == COMMENTS


def test_a_seed_that_cannot_be_loaded_leaves_the_old_one(project):
    code, output = build(project, s_csv="id,name\nmany,c\n")
    assert code == 1 and "many" in output
    assert content(project) == SOUND and comments(project) == COMMENTS


def test_a_table_becomes_a_view_and_a_table_again(project):
    code, output = build(project, changed_sql="{{ config(materialized='view') }} select 2 as one")
    assert code == 0, output
    assert content(project) == SOUND | {"changed": [(2,)]}
    code, output = build(project, changed_sql="select 3 as one")
    assert code == 0, output
    assert content(project) == SOUND | {"changed": [(3,)]}


def test_a_view_that_breaks_its_contract_is_refused(project):
    text = (project / "models" / "models.yml").read_text()
    broken = text.replace("{materialized: view,", "{materialized: view, contract: {enforced: true},")
    (project / "models" / "models.yml").write_text(
        broken.replace("name: v, description: A view.,", "name: v, columns: [{name: id, data_type: date}],")
    )
    code, output = build(project)
    assert code == 1 and "contract" in output
    assert content(project) == SOUND
