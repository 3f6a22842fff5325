"""dbt reads the seeds that kjpoll reads, and stops before all else at those that kjpoll refuses. Some 10 s."""

import os
import subprocess

import duckdb
import pytest
from dbt_common.clients.agate_helper import from_csv
from kjpoll.common.seed_file import read_seed

from tests.support.project import CHECKOUT
from tests.support.small_project import DBT, PROFILE, PROJECT

pytestmark = pytest.mark.slow

ROWS = 'a,b,label_en\n1,"x, y",한국\n2,z,\n'
DECLARED = "columns: [{name: a}, {name: b}]"
TYPES = "config: {column_types: {a: smallint, b: varchar}, meta: {labels: true}}"
REFUSED = {
    "semicolons": (
        b"a;b\n1;2\n",
        "is separated by semicolons; save it as CSV UTF-8, separated by commas",
    ),
    "utf16": (ROWS.encode("utf-16"), "is in UTF-16; save it as CSV UTF-8, separated by commas"),
    "cp949": (ROWS.encode("cp949"), "is not in UTF-8, as its line 2 shows"),
    "lacking": (b"a\n1\n", "lacks the column b"),
    "moved": (b"b,a\nx,1\n", "has its columns in another order"),
}
READ = {
    "plain": ROWS.encode(),
    "marked": b"\xef\xbb\xbf" + ROWS.encode(),
    "windows": b"\xef\xbb\xbf" + ROWS.replace("\n", "\r\n").encode(),
    "old_mac": ROWS.replace("\n", "\r").encode(),
}


def test_dbt_stops_at_what_review_refuses_and_names_every_seed(tmp_path):
    folder = tmp_path / "dbt_project" / "seeds" / "survey"
    folder.mkdir(parents=True)
    for name, (content, _) in REFUSED.items():
        (folder / f"{name}.csv").write_bytes(content)
    entries = "".join(f"  - {{name: {name}, {TYPES}, {DECLARED}}}\n" for name in REFUSED)
    (folder / "survey.yml").write_text(f"seeds:\n{entries}")
    (tmp_path / "dbt_project" / "dbt_project.yml").write_text(PROJECT)
    (tmp_path / "profiles.yml").write_text(PROFILE)
    done = subprocess.run(
        [DBT, "--no-use-colors", "seed", "--project-dir", "dbt_project", "--profiles-dir", "."],
        cwd=tmp_path, capture_output=True, text=True, check=False,
        env=os.environ | {"DO_NOT_TRACK": "1", "PYTHONPATH": str(CHECKOUT / "python_models")},
    )  # fmt: skip
    assert done.returncode != 0 and "Traceback" not in done.stdout
    assert not (tmp_path / "small.duckdb").exists()
    for name, (_, message) in REFUSED.items():
        assert f"survey/{name}.csv {message}" in done.stdout


@pytest.mark.parametrize("name", READ)
def test_dbt_reads_what_review_reads(tmp_path, name):
    path = tmp_path / "seed.csv"
    path.write_bytes(READ[name])
    expected = [{"a": "1", "b": "x, y", "label_en": "한국"}, {"a": "2", "b": "z", "label_en": ""}]
    assert read_seed(path) == expected
    # As dbt makes the table of a seed, and as dbt-duckdb then fills it.
    assert from_csv(path, text_columns=["b"]).column_names == ("a", "b", "label_en")
    with duckdb.connect() as con:
        con.execute("create table seed (a smallint, b varchar, label_en varchar)")
        con.execute(f"copy seed from '{path}' (format csv, header true, delimiter ',')")
        assert con.execute("from seed").fetchall() == [(1, "x, y", "한국"), (2, "z", None)]
