"""Seeds are read strictly, and a seed that is written keeps the bytes of what does not change."""

import csv

import pytest
from kjpoll.common.seed_file import SeedError, SeedFile, read_seed

from tests.support.project import CHECKOUT

SEEDS = sorted((CHECKOUT / "dbt_project" / "seeds").glob("*/*.csv"))
UNUSUAL = b'a,b\r\n"1","two\r\nlines, and ""quotes"""\r\n2,\xed\x95\x9c\xe2\x80\xa8end'


@pytest.mark.parametrize("path", SEEDS, ids=lambda path: path.stem)
def test_a_seed_that_nobody_changes_keeps_its_bytes(path):
    seed = SeedFile(path)
    assert seed.content() == path.read_bytes() and not seed.is_changed


def test_only_the_new_row_has_new_bytes(tmp_path):
    path = tmp_path / "seed.csv"
    path.write_bytes(UNUSUAL)
    seed = SeedFile(path)
    assert seed.rows == [{"a": "1", "b": 'two\r\nlines, and "quotes"'}, {"a": "2", "b": "한\u2028end"}]
    seed.insert(1, {"a": "1b", "b": "x, y"})
    seed.replace(0, dict(seed.rows[0]))
    place = UNUSUAL.index(b"2,\xed")
    assert seed.content() == UNUSUAL[:place] + b'1b,"x, y"\r\n' + UNUSUAL[place:]
    seed.insert(3, {"a": "3"})
    assert seed.content() == UNUSUAL[:place] + b'1b,"x, y"\r\n' + UNUSUAL[place:] + b"\r\n3,\r\n"
    seed.remove(1)
    assert seed.content() == UNUSUAL + b"\r\n3,\r\n" and [row["a"] for row in seed.rows] == ["1", "2", "3"]


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (b"", "empty"),
        (b'a,b\n1,"open\n', "never closed"),
        (b"a,b\n1\n", "row 2 .* has 1 cells, the header 2"),
        (b"a\n\xff\n", "cannot be read"),
        (b'a,b\n"1"x,2\n', "cannot be read"),
    ],
)
def test_a_seed_that_is_no_table_is_an_error(tmp_path, content, error):
    (tmp_path / "seed.csv").write_bytes(content)
    with pytest.raises(SeedError, match=error):
        SeedFile(tmp_path / "seed.csv")


def test_a_row_with_an_unknown_column_is_an_error(tmp_path):
    (tmp_path / "seed.csv").write_bytes(b"a\n1\n")
    with pytest.raises(SeedError, match="no column b"):
        SeedFile(tmp_path / "seed.csv").insert(0, {"b": "1"})


def test_a_seed_that_is_not_there_is_an_error(tmp_path):
    with pytest.raises(SeedError, match="seed.csv does not exist; restore it"):
        read_seed(tmp_path / "seed.csv")


@pytest.mark.parametrize("path", SEEDS, ids=lambda path: path.stem)
def test_the_rows_are_those_that_the_library_reads(path):
    with path.open(encoding="utf-8", newline="") as stream:
        assert read_seed(path) == list(csv.DictReader(stream))
