"""What the explorer's engine is given stands for the warehouse and is the same each time."""

import json
import shutil
import subprocess

import duckdb
import pyarrow
import pytest
from kjpoll.report import ReportError, Site, build_site, explorer_data
from kjpoll.report.explorer import ENGINE_FILES
from kjpoll.report.site import opened

from tests.support.project import CHECKOUT

SHARED = ["marts.dim_sample", "marts.dim_question", "marts.dim_category", "marts.dim_respondent",
          "marts.availability", "analysis.topline", "analysis.topline_net", "analysis.topline_number", "analysis.trend",
          "quality.release"]  # fmt: skip
WITHOUT_RAW = ["marts.fct_response", "marts.fct_multiple_response"]
CALLS = [
    "topline_of('impression_of_counterpart')",
    "trend_of('current_relations')",
    "crosstab('impression_of_counterpart', 'sex')",
    "crosstab_tested('impression_of_counterpart', 'education')",
    "crosstab_tested('reasons_bad_impression', 'series')",
]


@pytest.fixture(scope="module")
def site(built, tmp_path_factory):
    with opened(built.release) as connection:
        yield Site(connection, tmp_path_factory.mktemp("site"), [])


@pytest.fixture(scope="module")
def tables(site):
    return [*explorer_data.tables(site)]


@pytest.fixture(scope="module")
def engine(site, tables, built):
    """A database as the browser's becomes, beside the warehouse."""
    with duckdb.connect() as connection:
        for schema in {table.schema for table in tables}:
            connection.execute(f"create schema {schema}")
        for table in tables:
            loaded = pyarrow.ipc.open_stream(table.stream).read_all()
            connection.register("loaded", loaded)
            connection.execute(f"create table {table.schema}.{table.name} as from loaded")
        connection.execute(explorer_data.script(site))
        connection.execute(f"attach '{built.release}' as warehouse (read_only)")
        yield connection


def columns(connection, query: str) -> list[tuple]:
    """The names and types of the columns of a query."""
    return [row[:2] for row in connection.execute(f"describe {query}").fetchall()]


@pytest.mark.parametrize("table", [*SHARED, *WITHOUT_RAW])
def test_each_table_is_that_of_the_warehouse(engine, table):
    left_out = "exclude (raw_variable, raw_code)" if table in WITHOUT_RAW else ""
    wanted = f"select * {left_out} from warehouse.{table}"
    assert columns(engine, f"from {table}") == columns(engine, wanted)
    assert engine.execute(f"select count(*) from ({wanted})").fetchone()[0] > 0
    assert engine.execute(f"from {table} except all {wanted} limit 5").fetchall() == []
    assert engine.execute(f"{wanted} except all from {table} limit 5").fetchall() == []


@pytest.mark.parametrize("call", CALLS)
def test_each_macro_answers_as_in_the_warehouse(engine, site, call):
    assert engine.execute(f"from {call} order by all").fetchall() == site.connection.execute(
        f"from {call} order by all").fetchall()  # fmt: skip


def test_the_tables_are_the_same_bytes_each_time(site, tables):
    assert [table.packed for table in explorer_data.tables(site)] == [table.packed for table in tables]


def test_crosstab_and_crosstab_tested_agree(site):
    differing = site.rows(
        "select * from crosstab('impression_of_counterpart', 'education') as plain "
        "full join ("
        "from crosstab_tested('impression_of_counterpart', 'education') "
        "where grouping = 'category' and n > 0) "
        "as tested using (wave, country, by_category_id, category_id) "
        "where plain.n is distinct from tested.n or abs(plain.pct - tested.pct) > 1e-9"
    )
    assert differing == []


def test_an_older_warehouse_is_refused_with_the_remedy(built, tmp_path):
    copy = tmp_path / "older.duckdb"
    copy.write_bytes(built.release.read_bytes())
    with duckdb.connect(copy) as connection:
        connection.execute("drop macro table crosstab_tested")
    with (
        opened(copy) as connection,
        pytest.raises(ReportError, match=r"no macro crosstab_tested.*make build"),
    ):
        explorer_data.script(Site(connection, tmp_path, []))


@pytest.mark.parametrize("has_engine", [True, False])
def test_the_page_says_whether_it_has_its_engine(built, tmp_path, has_engine):
    folder = tmp_path / "engine"
    folder.mkdir()
    for name in ENGINE_FILES:
        (folder / name).write_text(name)
    out = tmp_path / "site"
    build_site(built.release, out, modules=["explorer"], engine=folder if has_engine else None)
    page = (out / "explorer" / "index.html").read_text(encoding="utf-8")
    assert ("made without the database" in page) != has_engine
    assert (out / "explorer" / "engine" / "duckdb.wasm.gz").exists() == has_engine
    if has_engine:
        described = json.loads(page.partition('id="engine">')[2].partition("</script>")[0])
        fetched = [described["wasm"], *(table["address"] for table in described["tables"])]
        assert described["bytes"] == sum((out / "explorer" / address).stat().st_size for address in fetched)


def test_without_npm_the_report_is_made_all_the_same(tmp_path):
    done = subprocess.run(
        [shutil.which("make"), "engine"], cwd=CHECKOUT, env={"PATH": str(tmp_path)},
        capture_output=True, text=True, check=False)  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "npm is not here" in done.stdout
